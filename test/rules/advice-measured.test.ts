import { readdirSync, readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { loadParser } from '../../src/parse/parser.ts'
import { repeatedInLast } from './kit/repeated-advice.ts'

beforeAll(loadParser)

describe('H2: advice never repeats the statement that it is about', () => {
  const folder = new URL('../postgres/cases/', import.meta.url)
  const files = readdirSync(folder).filter(name => name.endsWith('.json'))

  interface Case {
    readonly setup?: string
    readonly sql: string
  }
  const casesOf = (file: string) =>
    (JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as { readonly cases: readonly Case[] }).cases

  test.each(files)(
    'measured statements of %s',
    async file => {
      const cases = casesOf(file)
      expect(cases.length).toBeGreaterThan(0)
      // Many cases begin with the same set-up.
      for (const setup of new Set(cases.map(({ setup = '' }) => setup)))
        expect(await repeatedInLast([setup])).toEqual([])
      for (const { setup = '', sql } of cases) expect(await repeatedInLast([setup, sql])).toEqual([])
    },
    300_000,
  )
})
