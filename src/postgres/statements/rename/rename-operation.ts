import type { Backend } from '../../backend.ts'
import type { Relation } from '../../catalog/catalog.ts'
import type { Rename } from '../../operation.ts'
import { whole } from '../transaction-block.ts'

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
  backend.operation({ kind, ...whole(backend), subject, from, to, isNew })
}
