import { expect, test } from 'vitest'
import { expressions, safeOnes, written } from '../scripts/regular-expressions.ts'

const { literals, calls } = expressions()

test('every regular expression was checked: npm run recheck -- --write', () => {
  expect(literals.length).toBeGreaterThan(500)
  const safe = safeOnes()
  const unchecked = literals.filter(each => !safe.has(written(each))).map(each => `${each.place}: ${written(each)}`)
  expect(unchecked).toEqual([])
  const there = new Set(literals.map(written))
  expect([...safe].filter(each => !there.has(each))).toEqual([])
})

// Expressions that are built at run time, so that nothing checks them, each with the reason why its time grows no faster than its text.
const allowed: readonly (readonly [file: string, why: string])[] = [
  ['src/lint/config/schema.ts', 'patterns of our own schema, over values of a configuration'],
]

test('none is built elsewhere', () => {
  const files = calls.map(({ place }) => place.replace(/:\d+$/, ''))
  expect(files).toEqual(allowed.map(([file]) => file))
})
