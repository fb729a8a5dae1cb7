import { type ChangeKind, changeRules } from '../migration/change.ts'
import type { Span } from '../parse/span.ts'
import type { Severity } from './finding.ts'
import type { MigrationFile } from './history.ts'

/**
 * A place where what vouches for the migrations (sums, hashes, a journal, a plan, a lock file) and what is there do not agree.
 * The migration system states the fact, a rule speaks of it. All texts are for people.
 */
export interface Discrepancy {
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

/** What is answered by putting the file back: sums that were made of it then hold again. */
const explaining: ReadonlySet<ChangeKind> = new Set(['edited', 'renamed', 'deleted'])

/**
 * The file without the discrepancies that go without saying: an error of another rule tells of one of the files that differ, and
 * what it asks for settles both. `isOn`: whether a rule is on for a path.
 */
export function unexplained(
  files: readonly MigrationFile[],
  isOn: (rule: string, path: string) => boolean,
): (file: MigrationFile) => MigrationFile {
  const told = new Set(
    files.flatMap(({ path, changes }) =>
      changes.flatMap(change => {
        const { kind, allowed, outcome } = change
        if (allowed !== null || outcome.severity !== 'error' || !explaining.has(kind)) return []
        if (!isOn(changeRules[kind], path)) return []
        if (change.kind === 'renamed') return [path, change.from]
        return change.kind === 'deleted' ? [path, ...change.others] : [path]
      }),
    ),
  )
  return file =>
    file.discrepancies.some(({ about }) => about.some(path => told.has(path)))
      ? { ...file, discrepancies: file.discrepancies.filter(({ about }) => !about.some(path => told.has(path))) }
      : file
}
