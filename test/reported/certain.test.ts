import { describe, expect, test } from 'vitest'
import { lint } from '../../src/index.ts'

/** A migration in code with unknown effects. */
const code = null

/** `severity rule: message` of the findings in the last migration. Each migration is a file. */
async function found(migrations: readonly (string | null)[], pgVersion?: string): Promise<string[]> {
  const last = `${migrations.length - 1}.sql`
  const { findings, internalErrors } = await lint({
    migrations: migrations.map((content, i) =>
      content === null
        ? { kind: 'code' as const, path: `${i}.sql`, content: '', opaque: 'it is written in Go' }
        : { path: `${i}.sql`, content, execution: { inTransaction: false, singleMessage: false, spansFiles: false } },
    ),
    config: pgVersion ? { pgVersion } : {},
    report: path => path === last,
  })
  expect(internalErrors).toEqual([])
  return findings.map(({ severity, rule, message }) => `${severity} ${rule}: ${message}`)
}

const rulesOf = (said: readonly string[]) => said.map(line => line.slice(0, line.indexOf(':')))
const failures = (said: readonly string[]) => said.filter(line => line.includes('certain-failure'))

const invoices = 'CREATE TABLE invoices (id bigint PRIMARY KEY);'
const dynamic = `DO $$ BEGIN EXECUTE format('ALTER TABLE %I ADD COLUMN tenant int', 'invoices'); END $$;`
const work = `
  ALTER TABLE invoices ALTER COLUMN tenant SET NOT NULL;
  CREATE INDEX invoices_tenant ON invoices (tenant);
  ALTER TABLE invoices ADD CONSTRAINT invoices_tenant_fk FOREIGN KEY (tenant) REFERENCES tenants (id);
  ALTER TABLE invoices DROP COLUMN legacy;
  UPDATE invoices SET tenant = 1;`

describe('F1: one migration that cannot be read silences nothing about columns that it may have added', () => {
  test.each([
    ['the table is in no migration', [work]],
    ['one is code', [invoices, code, work]],
    ['one is dynamic SQL', [invoices, dynamic, work]],
  ])('%s', async (_, migrations) => {
    const rules = rulesOf(await found(migrations))
    for (const rule of ['set-not-null', 'blocking-index-build', 'foreign-key-without-not-valid', 'drop-column'])
      expect(rules).toContain(`error ${rule}`)
    expect(rules.some(rule => rule.endsWith('whole-table-update'))).toBe(true)
    expect(rules).not.toContain('error certain-failure')
  })

  test('the message has the condition', async () => {
    const said = await found([invoices, code, work])
    expect(said[0]).toBe(
      'note possible-failure: This fails: column "tenant" of relation "invoices" does not exist (SQLSTATE 42703), unless an earlier statement changed that (it is written in Go).',
    )
  })

  test('earlier facts may have changed, so messages say "may"', async () => {
    const nullable = await found([
      'CREATE TABLE t (a int NOT NULL);',
      code,
      'ALTER TABLE t ALTER COLUMN a SET NOT NULL;',
    ])
    expect(nullable).toContain(
      'warning set-not-null: Setting "a" of "t" NOT NULL may block reads and writes while every row is read.',
    )
    const absent = await found(['CREATE TABLE t (a int); DROP TABLE t;', code, 'DROP TABLE IF EXISTS t;'])
    expect(absent.some(line => line.includes('drop-table'))).toBe(true)
    const again = await found(['CREATE TABLE t (a int);', code, 'CREATE TABLE t (b int); ALTER TABLE t DROP COLUMN c;'])
    expect(rulesOf(again)).toContain('error certain-failure')
    expect(failures(again)).toHaveLength(1)
  })
})

const partition = `CREATE TABLE readings_05 PARTITION OF readings FOR VALUES FROM ('2026-05-01') TO ('2026-06-01');`
const uses = (table: string) => `
  CREATE INDEX ${table}_station ON ${table} (station_id);
  ALTER TABLE ${table} ADD FOREIGN KEY (station_id) REFERENCES stations;
  ALTER TABLE ${table} ALTER COLUMN station_id SET NOT NULL;
  INSERT INTO ${table} (station_id) VALUES (1);
  CREATE VIEW v AS SELECT station_id FROM ${table};
  CREATE TRIGGER g BEFORE UPDATE OF station_id ON ${table} FOR EACH ROW EXECUTE FUNCTION f();
  COMMENT ON COLUMN ${table}.station_id IS 'where';`

