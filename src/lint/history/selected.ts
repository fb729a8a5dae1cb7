import type { MigrationInput } from '../../migration/migration.ts'
import type { Config } from '../config/config.ts'
import type { MigrationFile } from './history.ts'
import { afterStart } from './start-after.ts'

/** What decides whether a file is reported on. */
export type Selectable = Pick<MigrationFile, 'path' | 'input' | 'changes' | 'discrepancies'>

interface Wanted {
  readonly config: Pick<Config, 'startAfter'>
  readonly report?: (path: string, file: Selectable) => boolean
}

export interface Selected<File extends Selectable> {
  /** The files that are reported on, in order. */
  readonly files: readonly File[]
  /** Those before the place from which findings are reported. */
  readonly early: ReadonlySet<File>
  /** The parts of the configuration that have no effect, a sentence each. */
  readonly notices: readonly string[]
}

export function selected<File extends Selectable>(all: readonly File[], { config, report }: Wanted): Selected<File> {
  const start = afterStart(
    config.startAfter,
    all.map(({ path }) => path),
  )
  const early = new Set(all.slice(0, start.from))
  // An edit is new, however old the migration is.
  const isLate = (file: File) => !early.has(file) || file.changes.length > 0 || file.discrepancies.length > 0
  const isWanted = (file: File) =>
    report === undefined || [file.path, ...coveredBy(file)].some(path => report(path, file))
  return { files: all.filter(file => isLate(file) && isWanted(file)), early, notices: start.notices }
}

/** How many files come before the first one that is reported on. */
export function countBefore(migrations: readonly MigrationInput[], wanted: Wanted): number {
  const all = migrations.map((input): Selectable => {
    const { path, changes = [], discrepancies = [] } = input
    return { path, input, changes, discrepancies }
  })
  const [first] = selected(all, wanted).files
  return first ? all.indexOf(first) : all.length
}

/** Paths of what a file vouches for. */
function coveredBy({ input }: Selectable): readonly string[] {
  return input.kind === 'vouching' ? input.covers : []
}
