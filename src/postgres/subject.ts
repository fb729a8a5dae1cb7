import type { Span } from '../parse/span.ts'
import type { Oid, RelationKind } from './catalog/catalog.ts'
import type { Effect } from './effect.ts'

/** A relation as part of an operation: a view of the catalog at the moment the operation starts. */
export interface Subject {
  readonly oid: Oid
  /** As the catalog knows it: schema-qualified unless in `public`. */
  readonly name: string
  readonly kind: RelationKind
  /** See Effect.exposed. */
  readonly exposed: boolean
  /** False when the migrations do not contain its creation. */
  readonly complete: boolean
  /** A migration that was not read, or may not have run, may have changed it, and may have made objects that depend on it. */
  readonly doubtful: boolean
  readonly isPartition: boolean
}

export interface Base {
  /** The clause that does it: for a statement with one operation the whole statement, else the sub-command or constraint. */
  readonly span: Span
  /** Where a caret points: the clause's leading words, for instance over `ADD COLUMN` or `SET NOT NULL`. */
  readonly keyword: Span
  /** The effects of this operation, one entry per relation. */
  readonly effects: readonly Effect[]
}

export interface OnTable extends Base {
  readonly table: Subject
}
