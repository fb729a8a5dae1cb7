import type { MigrationFile } from '../../lint/history/history.ts'
import type { TakenBack } from '../../report/trace/trace.ts'
import { catalogOf, type DatabaseCatalog } from '../server/catalog.ts'
import type { Session } from '../server/session.ts'
import { changesBetween } from './changes.ts'

/** A migration with the one that takes it back. */
export interface Return {
  readonly up: MigrationFile
  /** Null: there is none. */
  readonly down: MigrationFile | null
}

/** The migrations that are taken back, the last one first: those that are asked for, and all that came after them. */
export function returnsIn(files: readonly MigrationFile[], isAsked: (path: string) => boolean): Return[] {
  const ups = files.filter(file => takes(file) === null)
  const downs = new Map(files.map(file => [takes(file), file]))
  const first = ups.findIndex(({ path }) => isAsked(path))
  const wanted = first === -1 ? [] : ups.slice(first)
  return wanted.reverse().map(up => ({ up, down: downs.get(up.path) ?? null }))
}

/** The path of the migration that a file takes back; null: it takes none back. */
export function takes({ input }: MigrationFile): string | null {
  return ('down' in input ? input.down : undefined) ?? null
}

/** What the database was before each migration that is taken back. */
export class Catalogs {
  readonly #wanted: ReadonlySet<MigrationFile>
  readonly #before = new Map<MigrationFile, DatabaseCatalog>()
  /** What earlier down migrations have left stays: it is reported once. */
  readonly #told = new Set<string>()

  constructor(returns: readonly Return[]) {
    this.#wanted = new Set(returns.map(({ up }) => up))
  }

  async before(file: MigrationFile, session: Session): Promise<void> {
    if (this.#wanted.has(file)) this.#before.set(file, await catalogOf(session))
  }

  /** A part of the migration, or of the one that takes it back, was not run: what remains says nothing. */
  forget(file: MigrationFile): void {
    this.#before.delete(file)
  }

  async after(file: MigrationFile, session: Session): Promise<TakenBack> {
    const before = this.#before.get(file)
    if (!before) return { migration: file.path, notCompared: 'not all of the two could be run', leaves: [] }
    const leaves = changesBetween(before, await catalogOf(session)).filter(change => {
      const key = JSON.stringify(change)
      return !this.#told.has(key) && this.#told.add(key)
    })
    return { migration: file.path, notCompared: null, leaves }
  }
}
