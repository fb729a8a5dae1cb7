import { codeMigrations, marked, nearest } from '../reading/code-migrations.ts'
import { codeOf, stringsIn } from '../reading/comment.ts'
import { allInOneTransaction, autocommit, perhapsInTransaction } from '../reading/execution.ts'
import { hasDirectory, hasFile, join, namesIn } from '../reading/files.ts'
import { dependencyAbove } from '../reading/manifest.ts'
import { onDemand } from '../reading/on-demand.ts'
import { nearestSettings, settingsAt } from '../reading/program-settings.ts'
import { readerToLoad } from '../reading/reader-to-load.ts'
import type { Tree } from '../reading/tree.ts'
import { compareUnits } from '../reading/version.ts'
import type { Aside, System } from '../system.ts'
import { namesSettingOf } from './settings.ts'

const callsModule = onDemand(() => import('./calls.ts'))

/** https://github.com/kysely-org/kysely: modules that export up(db), run by kysely-ctl or a Migrator in the program. */
export const kysely: System = {
  id: 'kysely',
  title: 'Kysely',

  facts: {
    order: 'file name',
    down: 'down in the module',
    transaction: 'one for all pending migrations',
    optOut: null,
    history: { checksum: null },
    code: {
      files: '**/migrations/*.{js,mjs,ts}',
      read: 'all of `db.schema`; `selectFrom`, `insertInto`, `updateTable`, `deleteFrom`, `with` and the builder of expressions; the template tag `sql` and its functions; `withSchema`; `CamelCasePlugin` without options',
      inPart: '`CamelCasePlugin` with options: names may differ',
      unread: '`mergeInto`, paths into JSON, `with` after `withSchema`, transactions',
    },
  },

  detect(tree, dir) {
    const config = CONFIGS.map(name => join(dir, name)).find(path => hasFile(tree, path))
    if (config !== undefined) {
      const folder = settingsAt(tree, config)?.text('migrationFolder') ?? 'migrations'
      const home = config.includes('.config/') ? join(config, '../..') : dir
      const directory = join(home, folder)
      if (hasDirectory(tree, directory)) return { directory, sign: 'file', because: config, ...dialect(tree, dir) }
    }
    const file = marked(tree, dir, CODE, /\bfrom\s+["']kysely["']|\brequire\(["']kysely["']\)/)
    const migrates = marked(tree, dir, CODE, /\bexport\s+(?:async\s+function|const)\s+up\b|\bexports\.up\b/)
    if (file === null || file !== migrates) return null
    return { directory: dir, sign: 'marker', because: `kysely in ${file}`, ...dialect(tree, dir) }
  },

  migrations(tree, directory) {
    const names = namesIn(tree, directory)
    // `isMigration` of src/migration/migrator.ts: a module without `up` is not a migration, such as the project's own MigrationProvider.
    const code = names.filter(name => CODE.test(name) && mayExportUp(codeOf(tree, join(directory, name)) ?? ''))
    const sql = names.filter(name => /\.sql$/i.test(name) && !/[._-]down\.sql$/i.test(name))
    // A project whose folder contains only SQL reads it with its own MigrationProvider.
    const files = (code.length > 0 ? code : sql)
      .sort(compareUnits)
      .map(name => ({ path: join(directory, name), id: name.replace(/\.[^.]+$/, '') }))
    const config = nearestSettings(tree, directory, CONFIGS)
    const never = config?.says(true, 'disableTransactions') ?? false
    const isUnknown = config?.isUnknown('disableTransactions') ?? false
    const settings = namesSettingOf(tree, directory)
    const reader = readerToLoad(callsModule, ({ kyselyReader }) => kyselyReader(settings))
    const { migrations, notices } = codeMigrations(
      tree,
      files,
      'Kysely',
      () => ({
        execution: never ? autocommit : isUnknown ? perhapsInTransaction : allInOneTransaction,
        outside:
          'By hand, or in a run of its own with `kysely migrate latest --no-transaction` (there is no opt-out for one migration)',
      }),
      reader,
    )
    const read = new Set(migrations.flatMap(({ path, downPath = '' }) => [path, downPath]))
    const why = 'FileMigrationProvider reads only .js, .ts, .mjs and .mts'
    const asides: Aside[] =
      code.length === 0
        ? []
        : sql
            .map(name => join(directory, name))
            .filter(path => !read.has(path))
            .map(path => ({ path, kind: 'never-runs', why }))
    return { migrations, asides, notices }
  },
}

const CODE = /^(?!.*\.d\.[cm]?ts$).*\.(js|ts|mjs|mts)$/
const CONFIGS = ['ts', 'js', 'mjs', 'mts', 'cjs', 'cts'].flatMap(end => [
  `kysely.config.${end}`,
  `.config/kysely.config.${end}`,
])

const drivers: readonly (readonly [string, string])[] = [
  ['pg', 'postgresql'],
  ['postgres', 'postgresql'],
  ['kysely-postgres-js', 'postgresql'],
  ['@neondatabase/serverless', 'postgresql'],
  ['kysely-neon', 'postgresql'],
  ['@electric-sql/pglite', 'postgresql'],
  ['mysql2', 'mysql'],
  ['better-sqlite3', 'sqlite'],
  ['tedious', 'sqlserver'],
]

function isPostgres(name: string): boolean {
  return name === 'pg' || name === 'postgres'
}

/** The dialect in the configuration, or the driver in package.json, decides. */
function dialect(tree: Tree, dir: string): { dialect?: string } {
  const config = nearest(tree, dir, CONFIGS)
  const imported = config ? stringsIn(config.text, config.path) : []
  const dialects = (nearestSettings(tree, dir, CONFIGS)?.allCalls ?? []).flatMap(({ name }) =>
    name.endsWith('Dialect') ? name : [],
  )
  if (dialects.some(word => /^(Postgres|Neon|PGlite|Vercel|Xata)/.test(word)) || imported.some(isPostgres)) return {}
  const [other] = dialects.flatMap(
    word => /^(?:mysql|sqlite|mssql|planetscale|d1|libsql)/i.exec(word)?.[0].toLowerCase() ?? [],
  )
  if (other !== undefined)
    return { dialect: /mysql|planetscale/.test(other) ? 'mysql' : other === 'mssql' ? 'sqlserver' : 'sqlite' }
  const found = drivers.find(([name]) => dependencyAbove(tree, dir, 'package.json', name))
  return found === undefined || found[1] === 'postgresql' ? {} : { dialect: found[1] }
}

function mayExportUp(code: string): boolean {
  return (
    /\bup\b/.test(code) &&
    /\bexport\s+(?:async\s+)?(?:function|const|let|var)\s+up\b|\bexport\s*[{*]|\bexport\s+default\b|\bexports\b/.test(
      code,
    )
  )
}
