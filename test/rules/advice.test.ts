import { beforeAll, describe, expect, test } from 'vitest'
import { loadParser } from '../../src/parse/parser.ts'
import { lintExample, migrationsOf, pages } from './kit/examples.ts'
import { repeated, repeatedInLast } from './kit/repeated-advice.ts'

beforeAll(loadParser)

describe('H2: advice never repeats the statement that it is about', () => {
  test.each(pages.map(entry => [entry.rule.id, entry] as const))('page %s', async (_, { rule, page }) => {
    for (const example of page.examples) {
      const texts = new Map(migrationsOf(example).map(({ path, content }) => [path, String(content)]))
      const { findings } = await lintExample(rule, example)
      expect(repeated(findings, texts)).toEqual([])
    }
  })

  const reindex = [
    'SYSTEM shop',
    'SYSTEM',
    'DATABASE shop',
    'SCHEMA public',
    'TABLE pg_class',
    'TABLE t',
    'INDEX i',
  ].flatMap(rest => [
    `REINDEX ${rest}`,
    ...['CONCURRENTLY', 'concurrently on', 'VERBOSE, CONCURRENTLY', 'CONCURRENTLY, VERBOSE', 'CONCURRENTLY false'].map(
      options => `REINDEX (${options}) ${rest}`,
    ),
    `REINDEX ${rest.replace(' ', ' CONCURRENTLY ')}`,
  ])
  const setup = 'CREATE TABLE t (a int, EXCLUDE (a WITH =)); CREATE INDEX i ON t (a);'

  test('the set-up of REINDEX', async () => {
    expect(await repeatedInLast([setup])).toEqual([])
  })

  test.each(reindex)('%s', async sql => {
    expect(await repeatedInLast([setup, `${sql};`])).toEqual([])
  })
})
