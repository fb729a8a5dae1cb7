import { codeMigrations, dialectAmong, marked, nearest } from './code.ts'
import { autocommit, inTransaction } from './execution.ts'
import { baseName } from './files.ts'
import type { System } from './system.ts'
import { filesBelow, type Tree } from './tree.ts'
import { compareIntegers, sharedVersions } from './version.ts'

/** Ecto (ecto_sql) of Elixir. */
export const ecto: System = {
  id: 'ecto',
  title: 'Ecto',

  facts: {
    order: 'version number',
    down: 'change or down in the module',
    transaction: 'one per migration',
    optOut: '@disable_ddl_transaction true',
    history: { table: 'schema_migrations', checksum: null },
  },

  detect(tree, dir) {
    const file = marked(tree, dir, NAME, /\buse\s+Ecto\.Migration\b/)
    return file === null
      ? null
      : { directory: dir, sign: 'marker', because: `Ecto.Migration in ${file}`, ...dialect(tree, dir) }
  },

  migrations(tree, directory) {
    const files = filesBelow(tree, directory)
      .sort()
      .flatMap(path => {
        const version = NAME.exec(baseName(path))?.[1]
        return version === undefined ? [] : [{ path, version: BigInt(version), id: String(BigInt(version)) }]
      })
    files.sort((a, b) => compareIntegers(a.version, b.version))
    const { migrations, notices } = codeMigrations(tree, files, 'Ecto', text => ({
      execution: /^\s*@disable_ddl_transaction\s+true\b/m.test(text) ? autocommit : inTransaction,
      outside: 'In a migration of its own with `@disable_ddl_transaction true` and `@disable_migration_lock true`:',
    }))
    const shared = sharedVersions(files).map(
      ([id, paths]) => `Ecto refuses ${paths.join(' and ')}: both have the version ${id}.`,
    )
    return { migrations, notices: [...notices, ...shared] }
  },
}

const NAME = /^(\d+)_.+\.exs$/

/** By the driver that mix.exs depends on. */
function dialect(tree: Tree, dir: string): { dialect?: string } {
  const mix = nearest(tree, dir, ['mix.exs'])?.text ?? ''
  const drivers = {
    postgrex: 'postgresql',
    myxql: 'mysql',
    tds: 'sqlserver',
    ecto_sqlite3: 'sqlite',
    ecto_ch: 'clickhouse',
  }
  const found = Object.entries(drivers).flatMap(([name, database]) =>
    new RegExp(`\\{\\s*:${name}\\b`).test(mix) ? [database] : [],
  )
  return dialectAmong(found)
}
