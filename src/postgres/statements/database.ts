import type {
  AlterDatabaseStmt,
  CreatedbStmt,
  CreateTableSpaceStmt,
  DropdbStmt,
  DropTableSpaceStmt,
} from '@pgsql/types'
import type { Backend } from '../backend.ts'
import type { Handlers } from './handler.ts'
import { optionText } from './option-value.ts'
import { preventInTransactionBlock } from './transaction-block.ts'
import { otherOperation, wholeStatement } from './whole-statement.ts'

/** Databases, tablespaces and the server's configuration: files outside any transaction. Source: standard_ProcessUtility. */
export const databaseHandlers = {
  CreatedbStmt: (backend, node: CreatedbStmt) => create(backend, node.dbname, 'CREATE DATABASE'),
  DropdbStmt: (backend, node: DropdbStmt) =>
    drop(backend, 'drop-database', node.dbname, node.missing_ok, 'DROP DATABASE'),
  AlterDatabaseStmt: alterDatabase,
  AlterDatabaseRefreshCollStmt: backend => otherOperation(backend, 'alter-other'),
  AlterDatabaseSetStmt: backend => otherOperation(backend, 'alter-other'),
  CreateTableSpaceStmt: (backend, node: CreateTableSpaceStmt) =>
    create(backend, node.tablespacename, 'CREATE TABLESPACE'),
  DropTableSpaceStmt: (backend, node: DropTableSpaceStmt) =>
    drop(backend, 'drop-tablespace', node.tablespacename, node.missing_ok, 'DROP TABLESPACE'),
  AlterTableSpaceOptionsStmt: backend => otherOperation(backend, 'alter-other'),
  AlterSystemStmt: backend => {
    otherOperation(backend, 'alter-other')
    preventInTransactionBlock(backend, 'ALTER SYSTEM')
  },
} satisfies Partial<Handlers>

function create(backend: Backend, name: string | undefined, command: string): void {
  const facts = { name: name ?? '', subject: null, replace: false, ifNotExists: false }
  backend.operation({ kind: 'create-other', ...wholeStatement(backend), ...facts })
  preventInTransactionBlock(backend, command)
}

function drop(
  backend: Backend,
  kind: 'drop-database' | 'drop-tablespace',
  name: string | undefined,
  ifExists: boolean | undefined,
  command: string,
): void {
  backend.operation({
    kind,
    ...wholeStatement(backend),
    name: name ?? '',
    subject: null,
    ifExists: ifExists ?? false,
    cascade: false,
    isNew: false,
    dependents: [],
  })
  preventInTransactionBlock(backend, command)
}

function alterDatabase(backend: Backend, node: AlterDatabaseStmt): void {
  otherOperation(backend, 'alter-other')
  if (optionText(node.options, 'tablespace') !== null) {
    preventInTransactionBlock(backend, 'ALTER DATABASE SET TABLESPACE')
  }
}
