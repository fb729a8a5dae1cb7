import { describe, expect, test } from 'vitest'
import { lint } from '../../src/index.ts'
import type { Execution } from '../../src/migration/execution.ts'
import { allInOneTransaction, autocommit, inTransaction } from '../../src/systems/reading/execution.ts'

const tables = 'CREATE TABLE orders (id bigint PRIMARY KEY); CREATE TABLE users (id bigint PRIMARY KEY);'

/** `3.sql error blocking-index-build`, of two migrations that are run in one way, notes about timeouts aside. */
async function found(execution: Execution, second: string, third: string): Promise<string[]> {
  const migrations = [
    { path: '1.sql', content: tables },
    { path: '2.sql', content: second, execution },
    { path: '3.sql', content: third, execution },
  ]
  const { findings } = await lint({ migrations, report: path => path !== '1.sql' })
  return findings
    .filter(({ rule }) => rule !== 'missing-lock-timeout' && rule !== 'not-valid-never-validated')
    .map(({ path, severity, rule }) => `${path} ${severity} ${rule}`)
}

const notValid = 'ALTER TABLE orders ADD CONSTRAINT positive CHECK (id > 0) NOT VALID;'
const validate = 'ALTER TABLE orders VALIDATE CONSTRAINT positive;'

describe('migrations that may share a transaction', () => {
  test('a statement that blocks others only if they do is a note', async () => {
    expect(await found(allInOneTransaction, notValid, validate)).toEqual(['3.sql note validate-in-same-transaction'])
    expect(await found(inTransaction, notValid, validate)).toEqual([])
  })

  test('code between them that opts out of the transaction separates them', async () => {
    const between = async (execution: Execution) => {
      const migrations = [
        { path: '1.sql', content: tables },
        { path: '2.sql', content: notValid, execution: allInOneTransaction },
        { kind: 'code' as const, path: '3.js', content: '', execution, opaque: 'it is written in JavaScript' },
        { path: '4.sql', content: validate, execution: allInOneTransaction },
      ]
      const { findings } = await lint({ migrations })
      return findings.filter(({ rule }) => rule === 'validate-in-same-transaction').map(({ severity }) => severity)
    }
    expect(await between(allInOneTransaction)).toEqual(['note'])
    expect(await between(autocommit)).toEqual([])
  })

  test('a statement that blocks others in any case is an error', async () => {
    expect(await found(allInOneTransaction, 'SELECT 1;', notValid + validate)).toEqual([
      '3.sql error validate-in-same-transaction',
    ])
    const index = 'CREATE INDEX orders_idx ON orders (id, id);'
    expect(await found(allInOneTransaction, notValid, index)).toEqual(['3.sql error blocking-index-build'])
  })

  test('a lock that each of them takes is its own', async () => {
    const fill = (column: string) => `ALTER TABLE orders ADD COLUMN ${column} text; UPDATE orders SET ${column} = 'x';`
    expect(await found(allInOneTransaction, fill('a'), fill('b'))).toEqual([
      '2.sql error backfill-in-schema-transaction',
      '3.sql error backfill-in-schema-transaction',
    ])
    expect(
      await found(allInOneTransaction, 'ALTER TABLE orders ADD COLUMN a text;', "UPDATE orders SET a = 'x';"),
    ).toEqual(['3.sql note backfill-in-schema-transaction'])
  })

  test('a statement that fails if they do is an error, because every new database is built this way', async () => {
    const addValue = "ALTER TYPE mood ADD VALUE 'sad';"
    const use = "SELECT 'sad'::mood;"
    const rule = 'enum-value-used-in-transaction'
    const migrations = [
      { path: '1.sql', content: "CREATE TYPE mood AS ENUM ('happy');" },
      { path: '2.sql', content: addValue, execution: allInOneTransaction },
      { path: '3.sql', content: use, execution: allInOneTransaction },
    ]
    const { findings } = await lint({ migrations })
    expect(findings.filter(finding => finding.rule === rule).map(({ severity }) => severity)).toEqual(['error'])
  })

  test('the message names the shared run', async () => {
    const migrations = [
      { path: '1.sql', content: tables },
      { path: '2.sql', content: 'ALTER TABLE orders ADD COLUMN total bigint;', execution: allInOneTransaction },
      { path: '3.sql', content: 'UPDATE users SET id = id + 1;', execution: allInOneTransaction },
    ]
    const { findings } = await lint({ migrations })
    const messages = findings.filter(({ rule }) => rule === 'backfill-in-schema-transaction').map(each => each.message)
    expect(messages).toEqual([
      'Updating "users" here blocks reads and writes of "orders" until it is done. That is so only if it is deployed in one run with the migrations before it.',
    ])
  })
})
