import { describe, expect, test } from 'vitest'
import type { PartialConfig } from '../../src/lint/config/config-file.ts'
import { said } from './kit/said.ts'

/** Cases that people reported, by number: migrations in order, with the rule and severity that the last one must have, or must not have. */
interface Case {
  readonly name: string
  readonly sql: string | readonly string[]
  readonly config?: PartialConfig
  readonly told?: readonly string[]
  readonly not?: readonly string[]
  /** How often each of `told` is reported. */
  readonly times?: number
}

const none: PartialConfig = { transaction: 'none' }
const wrapped: PartialConfig = { transaction: 'wrapped' }
const guests =
  'CREATE TABLE guests (id bigint PRIMARY KEY, email text CONSTRAINT guests_email_key UNIQUE, plan text NOT NULL DEFAULT $$a$$);'
const swap = `CREATE TABLE carts_new (id bigint PRIMARY KEY, note text);
INSERT INTO carts_new SELECT id, note FROM carts;
ALTER TABLE carts RENAME TO carts_old;
ALTER TABLE carts_new RENAME TO carts;`

const cases: readonly Case[] = [
  {
    name: 'F12: a NOT NULL column whose default is dropped again',
    sql: [
      'CREATE TABLE profil_user (id int PRIMARY KEY);',
      `BEGIN;
ALTER TABLE profil_user ADD COLUMN is_online boolean DEFAULT false NOT NULL;
ALTER TABLE profil_user ALTER COLUMN is_online DROP DEFAULT;
COMMIT;`,
    ],
    told: ['error drop-default-of-not-null'],
  },
  {
    name: 'F12: the default of a NOT NULL column, alone',
    sql: [guests, 'ALTER TABLE guests ALTER COLUMN plan DROP DEFAULT;'],
    told: ['warning drop-default-of-not-null'],
  },
  {
    name: 'F12: a default that comes back is not a danger',
    sql: [
      guests,
      "BEGIN; ALTER TABLE guests ALTER plan DROP DEFAULT; ALTER TABLE guests ALTER plan SET DEFAULT 'b'; COMMIT;",
    ],
    not: ['drop-default-of-not-null'],
  },
  {
    name: 'M4: the same of a table that no migration creates',
    sql: `ALTER TABLE guests ADD COLUMN lang varchar(8) DEFAULT 'en' NOT NULL;
ALTER TABLE guests ALTER COLUMN lang DROP DEFAULT;`,
    told: ['error drop-default-of-not-null'],
  },
  {
    name: 'F16: a body in SQL',
    sql: 'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELEC 1 $$;',
    told: ['error syntax-error'],
  },
  {
    name: 'F16: a body in PL/pgSQL',
    sql: 'CREATE FUNCTION f() RETURNS SETOF int LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY SELEC 1; END $$;',
    told: ['error syntax-error'],
  },
  { name: 'F16: DO', sql: 'DO $$ BEGIN SELEC 1; END $$;', told: ['error syntax-error'] },
  {
    name: 'F16: check_function_bodies off',
    sql: 'SET check_function_bodies = off; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELEC 1 $$;',
    not: ['syntax-error'],
  },
  {
    name: 'F16: a function that runs in the file that creates it is reported as unread',
    sql: `CREATE FUNCTION add_it() RETURNS void LANGUAGE plpgsql AS
  $$ BEGIN ALTER TABLE orders ADD COLUMN x uuid DEFAULT gen_random_uuid(); END $$;
SELECT add_it();`,
    told: ['note opaque-sql'],
  },
  {
    name: 'F17: an index without a name',
    sql: 'CREATE INDEX CONCURRENTLY ON t (a);',
    config: none,
    told: ['warning unnamed-concurrent-index'],
  },
  {
    name: 'F17: TRUNCATE, then a change of type',
    sql: 'TRUNCATE t; ALTER TABLE t ALTER COLUMN c TYPE bigint;',
    config: wrapped,
    told: ['error truncate-table'],
    not: ['change-column-type-rewrite', 'blocking-work', 'work-under-strong-lock'],
  },
  {
    name: 'F17: filled again in between it is large again',
    sql: 'TRUNCATE t; INSERT INTO t SELECT * FROM u; ALTER TABLE t ALTER COLUMN c TYPE bigint;',
    config: wrapped,
    told: ['error change-column-type-rewrite'],
  },
  {
    name: 'F17: timestamptz and TimeZone',
    sql: ['CREATE TABLE t (at timestamp);', 'ALTER TABLE t ALTER COLUMN at TYPE timestamptz;'],
    told: ['note type-change-by-session-time-zone'],
  },
  {
    name: 'F17: transaction_per_chunk',
    sql: 'CREATE INDEX i ON t (a) WITH (timescaledb.transaction_per_chunk);',
    config: none,
    told: ['warning blocking-index-build'],
    not: ['blocking-work'],
  },
  {
    name: 'M11: a replica by session_replication_role, whose table was not read, and once for each table',
    sql: 'SET session_replication_role = replica; INSERT INTO t VALUES (1); INSERT INTO t VALUES (2); INSERT INTO u VALUES (1);',
    told: ['warning load-without-foreign-keys'],
    times: 2,
  },
  {
    name: 'M11: columns that no foreign key is about, after what was not read',
    sql: [
      'CREATE TABLE users (id bigint PRIMARY KEY); CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users, total int);',
      "DO $$ BEGIN EXECUTE format('SELECT %L', 1); END $$; SET session_replication_role = 'replica'; UPDATE orders SET total = 1 WHERE id = 1;",
    ],
    told: ['note load-without-foreign-keys'],
  },
  {
    name: 'M11: the same by DISABLE TRIGGER ALL',
    sql: [
      'CREATE TABLE users (id bigint PRIMARY KEY); CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users, total int);',
      "DO $$ BEGIN EXECUTE format('SELECT %L', 1); END $$; ALTER TABLE orders DISABLE TRIGGER ALL; UPDATE orders SET total = 1 WHERE id = 1; ALTER TABLE orders ENABLE TRIGGER ALL;",
    ],
    told: ['note load-without-foreign-keys'],
  },
  {
    name: 'P3: whether an index was there before says nothing about its table',
    sql: [
      'CREATE TABLE t (id bigint PRIMARY KEY, at timestamp); CREATE INDEX IF NOT EXISTS i ON t (id);',
      "SET timezone = 'UTC'; ALTER TABLE t ALTER COLUMN at TYPE timestamptz;",
    ],
    not: ['change-column-type-rewrite', 'change-column-type-narrowing'],
  },
  {
    name: 'M11: no longer a replica',
    sql: 'SET session_replication_role = replica; RESET session_replication_role; INSERT INTO t VALUES (1);',
    not: ['load-without-foreign-keys'],
  },
  {
    name: 'F4: a table with two foreign keys is reported once',
    sql: [
      'CREATE TABLE a (id bigint PRIMARY KEY); CREATE TABLE b (id bigint PRIMARY KEY);',
      'CREATE TABLE c (a bigint REFERENCES a, b bigint REFERENCES b);',
    ],
    told: ['note foreign-key-locks-referenced-table'],
    not: ['locks-on-several-tables'],
  },
  {
    name: 'M1: lock_timeout 0 beside a long statement_timeout',
    sql: "SET lock_timeout = 0; SET statement_timeout = '2h'; ALTER TABLE members ADD COLUMN age integer;",
    told: ['warning zero-lock-timeout'],
  },
  {
    name: 'M1: a short one bounds the wait',
    sql: "SET lock_timeout = 0; SET statement_timeout = '30s'; ALTER TABLE members ADD COLUMN age integer;",
    not: ['zero-lock-timeout', 'missing-lock-timeout'],
  },
  {
    name: 'M2: a domain that no migration creates, of a known column',
    sql: [
      'CREATE TABLE shops (id bigint PRIMARY KEY, zip zip_code);',
      'ALTER DOMAIN zip_code ADD CONSTRAINT zip_len CHECK (length(VALUE) = 5);',
    ],
    told: ['error domain-constraint-scan'],
  },
  ...['SET NOT NULL', 'VALIDATE CONSTRAINT zip_len', 'ADD CHECK (length(VALUE) = 5)'].map(action => ({
    name: `M2: nothing is known but ${action}`,
    sql: `ALTER DOMAIN zip_code ${action};`,
    told: ['warning domain-constraint-scan'],
  })),
  {
    name: 'M2: NOT VALID',
    sql: 'ALTER DOMAIN zip_code ADD CHECK (length(VALUE) = 5) NOT VALID;',
    not: ['domain-constraint-scan'],
  },
  {
    name: 'M3: a new enum value, table and type unknown',
    sql: `BEGIN; ALTER TYPE ticket_state ADD VALUE 'parked';
UPDATE tickets SET state = 'parked' WHERE waiting_since IS NOT NULL; COMMIT;`,
    told: ['warning enum-value-used-in-transaction'],
  },
  {
    name: 'M3: the column is declared with the unknown type',
    sql: [
      'CREATE TABLE tickets (state ticket_state);',
      "ALTER TYPE ticket_state ADD VALUE 'parked'; INSERT INTO tickets VALUES ('parked');",
    ],
    config: wrapped,
    told: ['error enum-value-used-in-transaction'],
  },
  {
    name: 'M3: a column that is text',
    sql: [
      'CREATE TABLE notes (body text);',
      "ALTER TYPE ticket_state ADD VALUE 'parked'; INSERT INTO notes VALUES ('parked');",
    ],
    config: wrapped,
    not: ['enum-value-used-in-transaction'],
  },
  {
    name: 'M5: a UNIQUE constraint',
    sql: [guests, 'ALTER TABLE guests DROP CONSTRAINT guests_email_key;'],
    told: ['warning drop-unique'],
  },
  {
    name: 'M5: a unique index',
    sql: [
      `${guests} CREATE UNIQUE INDEX guests_lower ON guests (lower(email));`,
      'DROP INDEX CONCURRENTLY guests_lower;',
    ],
    config: none,
    told: ['warning drop-unique'],
  },
  {
    name: 'M5: one that is replaced',
    sql: [
      `${guests} CREATE UNIQUE INDEX guests_lower ON guests (lower(email));`,
      'CREATE UNIQUE INDEX CONCURRENTLY guests_lower_2 ON guests (lower(email)); DROP INDEX CONCURRENTLY guests_lower;',
    ],
    config: none,
    not: ['drop-unique'],
  },
  {
    name: 'M5: of a table that the migration creates',
    sql: 'CREATE TABLE a (b int CONSTRAINT a_b_key UNIQUE); ALTER TABLE a DROP CONSTRAINT a_b_key;',
    not: ['drop-unique'],
  },
  {
    name: 'M6: row level security without a policy',
    sql: [guests, 'ALTER TABLE guests ENABLE ROW LEVEL SECURITY;'],
    told: ['warning row-security-without-policy'],
  },
  {
    name: 'M6: a policy in the same or an earlier migration',
    sql: [guests, 'ALTER TABLE guests ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON guests USING (true);'],
    not: ['row-security-without-policy'],
  },
  ...[
    'INSERT INTO k (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET a = 1, a = 2',
    'MERGE INTO k USING v ON k.a = v.a WHEN MATCHED THEN UPDATE SET a = 1, a = 2',
    'MERGE INTO k USING v ON k.a = v.a WHEN NOT MATCHED THEN INSERT (a, a) VALUES (1, 2)',
    'UPDATE k SET a = ROW (1, 2), a.x = 1 WHERE id = 1',
    'CREATE VIEW totals AS SELECT 1, 2',
    'CREATE MATERIALIZED VIEW totals AS SELECT 1, 2 + 3',
    'CREATE TABLE totals AS SELECT 1, true AND false',
    'SELECT 1, 2 INTO totals',
  ].map(sql => ({
    name: `M7: ${sql}`,
    sql: `${sql};`,
    config: { ...none, pgVersion: '18' },
    told: ['error certain-failure'],
  })),
  ...[
    'UPDATE k SET a.x = 1, a.y = 2 WHERE id = 1',
    'CREATE VIEW totals (a, b) AS SELECT 1, 2',
    'CREATE VIEW totals AS SELECT 1, now()',
  ].map(sql => ({ name: `M7: ${sql}`, sql: `${sql};`, config: none, not: ['certain-failure'] })),
  { name: 'M8: REINDEX SYSTEM', sql: 'REINDEX SYSTEM shop;', config: none, told: ['error blocking-reindex'] },
  ...[none, wrapped, {}].map(config => ({
    name: `M9: an exchange of tables, ${JSON.stringify(config)}`,
    sql: ['CREATE TABLE carts (id bigint PRIMARY KEY, note text);', swap],
    config,
    told: ['error swap-loses-rows'],
  })),
  {
    name: 'M9: work on the table that took the name',
    sql: ['CREATE TABLE carts (id bigint PRIMARY KEY, note text);', `${swap} CREATE INDEX i ON carts (note);`],
    config: none,
    told: ['error blocking-index-build'],
  },
  {
    name: 'M9: work on a partition that was filled and attached',
    sql: `CREATE TABLE r5 (LIKE readings); INSERT INTO r5 SELECT * FROM old;
ALTER TABLE readings ATTACH PARTITION r5 FOR VALUES IN (5); CREATE INDEX i ON r5 (a);`,
    config: none,
    told: ['error blocking-index-build'],
  },
  {
    name: 'M9: an empty one',
    sql: `CREATE TABLE r5 (LIKE readings);
ALTER TABLE readings ATTACH PARTITION r5 FOR VALUES IN (5); CREATE INDEX i ON r5 (a);`,
    config: none,
    not: ['blocking-index-build'],
  },
  {
    name: 'M10: a primary key by its name',
    sql: 'ALTER TABLE parcels DROP CONSTRAINT parcels_pkey;',
    told: ['warning drop-primary-key'],
  },
  ...[none, wrapped, {}].map(config => ({
    name: `M11: rows that are never checked, ${JSON.stringify(config)}`,
    sql: 'ALTER TABLE c DISABLE TRIGGER ALL; INSERT INTO c SELECT * FROM d; ALTER TABLE c ENABLE TRIGGER ALL;',
    config,
    told: ['warning load-without-foreign-keys'],
  })),
  {
    name: 'M11: COPY in a file that is run in an unknown way',
    sql: 'ALTER TABLE c DISABLE TRIGGER ALL;\nCOPY c FROM STDIN;\n1\n\\.\nALTER TABLE c ENABLE TRIGGER ALL;',
    told: ['warning disable-trigger', 'warning load-without-foreign-keys'],
  },
  ...['COMMIT', 'ROLLBACK', 'END', 'ABORT'].map(word => ({
    name: `M12: ${word} without BEGIN`,
    sql: `CREATE TABLE a (b int); ${word};`,
    told: ['warning commit-without-begin'],
  })),
  {
    name: 'M13: a column that becomes json',
    sql: ['CREATE TABLE j (id int PRIMARY KEY, b jsonb);', 'ALTER TABLE j ALTER COLUMN b TYPE json;'],
    told: ['warning add-column-json'],
  },
  {
    name: 'L1: COPY without an end loses no statement',
    sql: 'COPY lands (code, name) FROM STDIN;\nALTER TABLE parcels DROP COLUMN weight;\nDROP TABLE refunds;',
    told: ['error syntax-error', 'error drop-column', 'error drop-table'],
  },
  {
    name: 'R7: every row of a table that is neither new nor small',
    sql: 'UPDATE orders SET region = f(country);',
    told: ['error whole-table-update'],
  },
  ...['bigint', 'integer USING id::integer', 'uuid USING id::uuid', 'jsonb', 'date', 'boolean'].map(type => ({
    name: `R7: only the type itself is harmless: ${type}`,
    sql: `ALTER TABLE events ALTER COLUMN id TYPE ${type};`,
    told: ['error change-column-type-rewrite'],
  })),
  ...['text', 'varchar(100)', 'numeric', 'numeric(12,2)', 'timestamptz', 'status USING id::status'].map(type => ({
    name: `R7: another source is plausible: ${type}`,
    sql: `ALTER TABLE events ALTER COLUMN id TYPE ${type};`,
    told: ['warning change-column-type-rewrite'],
  })),
  {
    name: 'R8: a build that can be repeated',
    sql: "SET lock_timeout = '5s'; DROP INDEX CONCURRENTLY IF EXISTS i; CREATE INDEX CONCURRENTLY i ON t (a);",
    config: none,
    told: ['note timeout-on-concurrent-build'],
  },
]

describe('cases that people reported about rules', () => {
  test.each(cases)('$name', async ({ sql, config = {}, told = [], not = [], times }) => {
    const all = await said(sql, config)
    for (const each of told) expect(all).toContain(each)
    if (times !== undefined) expect(all.filter(each => told.includes(each))).toHaveLength(times * told.length)
    for (const rule of not) expect(all.filter(each => each.endsWith(` ${rule}`))).toEqual([])
  })
})