describe('F9, P1: columns from a parent, a type or another table that no migration creates are unknown', () => {
  test.each([
    ['PARTITION OF', partition],
    ['PARTITION OF with a column option', partition.replace(' FOR', ' (at DEFAULT now()) FOR')],
    ['PARTITION OF with a key', partition.replace(' FOR', ' (PRIMARY KEY (id)) FOR')],
    ['INHERITS', 'CREATE TABLE readings_05 (x int) INHERITS (readings);'],
    ['INHERITS with nothing else', 'CREATE TABLE readings_05 () INHERITS (readings);'],
    ['INHERITS with a CHECK', `CREATE TABLE readings_05 (CHECK (taken_on > '2026-05-01')) INHERITS (readings);`],
    ['LIKE', 'CREATE TABLE readings_05 (LIKE readings);'],
    ['LIKE with a CHECK', 'CREATE TABLE readings_05 (LIKE readings, CHECK (taken_on IS NOT NULL));'],
    ['OF type', 'CREATE TABLE readings_05 OF reading;'],
    ['OF type with an option', 'CREATE TABLE readings_05 OF reading (taken_on DEFAULT now());'],
    ['AS', 'CREATE TABLE readings_05 AS SELECT * FROM readings;'],
    [
      'grandchildren',
      `${partition.replace(';', ' PARTITION BY LIST (x);')} ALTER TABLE readings_05 RENAME TO r; CREATE TABLE readings_05 PARTITION OF r DEFAULT;`,
    ],
  ])('%s', async (_, created) => {
    for (const first of ['', 'ALTER TABLE readings ADD COLUMN x int;']) {
      expect(failures(await found([first + created + uses('readings_05')]))).toEqual([])
      const later = await found([first + created, uses('readings_05')])
      expect(failures(later)).toEqual([])
      expect(rulesOf(later)).toContain('error blocking-index-build')
    }
  })
})

describe('P2: ALTER COLUMN … TYPE shows the type of an unknown column, and nothing else', () => {
  const type = 'ALTER TABLE invoices ALTER COLUMN num TYPE bigint'
  test.each([
    'ADD GENERATED BY DEFAULT AS IDENTITY',
    'DROP IDENTITY',
    'SET GENERATED ALWAYS',
    'RESTART',
    'DROP EXPRESSION',
    'SET EXPRESSION AS (1)',
    'SET STORAGE PLAIN',
  ])('%s', async action => {
    expect(failures(await found([`${type}; ALTER TABLE invoices ALTER COLUMN num ${action};`], '18'))).toEqual([])
    expect(failures(await found([type, `ALTER TABLE invoices ALTER COLUMN num ${action};`], '18'))).toEqual([])
    expect(failures(await found([`${type}, ALTER COLUMN num ${action};`], '18'))).toEqual([])
  })

  test('objects that depend on the column are linted as without that statement', async () => {
    const key = 'ALTER TABLE invoices ADD PRIMARY KEY USING INDEX invoices_num;'
    const index = 'CREATE UNIQUE INDEX CONCURRENTLY invoices_num ON invoices (num);'
    const rest = (said: readonly string[]) => rulesOf(said).filter(rule => !rule.includes('missing-lock-timeout'))
    expect(rest(await found([`${type};${index}`, key]))).toEqual(rest(await found([index, key])))
    const dropped = 'ALTER TABLE invoices ALTER COLUMN num DROP NOT NULL;'
    expect(rulesOf(await found([type, dropped]))).toEqual(rulesOf(await found([dropped])))
    const foreign = 'ALTER TABLE invoices ADD FOREIGN KEY (num) REFERENCES others NOT VALID;'
    expect(rulesOf(await found([type, foreign]))).toEqual(rulesOf(await found([foreign])))
  })

  test('the type itself is known', async () => {
    const [said] = await found([type, 'ALTER TABLE invoices ALTER COLUMN num TYPE int;'])
    expect(said).toContain('error')
    expect(said).toContain('blocks')
  })
})

