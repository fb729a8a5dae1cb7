import type { Relation } from '../catalog/catalog.ts'
import type { ObjectReference } from '../object/object.ts'
import type { Drop } from '../operation.ts'

/** One thing that the statement names. */
export interface Target {
  readonly kind: Drop['kind']
  readonly name: string
  /** Null: it is not in the catalog. */
  readonly object: ObjectReference | null
  readonly relation: Relation | null
  readonly isNew: boolean
}
