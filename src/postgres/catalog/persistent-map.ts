/**
 * A map that is never changed: `set` and `remove` give another one, which shares with this one what did not change. The catalog has
 * one before and one after each statement, so a change must cost little, and a look-up next to nothing.
 *
 * A trie over small numbers: oids as they are, and other keys by the order in which the map, or those that it came from, first had them.
 * It is iterated in that order.
 */
export class PersistentMap<K extends string | number, V> {
  readonly size: number
  /** Null: the keys are the numbers themselves. */
  private readonly names: Names<K> | null
  private readonly root: Part
  /** The bits of a number below those that the root decides by. */
  private readonly shift: number

  private constructor(names: Names<K> | null, size: number, root: Part, shift: number) {
    this.names = names
    this.size = size
    this.root = root
    this.shift = shift
  }

  private static readonly noOids = new PersistentMap<number, never>(null, 0, [], 0)
  private static readonly noNames = new PersistentMap<string, never>(namesOf([], true), 0, [], 0)

  /** The empty map for keys that are small numbers, none of them negative. */
  static byOid<V>(): PersistentMap<number, V> {
    return PersistentMap.noOids
  }

  /** The empty map for any other keys. */
  static byName<K extends string | number, V>(): PersistentMap<K, V> {
    return PersistentMap.noNames as unknown as PersistentMap<K, V>
  }

  /** A map that every run starts with. */
  static constant<V>(key: string, value: V): PersistentMap<string, V> {
    return new PersistentMap(namesOf([key], true), 1, [value], 0)
  }

  /** The map that was saved. */
  static restored<K extends string | number, V>({
    keys,
    isConstant,
    size,
    root,
    shift,
  }: SavedMap): PersistentMap<K, V> {
    return new PersistentMap(keys && namesOf(keys as readonly K[], isConstant), size, root, shift)
  }

  /** All of it as plain arrays, so that the restored map has the same order, now and later. Keys that are added later are not in it. */
  saved(): SavedMap {
    const { names, size, root, shift } = this
    return { keys: names && [...names.keys], isConstant: names?.isConstant ?? false, size, root, shift }
  }

  get(key: K): V | undefined {
    const place = this.names === null ? (key as number) : this.names.places.get(key)
    if (place === undefined || place >>> 0 !== place || place >>> this.shift >= width) return undefined
    let part: Part | undefined = this.root
    for (let { shift } = this; shift > 0; shift -= bits) {
      part = part[(place >>> shift) & mask] as Part | undefined
      if (part === undefined) return undefined
    }
    return part[place & mask] as V | undefined
  }

  has(key: K): boolean {
    return this.get(key) !== undefined
  }

  /** The same map if it has this value already. */
  set(key: K, value: V): PersistentMap<K, V> {
    const before = this.get(key)
    if (before === value) return this
    // The empty map is shared by all.
    const names = this.names?.isConstant ? namesOf(this.names.keys, false) : this.names
    const place = names === null ? (key as number) : placeIn(names, key)
    let { root, shift } = this
    while (place >>> shift >= width) {
      root = root.length === 0 ? root : [root]
      shift += bits
    }
    return new PersistentMap(
      names,
      before === undefined ? this.size + 1 : this.size,
      put(root, shift, place, value),
      shift,
    )
  }

  /** The same map if it has no such key. */
  remove(key: K): PersistentMap<K, V> {
    if (!this.has(key)) return this
    const place = this.names === null ? (key as number) : (this.names.places.get(key) ?? 0)
    return new PersistentMap(this.names, this.size - 1, cut(this.root, this.shift, place) ?? [], this.shift)
  }

  removeAll(keys: Iterable<K>): PersistentMap<K, V> {
    let left: PersistentMap<K, V> = this
    for (const key of keys) left = left.remove(key)
    return left
  }

  clear(): PersistentMap<K, V> {
    return this.names === null ? (PersistentMap.noOids as unknown as PersistentMap<K, V>) : PersistentMap.byName()
  }

  /** The same map if all of it is kept. */
  filter(isKept: (value: V, key: K) => boolean): PersistentMap<K, V> {
    return this.removeAll(this.entries().flatMap(([key, value]) => (isKept(value, key) ? [] : [key])))
  }

