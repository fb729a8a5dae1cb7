import { describe, expect, test } from 'vitest'
import { effects } from './kit/steps.ts'

// Run on PostgreSQL 18.

describe('a table that becomes a partition', () => {
  const setup = `CREATE TABLE p (a int, CONSTRAINT c1 CHECK (a > 0)) PARTITION BY RANGE (a);
    CREATE TABLE k (a int, CONSTRAINT c1 CHECK (a > 0), CONSTRAINT c2 CHECK (a < 100));
    ALTER TABLE p ATTACH PARTITION k FOR VALUES FROM (1) TO (10);`

  test('keeps a constraint that only it has as its own', () => {
    expect(effects(setup, 'ALTER TABLE k DROP CONSTRAINT c2;')).toEqual(['k AccessExclusiveLock'])
  })

  test('has the one that both have from its parent', () => {
    expect(effects(setup, 'ALTER TABLE k DROP CONSTRAINT c1;')).toEqual(['error 42P16'])
  })
})

describe('an index of a partitioned table', () => {
  const setup = `CREATE TABLE q (a int, b int) PARTITION BY RANGE (a);
    CREATE TABLE q1 PARTITION OF q FOR VALUES FROM (1) TO (10);
    CREATE INDEX q1b ON q1 (b);
    CREATE INDEX qa ON ONLY q (a);
    CREATE INDEX qb ON ONLY q (b);`

  test('takes the index of a partition with the same columns, and no other', () => {
    expect(effects(setup, 'ALTER INDEX qa ATTACH PARTITION q1b;')).toEqual(['error 42P17'])
    expect(effects(setup, 'ALTER INDEX qb ATTACH PARTITION q1b;')).not.toEqual(['error 42P17'])
  })

  test('is built on a partition that has only an index of other columns', () => {
    const before = setup.replace('CREATE INDEX qb ON ONLY q (b);', '')
    const built = (column: string) =>
      effects(before, `CREATE INDEX ON q (${column});`).filter(each => /^q1 .*(scan|build|index)/.test(each))
    expect([built('a').length, built('b').length]).toEqual([1, 0])
  })
})
