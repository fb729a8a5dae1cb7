import type { Config } from '../lint/config.ts'
import type { MigrationInput } from '../lint/history.ts'
import { transactionOf } from '../lint/severity.ts'
import { systemOf } from '../systems/index.ts'
import { plain, plainRun } from '../systems/plain.ts'
import type { Tree } from '../systems/tree.ts'
import type { Place } from './expand.ts'
import type { Selection } from './selection.ts'

export interface FoundMigrations {
  /** In the order of application. */
  readonly migrations: readonly MigrationInput[]
  /** The migration system's title, for people. */
  readonly system: string
  readonly notices: readonly string[]
}

/** Reads the selected places as the migration systems that they are laid out for. */
export function findMigrations(tree: Tree, selection: Selection, config: Config): FoundMigrations {
  const options = { transaction: transactionOf(config) }
  const migrations: MigrationInput[] = []
  const notices: string[] = []
  const titles = new Set<string>()
  for (const place of selection.places) {
    const part = partOf(tree, place, selection)
    const system = systemOf(config.system, part, place.directory)
    if (!system) continue
    const found = system.migrations(part, place.directory, options)
    titles.add(system.title)
    migrations.push(...found.migrations)
    notices.push(...found.notices)
  }
  // A file with another ending, named on the command line, is SQL because somebody says so.
  for (const path of selection.askedFiles) {
    if (/\.sql$/i.test(path) || migrations.some(migration => migration.path === path)) continue
    try {
      migrations.push({ path, content: tree.read(path), ...plainRun(options.transaction(path)) })
    } catch (error) {
      notices.push(`${path} could not be read: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return { migrations, notices, system: titles.size > 0 ? [...titles].join(', ') : plain.title }
}

/** The tree with only the files of a place in it, and none that are ignored. */
function partOf(tree: Tree, { files }: Place, { isIgnored }: Selection): Tree {
  const wanted = files && new Set(files)
  return {
    list: directory =>
      tree.list(directory).filter(({ name, kind }) => {
        const path = directory === '' ? name : `${directory}/${name}`
        return kind === 'directory' || ((wanted?.has(path) ?? true) && !isIgnored(path))
      }),
    read: path => tree.read(path),
  }
}
