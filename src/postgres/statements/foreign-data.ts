import type { CreateFdwStmt, CreateForeignServerStmt, DropUserMappingStmt, ImportForeignSchemaStmt } from '@pgsql/types'
import type { Backend } from '../backend.ts'
import type { Handlers } from './handler.ts'
import { otherOperation, wholeStatement } from './whole-statement.ts'

/** Foreign-data wrappers, servers and user mappings. Source: foreigncmds.c. */
export const foreignDataHandlers = {
  CreateFdwStmt: (backend, node: CreateFdwStmt) => create(backend, node.fdwname),
  AlterFdwStmt: backend => otherOperation(backend, 'alter-other'),
  CreateForeignServerStmt: (backend, node: CreateForeignServerStmt) => create(backend, node.servername),
  AlterForeignServerStmt: backend => otherOperation(backend, 'alter-other'),
  CreateUserMappingStmt: backend => otherOperation(backend),
  AlterUserMappingStmt: backend => otherOperation(backend, 'alter-other'),
  DropUserMappingStmt: dropUserMapping,
  ImportForeignSchemaStmt: importSchema,
} satisfies Partial<Handlers>

export function create(backend: Backend, name: string | undefined): void {
  const facts = { name: name ?? '', subject: null, replace: false, ifNotExists: false }
  backend.operation({ kind: 'create-other', ...wholeStatement(backend), ...facts })
}

function dropUserMapping(backend: Backend, node: DropUserMappingStmt): void {
  backend.operation({
    kind: 'drop-other',
    ...wholeStatement(backend),
    name: node.user?.rolename ?? '',
    subject: null,
    ifExists: node.missing_ok ?? false,
    cascade: false,
    isNew: false,
    dependents: [],
  })
}

function importSchema(backend: Backend, node: ImportForeignSchemaStmt): void {
  otherOperation(backend)
  backend.opaque = `creates foreign tables that only the server "${node.server_name}" knows`
}
