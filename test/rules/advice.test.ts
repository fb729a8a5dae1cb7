import { readdirSync, readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { lint } from '../../src/index.ts'
import type { ReportedFinding } from '../../src/lint/report.ts'
import { tokens } from '../../src/parse/lexer.ts'
import { parse } from '../../src/parse/parse.ts'
import { loadParser } from '../../src/parse/parser.ts'
import { lintExample, migrationsOf, pages } from './kit/examples.ts'

/** The statement as PostgreSQL reads it: comments, white space, the case of keywords and the last semicolon do not matter. */
function read(sql: string): string {
  const all = tokens(sql).filter(({ kind }) => kind !== 'comment')
  if (all.at(-1)?.text === ';') all.pop()
  return all.map(({ kind, text }) => (kind === 'word' ? text.toLowerCase() : text)).join(' ')
}

/** What introduces a statement that is right, in another place or at another time. */
const elsewhere = /\b(later|outside|before|after|then|in a migration of its own)\b/i

/** `rule: SQL` where the help of a finding is the very statement that it speaks of. */
function repeated(findings: readonly ReportedFinding[], texts: ReadonlyMap<string, string>): string[] {
  return findings.flatMap(({ rule, path, at, help }) => {
    const { statements } = parse({ path, text: texts.get(path) ?? '' })
    const own = statements.find(({ span }) => span[0] <= at[0] && at[0] < Math.max(span[1], span[0] + 1))
    if (!own) return []
    return help.flatMap((part, i) => {
      if (typeof part === 'string' || part.language !== 'sql' || read(part.code) !== read(own.text)) return []
      const before = help[i - 1]
      const isElsewhere = typeof before === 'string' && elsewhere.test(before)
      return isElsewhere ? [] : [`${rule}: ${before} ${part.code}`]
    })
  })
}

beforeAll(loadParser)

describe('H2: no advice is the statement that it is about', () => {
  test.each(pages.map(entry => [entry.rule.id, entry] as const))('page %s', async (_, { rule, page }) => {
    for (const example of page.examples) {
      const texts = new Map(migrationsOf(example).map(({ path, content }) => [path, String(content)]))
      const { findings } = await lintExample(rule, example)
      expect(repeated(findings, texts)).toEqual([])
    }
  })

  const folder = new URL('../postgres/cases/', import.meta.url)
  const files = readdirSync(folder).filter(name => name.endsWith('.json'))

  test.each(files)(
    'measured statements of %s',
    async file => {
      const { cases } = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as {
        readonly cases: readonly { readonly setup?: string; readonly sql: string }[]
      }
      expect(cases.length).toBeGreaterThan(0)
      for (const { setup = '', sql } of cases) {
        for (const transaction of ['none', 'wrapped'] as const) {
          const migrations = [setup, sql].map((content, i) => ({ path: `${i}.sql`, content }))
          const { findings } = await lint({ migrations, config: { preset: 'all', transaction } })
          const texts = new Map(migrations.map(({ path, content }) => [path, content]))
          expect(repeated(findings, texts)).toEqual([])
        }
      }
    },
    300_000,
  )

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

  test.each(reindex)('%s', async sql => {
    for (const transaction of ['none', 'wrapped'] as const) {
      const migrations = [setup, `${sql};`].map((content, i) => ({ path: `${i}.sql`, content }))
      const { findings } = await lint({ migrations, config: { preset: 'all', transaction } })
      expect(repeated(findings, new Map(migrations.map(({ path, content }) => [path, content])))).toEqual([])
    }
  })
})