describe('P3: an object of IF NOT EXISTS may have existed before', () => {
  const customers = 'CREATE TABLE IF NOT EXISTS customers (id bigint PRIMARY KEY);'
  test('a column that it does not name is not a certain failure, and shows that the table existed', async () => {
    const said = await found([`${customers} CREATE INDEX customers_city ON customers (city);`])
    expect(rulesOf(said)).toContain('note possible-failure')
    expect(rulesOf(said)).toContain('error blocking-index-build')
    expect(failures(said)).toEqual([])
    expect(failures(await found([customers, 'CREATE INDEX CONCURRENTLY ON customers (city);']))).toEqual([])
  })

  test.each([
    [
      'a column',
      'ALTER TABLE t ADD COLUMN IF NOT EXISTS a int;',
      'ALTER TABLE t ALTER COLUMN a ADD GENERATED ALWAYS AS IDENTITY;',
    ],
    ['an index', 'CREATE INDEX IF NOT EXISTS i ON t (a);', 'ALTER TABLE t ADD PRIMARY KEY USING INDEX i;'],
    ['a sequence', 'CREATE SEQUENCE IF NOT EXISTS i;', 'DROP TABLE i;'],
    [
      'the reference of a table that was there',
      'CREATE TABLE IF NOT EXISTS a (b int REFERENCES t (x));',
      'CREATE TABLE t (x int); CREATE INDEX ON t (x);',
    ],
    [
      'the parent of one',
      'CREATE TABLE p (a int); CREATE TABLE IF NOT EXISTS q () INHERITS (p);',
      'ALTER TABLE ONLY p ADD COLUMN b int;',
    ],
    [
      'under a condition',
      'DO $$ BEGIN IF EXISTS (SELECT 1 FROM x) THEN CREATE TABLE t (a int); DROP TABLE u; END IF; END $$;',
      'CREATE TABLE t (b int); ALTER TABLE u ADD COLUMN a int;',
    ],
    [
      'a table that cannot be made',
      'SELECT 1;',
      'CREATE TABLE t (a int); CREATE TABLE IF NOT EXISTS r (b int REFERENCES t (x));',
    ],
  ])('%s', async (_, first, second) => {
    expect(failures(await found([first, second]))).toEqual([])
  })

  const volatile = 'ALTER TABLE t ADD COLUMN IF NOT EXISTS a uuid DEFAULT gen_random_uuid();'
  const build = 'CREATE INDEX IF NOT EXISTS i ON t (a);'
  const part = 'CREATE TABLE IF NOT EXISTS p1 PARTITION OF p FOR VALUES IN (1);'
  test.each([
    ['an index', build, build],
    ['a column', volatile, volatile],
    ['a column that was there', `CREATE TABLE IF NOT EXISTS t (a uuid); ${volatile}`, volatile],
    ['a partition', part, part],
    [
      'a view with rows',
      'CREATE MATERIALIZED VIEW IF NOT EXISTS m AS SELECT 1;',
      'CREATE TABLE IF NOT EXISTS m (a int);',
    ],
  ])('%s that is there by now is not made again', async (_, first, second) => {
    expect((await found([first, second])).filter(line => !line.includes('missing-lock-timeout'))).toEqual([])
  })

  const gone = 'DO $$ BEGIN IF EXISTS (SELECT 1 FROM x) THEN DROP INDEX i; ALTER TABLE t DROP COLUMN a; END IF; END $$;'
  const unread = "DO $$ BEGIN EXECUTE current_setting('my.sql'); END $$;"
  test.each([
    ['an index that may be gone', `${build} ${gone}`, build, 'blocking-index-build'],
    ['an index before what was not read', `${build} ${unread}`, build, 'blocking-index-build'],
    [
      'an index made under a condition',
      `DO $$ BEGIN IF true THEN ${build} END IF; END $$;`,
      build,
      'blocking-index-build',
    ],
    ['a column that may be gone', `${volatile} ${gone}`, volatile, 'add-column-volatile-default'],
    ['a column before what was not read', `${volatile} ${unread}`, volatile, 'add-column-volatile-default'],
    ['one of two columns', volatile, volatile.replace(';', ', ADD COLUMN b serial;'), 'add-column-serial'],
  ])('%s may be made again', async (_, first, second, rule) => {
    expect((await found([first, second])).join()).toContain(rule)
  })

  test('certain failures stay certain', async () => {
    const certain = async (first: string, second: string) =>
      (await found([first, second])).filter(line => line.startsWith('error certain-failure'))
    expect(
      await certain('CREATE SCHEMA app; CREATE TABLE IF NOT EXISTS app.t (a int);', 'ALTER TABLE app.t DROP COLUMN b;'),
    ).toHaveLength(1)
    expect(
      await certain('DROP TABLE IF EXISTS t; CREATE TABLE IF NOT EXISTS t (a int);', 'ALTER TABLE t DROP COLUMN b;'),
    ).toHaveLength(1)
    expect(
      await certain('CREATE TABLE IF NOT EXISTS s (a int); CREATE TABLE t (a int);', 'ALTER TABLE t DROP COLUMN b;'),
    ).toHaveLength(1)
  })
})