  map<W>(change: (value: V) => W): PersistentMap<K, W> {
    return new PersistentMap(this.names, this.size, changed(this.root, this.shift, change), this.shift)
  }

  /**
   * The keys whose values differ in another map. Of two maps that come from each other, only the parts that they do not share are looked at;
   * of any others, all keys may be given.
   */
  differing(other: PersistentMap<K, V>): K[] {
    const { names } = this.size === 0 ? other : this
    if (other.size > 0 && other.names !== names) return [...new Set([...this.keys(), ...other.keys()])]
    const shift = Math.max(this.shift, other.shift)
    const found: K[] = []
    different(lifted(this.root, this.shift, shift), lifted(other.root, other.shift, shift), shift, 0, place => {
      found.push(names === null ? (place as K) : (names.keys[place] as K))
    })
    return found
  }

  keys(): K[] {
    return this.entries().map(([key]) => key)
  }

  values(): V[] {
    return this.entries().map(([, value]) => value)
  }

  entries(): [key: K, value: V][] {
    const found: [K, V][] = []
    const { names } = this
    each(this.root, this.shift, 0, (place, value) => {
      found.push([names === null ? (place as K) : (names.keys[place] as K), value as V])
    })
    return found
  }
}

/** What `PersistentMap.saved` makes of a map. */
export interface SavedMap {
  readonly keys: readonly (string | number)[] | null
  readonly isConstant: boolean
  readonly size: number
  readonly root: readonly unknown[]
  readonly shift: number
}

/** The keys that are not numbers, in the order in which they came. Maps that come from each other share them, and only ever add some. */
interface Names<K> {
  readonly places: Map<K, number>
  readonly keys: K[]
  /** Those of a map that every run starts with: runs must not meet in them. */
  readonly isConstant: boolean
}

/** Up to 32 values or parts below, by some bits of a number. */
type Part = readonly unknown[]

const bits = 5
const width = 1 << bits
const mask = width - 1

function namesOf<K>(keys: readonly K[], isConstant: boolean): Names<K> {
  return { places: new Map(keys.map((key, i) => [key, i])), keys: [...keys], isConstant }
}

function placeIn<K>({ places, keys }: Names<K>, key: K): number {
  const known = places.get(key)
  if (known !== undefined) return known
  places.set(key, keys.length)
  keys.push(key)
  return keys.length - 1
}

function put(part: Part, shift: number, place: number, value: unknown): Part {
  const copy = part.slice()
  const at = (place >>> shift) & mask
  copy[at] = shift === 0 ? value : put((part[at] as Part | undefined) ?? [], shift - bits, place, value)
  return copy
}

/** Undefined when nothing is left. */
function cut(part: Part, shift: number, place: number): Part | undefined {
  const copy = part.slice()
  const at = (place >>> shift) & mask
  copy[at] = shift === 0 ? undefined : cut(part[at] as Part, shift - bits, place)
  return copy[at] === undefined && copy.every(each => each === undefined) ? undefined : copy
}

function changed<V>(part: Part, shift: number, change: (value: V) => unknown): Part {
  return part.map(each => {
    if (each === undefined) return undefined
    return shift === 0 ? change(each as V) : changed(each as Part, shift - bits, change)
  })
}

/** The root of a map with this many more levels. */
function lifted(root: Part, from: number, to: number): Part {
  let part = root
  for (let shift = from; shift < to; shift += bits) part = [part]
  return part
}

function different(a: Part, b: Part, shift: number, from: number, visit: (place: number) => void): void {
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    if (a[at] === b[at]) continue
    const place = from + at * 2 ** shift
    if (shift === 0) visit(place)
    else different((a[at] as Part | undefined) ?? [], (b[at] as Part | undefined) ?? [], shift - bits, place, visit)
  }
}

function each(part: Part, shift: number, from: number, visit: (place: number, value: unknown) => void): void {
  for (let at = 0; at < part.length; at++) {
    const below = part[at]
    if (below === undefined) continue
    const place = from + at * 2 ** shift
    if (shift === 0) visit(place, below)
    else each(below as Part, shift - bits, place, visit)
  }
}
