import type { Catalog, Oid } from './catalog/catalog.ts'
import type { Effect } from './effect.ts'
import type { Operation } from './operation.ts'
import type { Step } from './step.ts'

/** The result of one statement on the model. */
export interface Outcome {
  readonly operations: readonly Operation[]
  readonly effects: readonly Effect[]
  readonly error: Step['error']
  readonly unless: Step['unless']
  readonly opaque: string | null
  /** The catalog that the statement found: that of the moment, or another one that the migrations allow. */
  readonly before: Catalog
  readonly after: Catalog
  /** See Step.refusedInTransaction. */
  readonly refusedInTransaction?: string
  /** See Step.unreadTrigger. */
  readonly unreadTrigger?: string
  /** See Transaction.pendingEvents. */
  readonly pendingEvents: readonly Oid[]
}
