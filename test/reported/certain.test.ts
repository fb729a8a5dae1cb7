import { describe, expect, test } from 'vitest'
import { code, failures, found, rulesOf } from './kit/found.ts'

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
    const type = await found(['CREATE TYPE m AS ENUM (); DROP TYPE m;', code, 'DROP TYPE IF EXISTS m;'])
    expect(type.filter(line => line.includes('drop-type'))).toHaveLength(1)
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

describe('F9, P1: a partition has no columns of its own, whatever its parent has', () => {
  const made = [partition, 'CREATE INDEX ON readings_05 (b);']
  test.each(['DROP COLUMN b', 'ALTER COLUMN b TYPE text', 'RENAME COLUMN b TO c'])(
    '%s fails in any case',
    async change => {
      expect(failures(await found([...made, `ALTER TABLE readings_05 ${change};`]))).toHaveLength(1)
      const detached = 'ALTER TABLE readings DETACH PARTITION readings_05;'
      expect(failures(await found([...made, detached, `ALTER TABLE readings_05 ${change};`]))).toEqual([])
      expect(failures(await found([...made, code, `ALTER TABLE readings_05 ${change};`]))).toEqual([])
    },
  )

  test('unless there is no such column', async () => {
    expect(failures(await found([...made, 'ALTER TABLE readings_05 DROP COLUMN IF EXISTS b;']))).toEqual([])
  })
})

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

describe('F9: CASCADE takes extensions along', () => {
  const made =
    'CREATE EXTENSION citext; CREATE SCHEMA s; CREATE EXTENSION cube SCHEMA s; CREATE EXTENSION earthdistance;'
  test.each([
    ['those in a schema', 'DROP SCHEMA public CASCADE; CREATE SCHEMA public; CREATE EXTENSION citext;'],
    ['those that need one in a schema', 'DROP SCHEMA s CASCADE; CREATE EXTENSION earthdistance;'],
    [
      'those that need another one',
      'DROP EXTENSION cube CASCADE; CREATE EXTENSION cube; CREATE EXTENSION earthdistance;',
    ],
  ])('%s', async (_, dropped) => {
    expect(failures(await found([made, dropped]))).toEqual([])
  })

  test('but without it, and for a schema without extensions, they are there', async () => {
    expect(failures(await found([made, 'CREATE EXTENSION citext;']))).toHaveLength(1)
    expect(
      failures(await found([made, 'CREATE SCHEMA t; DROP SCHEMA t CASCADE; CREATE EXTENSION citext;'])),
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

describe('R2: syntax that only some versions know is not a certain failure if nobody names one', () => {
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
      version === 17 ? 'on PostgreSQL 15 and 16, not on 17 and 18' : 'on PostgreSQL 15, 16 and 17, not on 18',
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

describe('what follows a way out of a PL/pgSQL block may not have run', () => {
  const block = (body: string) => `DO $$ BEGIN ${body} END $$;\nCREATE TABLE made (id int);`

  test.each([
    `IF EXISTS (SELECT 1 FROM pg_class WHERE relname = 'x') THEN RETURN; END IF; CREATE TABLE made (id int);`,
    'RETURN; CREATE TABLE made (id int);',
    `BEGIN RETURN; END; CREATE TABLE made (id int);`,
    `<<b>> BEGIN IF random() > 0.5 THEN EXIT b; END IF; CREATE TABLE made (id int); END b;`,
    `CASE WHEN random() > 0.5 THEN RETURN; ELSE NULL; END CASE; CREATE TABLE made (id int);`,
  ])('%s', async body => {
    expect(failures(await found([block(body)]))).toEqual([])
  })

  test.each([
    'CREATE TABLE made (id int); RETURN;',
    'FOR i IN 1..2 LOOP EXIT; END LOOP; CREATE TABLE made (id int);',
    'WHILE random() > 0.5 LOOP CONTINUE; END LOOP; CREATE TABLE made (id int);',
    `IF random() > 1 THEN RAISE EXCEPTION 'no'; END IF; CREATE TABLE made (id int);`,
  ])('but this has, if the block ended well: %s', async body => {
    expect(failures(await found([block(body)]))).toHaveLength(1)
  })
})
