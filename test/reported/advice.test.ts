import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { lint } from '../../src/index.ts'
import { helpText } from '../../src/lint/help.ts'
import { said, told } from './kit/said.ts'

test('TRUNCATE of a table that others refer to: the advice does not blame the version', async () => {
  const tables = 'CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int REFERENCES a);'
  const [found] = (await told([tables, 'TRUNCATE a;'])).filter(({ rule }) => rule === 'certain-failure')
  expect(helpText(found?.help ?? [])).toContain('Truncate the tables that refer to it in the same statement')
  expect(await said([tables, 'TRUNCATE a, b;'])).not.toContain('error certain-failure')
})

test.each([
  ['migrate-lint-disable-next-line', 'migrate-lint-disable-next-statement'],
  ['migrate-lint-disable-lines', 'migrate-lint-disable-line'],
])('%s: the proposal is a directive with the same meaning', async (name, meant) => {
  const [found] = (await told([`-- ${name} drop-table -- old\nSELECT 1;`])).filter(
    ({ rule }) => rule === 'unknown-directive',
  )
  expect(helpText(found?.help ?? [])).toContain(`"${meant}"`)
})

describe('F8: ON ONLY, and tables that are known to be partitioned', () => {
  test.each([
    'CREATE INDEX spend_x ON ONLY spend_log (id);',
    'CREATE UNIQUE INDEX IF NOT EXISTS spend_x ON ONLY app.spend_log (id);',
    'BEGIN; ALTER TABLE spend_log ADD COLUMN id int; CREATE INDEX ON ONLY spend_log USING gin (id); COMMIT;',
    'CREATE INDEX spend_x ON ONLY spend_log (id); ALTER INDEX spend_x ATTACH PARTITION spend_1_x;',
  ])('unknown table, a note at most: %s', async sql => {
    const findings = await told(sql, { transaction: 'none' })
    const own = findings.filter(({ rule }) => rule === 'blocking-index-build')
    expect(own.map(({ severity }) => severity)).toEqual(['note'])
    expect(findings.map(({ rule }) => rule)).not.toContain('work-under-strong-lock')
    for (const { help } of findings) expect(helpText(help)).not.toContain('CONCURRENTLY')
  })

  test('it changes nothing on a plain table', async () => {
    const all = await told(['CREATE TABLE t (a int);', 'CREATE INDEX t_a ON ONLY t (a);'], { transaction: 'none' })
    const own = all.filter(({ rule }) => rule === 'blocking-index-build')
    expect(own.map(({ severity }) => severity)).toEqual(['error'])
    expect(helpText(own[0]?.help ?? [])).toContain('CREATE INDEX CONCURRENTLY t_a ON ONLY t (a);')
  })

  test.each(['', 'IF NOT EXISTS '])(
    'a table that the files create stays plain after SQL that is not read: %s',
    async when => {
      const files = [
        'CREATE TABLE t (a int);',
        'CREATE INDEX i ON t (a);',
        "DO $$ BEGIN EXECUTE current_setting('my.sql'); END $$;",
      ]
      const all = await said([...files, `CREATE INDEX ${when}i ON ONLY t (a);`], { transaction: 'none' })
      expect(all).toContain('error blocking-index-build')
    },
  )

  const partition = "CREATE TABLE p PARTITION OF hits FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');"

  test('a table with a partition is partitioned, even if no migration creates it', async () => {
    expect(await said([partition, 'CREATE INDEX i ON ONLY hits (a);'])).not.toContain('note blocking-index-build')
    const [found] = (await told([partition, 'CREATE INDEX i ON hits (a);'])).filter(
      ({ rule }) => rule === 'blocking-index-build',
    )
    expect(found?.severity).toBe('error')
    expect(helpText(found?.help ?? [])).toContain('CREATE INDEX i ON ONLY hits (a);')
    expect(helpText(found?.help ?? [])).not.toMatch(/CONCURRENTLY \S+ ON hits/)
    const refused = await said([partition, 'CREATE INDEX CONCURRENTLY i ON hits (a);'], { transaction: 'none' })
    expect(refused).toContain('error concurrently-impossible')
  })

  test.each([
    [partition, 'CREATE INDEX i ON ONLY hits (a);'],
    ['CREATE INDEX i ON ONLY spend_log (id); ALTER INDEX i ATTACH PARTITION j;'],
  ])('nor is its index dropped concurrently: %s', async (...files) => {
    const findings = await told([...files, 'DROP INDEX i;'])
    for (const { help } of findings) expect(helpText(help)).not.toContain('CONCURRENTLY')
  })
})

describe('H1: help mentions pgVersion only if a newer version reads the statement', () => {
  const table = 'CREATE TABLE stock (id int PRIMARY KEY, qty int GENERATED ALWAYS AS IDENTITY, note text);'
  const helpOf = async (sql: string, pgVersion: string) => {
    const all = (await told([table, sql], { pgVersion })).filter(({ rule }) => rule === 'certain-failure')
    expect(all).toHaveLength(1)
    return helpText(all[0]?.help ?? [])
  }

  test.each([
    'UPDATE stock SET note = 1, note = 2;',
    "INSERT INTO stock (id, note) VALUES (1, 'a', 3);",
    'INSERT INTO stock (id, note, qty) VALUES (1);',
    'EXPLAIN (FOO) SELECT 1;',
    'ALTER TABLE stock ALTER COLUMN qty SET DEFAULT 1;',
    'CREATE INDEX i ON stock USING hash (id, note);',
  ])('%s', async sql => {
    expect(await helpOf(sql, '15')).not.toContain('pgVersion')
  })

  test.each([
    ['ALTER TABLE stock ADD UNIQUE NULLS NOT DISTINCT (note);', '14'],
    ['EXPLAIN (SERIALIZE) SELECT 1;', '15'],
    ['ALTER TABLE stock ALTER COLUMN note SET EXPRESSION AS (1);', '15'],
  ])('%s on %s', async (sql, version) => {
    expect(await helpOf(sql, version)).toContain('pgVersion')
  })
})

