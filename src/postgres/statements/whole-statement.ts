import type { Span } from '../../parse/span.ts'
import type { Backend } from '../backend.ts'

/** Place of an operation that is the whole statement. */
export function wholeStatement(backend: Backend): { readonly span: Span; readonly keyword: Span } {
  return { span: backend.statement.span, keyword: backend.statement.keyword }
}

/** An operation that concerns no rule, and is the whole statement. */
export function otherOperation(
  backend: Backend,
  kind: 'other' | 'alter-other' | 'alter-type' | 'grant' | 'comment' = 'other',
): void {
  backend.operation({ kind, ...wholeStatement(backend) })
}
