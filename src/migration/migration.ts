import type { Region } from '../parse/parse.ts'
import type { Change } from './change.ts'
import type { Discrepancy } from './discrepancy.ts'
import type { Execution } from './execution.ts'
import type { Remark } from './remark.ts'
import type { RunnerAdvice } from './runner.ts'

/** One migration as a migration system hands it over, in the order of application. */
export interface MigrationInput {
  /** As the user would type it, with `/`. */
  readonly path: string
  /** The file's bytes; text that is already decoded may be given as a string. */
  readonly content: Uint8Array | string
  readonly execution: Execution
  /** What advice may say of the runner. */
  readonly runner: RunnerAdvice
  /** The pieces of the decoded text that reach the server, in order; without it the whole text does, as one. */
  readonly parts?: (text: string) => readonly Part[]
  /** What the migration system makes of the decoded text that its author may not expect. */
  readonly remarks?: (text: string) => readonly Remark[]
  /** Set on a migration that is not SQL and was not read: why, for people. */
  readonly opaque?: string
  /** Set on a file that is no migration although it looks like one, a sentence: why it does not run. It is not read. */
  readonly aside?: string
  /** What has become of it since it was applied, as far as git tells. */
  readonly changes?: readonly Change[]
  /** It is there no longer: the content is what it was, and is not read. */
  readonly gone?: boolean
  /** The path of the migration that it takes back: nothing that is found in it is an error. */
  readonly down?: string
  /** Set on a file that is no migration but vouches for these files, by their sums say: their paths. It is not read as SQL. */
  readonly covers?: readonly string[]
  /** Where it does not agree with what it vouches for, or with what vouches for it. */
  readonly discrepancies?: readonly Discrepancy[]
}

/** A piece of a migration's text that reaches the server by itself. */
export interface Part extends Region {
  /** How, when that differs from the rest of the migration. Parts without it share the migration's own: one transaction, if any. */
  readonly execution?: Execution
}
