import { expect, test } from 'vitest'
import { effects } from './kit/steps.ts'

// Measured on PostgreSQL 12 to 18, on a table with these columns and constraints and on one without them (cases/order-of-parts.json). Drops run first, and ALTER COLUMN … TYPE
// runs before ADD COLUMN: so it fails if the column is not there, and ADD COLUMN fails if it is.
test.each([
  ['ALTER COLUMN n DROP NOT NULL, ADD COLUMN n int', '42703'],
  ['ALTER COLUMN n TYPE bigint, ADD COLUMN n int', '42703'],
  ['ADD COLUMN n int, ALTER COLUMN n DROP NOT NULL', '42703'],
  ['ALTER COLUMN n DROP NOT NULL, ADD COLUMN m int', null],
  ['ALTER COLUMN n DROP NOT NULL, ADD COLUMN IF NOT EXISTS n int', null],
  ['ALTER COLUMN n SET NOT NULL, ADD COLUMN n int', null],
  ['ALTER COLUMN n SET NOT NULL, DROP COLUMN n', '42703'],
  ['DROP COLUMN IF EXISTS n, ALTER COLUMN n SET NOT NULL', '42703'],
  ['DROP COLUMN n, ALTER COLUMN n SET DEFAULT 1', '42703'],
  ['DROP COLUMN n, ALTER COLUMN n SET STATISTICS 10', '42703'],
  ['DROP COLUMN n, ALTER COLUMN n ADD GENERATED ALWAYS AS IDENTITY', '42703'],
  ['DROP COLUMN n, ADD CHECK (n > 0)', '42703'],
  ['DROP COLUMN n, ADD UNIQUE (n)', '42703'],
  ['DROP COLUMN n, ADD FOREIGN KEY (n) REFERENCES other', '42703'],
  ['DROP COLUMN n, DROP COLUMN n', '42703'],
  ['DROP COLUMN n, DROP COLUMN IF EXISTS n', null],
  ['DROP COLUMN n, ADD COLUMN n int, ADD UNIQUE (n)', null],
  ['DROP COLUMN n, ADD COLUMN n int, ALTER COLUMN n SET NOT NULL', null],
  ['VALIDATE CONSTRAINT c, DROP CONSTRAINT c', '42704'],
  ['DROP CONSTRAINT IF EXISTS c, VALIDATE CONSTRAINT c', '42704'],
  ['DROP CONSTRAINT c, ALTER CONSTRAINT c DEFERRABLE', '42704'],
  ['DROP CONSTRAINT c, DROP CONSTRAINT c', '42704'],
  ['DROP CONSTRAINT c, DROP CONSTRAINT IF EXISTS c', null],
  ['DROP CONSTRAINT c, ADD CONSTRAINT c CHECK (n > 0) NOT VALID, VALIDATE CONSTRAINT c', null],
  ['DROP CONSTRAINT unknown_n_check, ADD CHECK (n > 0), VALIDATE CONSTRAINT unknown_n_check', null],
  ['ADD CONSTRAINT c CHECK (n > 0), DROP CONSTRAINT c', null],
  ['DROP CONSTRAINT b, VALIDATE CONSTRAINT c', null],
])('ALTER TABLE of an unknown table, %s, fails in any case: %s', (commands, sqlstate) => {
  const found = effects('', `ALTER TABLE unknown ${commands};`).join()
  expect(found.startsWith('error') ? found : null).toBe(sqlstate && `error ${sqlstate}`)
})
