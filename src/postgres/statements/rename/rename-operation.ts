import type { Backend } from '../../backend.ts'
import type { Relation } from '../../catalog/catalog.ts'
import type { Rename } from '../../operation.ts'
import { wholeStatement } from '../whole-statement.ts'

/** Names the operation. */
export function announceRename(
  backend: Backend,
  kind: Rename['kind'],
  relation: Relation | null,
  from: string,
  to: string,
  isNew = relation !== null && !backend.isExposed(relation),
): void {
  const subject = relation ? backend.subject(relation) : null
  backend.operation({ kind, ...wholeStatement(backend), subject, from, to, isNew })
}
