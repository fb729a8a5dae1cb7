import type { Backend } from '../backend.ts'
import { isInBlock } from '../session.ts'

/**
 * Fails with 25001 when the statement certainly runs inside a transaction block. The command is noted where it fails,
 * and where it may. Source: PreventInTransactionBlock in xact.c.
 */
export function preventInTransactionBlock(backend: Backend, command: string): void {
  const isRefused = isInBlock(backend.transaction)
  if (isRefused || backend.transaction.kind === 'unknown') backend.refusedInTransaction = command
  if (isRefused) backend.fail('25001', `${command} cannot run inside a transaction block`)
}
