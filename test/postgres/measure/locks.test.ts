import { describe, expect, it } from 'vitest'
import type { Lock } from './case.ts'
import { locksIn, merged } from './locks.ts'
import type { Relation } from './relations.ts'

const relation = (oid: string, name: string, schema = 'app'): [string, Relation] => [
  oid,
  {
    oid,
    name,
    schema,
    kind: 'table',
    file: oid,
    table: null,
    parents: [],
    isTemporary: false,
    pages: 1,
    rows: 1,
    isPartition: false,
    columns: 'id',
  },
]

describe('locks', () => {
  it('are those of relations that existed before, by name', () => {
    const before = new Map([relation('2', 'users'), relation('1', 'orders')])
    const held = new Map([
      ['2', 'ShareLock'],
      ['1', 'RowExclusiveLock'],
      ['99', 'AccessExclusiveLock'],
    ] as const)
    expect(locksIn(held, before)).toEqual([
      { relation: 'orders', kind: 'table', lock: 'RowExclusiveLock' },
      { relation: 'users', kind: 'table', lock: 'ShareLock' },
    ])
  })

  it('names the schema of a relation outside of app', () => {
    const before = new Map([relation('1', 't', 'other')])
    expect(locksIn(new Map([['1', 'ShareLock']]), before)[0]?.relation).toBe('other.t')
  })

  it('merges two samples', () => {
    const weak: Lock = { relation: 'users', kind: 'table', lock: 'ShareLock' }
    const strong: Lock = { relation: 'users', kind: 'table', lock: 'AccessExclusiveLock' }
    expect(merged([strong], [weak])).toEqual([strong])
    expect(merged([weak], [strong])).toEqual([strong])
  })
})
