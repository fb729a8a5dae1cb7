import type { Step } from '../../postgres/step.ts'
import type { Label } from '../finding.ts'
import type { Context } from '../rule.ts'
import { outside } from './advice.ts'

/** For a statement that PostgreSQL refuses in a transaction (25001): which transaction that is, and how to get out of it. */
export interface RefusedIn {
  /** The end of a sentence: `this runs inside a transaction`. */
  readonly because: string
  /** The start of a sentence that the statement follows. */
  readonly todo: string
  readonly related?: readonly Label[]
}

/** Whether the statement fails because of its transaction, whatever the database looks like. If it may not run at all, it fails whenever it runs. */
export function isRefused({ error, refusedInTransaction, transaction, statement }: Step): boolean {
  if (statement.caught) return false
  if (error !== null) return error.sqlstate === '25001'
  return statement.conditional === true && refusedInTransaction !== undefined && transaction.kind !== 'unknown'
}

/** `fails`, or `fails if it runs`. */
export function failing({ statement }: Step): string {
  return statement.conditional ? 'fails if it runs' : 'fails'
}

export function refusedIn({
  step,
  history,
  runner,
  label,
}: Pick<Context, 'step' | 'history' | 'runner' | 'label'>): RefusedIn {
  const { kind, openedBy } = step.transaction
  const opener: Step | undefined = openedBy === null ? undefined : history[openedBy]
  const at = (message: string) => (opener ? { related: [label(opener, message)] } : {})
  if (opener?.operations.some(operation => operation.kind === 'do')) {
    return {
      because: 'this runs inside a transaction',
      todo: 'Take it out of the DO block, and out of any transaction:',
      ...at('the DO block is one transaction'),
    }
  }
  switch (kind) {
    case 'explicit':
      return {
        because: 'this runs inside a transaction',
        todo: 'Before BEGIN or after COMMIT:',
        ...at('the transaction begins here'),
      }
    // Manual, "Multiple Statements in a Simple Query".
    case 'implicit':
      return { because: 'statements that are sent together are one transaction', todo: outside(runner) }
    default:
      return { because: 'this runs inside a transaction', todo: outside(runner) }
  }
}
