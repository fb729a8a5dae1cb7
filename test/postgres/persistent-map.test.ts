import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Mentioning } from '../../src/postgres/catalog/mentioning.ts'
import { PersistentMap } from '../../src/postgres/catalog/persistent-map.ts'

/** Changes of a map: a value to set, or null to remove the key. */
const changesOf = <K>(keys: fc.Arbitrary<K>) =>
  fc.array(fc.tuple(keys, fc.option(fc.integer({ min: 1, max: 9 }), { freq: 2 })), { maxLength: 80 })

const names = fc.constantFrom('a', 'b', 'c', 'd', '__proto__', 'constructor', 'a\0b', '')
const oids = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 2 ** 20 }))

function same<K extends string | number>(
  empty: PersistentMap<K, number>,
  changes: readonly (readonly [K, number | null])[],
) {
  let [map, model] = [empty, new Map<K, number>()]
  const moments: (readonly [PersistentMap<K, number>, ReadonlyMap<K, number>])[] = []
  for (const [key, value] of changes) {
    map = value === null ? map.remove(key) : map.set(key, value)
    model = new Map(model)
    if (value === null) model.delete(key)
    else model.set(key, value)
    moments.push([map, model])
  }
  // No later change has changed an earlier map.
  for (const [then, known] of moments) {
    expect(new Map(then.entries())).toEqual(known)
    expect(then.size).toBe(known.size)
    for (const [key] of changes) {
      expect(then.get(key)).toBe(known.get(key))
      expect(then.has(key)).toBe(known.has(key))
    }
    const large = then.filter(value => value > 4)
    expect(new Map(large.entries())).toEqual(new Map([...known].filter(([, value]) => value > 4)))
    expect(then.map(value => value + 1).values()).toEqual(then.values().map(value => value + 1))
  }
  return map
}

test('holds what a Map holds, at every moment, whatever its keys', () => {
  fc.assert(
    fc.property(changesOf(names), changes => {
      same(PersistentMap.byName<string, number>(), changes)
    }),
  )
  fc.assert(
    fc.property(changesOf(oids), changes => {
      const map = same(PersistentMap.byOid<number>(), changes)
      expect(map.keys()).toEqual(map.keys().toSorted((a, b) => a - b))
    }),
  )
})

test('does not know keys that are not numbers of objects', () => {
  const map = PersistentMap.byOid<number>().set(3, 1).set(99, 2)
  for (const key of [-1, -29, 0.5, 2 ** 31, 2 ** 32 + 3, Number.NaN]) expect(map.get(key)).toBeUndefined()
})

test('is the same map after a change that changes nothing', () => {
  const map = PersistentMap.byName<string, number>().set('a', 1).set('b', 2)
  expect(map.set('a', 1)).toBe(map)
  expect(map.remove('c')).toBe(map)
  expect(map.removeAll(['c', 'd'])).toBe(map)
  expect(map.filter(() => true)).toBe(map)
  expect(map.clear().size).toBe(0)
})

test('lists names in the order in which they came, and no run sees those of another', () => {
  const start = PersistentMap.constant('public', 0)
  expect(start.set('b', 1).set('a', 2).keys()).toEqual(['public', 'b', 'a'])
  expect(start.set('a', 1).set('b', 2).keys()).toEqual(['public', 'a', 'b'])
  expect(PersistentMap.byName<string, number>().set('z', 1).set('y', 2).keys()).toEqual(['z', 'y'])
  expect(PersistentMap.byName<string, number>().set('y', 1).set('z', 2).keys()).toEqual(['y', 'z'])
})

test('an object is mentioned as long as one part of a definition does, and in the order of the first', () => {
  const two = Mentioning.none.with(7, 2).with(3, 1)
  expect(two.keys()).toEqual([7, 3])
  expect(two.with(7, -1).keys()).toEqual([7, 3])
  expect(two.with(7, -2).keys()).toEqual([3])
  expect(two.with(7, -2).with(7, 1).keys()).toEqual([3, 7])
  expect(two.with(7, -2).with(3, -1).size).toBe(0)
  expect(Mentioning.none.with(5, -1)).toBe(Mentioning.none)
  expect(two.keys()).toEqual([7, 3])
})

test('finds the keys that differ between two maps of one history', () => {
  fc.assert(
    fc.property(changesOf(oids), fc.nat({ max: 80 }), (changes, at) => {
      let map = PersistentMap.byOid<number>()
      const moments = [
        map,
        ...changes.map(([key, value]) => (map = value === null ? map.remove(key) : map.set(key, value))),
      ]
      const then = moments[Math.min(at, moments.length - 1)] ?? map
      const keys = new Set([...then.keys(), ...map.keys()])
      const differ = [...keys].filter(key => then.get(key) !== map.get(key)).sort((a, b) => a - b)
      expect(then.differing(map)).toEqual(differ)
      expect(map.differing(then)).toEqual(differ)
    }),
  )
  const first = PersistentMap.byName<string, number>().set('a', 1).set('b', 2)
  expect(first.differing(first.remove('a').set('c', 3))).toEqual(['a', 'c'])
  expect(PersistentMap.byName<string, number>().differing(first)).toEqual(['a', 'b'])
})
