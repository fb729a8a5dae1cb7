import { describe, expect, test } from 'vitest'
import { effects } from './kit/steps.ts'

// What is refused is measured in cases/read-only.json; this is about when a transaction is READ ONLY.
const alone = { inTransaction: false } as const
const refused = ['error 25006']
const table = 'CREATE TABLE t (id int PRIMARY KEY, a int);'

describe('a statement that changes something in a READ ONLY transaction is a certain failure', () => {
  test.each([
    'BEGIN READ ONLY; CREATE INDEX ON unknown (a);',
    'START TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ ONLY, DEFERRABLE; DROP TABLE IF EXISTS unknown;',
    'BEGIN; SET TRANSACTION READ ONLY; CREATE TABLE IF NOT EXISTS t (id int);',
    'BEGIN; SET transaction_read_only TO true; UPDATE unknown SET a = 1;',
    "BEGIN; SELECT set_config('transaction_read_only', 'on', false); TRUNCATE t;",
    'SET default_transaction_read_only = on; ALTER TABLE t ADD COLUMN b int;',
    'SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY; BEGIN; ALTER TABLE t ADD COLUMN b int;',
  ])('%s', sql => {
    expect(effects(table, sql, alone)).toEqual(refused)
  })

  test.each([
    ['it has ended', 'BEGIN READ ONLY; COMMIT; ALTER TABLE t ADD COLUMN b int;'],
    ['it is READ WRITE again', 'BEGIN READ ONLY; SET TRANSACTION READ WRITE; ALTER TABLE t ADD COLUMN b int;'],
    ['there is none', 'SET TRANSACTION READ ONLY; ALTER TABLE t ADD COLUMN b int;'],
    ['the default came later', 'BEGIN; SET default_transaction_read_only = on; ALTER TABLE t ADD COLUMN b int;'],
    ['the transaction says otherwise', 'SET default_transaction_read_only = on; BEGIN READ WRITE; DROP TABLE t;'],
    ['it was a savepoint', 'BEGIN; SAVEPOINT a; SET TRANSACTION READ ONLY; ROLLBACK TO a; DROP TABLE t;'],
    ['it ended with a savepoint', 'BEGIN; SAVEPOINT a; SET TRANSACTION READ ONLY; RELEASE a; DROP TABLE t;'],
    ['it only reads', 'BEGIN READ ONLY; SELECT * FROM t;'],
  ])('but not if %s', (_, sql) => {
    expect(effects(table, sql, alone)).not.toEqual(refused)
  })

  test('nor if it is not known whether there is a transaction', () => {
    const sql = 'SET TRANSACTION READ ONLY; ALTER TABLE t ADD COLUMN b int;'
    expect(effects(table, sql, { inTransaction: 'unknown' })).not.toEqual(refused)
    expect(effects(table, sql)).toEqual(refused)
  })

  test('rows of temporary tables may be changed', () => {
    const sql = 'CREATE TEMP TABLE x (id int); SET TRANSACTION READ ONLY; DELETE FROM x;'
    expect(effects('', sql)).not.toEqual(refused)
  })
})
