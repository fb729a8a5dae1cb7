import { expect, test } from 'vitest'
import { said } from '../reported/kit/said.ts'

const table = 'CREATE TABLE orders (id bigint PRIMARY KEY, email text, note varchar(10));'
const quiet = { timeouts: { setBy: 'role' as const } }
const unread = 'SELECT somebodys();'

test('what a migration after the unread one adds is known', async () => {
  const added = "ALTER TABLE orders ADD COLUMN code varchar(10) DEFAULT 'x';"
  const checked = 'ALTER TABLE orders ADD CONSTRAINT c CHECK (email IS NOT NULL) NOT VALID;'
  const proven = 'ALTER TABLE orders VALIDATE CONSTRAINT c; ALTER TABLE orders ALTER COLUMN email SET NOT NULL;'
  expect(await said([table, unread, added, 'ALTER TABLE orders ALTER COLUMN code TYPE varchar(20);'], quiet)).toEqual(
    [],
  )
  expect(await said([table, unread, checked, proven], { ...quiet, transaction: 'none' })).toEqual([])
})

test('what was there before may have changed', async () => {
  const before = 'ALTER TABLE orders ADD CONSTRAINT c CHECK (email IS NOT NULL) NOT VALID;'
  const proven = 'ALTER TABLE orders VALIDATE CONSTRAINT c; ALTER TABLE orders ALTER COLUMN email SET NOT NULL;'
  for (const files of [
    [table, before, unread, proven],
    // It may have run before or after it.
    [table, before + unread, proven],
    [table, unread, before, unread, proven],
  ])
    expect(await said(files, { ...quiet, transaction: 'none' })).toEqual(['warning set-not-null'])
  expect(await said([table, unread, 'ALTER TABLE orders ALTER COLUMN note TYPE varchar(20);'], quiet)).toContain(
    'warning change-column-type-rewrite',
  )
})

test('ADD COLUMN IF NOT EXISTS leaves a doubt about this column alone, and about what comes with it', async () => {
  const optional = (column: string) => `ALTER TABLE orders ADD COLUMN IF NOT EXISTS ${column};`
  const added = 'ALTER TABLE orders ADD COLUMN code varchar(10);'
  const changed = (column: string) => `ALTER TABLE orders ALTER COLUMN ${column} TYPE varchar(20);`
  for (const before of [[table, unread], []]) {
    const last = async (...files: readonly string[]) => (await said([...before, ...files], quiet)).at(-1)
    expect(await last(optional('extra varchar(10)'), added, changed('code'))).toBeUndefined()
    expect(await last(optional('extra varchar(10)'), added, changed('extra'))).toBe(
      'warning change-column-type-rewrite',
    )
    expect(
      await last(`${optional('extra varchar(10)').slice(0, -1)}, ADD code varchar(10);`, changed('code')),
    ).toBeUndefined()
    expect(await last(optional('extra int NOT NULL'), 'ALTER TABLE orders ALTER COLUMN extra SET NOT NULL;')).toBe(
      'warning set-not-null',
    )
    expect(
      await last(
        optional('extra int CHECK (extra IS NOT NULL)'),
        'ALTER TABLE orders ALTER COLUMN extra SET NOT NULL;',
      ),
    ).toBe('warning set-not-null')
  }
  // A column that is made again is another one.
  const again = [optional('extra varchar(10)'), 'ALTER TABLE orders DROP COLUMN extra;', optional('extra varchar(10)')]
  expect(await said([table, ...again, changed('extra')], quiet)).not.toContain('warning change-column-type-rewrite')
})

test.each([
  "SELECT cron.schedule('nightly', '0 3 * * *', 'DELETE FROM orders');",
  "SELECT cron.unschedule('nightly');",
  "SELECT net.http_post('https://example.com', '{}'::jsonb);",
])('%s changes no table', async sql => {
  expect(await said(sql)).toEqual([])
  expect(await said([table, sql, 'ALTER TABLE orders ALTER COLUMN note TYPE varchar(20);'], quiet)).toEqual([])
})

test('what a migration after the unread one drops is gone, and what an earlier one drops may be there again', async () => {
  const again = 'DROP VIEW IF EXISTS daily;'
  const dropped = 'DROP VIEW daily;'
  // `said` is about the last file.
  const last = (...files: readonly string[]) => said(files, quiet)
  expect(await last(unread, dropped, again)).toEqual([])
  expect(await last(dropped, unread, again)).toEqual(['error drop-view'])
  expect(await last(unread, 'DROP SCHEMA s;', 'DROP SCHEMA s;')).toEqual(['error certain-failure'])
  expect(await last('DROP SCHEMA s;', unread, 'DROP SCHEMA s;')).toEqual(['note possible-failure'])
})

test('everything that depends on what is created after the unread migration is known', async () => {
  const made = "CREATE FUNCTION own() RETURNS int LANGUAGE sql AS 'SELECT 1';"
  expect(await said([unread, made, 'DROP FUNCTION own() CASCADE;'], quiet)).toEqual([])
  expect(await said([made, unread, 'DROP FUNCTION own() CASCADE;'], quiet)).toEqual(['warning drop-cascade'])
})
