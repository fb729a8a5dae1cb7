import { createHash } from 'node:crypto'

/** Migrations that begin and end transactions themselves, as lists of statements. */
export interface Script {
  readonly name: string
  readonly migrations: readonly (readonly string[])[]
  /** Where the fates may be left open: by a transaction that nobody ends, because one run may apply both migrations or one of them, or by Liquibase, which sends what follows a BEGIN as one text. */
  readonly mayBeOpen?: true
}

/** The tables that scripts create. Each has a sequence, which shows that a statement ran even if it was undone. */
export const tables = ['a', 'b', 'c', 'd'] as const

/** Creates a table that contains the id of its transaction. */
const make = (name: (typeof tables)[number]) =>
  `CREATE TABLE ${name} AS SELECT txid_current() AS id, nextval('ran_${name}') AS ran;`

export const build = 'CREATE INDEX CONCURRENTLY i ON a (id);'

/** For a table that exists: refused on every database. */
const fails = 'ALTER TABLE a ADD COLUMN id int;'

export const scripts: readonly Script[] = [
  { name: 'nothing of the kind', migrations: [[make('a'), make('b')], [make('c')]] },
  { name: 'COMMIT at the end', migrations: [[make('a'), 'COMMIT;']] },
  {
    name: 'COMMIT, a build, BEGIN',
    mayBeOpen: true,
    migrations: [[make('a'), 'COMMIT;', build, 'BEGIN;', make('b'), make('c')]],
  },
  { name: 'COMMIT, a build', migrations: [[make('a'), 'COMMIT;', "SET lock_timeout = '1s';", build]] },
  {
    name: 'COMMIT, BEGIN, a build',
    mayBeOpen: true,
    migrations: [[make('a'), 'COMMIT;', 'BEGIN;', make('b'), build, make('c')]],
  },
  { name: 'a build in the transaction', migrations: [[make('a'), build, make('b')]] },
  {
    name: 'BEGIN in the transaction',
    mayBeOpen: true,
    migrations: [[make('a'), 'BEGIN;', make('b'), 'COMMIT;', build, make('c')]],
  },
  { name: 'BEGIN at the end', mayBeOpen: true, migrations: [[make('a'), 'COMMIT;', 'BEGIN;', make('b')]] },
  { name: 'a failure after COMMIT', migrations: [[make('a'), 'COMMIT;', make('b'), make('c'), fails, make('d')]] },
  {
    name: 'a failure after COMMIT and BEGIN',
    mayBeOpen: true,
    migrations: [[make('a'), 'COMMIT;', 'BEGIN;', make('b'), fails]],
  },
  { name: 'ROLLBACK', migrations: [[make('a'), 'ROLLBACK;', make('b'), make('c')]] },
  {
    name: 'ROLLBACK and BEGIN',
    mayBeOpen: true,
    migrations: [[make('a'), 'ROLLBACK;', 'BEGIN;', make('b'), make('c')]],
  },
  { name: 'a savepoint', migrations: [[make('a'), 'SAVEPOINT s;', make('b'), 'ROLLBACK TO SAVEPOINT s;', make('c')]] },
  {
    name: 'a savepoint that is released',
    migrations: [[make('a'), 'SAVEPOINT s;', make('b'), 'RELEASE s;', make('c')]],
  },
  { name: 'a savepoint after COMMIT', migrations: [[make('a'), 'COMMIT;', make('b'), 'SAVEPOINT s;', make('c')]] },
  { name: 'LOCK TABLE after COMMIT', migrations: [[make('a'), 'COMMIT;', make('b'), 'LOCK TABLE a;', make('c')]] },
  { name: 'COMMIT AND CHAIN', migrations: [[make('a'), 'COMMIT AND CHAIN;', make('b'), build]] },
  { name: 'ROLLBACK AND CHAIN', migrations: [[make('a'), 'ROLLBACK AND CHAIN;', make('b'), make('c')]] },
  {
    name: 'ROLLBACK in a later migration',
    mayBeOpen: true,
    migrations: [[make('a')], [make('b'), 'ROLLBACK;', make('c')]],
  },
  {
    name: 'COMMIT in an earlier migration',
    mayBeOpen: true,
    migrations: [
      [make('a'), 'COMMIT;'],
      [make('b'), make('c')],
    ],
  },
  {
    name: 'COMMIT and BEGIN in an earlier one',
    mayBeOpen: true,
    migrations: [
      [make('a'), 'COMMIT;', 'BEGIN;'],
      [make('b'), make('c')],
    ],
  },
  { name: 'a failure in a later migration', migrations: [[make('a')], [make('b'), fails, make('c')], [make('d')]] },
]

type Files = Readonly<Record<string, string>>

