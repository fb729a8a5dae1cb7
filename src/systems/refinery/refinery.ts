import { writtenIn } from '../../migration/written-in.ts'
import { databaseNamed } from '../../parse/database-name.ts'
import { lookUp } from '../../parse/look-up.ts'
import { messageInTransaction } from '../reading/execution.ts'
import { baseName, hasFile, join, namesIn, readMigrations, textOf } from '../reading/files.ts'
import { dependencyAbove, dependencyIn, featuresIn } from '../reading/manifest.ts'
import { toml } from '../reading/toml.ts'
import { filesBelow, type Tree } from '../reading/tree.ts'
import { compareVersions, parseInt64, sharedVersions } from '../reading/version.ts'
import type { Aside, System } from '../system.ts'

/** https://github.com/rust-db/refinery: `migrations/V1__users.sql`, `U2__roles.sql`, and migrations in Rust. */
export const refinery: System = {
  id: 'refinery',
  title: 'refinery',

  facts: {
    order: 'number after V or U',
    down: 'none',
    transaction: 'one per file, sent as one message (with set_grouped one for all)',
    optOut: null,
    history: { checksum: 'SipHash-1-3 of name, version and text' },
  },

  detect(tree, dir) {
    const configuration = join(dir, 'refinery.toml')
    if (hasFile(tree, configuration)) {
      const type = toml(textOf(tree, configuration) ?? '')?.get('main.db_type')
      const database = typeof type === 'string' ? databaseNamed(type) : undefined
      const dialect = database === undefined || database === 'postgresql' ? {} : { dialect: database }
      return { directory: join(dir, 'migrations'), sign: 'file', because: configuration, ...dialect }
    }
    // The crate's own `migrations/`, or any folder of migrations in the crate, because `embed_migrations!("path")` may
    // name it.
    const directory = dependencyIn(tree, dir, 'Cargo.toml', 'refinery') ? join(dir, 'migrations') : dir
    const holds = directory === dir ? namesIn(tree, dir).some(name => NAME.test(name)) : hasMigrations(tree, directory)
    const dependency = holds ? dependencyAbove(tree, dir, 'Cargo.toml', 'refinery') : null
    return dependency
      ? { directory, sign: 'dependency', because: `refinery in ${dependency.path}`, ...feature(dependency.text) }
      : null
  },

  migrations(tree, dir) {
    const { files, asides } = filesOf(tree, dir)
    const { migrations, notices } = readMigrations(tree, files, ({ id, path }) => ({
      id,
      execution: messageInTransaction,
      runner: {
        name: 'refinery',
        outsideTransaction: () =>
          'By hand, not in a migration (refinery runs each of them in a transaction, and has no way out of it)',
        laterMigration: () => 'In a later migration',
      },
      ...(path.endsWith('.rs') ? writtenIn('Rust') : {}),
    }))
    for (const [id, paths] of sharedVersions(files)) {
      notices.push(`refinery refuses version ${id}, which ${paths.join(' and ')} share.`)
    }
    return { migrations, asides, notices }
  },
}

/** `STEM_RE` and `file_re_all`, refinery_core/src/util.rs, with Rust's `\w` and `\d` for ASCII names. */
const NAME = /^[U|V]([0-9]+(?:\.[0-9]+)?)__[\p{L}\p{M}\p{N}_]+\.(rs|sql)$/u

/** The only database among the features of refinery that Cargo.toml asks for. */
function feature(manifest: string): { dialect?: string } {
  const asked = featuresIn(manifest, 'refinery')
  if (asked.some(name => /^(tokio-)?postgres/.test(name))) return {}
  const other = asked.map(name => /^(mysql|rusqlite|tiberius)/.exec(name)?.[1]).find(name => name !== undefined)
  const names: Record<string, string> = { mysql: 'mysql', rusqlite: 'sqlite', tiberius: 'sqlserver' }
  const dialect = lookUp(names, other ?? '')
  return dialect === undefined ? {} : { dialect }
}

function hasMigrations(tree: Tree, dir: string): boolean {
  return filesBelow(tree, dir).some(path => NAME.test(baseName(path)))
}

interface File {
  readonly id: string
  readonly version: bigint
  readonly path: string
}

/** `find_migration_files`: it also searches all folders below. */
function filesOf(tree: Tree, dir: string): { files: File[]; asides: Aside[] } {
  const files: File[] = []
  const asides: Aside[] = []
  for (const path of filesBelow(tree, dir)) {
    const version = parseInt64(NAME.exec(baseName(path))?.[1] ?? '')
    if (version !== null) files.push({ id: String(version), version, path })
    else if (/\.sql$/i.test(path)) {
      asides.push({
        path,
        kind: 'never-runs',
        why: 'refinery runs only files named V<number>__<name>.sql or U<number>__<name>.sql',
      })
    }
  }
  return { files: files.sort(compareVersions), asides }
}