describe('keys that PostgreSQL merges are no failure', () => {
  const keys = [
    'CONSTRAINT k UNIQUE (a)',
    'CONSTRAINT k PRIMARY KEY (a)',
    'CONSTRAINT k EXCLUDE (a WITH =)',
    'UNIQUE (a)',
  ]
  test.each(keys)('%s twice, or beside a UNIQUE of the same column and name', async key => {
    const other = key.includes('PRIMARY') ? 'CONSTRAINT k UNIQUE (a)' : key
    expect(failures(await found([`CREATE TABLE t (a int, ${key}, ${other});`]))).toEqual([])
  })

  test.each([
    ['CONSTRAINT k UNIQUE (a), CONSTRAINT l UNIQUE (a)', 'l'],
    ['UNIQUE (a), CONSTRAINT k UNIQUE (a)', 't_a_key'],
    ['PRIMARY KEY (a), CONSTRAINT k UNIQUE (a)', 't_pkey'],
  ])('%s leaves no constraint %s', async (constraints, name) => {
    const sql = [`CREATE TABLE t (a int, ${constraints});`, `ALTER TABLE t DROP CONSTRAINT ${name};`]
    expect(failures(await found(sql))).toHaveLength(1)
  })

  test('different keys of one name fail', async () => {
    for (const other of ['UNIQUE (b)', 'UNIQUE (a) DEFERRABLE', 'UNIQUE NULLS NOT DISTINCT (a)', 'CHECK (a > 0)'])
      expect(
        failures(await found([`CREATE TABLE t (a int, b int, CONSTRAINT k UNIQUE (a), CONSTRAINT k ${other});`])),
      ).toHaveLength(1)
  })
})

describe('P4, F17: a constraint that no migration adds may prove it', () => {
  const unseen =
    'Setting "bar" of "foo" NOT NULL may block reads and writes while every row is read, unless "foo_bar_nn" proves that no value is NULL.'
  const [validate, set] = [
    'ALTER TABLE foo VALIDATE CONSTRAINT foo_bar_nn;',
    'ALTER TABLE foo ALTER COLUMN bar SET NOT NULL;',
  ]
  test.each([
    ['in one migration', [validate + set]],
    ['in several', [validate, set]],
    ['of a table whose past is not read', ['CREATE TABLE foo (bar int);', code, validate, set]],
  ])('%s', async (_, migrations) => {
    const said = await found(migrations)
    expect(said).toContain(`warning set-not-null: ${unseen}`)
    expect(failures(said)).toEqual([])
  })

  test('but not after it is dropped', async () => {
    const said = await found([`${validate} ALTER TABLE foo DROP CONSTRAINT foo_bar_nn;`, set])
    expect(rulesOf(said)).toContain('error set-not-null')
  })

  // It may also be a foreign key, which children do not inherit.
  test.each([
    'CREATE TABLE part () INHERITS (foo); ALTER TABLE part ADD CONSTRAINT foo_bar_nn FOREIGN KEY (bar) REFERENCES bars;',
    'CREATE TABLE part (bar int); ALTER TABLE part INHERIT foo;',
    'CREATE TABLE part () INHERITS (foo); ALTER TABLE ONLY foo RENAME CONSTRAINT foo_bar_nn TO other;',
  ])('it is unknown whether children have it: %s', async inherit => {
    expect(failures(await found([`${validate} ${inherit}`]))).toEqual([])
  })
})

