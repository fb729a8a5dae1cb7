import { expect, test } from 'vitest'
import { steps } from './kit/steps.ts'

// With copies of their own, thousands of ALTER TABLEs of a table with thousands of partitions take the cube of that.
test.each([
  ['are made', 'SELECT 1'],
  ['get a column', 'ALTER TABLE p ADD COLUMN c int'],
  ['have a column of another type', 'ALTER TABLE p ALTER COLUMN b TYPE bigint'],
  ['have a column that is not null', 'ALTER TABLE p ALTER COLUMN b SET NOT NULL'],
  ['have a column that may be null', 'ALTER TABLE p ALTER COLUMN b DROP NOT NULL'],
  ['get a default', 'ALTER TABLE p ALTER COLUMN b SET DEFAULT 1'],
  ['lose a column', 'ALTER TABLE p DROP COLUMN b'],
])('partitions share the list of their columns when they %s', (_, sql) => {
  const parts = Array.from(
    { length: 3 },
    (_, i) => `CREATE TABLE p${i} PARTITION OF p FOR VALUES FROM (${i}) TO (${i + 1});`,
  )
  const after = steps(`CREATE TABLE p (a int, b int) PARTITION BY RANGE (a); ${parts.join(' ')}`, sql).at(-1)?.after
  const lists = ['p0', 'p1', 'p2'].map(name => {
    const relation = after?.relations.get(after.names.get(`relation:public.${name}`) ?? 0)
    return relation && 'columns' in relation ? relation.columns : null
  })
  expect(lists[0]?.every(({ inherited }) => inherited)).toBe(true)
  expect(new Set(lists).size).toBe(1)
})

test('a table that is made LIKE another one shares nothing that it does not copy', () => {
  const sql = 'CREATE TABLE b (LIKE a); CREATE TABLE c (LIKE a INCLUDING DEFAULTS); CREATE TABLE d (LIKE a);'
  const after = steps('CREATE TABLE a (x int DEFAULT 1);', sql).at(-1)?.after
  const defaults = ['b', 'c', 'd'].map(name => {
    const relation = after?.relations.get(after.names.get(`relation:public.${name}`) ?? 0)
    return relation && 'columns' in relation ? relation.columns.map(column => column.default !== null) : null
  })
  expect(defaults).toEqual([[false], [true], [false]])
})
