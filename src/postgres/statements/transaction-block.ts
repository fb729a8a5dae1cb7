import type { Span } from '../../parse/span.ts'
import type { Backend } from '../backend.ts'
import { isInBlock } from '../session.ts'

/** Fails with 25001 when the statement certainly runs inside a transaction block; where it may, that is noted. Source: PreventInTransactionBlock in xact.c. */
export function preventInTransactionBlock(backend: Backend, command: string): void {
  if (isInBlock(backend.transaction)) backend.fail('25001', `${command} cannot run inside a transaction block`)
  if (backend.transaction.kind === 'unknown') backend.refusedInTransaction = command
}

/** Place of an operation that is the whole statement. */
export function whole(backend: Backend): { readonly span: Span; readonly keyword: Span } {
  return { span: backend.statement.span, keyword: backend.statement.keyword }
}

/** An operation that no rule has anything to ask about. */
export function other(
  backend: Backend,
  kind: 'other' | 'alter-other' | 'alter-type' | 'grant' | 'comment' = 'other',
): void {
  backend.operation({ kind, ...whole(backend) })
}
