import { describe, expect, test } from 'vitest'
import { failures, found, rulesOf } from './kit/found.ts'

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
      'the type of a column of one',
      "CREATE TYPE mood AS ENUM ('x');",
      'CREATE TABLE IF NOT EXISTS q (a mood); DROP TYPE mood;',
    ],
    [
      'the function and the sequence in defaults of one',
      'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$SELECT 1$$; CREATE SEQUENCE s;',
      "CREATE TABLE IF NOT EXISTS q (a int DEFAULT f(), b int DEFAULT nextval('s')); DROP FUNCTION f(); DROP SEQUENCE s;",
    ],
    [
      'a table that cannot be made',
      'SELECT 1;',
      'CREATE TABLE t (a int); CREATE TABLE IF NOT EXISTS r (b int REFERENCES t (x));',
    ],
  ])('%s', async (_, first, second) => {
    expect(failures(await found([first, second]))).toEqual([])
  })

  test.each(['int REFERENCES u', 'int REFERENCES nothing', 'nothing', 'int CHECK (b > 0)', 'text COLLATE "nothing"'])(
    'the definition of a column that may have been there is not looked at: %s',
    async definition => {
      const add = `ALTER TABLE t ADD COLUMN IF NOT EXISTS a ${definition}`
      const tables = 'CREATE TABLE u (id int);'
      expect(failures(await found([tables, `${add};`]))).toEqual([])
      expect(failures(await found([tables, `${add}, ADD COLUMN b int;`]))).toEqual([])
    },
  )

  test('but it is if there is no such column, or another part lacks something', async () => {
    const add = 'ALTER TABLE t ADD COLUMN IF NOT EXISTS a int REFERENCES u'
    const tables = 'CREATE TABLE u (id int); CREATE TABLE t (b int);'
    expect(failures(await found([`${tables} ${add};`]))).toHaveLength(1)
    const optional = 'CREATE TABLE u (id int); CREATE TABLE IF NOT EXISTS t (b int);'
    expect(failures(await found([`${optional} ${add};`]))).toEqual([])
    expect(failures(await found([`${optional} ${add}, ADD FOREIGN KEY (b) REFERENCES u;`]))).toHaveLength(1)
  })

  test('that a table certainly uses a type is a certain failure, whatever another table does', async () => {
    const made = "CREATE TYPE mood AS ENUM ('x'); CREATE TABLE IF NOT EXISTS q (a mood); CREATE TABLE r (a mood);"
    expect(failures(await found([made, 'DROP TYPE mood;']))).toHaveLength(1)
  })

  const volatile = 'ALTER TABLE t ADD COLUMN IF NOT EXISTS a uuid DEFAULT gen_random_uuid();'
  const build = 'CREATE INDEX IF NOT EXISTS i ON t (a);'
  const part = 'CREATE TABLE IF NOT EXISTS p1 PARTITION OF p FOR VALUES IN (1);'
  const making =
    /blocking-index-build|add-column-volatile-default|partition-scans-default|blocking-work|work-under-strong-lock|-failure/
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
    expect(rulesOf(await found([first, second])).filter(rule => making.test(rule))).toEqual([])
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
