import { describe, expect, it } from 'vitest'
import { derivedBlocks } from './blocks.ts'
import type { Lock } from './case.ts'
import { merged, strongest } from './locks.ts'
import type { Relation } from './relations.ts'

const relation = (oid: number, name: string, more: Partial<Relation> = {}): [number, Relation] => [
  oid,
  {
    oid,
    name,
    schema: 'app',
    kind: 'table',
    filenode: oid,
    pages: 1,
    rows: 1,
    table: null,
    parents: [],
    isPartition: false,
    columns: 'id',
    ...more,
  },
]

describe('locks', () => {
  it('keeps the strongest lock of each relation that existed before, by name', () => {
    const before = new Map([relation(2, 'users'), relation(1, 'orders')])
    const held = [
      { relation: 2, mode: 'AccessShareLock' },
      { relation: 2, mode: 'ShareLock' },
      { relation: 1, mode: 'RowExclusiveLock' },
      { relation: 99, mode: 'AccessExclusiveLock' },
    ]
    expect(strongest(held, before)).toEqual([
      { relation: 'orders', kind: 'table', lock: 'RowExclusiveLock' },
      { relation: 'users', kind: 'table', lock: 'ShareLock' },
    ])
  })

  it('names the schema of a relation outside of app', () => {
    const before = new Map([relation(1, 't', { schema: 'other' })])
    expect(strongest([{ relation: 1, mode: 'ShareLock' }], before)[0]?.relation).toBe('other.t')
  })

  it('merges two samples', () => {
    const weak: Lock = { relation: 'users', kind: 'table', lock: 'ShareLock' }
    const strong: Lock = { relation: 'users', kind: 'table', lock: 'AccessExclusiveLock' }
    expect(merged([strong], [weak])).toEqual([strong])
    expect(merged([weak], [strong])).toEqual([strong])
  })
})

describe('blocks derived from locks', () => {
  const before = new Map([
    relation(1, 'events', { kind: 'partitioned table' }),
    relation(2, 'events_2024', { parents: [1], isPartition: true }),
    relation(3, 'events_2024_idx', { kind: 'index', table: 2 }),
  ])

  it('lets a reader of the parent wait for the index of a partition', () => {
    const locks: Lock[] = [{ relation: 'events_2024_idx', kind: 'index', lock: 'AccessExclusiveLock' }]
    expect(derivedBlocks(locks, before)).toEqual({
      events: { select: true, write: false },
      events_2024: { select: true, write: true },
    })
  })

  it('lets only writers wait for a ShareLock', () => {
    const locks: Lock[] = [{ relation: 'events_2024', kind: 'table', lock: 'ShareLock' }]
    expect(derivedBlocks(locks, before)).toEqual({ events_2024: { select: false, write: true } })
  })

  it('lets nobody wait for a ShareUpdateExclusiveLock', () => {
    const locks: Lock[] = [{ relation: 'events', kind: 'partitioned table', lock: 'ShareUpdateExclusiveLock' }]
    expect(derivedBlocks(locks, before)).toEqual({})
  })
})
