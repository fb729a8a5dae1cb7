import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

/** The numbers of the cases from public reports, other linters' tests and real histories. */
const numbers = [
  ...Array.from({ length: 17 }, (_, i) => `F${i + 1}`),
  ...Array.from({ length: 5 }, (_, i) => `P${i + 1}`),
  ...Array.from({ length: 13 }, (_, i) => `M${i + 1}`),
  'L1',
  'H1',
  'H2',
  ...Array.from({ length: 10 }, (_, i) => `R${i + 1}`),
]

const root = new URL('../', import.meta.url)
const places = ['reported', 'rules', 'node']

test('each number is in the title of a test', () => {
  const titles = places.flatMap(place =>
    readdirSync(new URL(`${place}/`, root))
      .filter(name => name.endsWith('.test.ts') && name !== 'numbers.test.ts')
      .flatMap(name => titlesIn(readFileSync(fileURLToPath(new URL(`${place}/${name}`, root)), 'utf8'))),
  )
  expect(numbers.filter(number => !titles.some(title => new RegExp(`\\b${number}\\b`).test(title)))).toEqual([])
})

/** Titles of tests and of groups of them, and names of cases in tables. */
function titlesIn(text: string): string[] {
  return [...text.matchAll(/(?:\b(?:test|describe|it)\(|\bname: |^\s*\[?)\s*(['"`])(.*?)\1/gms)].map(
    ([, , title = '']) => title,
  )
}
