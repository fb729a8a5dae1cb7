import type { ConstraintsSetStmt, DoStmt, TransactionStmt } from '@pgsql/types'
import type { Statement } from '../../parse/script.ts'
import type { Backend } from '../backend.ts'
import type { TransactionControl } from '../operation.ts'
import { isInBlock } from '../session.ts'
import { settingChanges } from '../settings.ts'
import type { Transaction } from '../step.ts'
import type { Handlers } from './handler.ts'
import { preventInTransactionBlock } from './transaction-block.ts'

/** SET, RESET, BEGIN, COMMIT…: the handlers only name the operation; `session.ts` carries it out. */
export const sessionHandlers = {
  VariableSetStmt: settings,
  DiscardStmt: settings,
  VariableShowStmt: other,
  ConstraintsSetStmt: constraints,
  DoStmt: backend => {
    backend.operation({ kind: 'do', span: backend.statement.span, keyword: backend.statement.keyword })
    const { body, node } = backend.statement
    // Source: pg_language.dat, `laninline`. Those of C and of PostgreSQL itself cannot either, but a role without rights is refused before (42501).
    if (languageOf(node as DoStmt) === 'sql') {
      backend.fail('0A000', 'language "sql" does not support inline code execution')
    }
    if (body?.opaque[0]) {
      backend.opaque = body.opaque[0].reason
      backend.onlyRows = body.opaque.every(({ onlyRows }) => onlyRows === true)
    }
    const ends = body?.statements.find(isCommit)
    if (ends && !ends.conditional && isInBlock(backend.transaction))
      backend.fail('2D000', 'invalid transaction termination')
  },
  TransactionStmt: transaction,
} satisfies Partial<Handlers>

function other(backend: Backend): void {
  backend.operation({ kind: 'other', span: backend.statement.span, keyword: backend.statement.keyword })
}

function languageOf({ args = [] }: DoStmt): string {
  const [found] = args.flatMap(arg => ('DefElem' in arg && arg.DefElem.defname === 'language' ? [arg.DefElem] : []))
  return found?.arg && 'String' in found.arg ? (found.arg.String.sval ?? '') : 'plpgsql'
}

/** A block may COMMIT only where it is not itself inside a transaction block (manual, PL/pgSQL, "Transaction Management"). */
function isCommit({ kind, node }: Statement): boolean {
  return kind === 'TransactionStmt' && (node.kind === 'TRANS_STMT_COMMIT' || node.kind === 'TRANS_STMT_ROLLBACK')
}

/** SET CONSTRAINTS ALL IMMEDIATE runs the deferred checks. */
function constraints(backend: Backend, node: ConstraintsSetStmt): void {
  other(backend)
  if (node.deferred || (node.constraints ?? []).length > 0) return
  for (const table of backend.settle()) {
    for (const { name, references } of table.constraints) {
      const referenced = references && backend.getTable(references.table)
      if (referenced) backend.lock(referenced, 'RowShareLock', `the foreign key "${name}" looks up the referenced rows`)
    }
  }
}

function settings(backend: Backend): void {
  const isDiscardAll = backend.statement.kind === 'DiscardStmt' && backend.statement.node.target === 'DISCARD_ALL'
  if (isDiscardAll && isInBlock(backend.transaction)) other(backend)
  if (isDiscardAll) preventInTransactionBlock(backend, 'DISCARD ALL')
  if (nameChanges(backend) === 0) other(backend)
}

/**
 * One operation for each setting that the statement changes, by SET or set_config(). Returns the number of operations.
 */
export function nameChanges(backend: Backend): number {
  const { span, keyword } = backend.statement
  const changes = settingChanges(backend.statement)
  for (const { name, value, local } of changes) {
    backend.operation({ kind: value === null ? 'reset' : 'set', span, keyword, name, value: value ?? null, local })
  }
  return changes.length
}

const kinds = {
  TRANS_STMT_BEGIN: 'begin',
  TRANS_STMT_START: 'begin',
  TRANS_STMT_COMMIT: 'commit',
  TRANS_STMT_PREPARE: 'commit',
  TRANS_STMT_ROLLBACK: 'rollback',
  TRANS_STMT_SAVEPOINT: 'savepoint',
  TRANS_STMT_RELEASE: 'release',
  TRANS_STMT_ROLLBACK_TO: 'rollback-to',
} as const

/** An unknown transaction with an id is the runner's in most runs. */
function openerOf({ kind, id }: Transaction): TransactionControl['openedBy'] {
  if (kind === 'unknown') return id === null ? null : 'runner'
  return kind === 'autocommit' ? null : kind
}

function transaction(backend: Backend, node: TransactionStmt): void {
  const { span, keyword } = backend.statement
  const kind = kinds[node.kind as keyof typeof kinds]
  if (!kind) {
    other(backend)
    const command = node.kind === 'TRANS_STMT_COMMIT_PREPARED' ? 'COMMIT PREPARED' : 'ROLLBACK PREPARED'
    preventInTransactionBlock(backend, command)
    return
  }
  const { transaction } = backend
  const inTransaction = isInBlock(transaction) || (transaction.kind === 'unknown' ? 'unknown' : false)
  const openedBy = openerOf(transaction)
  backend.operation({ kind, span, keyword, inTransaction, openedBy })
  const needsBlock = kind === 'savepoint' || kind === 'release' || kind === 'rollback-to'
  if (needsBlock && (inTransaction === false || openedBy === 'implicit')) {
    // Source: RequireTransactionBlock and DefineSavepoint in xact.c: several statements of one message do not count as a block here.
    const command = { savepoint: 'SAVEPOINT', release: 'RELEASE SAVEPOINT', 'rollback-to': 'ROLLBACK TO SAVEPOINT' }[
      kind
    ]
    backend.fail('25P01', `${command} can only be used in transaction blocks`)
  }
  if (node.chain && (inTransaction === false || openedBy === 'implicit')) {
    // Source: EndTransactionBlock and UserAbortTransactionBlock in xact.c.
    backend.fail('25P01', `${kind.toUpperCase()} AND CHAIN can only be used in transaction blocks`)
  }
  const savepoint = node.savepoint_name ?? ''
  if ((kind === 'release' || kind === 'rollback-to') && !mayExist(backend, savepoint)) {
    // Outside of a transaction the same statement fails with 25P01.
    backend.fail('3B001', `savepoint "${savepoint}" does not exist`)
  }
}

/** A savepoint of this name was made, or something that was not read may have made it. */
function mayExist({ transaction, began, catalog }: Backend, name: string): boolean {
  if (transaction.savepoints?.includes(name)) return true
  // The transaction may have begun in an earlier migration.
  if (transaction.kind === 'unknown' && transaction.id !== null) return true
  return (began ?? beforeAll).uncertain !== catalog.uncertain
}

const beforeAll = { uncertain: null }
