/**
 * Lists that many tables share, such as the columns that partitions have from their parent. A statement that changes such a list makes one new
 * list, which the tables share again. Otherwise thousands of ALTER TABLEs would each copy the columns of thousands of partitions.
 */
export class SharedLists<T extends object> {
  readonly #made = new WeakMap<readonly T[], Made<T>>()

  /**
   * The list that `make` makes of another one. If `key` and `about` are the same as in the last call for it, so is the result.
   */
  of(list: readonly T[], key: unknown, make: (list: readonly T[]) => readonly T[], about = ''): readonly T[] {
    const known = this.#made.get(list)
    if (known && known.key === key && known.about === about) return known.list
    const made = make(list)
    this.#made.set(list, { key, about, list: made })
    return made
  }
}

interface Made<T> {
  readonly key: unknown
  readonly about: string
  readonly list: readonly T[]
}
