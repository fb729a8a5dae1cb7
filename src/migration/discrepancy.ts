import type { Span } from '../parse/span.ts'
import type { Severity } from './severity.ts'

/**
 * A place where what vouches for the migrations (sums, hashes, a journal, a plan, a lock file) and what is there do not agree.
 * The migration system states the fact, a rule speaks of it. All texts are for people.
 */
export interface Discrepancy {
  /** `heads`: that nothing says which of several migrations comes last. Left out: what vouches for them is stale. */
  readonly kind?: 'heads'
  /** UTF-16 offsets in the decoded text of the file that it is told of. */
  readonly at: Span
  /** Error: the tool stops at the migrations. Warning: another of its commands does. */
  readonly severity: Severity
  /** What the tool makes of it, a clause that begins with its name: `Atlas refuses to run`. */
  readonly does: string
  /** What does not agree, a clause: `"2.sql" is not listed`. */
  readonly what: string
  readonly help: string
  /** Paths of files whose change explains it: where an edit of one of them is told of, this goes without saying. */
  readonly about: readonly string[]
}