/** The files in which each tool gets these statements. */
export const layouts: Readonly<Record<string, (migrations: Script['migrations']) => Files>> = {
  drizzle: migrations => ({
    'drizzle.config.ts': "export default { dialect: 'postgresql', out: './drizzle' }\n",
    'drizzle/meta/_journal.json': JSON.stringify({
      version: '7',
      dialect: 'postgresql',
      entries: migrations.map((_, idx) => ({
        idx,
        version: '7',
        when: 1_771_300_000_000 + idx,
        tag: `000${idx}_a`,
        breakpoints: true,
      })),
    }),
    ...named(
      migrations,
      i => `drizzle/000${i}_a.sql`,
      all => all.join('\n--> statement-breakpoint\n'),
    ),
  }),
  'node-pg-migrate': migrations => ({
    'package.json': '{"dependencies":{"node-pg-migrate":"9.0.0"}}',
    ...named(
      migrations,
      i => `migrations/170409960000${i}_a.sql`,
      all => `-- Up Migration\n${all.join('\n')}\n`,
    ),
  }),
  'graphile-migrate': migrations => {
    const files: Record<string, string> = { '.gmrc': '{}\n', 'migrations/current.sql': '' }
    let previous: string | null = null
    for (const [i, all] of migrations.entries()) {
      const body = all.join('\n')
      // calculateHash in its src/hash.ts.
      const sum: string = `sha1:${createHash('sha1')
        .update(`${`${previous ?? ''}\n${body}`.trim()}\n`)
        .digest('hex')}`
      files[`migrations/committed/00000${i + 1}.sql`] =
        `--! Previous: ${previous ?? '-'}\n--! Hash: ${sum}\n\n${body}\n`
      previous = sum
    }
    return files
  },
  'postgres-migrations': migrations => ({
    'package.json': '{"dependencies":{"postgres-migrations":"5.3.0"}}',
    ...named(
      migrations,
      i => `migrations/${i + 1}_a${i}.sql`,
      all => all.join('\n'),
    ),
  }),
  'db-migrate': migrations => ({
    'database.json': JSON.stringify({
      defaultEnv: 'dev',
      'sql-file': true,
      dev: {
        driver: 'pg',
        host: '127.0.0.1',
        port: { ENV: 'PGPORT' },
        user: { ENV: 'PGUSER' },
        password: { ENV: 'PGPASSWORD' },
        database: 'shop',
      },
    }),
    'package.json': '{"dependencies":{"db-migrate":"0.11.14","db-migrate-pg":"1.5.2"}}',
    ...named(
      migrations,
      i => `migrations/2024010${i + 1}000000-a.js`,
      (_, i) =>
        `const fs = require('fs'), path = require('path')
exports.up = function (db) {
  var filePath = path.join(__dirname, 'sqls', '2024010${i + 1}000000-a-up.sql');
  return db.runSql(fs.readFileSync(filePath, { encoding: 'utf-8' }))
}
exports._meta = { version: 1 }\n`,
    ),
    ...named(
      migrations,
      i => `migrations/sqls/2024010${i + 1}000000-a-up.sql`,
      all => all.join('\n'),
    ),
  }),
  dbmate: migrations =>
    named(
      migrations,
      i => `db/migrations/2024010${i + 1}000000_a.sql`,
      all => `-- migrate:up\n${all.join('\n')}\n\n-- migrate:down\n`,
    ),
  supabase: migrations => ({
    'supabase/config.toml': 'project_id = "shop"\n',
    'package.json': '{"devDependencies":{"supabase":"3.1.0"}}',
    ...named(
      migrations,
      i => `supabase/migrations/2024010${i + 1}000000_a.sql`,
      all => all.join('\n'),
    ),
  }),
  liquibase: migrations => ({
    'liquibase.properties': 'changeLogFile=changelog.sql\n',
    'changelog.sql': `--liquibase formatted sql\n${migrations.map((all, i) => `\n--changeset a:${i}\n${all.join('\n')}\n`).join('')}`,
  }),
  sqitch: migrations => ({
    'sqitch.conf': '[core]\n\tengine = pg\n',
    'sqitch.plan': `%syntax-version=1.0.0\n%project=shop\n\n${migrations.map((_, i) => `a${i} 2026-01-0${i + 1}T09:00:00Z Jane Doe <jane@example.com> # A.\n`).join('')}`,
    ...named(
      migrations,
      i => `deploy/a${i}.sql`,
      all => all.join('\n'),
    ),
  }),
  goose: migrations =>
    named(
      migrations,
      i => `db/0000${i + 1}_a.sql`,
      all => `-- +goose Up\n${all.join('\n')}\n`,
    ),
  'golang-migrate': migrations =>
    named(
      migrations,
      i => `db/00000${i + 1}_a.up.sql`,
      all => all.join('\n'),
    ),
}

function named(
  migrations: Script['migrations'],
  path: (i: number) => string,
  text: (all: readonly string[], i: number) => string,
): Files {
  return Object.fromEntries(migrations.map((all, i) => [path(i), text(all, i)]))
}