describe('F10: rows that a tool writes into its own table in generated SQL', () => {
  const folder = new URL('../../fixtures/generated-sql/', import.meta.url)
  const files = readdirSync(folder).filter(name => name.endsWith('.sql'))
  const content = (name: string) => readFileSync(new URL(name, folder), 'utf8')
  const earlier =
    'CREATE TABLE ledger (id bigint PRIMARY KEY, memo text); CREATE TABLE "Ledgers" ("Id" bigint, "Memo" text);'
  const ofTable = [
    'tracking-table-tampering',
    'backfill-in-schema-transaction',
    'whole-table-delete',
    'whole-table-update',
  ]
  const dbmateRunner = {
    name: 'dbmate',
    outsideTransaction: () => 'Outside a transaction',
    laterMigration: () => 'In a later migration',
  }
  const rulesOf = async (sql: string, ...before: string[]) => (await told([...before, sql])).map(({ rule }) => rule)

  test.each(files)('%s', async name => {
    const rules = await rulesOf(content(name))
    for (const rule of ofTable) expect(rules).not.toContain(rule)
  })

  test.each(['alembic-transaction-per-migration.sql', 'ef-core-idempotent.sql'])(
    'the rest of %s is read',
    async name => {
      expect(await rulesOf(content(name), earlier)).toContain('set-not-null')
    },
  )

  const block = (sql: string) => `BEGIN; ALTER TABLE ledger ALTER COLUMN memo SET NOT NULL; ${sql} COMMIT;`

  test.each([
    "UPDATE alembic_version SET version_num='b' WHERE alembic_version.version_num = 'a';",
    "INSERT INTO django_migrations (app, name, applied) VALUES ('shop', '0002_memo', now());",
    "UPDATE databasechangeloglock SET LOCKED = TRUE, LOCKEDBY = 'host', LOCKGRANTED = NOW() WHERE ID = 1 AND LOCKED = FALSE;",
    'DELETE FROM public.databasechangeloglock;',
    `DELETE FROM "public"."pgmigrations" WHERE name='1704099600000_a';`,
    `INSERT INTO "public"."flyway_schema_history" ("installed_rank", "version", "description", "type", "script", "checksum", "installed_by", "execution_time", "success") VALUES (2, '2', 'memo', 'SQL', 'V2__memo.sql', -1, 'u', 0, TRUE);`,
    `INSERT INTO app."__EFMigrationsHistory" (migration_id, product_version) VALUES ('20260101000000_A', '9.0.4');`,
  ])('%s', async sql => {
    const rules = await rulesOf(block(sql))
    for (const rule of ofTable) expect(rules).not.toContain(rule)
    expect(rules).toContain('set-not-null')
  })

  test.each([
    "DELETE FROM schema_migrations WHERE version = '20260101000000';",
    "INSERT INTO schema_migrations (version) VALUES ('20260101000000');",
    "UPDATE alembic_version SET version_num = 'b';",
    "UPDATE alembic_version SET version_num = 'b' WHERE version_num = 'a';",
    'DELETE FROM alembic_version;',
    `DELETE FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20260101000000_A';`,
    `DELETE FROM "__EFMigrationsHistory" WHERE "MigrationId" LIKE '2026%';`,
    `DELETE FROM databasechangelog WHERE author = 'ann';`,
    "INSERT INTO django_migrations (app, name, applied) SELECT 'shop', name, now() FROM old_migrations;",
  ])('are reported if people write them: %s', async sql => {
    expect(await rulesOf(sql)).toContain('tracking-table-tampering')
  })

  test('are reported in a migration of another tool', async () => {
    const sql = block("UPDATE alembic_version SET version_num='b' WHERE alembic_version.version_num = 'a';")
    const { findings } = await lint({
      migrations: [{ path: 'db/migrations/1.sql', content: sql, runner: dbmateRunner }],
      config: {},
    })
    expect(findings.map(({ rule }) => rule)).toContain('tracking-table-tampering')
  })
})

test('R6: a table without a primary key is not told to walk it', async () => {
  const help = async (columns: string) =>
    (await told([`CREATE TABLE t (${columns});`, 'UPDATE t SET a = a + 1 FROM u WHERE u.id = 1; UPDATE t SET a = 1;']))
      .filter(({ rule }) => rule === 'whole-table-update')
      .map(({ help }) => JSON.stringify(help))
      .join()
  expect(await help('id bigint, a int')).toContain('The table has no primary key')
  expect(await help('id bigint, a int')).not.toContain('next range of the primary key')
  expect(await help('id bigint PRIMARY KEY, a int')).not.toContain('has no primary key')
})
