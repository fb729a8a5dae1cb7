import { expect, test } from 'vitest'
import { effects, steps } from './kit/steps.ts'

test('options are known with their values', () => {
  const detail = (sql: string) =>
    steps('CREATE TABLE t (a int);', sql)
      .at(-1)
      ?.operations.map(operation => ('detail' in operation ? operation.detail : null))
  expect(detail('ALTER TABLE t SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05)')).toEqual([
    'fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05',
  ])
  expect(detail('ALTER TABLE t SET (autovacuum_enabled, fillfactor = 100)')).toEqual([
    'autovacuum_enabled = true, fillfactor = 100',
  ])
})

// Measured on PGlite (PostgreSQL 18).
test('a table that references itself can become logged', () => {
  const tree = 'CREATE UNLOGGED TABLE tree (id int PRIMARY KEY, parent int REFERENCES tree);'
  expect(effects(tree, 'ALTER TABLE tree SET LOGGED')).toContain('tree AccessExclusiveLock rewrite')
  const child = `${tree} CREATE UNLOGGED TABLE leaf (id int REFERENCES tree);`
  expect(effects(child, 'ALTER TABLE leaf SET LOGGED')).toEqual(['error 42P16'])
})

// Measured on PGlite (PostgreSQL 18).
test.each(['SET LOGGED', 'SET UNLOGGED'])('a partitioned table refuses %s by name', action => {
  const [step] = steps('CREATE TABLE p (a int) PARTITION BY RANGE (a);', `ALTER TABLE p ${action}`)
  expect(step?.error?.message).toBe(`ALTER action ${action} cannot be performed on relation "p"`)
})
