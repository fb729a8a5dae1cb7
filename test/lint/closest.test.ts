import fc from 'fast-check'
import { expect, test } from 'vitest'
import { closest } from '../../src/lint/config/closest.ts'

/** The distance as it is defined, without the shortcuts. */
function distance(a: string, b: string): number {
  if (a === '' || b === '') return Math.max(a.length, b.length)
  const same = a.at(-1) === b.at(-1) ? 0 : 1
  const [shortA, shortB] = [a.slice(0, -1), b.slice(0, -1)]
  const isSwap = a.length > 1 && b.length > 1 && a.at(-1) === b.at(-2) && a.at(-2) === b.at(-1)
  return Math.min(
    distance(shortA, b) + 1,
    distance(a, shortB) + 1,
    distance(shortA, shortB) + same,
    isSwap ? distance(a.slice(0, -2), b.slice(0, -2)) + 1 : Number.POSITIVE_INFINITY,
  )
}

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 6 })

test('the closest is the first of those with the fewest edits, if at most a third differs', () => {
  fc.assert(
    fc.property(word, fc.array(word, { maxLength: 4 }), (given, candidates) => {
      const most = Math.max(2, Math.ceil(given.length / 3))
      const distances = candidates.map(each => distance(given, each))
      const least = Math.min(...distances)
      expect(closest(given, candidates)).toBe(least <= most ? (candidates[distances.indexOf(least)] ?? null) : null)
    }),
    { numRuns: 300 },
  )
})
