import { type LockMode, strongest } from '../../../src/postgres/lock.ts'
import type { Lock } from './case.ts'
import { nameOf, type Relation } from './relations.ts'

const byName = (a: Lock, b: Lock) => (a.relation < b.relation ? -1 : 1)

/** The lock of each relation that existed before, sorted by name. */
export function locksIn(held: ReadonlyMap<string, LockMode>, before: ReadonlyMap<string, Relation>): Lock[] {
  const locks = [...held].flatMap(([oid, lock]): Lock[] => {
    const relation = before.get(oid)
    return relation ? [{ relation: nameOf(relation), kind: relation.kind, lock }] : []
  })
  return locks.sort(byName)
}

/** The stronger lock of each relation in either list, sorted by name. */
export function merged(some: readonly Lock[], others: readonly Lock[]): Lock[] {
  const locks = new Map<string, Lock>()
  for (const each of [...some, ...others]) {
    const known = locks.get(each.relation)
    if (!known || strongest(known.lock, each.lock) !== known.lock) locks.set(each.relation, each)
  }
  return [...locks.values()].sort(byName)
}

/** The same by oid. */
export function byOid(locks: readonly Lock[], before: ReadonlyMap<string, Relation>): ReadonlyMap<string, LockMode> {
  const modes = new Map(locks.map(({ relation, lock }) => [relation, lock]))
  return new Map([...before.values()].flatMap(each => [[each.oid, modes.get(nameOf(each))] as const]).filter(hasLock))
}

function hasLock(entry: readonly [string, LockMode | undefined]): entry is readonly [string, LockMode] {
  return entry[1] !== undefined
}
