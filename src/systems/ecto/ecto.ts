import { allOf, dialectAmong, marked, nearest, versionedMigrations } from '../reading/code-migrations.ts'
import { autocommit, inTransaction } from '../reading/execution.ts'
import type { Tree } from '../reading/tree.ts'
import type { System } from '../system.ts'
import { ectoCalls } from './calls.ts'
import { settingsOf } from './settings.ts'

/** Ecto (ecto_sql) of Elixir. */
export const ecto: System = {
  id: 'ecto',
  title: 'Ecto',

  facts: {
    order: 'version number',
    down: 'change or down in the module',
    transaction: 'one per migration',
    optOut: '@disable_ddl_transaction true',
    history: { checksum: null },
    code: {
      read: 'all of `Ecto.Migration`, functions of the module, `repo().query`, settings of the repo for keys and timestamps',
      inPart: 'loops and conditions on unknown values',
      unread: 'functions of other modules, `repo()` with schemas and queries, columns under an unknown condition',
    },
  },

  detect(tree, dir) {
    const file = marked(tree, dir, NAME, /\buse\s+Ecto\.Migration\b/)
    return file === null
      ? null
      : { directory: dir, sign: 'marker', because: `Ecto.Migration in ${file}`, ...dialect(tree, dir) }
  },

  migrations(tree, directory) {
    return versionedMigrations(
      tree,
      directory,
      NAME,
      'Ecto',
      text => ({
        execution: /^[ \t]*@disable_ddl_transaction[ \t]+true\b/m.test(text) ? autocommit : inTransaction,
        outside: 'In a migration of its own with `@disable_ddl_transaction true` and `@disable_migration_lock true`',
      }),
      ectoCalls(settingsOf(tree, directory)),
    )
  },
}

/** `.ex` if a program gives the modules to `Ecto.Migrator.run`. */
const NAME = /^(\d+)_.+\.exs?$/

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
    new Set(allOf(mix, /\{\s*:(\w+)/g)).has(name) ? [database] : [],
  )
  return dialectAmong(found)
}
