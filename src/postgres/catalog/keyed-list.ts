import { isAppended } from './appended.ts'

/**
 * Look-ups by key in lists that are never changed in place, only replaced by changed copies: the columns and
 * constraints of a table. A list that is searched often gets an index, and a copy that only has new items at its end
 * keeps it. So a statement that adds thousands of columns does not search all of them thousands of times.
 */

interface Index {
  /** The first place of each key. A place beyond the end of a list belongs to a list that grew from it. */
  readonly places: Map<string, number>
  /** Length of the longest list that shares the index. */
  length: number
  /** See `firstFree`. */
  readonly tried: Map<string, { readonly attempt: number; readonly length: number }>
}

/** After this many searches an index would have been cheaper. */
const searches = 16

/** The index of a shorter list would never be worth its cost. */
const shortest = 12

export class KeyedList<T> {
  private readonly keyOf: (item: T) => string | null
  private readonly indexes = new WeakMap<readonly T[], Index>()
  private readonly asked = new WeakMap<readonly T[], number>()

  constructor(keyOf: (item: T) => string | null) {
    this.keyOf = keyOf
  }

  /** The first item with this key. */
  find(list: readonly T[], key: string): T | undefined {
    if (list.length < shortest) return list.find(item => this.keyOf(item) === key)
    const index = this.indexes.get(list) ?? this.indexIfWorthwhile(list)
    if (!index) return list.find(item => this.keyOf(item) === key)
    const place = index.places.get(key)
    return place === undefined ? undefined : list[place]
  }

  /** The first of `name(0)`, `name(1)`… that no item has as its key. `about` tells such series of names apart. */
  firstFree(list: readonly T[], about: string, name: (attempt: number) => string): string {
    const index = this.indexes.get(list) ?? this.indexIfWorthwhile(list)
    const known = index?.tried.get(about)
    // A name that is taken in a shorter list is taken in all lists that grew from it.
    let attempt = known && known.length <= list.length ? known.attempt : 0
    while (this.find(list, name(attempt)) !== undefined) attempt++
    index?.tried.set(about, { attempt, length: list.length })
    return name(attempt)
  }

  /** Must be called whenever a list is replaced by a changed copy. */
  replaced(before: readonly T[], after: readonly T[]): void {
    // Another table that shares the list has been changed in the same way.
    if (before === after || before.length < shortest || this.indexes.has(after)) return
    const asked = this.asked.get(before)
    if (asked === undefined || after.length < before.length) return
    if (!isAppended(before, after) && !before.every((item, i) => this.isSame(item, after[i] as T))) return
    this.asked.set(after, asked)
    const index = this.indexes.get(before)
    if (!index || (after.length > before.length && index.length !== before.length)) return
    if (after.length > before.length) this.extend(index, after)
    this.indexes.set(after, index)
  }

  private isSame(item: T, other: T): boolean {
    return item === other || this.keyOf(item) === this.keyOf(other)
  }

  private indexIfWorthwhile(list: readonly T[]): Index | undefined {
    const asked = (this.asked.get(list) ?? 0) + 1
    this.asked.set(list, asked)
    if (asked < searches) return undefined
    const index: Index = { places: new Map(), length: 0, tried: new Map() }
    this.extend(index, list)
    this.indexes.set(list, index)
    return index
  }

  private extend(index: Index, list: readonly T[]): void {
    for (; index.length < list.length; index.length++) {
      const key = this.keyOf(list[index.length] as T)
      if (key !== null && !index.places.has(key)) index.places.set(key, index.length)
    }
  }
}
