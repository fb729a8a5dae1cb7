import { expect, test } from 'vitest'
import { emptyCatalog } from '../../src/postgres/catalog/catalog.ts'
import { HeldLocks } from '../../src/postgres/held.ts'
import { isThereAlready } from '../../src/postgres/optional.ts'
import { statement } from './kit/model.ts'
import { steps } from './kit/steps.ts'

// Run on PostgreSQL 18: without IF NOT EXISTS, the statement fails with 42701.
test.each([
  ['ADD COLUMN IF NOT EXISTS a int', true],
  ['ADD COLUMN IF NOT EXISTS a int, ADD COLUMN IF NOT EXISTS b int', true],
  ['ADD COLUMN a int', false],
  ['ADD COLUMN IF NOT EXISTS a int, ADD COLUMN b int', false],
  ['ADD COLUMN IF NOT EXISTS a int, ADD COLUMN IF NOT EXISTS c int', false],
  ['ADD COLUMN IF NOT EXISTS a int, DROP COLUMN b', false],
  ['ALTER COLUMN a TYPE int', false],
])('where a and b are there for certain, ALTER TABLE t %s does nothing: %s', (commands, expected) => {
  const added = steps('CREATE TABLE t ();', 'ALTER TABLE t ADD COLUMN a int, ADD COLUMN b int;').at(-1)
  const moment = {
    version: 18,
    migration: 1,
    statement: statement(`ALTER TABLE t ${commands}`),
    catalog: added?.after ?? emptyCatalog,
    settings: new Map(),
    began: null,
    transaction: { id: null, kind: 'autocommit', held: HeldLocks.none, openedBy: null },
  } as const
  expect(isThereAlready(moment)).toBe(expected)
})

test('a column that a parent gets is there for certain in its children, too', () => {
  const setup = 'CREATE TABLE parent (); CREATE TABLE t () INHERITS (parent);'
  const added = steps(setup, 'ALTER TABLE parent ADD COLUMN a int;').at(-1)
  const moment = {
    version: 18,
    migration: 1,
    statement: statement('ALTER TABLE t ADD COLUMN IF NOT EXISTS a text'),
    catalog: added?.after ?? emptyCatalog,
    settings: new Map(),
    began: null,
    transaction: { id: null, kind: 'autocommit', held: HeldLocks.none, openedBy: null },
  } as const
  expect(isThereAlready(moment)).toBe(true)
})

test('after IF EXISTS, nothing is certain about a table that no other statement names, however often', () => {
  const effects = (setup: string, sql: string) =>
    steps(setup, sql)
      .at(-1)
      ?.effects.map(({ relation, certain }) => `${relation} ${certain}`)
      .sort()
  const once = 'ALTER TABLE IF EXISTS t ALTER COLUMN a SET STORAGE PLAIN;'
  expect(effects('', once)).toEqual(['t false'])
  expect(effects(once, once)).toEqual(['t false'])
  expect(effects('ALTER TABLE t ADD COLUMN b int;', once)).toEqual(['t true'])
  // If there is no t, nothing happens to the other table either.
  const reference = 'ALTER TABLE IF EXISTS t ADD FOREIGN KEY (a) REFERENCES u NOT VALID;'
  expect(effects('CREATE TABLE u (id int PRIMARY KEY);', reference)).toEqual(['t false', 'u false'])
})
