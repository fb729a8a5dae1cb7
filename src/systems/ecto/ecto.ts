import type { Remark } from '../../migration/remark.ts'
import { headLine } from '../../parse/head-line.ts'
import { allOf, dialectAmong, marked, nearest, versionedMigrations } from '../reading/code-migrations.ts'
import { autocommit, inTransaction } from '../reading/execution.ts'
import { onDemand } from '../reading/on-demand.ts'
import { readerToLoad } from '../reading/reader-to-load.ts'
import type { Tree } from '../reading/tree.ts'
import type { System } from '../system.ts'

const callsModule = onDemand(() => import('./calls.ts'))

const settingsModule = onDemand(() => import('./settings.ts'))

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
      files: '**/migrations/*.exs',
      read: 'all of `Ecto.Migration`, functions of the module, `repo().query`, `Repo.all`, `update_all`, `delete_all` and `insert_all` with queries and schemas, settings of the repo for keys and timestamps',
      inPart: 'loops and conditions on unknown values',
      unread:
        'functions of other modules, changesets, CTEs, unions and associations of queries, columns under an unknown condition',
    },
  },

  detect(tree, dir) {
    const file = marked(tree, dir, NAME, /\buse\s+Ecto\.Migration\b/)
    return file === null
      ? null
      : { directory: dir, sign: 'marker', because: `Ecto.Migration in ${file}`, ...dialect(tree, dir) }
  },

  migrations(tree, directory) {
    const settings = settingsModule()?.settingsOf(tree, directory)
    const reader = settings && readerToLoad(callsModule, ({ ectoCalls }) => ectoCalls(settings))
    return versionedMigrations(
      tree,
      directory,
      NAME,
      'Ecto',
      text => ({
        execution: /^[ \t]*@disable_ddl_transaction[ \t]+true\b/m.test(text) ? autocommit : inTransaction,
        outside: 'In a migration of its own with `@disable_ddl_transaction true` and `@disable_migration_lock true`',
        remarks: own => ownLock(own, settings?.locksInTransaction ?? null),
      }),
      reader,
    )
  },
}

/**
 * `lock_for_migrations` of lib/ecto/adapters/postgres.ex: without other configuration, LOCK TABLE in a transaction on another connection, in
 * which the versions are read, too. What is built CONCURRENTLY waits for it (https://github.com/elixir-ecto/ecto/issues/2977).
 */
function ownLock(text: string, locksInTransaction: boolean | null): Remark[] {
  const isDisabled = /^[ \t]*@disable_migration_lock[ \t]+true\b/m.test(text)
  if (isDisabled || locksInTransaction === false) return []
  const setting = 'migration_lock: :pg_advisory_lock'
  return [{ kind: 'own-lock', at: headLine(text), setting, certain: locksInTransaction === true }]
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
