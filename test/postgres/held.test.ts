import { expect, test } from 'vitest'
import type { Effect } from '../../src/postgres/effect.ts'
import { HeldLocks } from '../../src/postgres/held.ts'
import { type LockMode, lockModes, strongest } from '../../src/postgres/lock.ts'
import { steps } from './kit/steps.ts'

const effect = (oid: number, lock: LockMode): Effect => ({
  relation: `t${oid}`,
  oid,
  kind: 'table',
  lock,
  work: 'none',
  certain: true,
  because: '',
  exposed: true,
})

/** What a transaction holds, by relation, as a copy for each statement would have it. */
type Copy = ReadonlyMap<number, LockMode>

// Statements go on from any earlier state: that is what ROLLBACK TO SAVEPOINT does.
test.each([1, 2, 3, 4, 5])('locks are those that a copy for each statement would have (%i)', seed => {
  let state = seed * 7919
  const random = (below: number) => {
    state = (state * 1103515245 + 12345) % 2147483648
    return state % below
  }
  const all: { held: HeldLocks; copy: Copy }[] = [{ held: HeldLocks.none, copy: new Map() }]
  for (let step = 0; step < 400; step++) {
    const from = random(4) === 0 ? all[random(all.length)] : all.at(-1)
    if (!from) continue
    const effects = Array.from({ length: random(4) }, () =>
      effect(random(60), lockModes[random(lockModes.length)] ?? 'AccessShareLock'),
    )
    const copy = new Map(from.copy)
    for (const { oid, lock } of effects) copy.set(oid, strongest(copy.get(oid) ?? null, lock) ?? 'AccessShareLock')
    all.push({ held: from.held.after(effects, step), copy })
  }
  for (const { held, copy } of all) {
    expect([...held].map(({ oid, mode }) => [oid, mode])).toEqual([...copy])
    expect(held.size).toBe(copy.size)
    for (let oid = 0; oid < 60; oid++) expect(held.get(oid)?.mode).toBe(copy.get(oid))
  }
})

test('the statements of a transaction share their locks, and differ only in those that they take', () => {
  const sql = Array.from({ length: 50 }, (_, i) => `LOCK TABLE t${i} IN SHARE MODE;\nLOCK TABLE t${i};`).join('\n')
  const lines = steps('', `${sql}\nSELECT 1;`).slice(-100)
  const held = lines.map(({ transaction }) => transaction.held)
  expect(new Set(held.map(({ family }) => family)).size).toBe(1)
  expect(held.map(({ size }) => size)).toEqual(held.map((_, i) => Math.floor(i / 2) + 1))
  for (const [i, each] of held.entries()) {
    const later = held[i + 1]
    if (later) expect(each.differing(later)).toEqual([later.size - 1])
  }
})
