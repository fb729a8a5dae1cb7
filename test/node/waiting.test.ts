import { describe, expect, it } from 'vitest'
import type { ServerRelation } from '../../src/node/server/relations.ts'
import { derivedFrom } from '../../src/node/server/waiting.ts'

const relation = (oid: string, more: Partial<ServerRelation>): [string, ServerRelation] => [
  oid,
  { oid, name: oid, schema: 'app', kind: 'table', file: oid, table: null, parents: [], isTemporary: false, ...more },
]

describe('who waits by the locks', () => {
  const before = new Map([
    relation('events', { kind: 'partitioned table' }),
    relation('events_2024', { parents: ['events'] }),
    relation('events_2024_idx', { kind: 'index', table: 'events_2024' }),
    relation('totals', { kind: 'materialized view' }),
  ])

  it('lets a reader and a writer of the parent wait for the index of a partition', () => {
    expect(Object.fromEntries(derivedFrom(new Map([['events_2024_idx', 'AccessExclusiveLock']]), before))).toEqual({
      events: { reads: true, writes: true },
      events_2024: { reads: true, writes: true },
    })
  })

  it('lets only writers wait for a ShareLock', () => {
    expect(Object.fromEntries(derivedFrom(new Map([['events', 'ShareLock']]), before))).toEqual({
      events: { reads: false, writes: true },
    })
  })

  it('lets nobody wait for a ShareUpdateExclusiveLock, or to write what cannot be written', () => {
    expect(derivedFrom(new Map([['events', 'ShareUpdateExclusiveLock']]), before).size).toBe(0)
    expect(derivedFrom(new Map([['totals', 'ExclusiveLock']]), before).size).toBe(0)
  })
})
