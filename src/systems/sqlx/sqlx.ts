import type { Remark } from '../../migration/remark.ts'
import { dialectFromEnvironment } from '../reading/database.ts'
import { message, messageInTransaction } from '../reading/execution.ts'
import { baseName, hasFile, join, namesIn, parentOf, readMigrations, textOf } from '../reading/files.ts'
import { dependencyAbove, featuresIn } from '../reading/manifest.ts'
import { ignoredOptOuts, oneMessage } from '../reading/opt-out.ts'
import { toml } from '../reading/toml.ts'
import type { Tree } from '../reading/tree.ts'
import { undoFiles } from '../reading/undo-files.ts'
import { compareVersions, parseInt64, sharedVersions } from '../reading/version.ts'
import { orSyntax } from '../reading/written-dialect.ts'
import type { Aside, Detection, System } from '../system.ts'

/** https://github.com/launchbadge/sqlx: `20240101000000_users.sql`, or `.up.sql` and `.down.sql`. */
export const sqlx: System = {
  id: 'sqlx',
  title: 'sqlx',

  facts: {
    order: 'number before the first _ (i64)',
    down: 'x.down.sql',
    transaction: 'one per file, sent as one message',
    optOut: '-- no-transaction',
    history: { checksum: 'SHA-384 of the file' },
  },

  detect(tree, dir) {
    const configured = configuration(tree, dir)
    if (configured) return { ...configured, ...dialectFromEnvironment(tree, dir) }
    const files = filesOf(tree, dir)
    if (files.length === 0) return null
    const marked = files.find(({ path }) => isMarked(textOf(tree, path) ?? ''))
    // `sqlx::migrate!("path")` may name any folder; numbers alone would not be enough to recognise it.
    const named = [dir, parentOf(dir)].some(folder => /migrations?$/i.test(baseName(folder)))
    const dependency = dependencyAbove(tree, dir, 'Cargo.toml', 'sqlx')
    if (!marked && !(named && dependency)) return null
    const said = { ...dialectFromEnvironment(tree, dir), ...feature(dependency?.text ?? '') }
    const dialect = orSyntax(
      said,
      tree,
      files.map(({ path }) => path),
    )
    return marked
      ? { directory: dir, sign: 'marker', because: `-- no-transaction in ${marked.path}`, ...dialect }
      : { directory: dir, sign: 'dependency', because: `sqlx in ${dependency?.path}`, ...dialect }
  },

  migrations(tree, dir) {
    const all = filesOf(tree, dir)
    const ups = all.filter(({ direction }) => direction !== 'down').sort(compareVersions)
    const downs = new Map(all.filter(({ direction }) => direction === 'down').map(({ id, path }) => [id, path]))
    const told: string[] = []
    const { migrations, notices } = readMigrations(tree, ups, ({ id }, content) => {
      const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(content)
      const down = downs.get(id)
      return {
        id,
        execution: isMarked(text) ? message : messageInTransaction,
        runner: {
          name: 'sqlx',
          outsideTransaction: () =>
            'In a migration of its own that starts with `-- no-transaction`, one statement to a file',
          laterMigration: () => 'In a later migration',
        },
        ...(down === undefined ? {} : { downPath: down }),
        remarks: decoded => (isMarked(text) ? oneMessage(decoded, MARKER) : strayMarkers(decoded)),
      }
    })
    for (const [id, paths] of sharedVersions(ups)) {
      told.push(`sqlx records each version once, but ${paths.join(' and ')} share the version ${id}.`)
    }
    return { migrations, asides: asidesOf(tree, dir, all), notices: [...notices, ...told] }
  },
}

const MARKER = '-- no-transaction'

/** `sql.starts_with("-- no-transaction")`, sqlx-core/src/migrate/source.rs: no byte order mark and no line may come before it. */
function isMarked(text: string): boolean {
  return text.startsWith(MARKER)
}

function strayMarkers(decoded: string): Remark[] {
  return ignoredOptOuts(
    decoded,
    /^--\s*no[-_ ]?transaction\b/i,
    'as `-- no-transaction`, at the very start of the file',
  )
}

/** sqlx.toml, `[migrate] migrations-dir`; `.sqlx/` (prepared queries) beside `migrations/`. */
function configuration(tree: Tree, dir: string): Detection | null {
  const path = join(dir, 'sqlx.toml')
  if (hasFile(tree, path)) {
    const directory = toml(textOf(tree, path) ?? '')?.get('migrate.migrations-dir')
    return {
      directory: join(dir, typeof directory === 'string' ? directory : 'migrations'),
      sign: 'file',
      because: path,
    }
  }
  const directory = join(dir, 'migrations')
  return namesIn(tree, dir, 'directory').includes('.sqlx') && filesOf(tree, directory).length > 0
    ? { directory, sign: 'file', because: join(dir, '.sqlx') }
    : null
}

/** The only database among the features of sqlx that Cargo.toml asks for. */
function feature(manifest: string): { dialect?: string } {
  const asked = featuresIn(manifest, 'sqlx')
  if (asked.includes('postgres')) return {}
  const other = asked.map(name => /^(mysql|sqlite)(?:-[a-z-]+)?$/.exec(name)?.[1]).find(name => name !== undefined)
  return other === undefined ? {} : { dialect: other }
}

interface File {
  readonly id: string
  readonly version: bigint
  readonly direction: 'up' | 'down' | 'both'
  readonly path: string
}

/** `resolve_blocking_with_config`: the directory itself, `<i64>_<anything>.sql`. */
function filesOf(tree: Tree, dir: string): File[] {
  return namesIn(tree, dir).flatMap(name => {
    const at = name.indexOf('_')
    const rest = name.slice(at + 1)
    const version = at < 0 || !rest.endsWith('.sql') ? null : parseInt64(name.slice(0, at))
    if (version === null) return []
    const direction = rest.endsWith('.up.sql') ? 'up' : rest.endsWith('.down.sql') ? 'down' : 'both'
    return [{ id: String(version), version, direction, path: join(dir, name) }]
  })
}

function asidesOf(tree: Tree, dir: string, files: readonly File[]): Aside[] {
  const taken = new Set(files.map(({ path }) => path))
  const others = namesIn(tree, dir)
    .filter(name => /\.sql$/i.test(name) && !taken.has(join(dir, name)))
    .map((name): Aside => {
      const why =
        name.endsWith('.sql') && name.slice(0, -'.sql'.length).includes('_')
          ? 'sqlx stops at a .sql file whose name has no integer before its first _'
          : 'sqlx skips files that are not named <number>_<name>.sql'
      return { path: join(dir, name), kind: 'never-runs', why }
    })
  return [...undoFiles(files), ...others]
}
