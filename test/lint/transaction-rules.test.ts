import { expect, test } from 'vitest'
import { helpText, lint } from '../../src/index.ts'
import type { TransactionMode } from '../../src/migration/transaction-mode.ts'

const setup = `CREATE TABLE users (id bigint PRIMARY KEY, name text, code text UNIQUE);
CREATE TABLE orders (id uuid PRIMARY KEY, user_id bigint, total numeric);
CREATE TABLE old (id bigint PRIMARY KEY);`

/** `rule:line severity` of the findings in a migration after the setup, apart from timeouts. */
async function found(sql: string, transaction: TransactionMode = 'wrapped', config = {}): Promise<string[]> {
  const report = await help(sql, transaction, config)
  return report.map(({ rule, severity, at }) => `${rule}:${sql.slice(0, at[0]).split('\n').length} ${severity}`)
}

async function help(sql: string, transaction: TransactionMode = 'wrapped', config = {}) {
  const migrations = [
    { path: '1.sql', content: setup },
    { path: '2.sql', content: sql },
  ]
  const { findings, internalErrors } = await lint({
    migrations,
    config: { transaction, timeouts: { setBy: 'role' }, ...config },
    report: path => path === '2.sql',
  })
  expect(internalErrors).toEqual([])
  return findings
}

const alter = 'ALTER TABLE users ADD COLUMN slug text;\n'

test('a file counts as one transaction only if that is known', async () => {
  const sql = `${alter}SELECT count(*) FROM orders WHERE total > 1;\nALTER TABLE orders ADD COLUMN note text;`
  expect(await found(sql, 'unknown')).toEqual([])
  expect(await found(sql, 'none')).toEqual([])
  expect(await found(sql)).toEqual(['work-under-strong-lock:2 error'])
})

test('a plain update of all rows is an error, and says what it would be in a transaction', async () => {
  const sql = `${alter}UPDATE users SET slug = name;`
  expect(await found(sql, 'none')).toEqual(['whole-table-update:2 error'])
  expect(await found(sql, 'unknown')).toEqual(['whole-table-update:2 error'])
  expect(helpText((await help(sql, 'unknown'))[0]?.help ?? [])).toMatch(
    /^If the migration runs in one transaction, reads and writes of "users"/,
  )
  expect(await found(sql)).toEqual(['backfill-in-schema-transaction:2 error'])
})

test.each([
  ['a unique key', `${alter}UPDATE users SET slug = 'a' WHERE code = 'x';`],
  ['rows that are new', `${alter}INSERT INTO users (id) VALUES (1), (2);`],
  ['a table that is new', `${alter}CREATE TABLE teams (id int);\nUPDATE teams SET id = 1;\nDELETE FROM teams;`],
])('%s is not work that grows', async (_, sql) => {
  expect((await found(sql)).filter(each => /work-under|backfill|whole-table/.test(each))).toEqual([])
})

test('the lock of a table that was dropped is a note: nobody finds it any longer, but earlier sessions wait', async () => {
  const rules = await found('DROP TABLE old;\nUPDATE users SET name = upper(name) WHERE name > code;')
  expect(rules).toEqual(['drop-table:1 error', 'work-under-strong-lock:2 note'])
})

test('locks that ROLLBACK TO has released are not held', async () => {
  const sql = `BEGIN;\nSAVEPOINT a;\n${alter}ROLLBACK TO a;\nUPDATE orders SET total = 0 WHERE total > 1;\nCOMMIT;`
  expect(await found(sql, 'none')).toEqual([])
})

test('a renamed table is named as others know it', async () => {
  const [finding] = await help(
    'ALTER TABLE old RENAME TO older;\nUPDATE users SET name = 1 WHERE name > code;',
    'wrapped',
    {
      rules: { 'rename-table': 'off' },
    },
  )
  expect(finding?.message).toBe('Updating "users" here blocks reads and writes of "old" until it is done.')
})

test('small tables are read quickly, but their locks block others', async () => {
  const small = (name: string) => ({ tables: { [name]: { size: 'small' } } })
  const sql = `${alter}UPDATE orders SET total = 0 WHERE total > 1;`
  expect(await found(sql, 'wrapped', small('orders'))).toEqual([])
  expect(await found(sql, 'wrapped', small('users'))).toEqual(['backfill-in-schema-transaction:2 error'])
})

test.each([
  ['a change of the key', 'UPDATE orders SET id = id || id;'],
  ['several conditions of which one is enough', 'DELETE FROM users WHERE true OR false;'],
  ['a comment', 'UPDATE users -- all of them\nSET name = code;'],
  ['RETURNING', 'UPDATE users SET name = code RETURNING id;'],
  ['WITH', 'WITH x AS (UPDATE users SET name = code) SELECT 1;'],
])('batches are advised in words if there is %s', async (_, sql) => {
  const [finding] = await help(sql, 'none')
  expect(helpText(finding?.help ?? [])).toContain('in batches of some thousand rows')
  expect(helpText(finding?.help ?? [])).not.toContain('DO $$')
})

test('after dynamic SQL a second primary key is not certain to fail', async () => {
  const add = 'ALTER TABLE users ADD PRIMARY KEY (code);'
  expect(await found(add, 'none')).toContain('certain-failure:1 error')
  const dynamic = `DO $$ BEGIN EXECUTE (SELECT 'SELECT 1'); END $$;\n${add}`
  expect((await found(dynamic, 'none')).filter(each => each.startsWith('certain'))).toEqual([])
})
