import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url))

test('docs/security-review.md has a row for every attack here, and names only existing tests', () => {
  const text = readFileSync(path('../../docs/security-review.md'), 'utf8')
  const linked = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, to = '']) => to)
  expect(linked.filter(to => !existsSync(path(`../../docs/${to}`)))).toEqual([])
  const here = readdirSync(path('.')).filter(name => name.endsWith('.test.ts') && name !== 'review.test.ts')
  expect(here.filter(name => !linked.includes(`../test/hostile/${name}`))).toEqual([])
})
