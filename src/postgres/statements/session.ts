import type { TransactionStmt } from '@pgsql/types'
import type { Backend } from '../backend.ts'
import { isInBlock } from '../session.ts'
import { settingChanges } from '../settings.ts'
import type { Handlers } from './handler.ts'

/** SET, RESET, BEGIN, COMMIT…: they only name the operation; `session.ts` carries it out. */
export const sessionHandlers = {
  VariableSetStmt: settings,
  DiscardStmt: settings,
  VariableShowStmt: other,
  ConstraintsSetStmt: other,
  DoStmt: backend => {
    backend.operation({ kind: 'do', span: backend.statement.span, keyword: backend.statement.keyword })
    const opaque = backend.statement.body?.opaque[0]
    if (opaque) backend.opaque = opaque.reason
  },
  TransactionStmt: transaction,
} satisfies Partial<Handlers>

function other(backend: Backend): void {
  backend.operation({ kind: 'other', span: backend.statement.span, keyword: backend.statement.keyword })
}

function settings(backend: Backend): void {
  const { span, keyword } = backend.statement
  const changes = settingChanges(backend.statement)
  if (changes.length === 0) other(backend)
  for (const { name, value, local } of changes) {
    backend.operation({ kind: value === null ? 'reset' : 'set', span, keyword, name, value: value ?? null, local })
  }
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

function transaction(backend: Backend, node: TransactionStmt): void {
  const { span, keyword } = backend.statement
  const kind = kinds[node.kind as keyof typeof kinds]
  if (!kind) return other(backend)
  const { transaction } = backend
  const inTransaction = isInBlock(transaction) || (transaction.kind === 'unknown' ? 'unknown' : false)
  const openedBy = isInBlock(transaction) ? (transaction.kind as 'explicit' | 'runner' | 'implicit') : null
  backend.operation({ kind, span, keyword, inTransaction, openedBy })
  const needsBlock = kind === 'savepoint' || kind === 'release' || kind === 'rollback-to'
  if (needsBlock && inTransaction === false) {
    // Source: RequireTransactionBlock in xact.c.
    const command = { savepoint: 'SAVEPOINT', release: 'RELEASE SAVEPOINT', 'rollback-to': 'ROLLBACK TO SAVEPOINT' }[kind]
    backend.fail('25P01', `${command} can only be used in transaction blocks`)
  }
}
