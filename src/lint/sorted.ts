/** The number of items before the first one for which `isBehind` holds. It must hold for all items after that one, too. */
export function placeOf<T>(list: readonly T[], isBehind: (item: T) => boolean): number {
  let [low, high] = [0, list.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (isBehind(list[middle] as T)) high = middle
    else low = middle + 1
  }
  return low
}
