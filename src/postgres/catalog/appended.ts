/**
 * Lists that were made of a shorter one with more at its end, so that nobody has to compare them item by item: a statement may add thousands
 * of columns, one after the other. A mark stands for the shorter list, which would otherwise be kept as long as the longer one.
 */
const marks = new WeakMap<readonly unknown[], object>()
const begins = new WeakMap<readonly unknown[], object>()

/** The list with more items at its end. */
export function appended<T>(list: readonly T[], ...items: readonly T[]): readonly T[] {
  const longer = list.concat(items)
  const mark = marks.get(list) ?? {}
  marks.set(list, mark)
  begins.set(longer, mark)
  return longer
}

/** True if the longer list is known to begin with the shorter one. False says nothing. */
export function isAppended(shorter: readonly unknown[], longer: readonly unknown[]): boolean {
  const mark = begins.get(longer)
  return mark !== undefined && mark === marks.get(shorter)
}

/** Looks for the first item of a kind. What a longer list begins with is not searched again if nothing was found there. */
export function firstOf<T>(isOne: (item: T) => boolean): (list: readonly T[]) => T | undefined {
  /** How many items at the beginning of a list were searched in vain, by its mark. */
  const searched = new WeakMap<object, number>()
  return list => {
    const mark = marks.get(list) ?? {}
    marks.set(list, mark)
    const before = begins.get(list)
    for (let i = searched.get(mark) ?? (before && searched.get(before)) ?? 0; i < list.length; i++)
      if (isOne(list[i] as T)) return list[i]
    searched.set(mark, list.length)
    return undefined
  }
}
