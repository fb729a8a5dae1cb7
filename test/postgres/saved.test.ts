import { deserialize, serialize } from 'node:v8'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Catalog, emptyCatalog, type Oid } from '../../src/postgres/catalog/catalog.ts'
import { Mentioning } from '../../src/postgres/catalog/mentioning.ts'
import { PersistentMap } from '../../src/postgres/catalog/persistent-map.ts'
import { restoredCatalog, type SavedCatalog, savedCatalog } from '../../src/postgres/catalog/saved.ts'

const edits = fc.array(fc.record({ key: fc.nat(100), isGone: fc.boolean() }), { maxLength: 40 })
type Edits = readonly { readonly key: number; readonly isGone: boolean }[]

function bytes(catalog: Catalog): Uint8Array {
  return serialize(savedCatalog(catalog))
}

function restored(saved: Uint8Array): Catalog {
  return restoredCatalog(deserialize(saved) as SavedCatalog)
}

/** The catalog after changes of a map with names, of one with oids, and of the users of one object. */
function edited(catalog: Catalog, all: Edits): Catalog {
  return all.reduce(({ names, relations, mentioned, ...others }, { key, isGone }) => {
    const [name, users] = [`relation:public.t${key}`, mentioned.get(1) ?? Mentioning.none]
    return {
      ...others,
      names: isGone ? names.remove(name) : names.set(name, key),
      relations: isGone ? relations.remove(key) : (relations as PersistentMap<Oid, never>).set(key, {} as never),
      mentioned: mentioned.set(1, users.with(key, isGone ? -1 : 1)),
    }
  }, catalog)
}

function listed({ names, relations, mentioned }: Catalog) {
  return [names.entries(), relations.keys(), mentioned.get(1)?.keys() ?? []]
}

// What the model lists first may come first in a report: a restored map must list its entries as the saved one does, for ever.
test('a restored catalog keeps its order, whatever happens to it later', () => {
  fc.assert(
    fc.property(edits, edits, edits, (before, after, meanwhile) => {
      const catalog = edited(emptyCatalog, before)
      const saved = bytes(catalog)
      // Maps that come from each other know the names of all of them.
      edited(catalog, meanwhile)
      const expected = edited(emptyCatalog, before)
      expect(listed(restored(saved))).toEqual(listed(expected))
      expect(listed(edited(restored(saved), after))).toEqual(listed(edited(expected, after)))
    }),
    { numRuns: 300 },
  )
})

test('what was saved is as it was at that moment', () => {
  const catalog = edited(emptyCatalog, [{ key: 1, isGone: false }])
  const saved = savedCatalog(catalog)
  edited(catalog, [{ key: 2, isGone: false }])
  const later = edited(restored(serialize(saved)), [
    { key: 3, isGone: false },
    { key: 2, isGone: false },
  ])
  expect(later.names.keys()).toEqual(['relation:public.t1', 'relation:public.t3', 'relation:public.t2'])
})

test('what is shared stays shared, and what a run starts with is not shared with other runs', () => {
  const type = { schema: null, name: 'unknown', modifiers: [Number.NaN], array: false }
  const relation = (oid: number) => ({ oid, columns: [{ type }], options: new Map([['fillfactor', '70']]) })
  const relations = PersistentMap.byOid<unknown>().set(1, relation(1)).set(2, relation(2))
  const copy = restored(bytes({ ...emptyCatalog, relations } as unknown as Catalog))
  const [first, second] = [1, 2].map(oid => copy.relations.get(oid) as unknown as ReturnType<typeof relation>)
  expect(first).toEqual(relation(1))
  expect(first?.columns[0]?.type).toBe(second?.columns[0]?.type)
  expect(copy.schemas.entries()).toEqual(emptyCatalog.schemas.entries())
  const app = { name: 'app', complete: true, createdIn: 0 }
  expect(copy.schemas.set('app', app).keys()).toEqual(['public', 'app'])
  expect(copy.schemas.set('other', app).keys()).toEqual(['public', 'other'])
  const { uncertain, nextOid, addedLabels, labelledBy } = emptyCatalog
  expect(copy).toMatchObject({ uncertain, nextOid, addedLabels, labelledBy })
  expect(Object.keys(copy).sort()).toEqual(Object.keys(emptyCatalog).sort())
})

test('a catalog is not saved if something in it would lose its meaning', () => {
  const odd = (value: unknown) => savedCatalog({ ...emptyCatalog, uncertain: value } as unknown as Catalog)
  expect(odd({ why: 'x', until: 1 })).not.toBeNull()
  expect(odd({ why: () => 'x' })).toBeNull()
  expect(odd([new (class Odd {})()])).toBeNull()
  expect(odd(new Map([['x', new Date(0)]]))).toBeNull()
})
