import { type ChangeKind, changeRules } from '../migration/change.ts'
import type { MigrationFile } from './history.ts'

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
