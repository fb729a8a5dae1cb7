import { type ChangeKind, changeRules } from '../../migration/change.ts'
import type { MigrationFile } from './history.ts'

/** The changes that are undone by restoring the file: the checksums are then right again. */
const explaining: ReadonlySet<ChangeKind> = new Set(['edited', 'renamed', 'deleted'])

/**
 * The file without redundant discrepancies: an error of another rule is about one of the files that differ, and its
 * remedy settles both. `isOn`: whether a rule is on for a path.
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
