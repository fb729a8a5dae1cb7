import type { Packed } from './copy.ts'
import type { Grammar } from './language.ts'

/** A program as its grammar gets it. */
export interface Unparsed {
  readonly grammar: Grammar
  readonly text: string
}

/** Somebody who parses programs before they are read, while this thread does something else. */
export interface ParsedAhead {
  /** Announces that these will be read, in about this order. Nothing is owed for it. */
  begin(programs: readonly Unparsed[]): void
  /** The tree of a program; null: the caller has to parse it, as it would without this. */
  take(program: Unparsed): Packed | null
}
