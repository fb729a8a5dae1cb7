import type { Catalog, Mention } from './catalog.ts'
import { Mentioning, type SavedMentioning } from './mentioning.ts'
import { PersistentMap, type SavedMap } from './persistent-map.ts'

/** A catalog as plain objects, arrays, maps and sets, which a structured clone keeps. Objects that it shares stay shared. */
export interface SavedCatalog {
  readonly mentioned: SavedMap
  /** The other fields that are persistent maps. */
  readonly maps: ReadonlyMap<string, SavedMap>
  readonly others: ReadonlyMap<string, unknown>
}

/** Null for a catalog with something in it that cannot be saved. What is added to its maps later is not in it. */
export function savedCatalog({ mentioned, ...catalog }: Catalog): SavedCatalog | null {
  const fields = Object.entries(catalog)
  const maps = new Map(fields.flatMap(([name, value]) => (isMap(value) ? [[name, value.saved()] as const] : [])))
  const others = new Map(fields.filter(([name]) => !maps.has(name)))
  const whole = { mentioned: mentioned.map(each => each.saved()).saved(), maps, others }
  return isPlain(whole) ? whole : null
}

/** The catalog that was saved. From here on it behaves as that one does, the order of its maps included. */
export function restoredCatalog({ mentioned, maps, others }: SavedCatalog): Catalog {
  const plain = PersistentMap.restored<Mention, SavedMentioning>(mentioned)
  const fields = [...[...maps].map(([name, map]) => [name, PersistentMap.restored(map)] as const), ...others]
  return {
    ...Object.fromEntries(fields),
    mentioned: plain.map(each => Mentioning.restored(each)),
  } as unknown as Catalog
}

function isMap(value: unknown): value is PersistentMap<string, unknown> {
  return value instanceof PersistentMap
}

/** True for what a structured clone keeps as it is: no function, and no object of a class, which would lose its methods. */
export function isPlain(whole: object): boolean {
  const seen = new Set<object>()
  const waiting: unknown[] = [whole]
  while (waiting.length > 0) {
    const value = waiting.pop()
    if (typeof value === 'function' || typeof value === 'symbol') return false
    if (typeof value !== 'object' || value === null || seen.has(value)) continue
    seen.add(value)
    if (value instanceof Map) for (const [key, each] of value) waiting.push(key, each)
    else if (value instanceof Set) for (const each of value) waiting.push(each)
    else if (Array.isArray(value)) for (const each of value) waiting.push(each)
    else if (Object.getPrototypeOf(value) === Object.prototype)
      for (const each of Object.values(value)) waiting.push(each)
    else return false
  }
  return true
}
