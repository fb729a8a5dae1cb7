import type { Span } from './span.ts'

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

/** Tells whether an offset lies in any of these spans, the end of each included: see `contains`. */
export function coverOf(spans: readonly Span[]): (offset: number) => boolean {
  const inOrder = [...spans].sort((a, b) => a[0] - b[0])
  // How far those up to each of them reach.
  let reach = Number.NEGATIVE_INFINITY
  const ends = inOrder.map(([, end]) => {
    reach = Math.max(reach, end)
    return reach
  })
  return offset => (ends[placeOf(inOrder, ([start]) => start > offset) - 1] ?? reachesNothing) >= offset
}

const reachesNothing = Number.NEGATIVE_INFINITY
