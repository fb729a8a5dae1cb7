import type { Span } from '../parse/span.ts'
import type { Severity } from './severity.ts'

/**
 * A place where the migrations and a file that records them (checksums, hashes, a journal, a plan, a lock file) do not
 * agree. The migration system states the fact, and a rule reports it. All texts are for people.
 */
export interface Discrepancy {
  /**
   * `heads`: it is not determined which of several migrations comes last. Left out: the file that records them is out
   * of date.
   */
  readonly kind?: 'heads'
  /** UTF-16 offsets in the decoded text of the file that the finding is about. */
  readonly at: Span
  /** Error: the tool stops at the migrations. Warning: another of its commands stops. */
  readonly severity: Severity
  /** The tool's reaction, a clause that begins with its name: `Atlas refuses to run`. */
  readonly does: string
  /** The disagreement, a clause: `"2.sql" is not listed`. */
  readonly what: string
  readonly help: string
  /** Paths of files whose change explains it: if an edit of one of them is reported, this is not reported as well. */
  readonly about: readonly string[]
}