test('P5: a foreign key that is not enforced has no triggers that read the table', async () => {
  const said = await found(
    ['CREATE TABLE trips (id bigint PRIMARY KEY, rider bigint, FOREIGN KEY (rider) REFERENCES riders NOT ENFORCED);'],
    '18',
  )
  expect(rulesOf(said)).not.toContain('note foreign-key-without-index')
})

describe('R2: syntax that is newer than an assumed version is not a certain failure', () => {
  test.each([
    ["ALTER TABLE person ALTER COLUMN name SET EXPRESSION AS ('x');", 17],
    ['CREATE TABLE t (a int CHECK (a > 0) NOT ENFORCED);', 18],
    ['ALTER TABLE t ADD COLUMN a int GENERATED ALWAYS AS (1) VIRTUAL;', 18],
    ['CREATE TABLE t (a int NOT NULL); ALTER TABLE t DROP CONSTRAINT t_a_not_null;', 18],
    ['ALTER TABLE t ADD COLUMN c uuid DEFAULT uuidv7();', 18],
  ])('%s', async (sql, version) => {
    const said = await found([sql])
    expect(failures(said)).toEqual([])
    expect(said.filter(line => line.startsWith('note possible-failure')).join()).toContain(
      `unless it runs on PostgreSQL ${version}.`,
    )
    if (!sql.includes('uuidv7')) expect(failures(await found([sql], String(version - 1)))).toHaveLength(1)
  })

  test('the rest is linted as on the version that runs it', async () => {
    expect(rulesOf(await found(["ALTER TABLE person ALTER COLUMN name SET EXPRESSION AS ('x');"]))).toContain(
      'error set-generated-expression',
    )
  })
})

describe('uuidv7(): a function of a later version may come from an extension, or be created by hand', () => {
  test.each([undefined, '15', '17', '18'])('on %s', async version => {
    const said = await found(
      ['CREATE EXTENSION IF NOT EXISTS pg_uuidv7; ALTER TABLE a ADD COLUMN c uuid DEFAULT uuidv7();'],
      version,
    )
    expect(rulesOf(said)).toContain('error add-column-volatile-default')
    expect(failures(said)).toEqual([])
  })
})

test('a partitioned index of a table that no migration creates may get the index of any table', async () => {
  const said = await found([
    'CREATE INDEX i ON ONLY events (kind); ALTER INDEX i ATTACH PARTITION j;',
    'CREATE INDEX k ON events_05 (kind); ALTER INDEX i ATTACH PARTITION k;',
  ])
  expect(failures(said)).toEqual([])
})

test('a value without a name may be for a column of an unknown parent', async () => {
  const child = 'CREATE TABLE child (a int GENERATED ALWAYS AS (1) STORED) INHERITS (parent);'
  expect(failures(await found([child, 'INSERT INTO child VALUES (1);']))).toEqual([])
  expect(failures(await found([child, 'INSERT INTO child (a) VALUES (1);']))).toHaveLength(1)
})

// Run on PGlite.
test.each([
  ['CLUSTER u USING t_pkey', 'is not an index for table'],
  ['CLUSTER u USING t', 'is not an index ('],
  ['CLUSTER u USING nothing', 'does not exist'],
  ['ALTER TABLE u CLUSTER ON t_pkey', 'is not an index for table'],
  ['ALTER TABLE u REPLICA IDENTITY USING INDEX t_pkey', 'is not an index for table'],
  ['CLUSTER unknown USING t_pkey', 'is not an index for table'],
])('an index of another table is certainly wrong: %s', async (sql, words) => {
  const made = 'CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE u (id int PRIMARY KEY);'
  expect(failures(await found([made, `${sql};`])).join()).toContain(words)
  expect(failures(await found([made, 'CLUSTER u USING u_pkey; CLUSTER v USING v_pkey; CLUSTER v USING w;']))).toEqual(
    [],
  )
})

