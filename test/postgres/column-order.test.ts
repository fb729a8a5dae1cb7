import { expect, test } from 'vitest'
import { effects } from './kit/steps.ts'

// Run on PostgreSQL 18: ALTER COLUMN runs before ADD COLUMN, so it fails if the column is not there, and ADD COLUMN fails if it is.
test.each([
  ['ALTER COLUMN n DROP NOT NULL, ADD COLUMN n int', true],
  ['ALTER COLUMN n TYPE bigint, ADD COLUMN n int', true],
  ['ADD COLUMN n int, ALTER COLUMN n DROP NOT NULL', true],
  ['ALTER COLUMN n DROP NOT NULL, ADD COLUMN m int', false],
  ['ALTER COLUMN n DROP NOT NULL, ADD COLUMN IF NOT EXISTS n int', false],
])('ALTER TABLE of an unknown table, %s, fails in any case: %s', (commands, fails) => {
  expect(effects('', `ALTER TABLE unknown ${commands};`).join() === 'error 42703').toBe(fails)
})
