/** How many items of a list come before the first that `isBehind`, which holds for all from some place on: its place, or the length. */
export function placeOf<T>(list: readonly T[], isBehind: (item: T) => boolean): number {
  let [low, high] = [0, list.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (isBehind(list[middle] as T)) high = middle
    else low = middle + 1
  }
  return low
}
