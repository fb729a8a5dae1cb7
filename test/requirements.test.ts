import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

// docs/requirements.md says what the integrations promise and which test shows it. This is what keeps it true.

const root = fileURLToPath(new URL('..', import.meta.url))
const page = readFileSync(`${root}docs/requirements.md`, 'utf8')
const number = '(?:GA|SA|OF|PC|ED)-\\d+[a-z]?'

/** Number → the files that its row says show it; none for what is left out. */
const rows = [...page.matchAll(new RegExp(`^\\| (${number}) \\| (.+) \\| (.+) \\|$`, 'gm'))].map(
  ([, id = '', promise = '', shown = '']) => ({
    id,
    promise,
    reason: /^Left out: (.+\.)$/.exec(shown)?.[1] ?? null,
    files: [...shown.matchAll(/\]\(\.\.\/(test\/[^)]+)\)/g)].map(([, file = '']) => file),
  }),
)

/** Number → the test files in which a title ends with it, alone or with others: `says why (SA-09, OF-26)`. */
const titles = new Map<string, Set<string>>()
for (const file of readdirSync(`${root}test`, { recursive: true, encoding: 'utf8' })) {
  if (!file.endsWith('.test.ts') || file.includes('node_modules')) continue
  const source = readFileSync(`${root}test/${file}`, 'utf8')
  for (const [, list = ''] of source.matchAll(new RegExp(`\\((${number}(?:, ${number})*)\\)['"\`]`, 'g'))) {
    for (const id of list.split(', ')) {
      titles.set(id, (titles.get(id) ?? new Set()).add(`test/${file.replaceAll('\\', '/')}`))
    }
  }
}

test('every promise names its tests, or why it is left out', () => {
  const empty = rows.filter(({ reason, files }) => (reason === null) === (files.length === 0))
  expect(empty).toEqual([])
  expect(rows.length).toBeGreaterThan(100)
})

test('a test that shows a promise names it', () => {
  const missing = rows.flatMap(({ id, files }) =>
    files.filter(file => !titles.get(id)?.has(file)).map(file => [id, file]),
  )
  expect(missing).toEqual([])
})

test('a title names no number that the page does not have, or has left out', () => {
  const shown = new Set(rows.flatMap(({ id, reason }) => (reason === null ? [id] : [])))
  expect([...titles.keys()].filter(id => !shown.has(id))).toEqual([])
})

test('no number is missing, and none is there twice', () => {
  const lists = [...page.matchAll(/^Numbers: (.+)\.$/gm)].flatMap(([, list = '']) => list.split(', '))
  const announced = lists.flatMap(item => {
    const [, area, first, last] = /^([A-Z]+)-(\d+) to \1-(\d+)$/.exec(item) ?? []
    if (area === undefined) return item
    const digits = (n: number) => String(n).padStart(2, '0')
    return Array.from({ length: Number(last) - Number(first) + 1 }, (_, i) => `${area}-${digits(Number(first) + i)}`)
  })
  expect(rows.map(({ id }) => id)).toEqual(announced)
})
