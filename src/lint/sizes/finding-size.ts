import type { Range } from './rates.ts'
import type { RelationSize } from './statistics.ts'

/** How large the tables of a finding are, and how long its work on them takes. */
export interface FindingSize {
  readonly tables: readonly (Omit<RelationSize, 'indexBytes'> & { readonly name: string })[]
  /** At least and at most. */
  readonly seconds: Range
  /** All of them are small. */
  readonly isSmall: boolean
}
