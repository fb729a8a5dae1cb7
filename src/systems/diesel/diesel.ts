import type { Remark } from '../../migration/remark.ts'
import { headLine } from '../../parse/head-line.ts'
import { dialectFromEnvironment } from '../reading/database.ts'
import { message, messageInTransaction } from '../reading/execution.ts'
import { hasFile, join, namesIn, readMigrations, textOf } from '../reading/files.ts'
import { dependencyAbove } from '../reading/manifest.ts'
import { toml } from '../reading/toml.ts'
import type { Tree } from '../reading/tree.ts'
import { compareBytes, sharedVersions, thenByPath } from '../reading/version.ts'
import type { Aside, System } from '../system.ts'

/** https://diesel.rs: `migrations/2024-01-01-000000_users/up.sql`, `down.sql` and `metadata.toml`. */
export const diesel: System = {
  id: 'diesel',
  title: 'Diesel',

  facts: {
    order: 'folder name before the first _, dashes taken out (text)',
    down: 'down.sql',
    transaction: 'one per migration, sent as one message',
    optOut: 'metadata.toml: run_in_transaction = false',
    history: { checksum: null },
  },

  detect(tree, dir) {
    const configuration = join(dir, 'diesel.toml')
    if (hasFile(tree, configuration)) {
      const configured = toml(textOf(tree, configuration) ?? '')?.get('migrations_directory.dir')
      // `diesel setup` writes an absolute path, which is of no use here.
      const relative = typeof configured === 'string' && !configured.startsWith('/') ? configured : 'migrations'
      const directory = join(dir, relative)
      return { directory, sign: 'file', because: configuration, ...dialectFromEnvironment(tree, dir) }
    }
    const folders = namesIn(tree, dir, 'directory').filter(name => hasFile(tree, join(dir, `${name}/up.sql`)))
    if (folders.length === 0) return null
    const dialect = dialectFromEnvironment(tree, dir)
    const setup = folders.find(name => name === '00000000000000_diesel_initial_setup')
    if (setup) return { directory: dir, sign: 'file', because: join(dir, setup), ...dialect }
    const dependency = dependencyAbove(tree, dir, 'Cargo.toml', 'diesel')
    if (dependency) return { directory: dir, sign: 'dependency', because: `diesel in ${dependency.path}`, ...dialect }
    const named = folders.find(name => /^\d{4}-\d{2}-\d{2}-\d{6}(-\d{4})?_/.test(name))
    return named ? { directory: dir, sign: 'names', because: join(dir, named), ...dialect } : null
  },

  migrations(tree, dir) {
    const { folders, asides, told } = foldersOf(tree, dir)
    const { migrations, notices } = readMigrations(tree, folders, ({ id, directory }) => {
      const down = join(directory, 'down.sql')
      return {
        id,
        execution: runsInTransaction(tree, directory) ? messageInTransaction : message,
        runner: {
          name: 'Diesel',
          outsideTransaction: () =>
            'In a migration of its own, one statement to a file, with `run_in_transaction = false` in a metadata.toml beside its up.sql',
          laterMigration: () => 'In a later migration',
        },
        ...(hasFile(tree, down) ? { downPath: down } : {}),
        remarks: text => unsaid(tree, directory, text),
      }
    })
    for (const [id, paths] of sharedVersions(folders)) {
      told.push(`Diesel records each version once, but ${paths.join(' and ')} share the version ${id}.`)
    }
    return { migrations, asides, notices: [...notices, ...told] }
  },
}

/**
 * `TomlMetadata`, diesel_migrations/migrations_internals/src/lib.rs: there is a transaction if the file is missing or
 * is not TOML. If the file lacks the key, there is none, because serde's default for a bool is false.
 */
function runsInTransaction(tree: Tree, directory: string): boolean {
  const metadata = toml(textOf(tree, join(directory, 'metadata.toml')) ?? '=')
  const value = metadata?.get('run_in_transaction')
  if (!metadata || (value !== undefined && typeof value !== 'boolean')) return true
  return value === true
}

/** A metadata.toml without `run_in_transaction`. */
function unsaid(tree: Tree, directory: string, text: string): Remark[] {
  const metadata = toml(textOf(tree, join(directory, 'metadata.toml')) ?? '=')
  if (!metadata || metadata.get('run_in_transaction') !== undefined) {
    return runsInTransaction(tree, directory) ? [] : [{ kind: 'one-message', at: headLine(text) }]
  }
  return [{ kind: 'unsaid-transaction', at: headLine(text), file: 'metadata.toml', key: 'run_in_transaction' }]
}

interface Folder {
  readonly id: string
  readonly directory: string
  readonly path: string
}

export const compareFolders = thenByPath<Pick<Folder, 'id' | 'path'>>((a, b) => compareBytes(a.id, b.id))

/** `migrations_directories`: folders that are not hidden and not empty; each must hold an up.sql. */
function foldersOf(tree: Tree, dir: string): { folders: Folder[]; asides: Aside[]; told: string[] } {
  const folders: Folder[] = []
  const asides: Aside[] = []
  const told: string[] = []
  for (const name of namesIn(tree, dir, 'directory').filter(each => !each.startsWith('.'))) {
    const directory = join(dir, name)
    const files = namesIn(tree, directory)
    const [version = ''] = name.split('_')
    if (files.includes('up.sql')) {
      folders.push({ id: version.replaceAll('-', ''), directory, path: join(directory, 'up.sql') })
    } else if (tree.list(directory).length > 0) told.push(`Diesel stops at ${directory}: it has no up.sql.`)
    if (files.includes('down.sql')) {
      asides.push({ path: join(directory, 'down.sql'), kind: 'undo', why: `it takes ${name} back` })
    }
    for (const file of files.filter(each => /\.sql$/i.test(each) && each !== 'up.sql' && each !== 'down.sql')) {
      asides.push({
        path: join(directory, file),
        kind: 'never-runs',
        why: 'of a migration, Diesel runs up.sql and down.sql only',
      })
    }
  }
  for (const name of namesIn(tree, dir).filter(each => /\.sql$/i.test(each))) {
    asides.push({ path: join(dir, name), kind: 'never-runs', why: 'Diesel runs the up.sql of folders only' })
  }
  return { folders: folders.sort(compareFolders), asides, told }
}