// Run on PostgreSQL 17 and 18.
describe.each(['17', '18'])('what ALTER TABLE on PostgreSQL %s does in passes', version => {
  const add = 'ADD COLUMN c int GENERATED ALWAYS AS (a) STORED'
  test.each([
    [`${add}, ALTER COLUMN c SET EXPRESSION AS (a * 2)`, ''],
    [`ALTER COLUMN c SET EXPRESSION AS (a * 2), ${add}`, ''],
    [`${add}, ALTER COLUMN c SET EXPRESSION AS (a * 2), ALTER COLUMN c SET NOT NULL`, ''],
    ['ADD COLUMN c int, ALTER COLUMN c SET EXPRESSION AS (a * 2)', '55000'],
    ['ADD COLUMN c int DEFAULT 1, ALTER COLUMN c DROP DEFAULT', '42703'],
    [`${add}, ALTER COLUMN c DROP EXPRESSION`, '42703'],
    ['ADD COLUMN c text, ALTER COLUMN c TYPE uuid USING c::uuid', '42703'],
  ])('%s', async (commands, sqlstate) => {
    const said = await found(['CREATE TABLE t (id int PRIMARY KEY, a int);', `ALTER TABLE t ${commands};`], version)
    expect(/SQLSTATE (\w+)/.exec(failures(said).join())?.[1] ?? '').toBe(sqlstate)
  })

  test.each([
    ['text', 'gen_random_uuid()', 'uuid', true],
    ['text', 'now()', 'timestamptz', true],
    ['text', '1', 'int', true],
    ['int', "'1'", 'text', true],
    ['varchar(10)', "'a'::varchar(10)", 'text', true],
    ['text', "'x'", 'uuid', false],
    ['text', "md5('a')", 'uuid', false],
    ['varchar', "'1'", 'int', false],
    ['text', "'{}'", 'jsonb', false],
  ])('a default of %s, %s, when the column becomes %s', async (type, value, to, isCast) => {
    const sql = [`CREATE TABLE d (c ${type} DEFAULT ${value});`, `ALTER TABLE d ALTER COLUMN c TYPE ${to} USING NULL;`]
    expect(failures(await found(sql, version)).some(each => each.includes('42804'))).toBe(!isCast)
  })
})

test.each([
  ['a type', "DO $$ BEGIN CREATE TYPE mood AS ENUM ('a'); EXCEPTION WHEN duplicate_object THEN NULL; END $$;"],
  [
    'a type, in an inner block',
    "DO $$ BEGIN BEGIN CREATE TYPE mood AS ENUM ('a'); EXCEPTION WHEN duplicate_object THEN NULL; END; END $$;",
  ],
  ['a column', 'DO $$ BEGIN ALTER TABLE t ADD COLUMN id int; EXCEPTION WHEN duplicate_column THEN NULL; END $$;'],
])('a failure that a handler catches does not stop a migration: %s', async (_, block) => {
  expect(failures(await found(["CREATE TYPE mood AS ENUM ('a'); CREATE TABLE t (id int);", block]))).toEqual([])
})

test('a statement in a block with a handler blocks others as any does', async () => {
  const key = 'ALTER TABLE u ADD CONSTRAINT k FOREIGN KEY (id) REFERENCES t (id);'
  const tables = 'CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE u (id int);'
  const block = `DO $$ BEGIN ${key} EXCEPTION WHEN duplicate_object THEN NULL; END $$;`
  const alone = (await found([tables, key])).filter(line => line.startsWith('error'))
  expect(alone).toHaveLength(1)
  expect((await found([tables, block])).filter(line => line.startsWith('error'))).toEqual(alone)
})

const kid = 'CREATE TABLE a (id int, n int, CONSTRAINT p CHECK (n > 0)); CREATE TABLE kid () INHERITS (a);'

test.each([
  [kid, 'ALTER TABLE kid NO INHERIT a; ALTER TABLE kid DROP CONSTRAINT p; ALTER TABLE kid DROP COLUMN n;', 0],
  [
    `${kid} CREATE TABLE b (n int); ALTER TABLE kid INHERIT b;`,
    'ALTER TABLE kid NO INHERIT b; ALTER TABLE kid DROP COLUMN n;',
    1,
  ],
])('what a table inherited is its own after NO INHERIT: %s %s', async (before, after, expected) => {
  expect(failures(await found([before, after]))).toHaveLength(expected)
})
