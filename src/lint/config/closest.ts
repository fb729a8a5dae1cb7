/** No name that a person mistypes is longer. Strangers write these words, too, and the time grows with the square of their length. */
const longestWord = 60

/**
 * The candidate that a person most likely meant, with the fewest edits, or null when none is similar: at most a third
 * of the word may differ.
 */
export function closest(word: string, candidates: readonly string[]): string | null {
  if (word.length > longestWord) return null
  let best: string | null = null
  let least = Math.max(2, Math.ceil(word.length / 3)) + 1
  for (const candidate of candidates) {
    const edits = distance(word.toLowerCase(), candidate.toLowerCase(), least)
    if (edits < least) {
      best = candidate
      least = edits
    }
  }
  return best
}

/** `: did you mean "x"?`, or an empty string. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const guess = closest(word, candidates)
  return guess === null ? '' : `: did you mean "${guess}"?`
}

/** Levenshtein's distance, with a swap of neighbours as one edit; `enough` for any distance that is not below it. */
function distance(a: string, b: string, enough: number): number {
  if (Math.abs(a.length - b.length) >= enough) return enough
  let earlier: number[] = []
  let before = Array.from({ length: b.length + 1 }, (_, j) => j)
  let leastBefore = 0
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    let least = i
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const edits = Math.min(
        (before[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (before[j - 1] ?? 0) + change,
        isSwap ? (earlier[j - 2] ?? 0) + 1 : enough,
      )
      row.push(edits)
      least = Math.min(least, edits)
    }
    // A swap takes two rows, and no later row is below the lesser of both.
    if (least >= enough && leastBefore >= enough) return enough
    leastBefore = least
    earlier = before
    before = row
  }
  return Math.min(before[b.length] ?? 0, enough)
}
