import { beforeAll, describe, expect, test } from 'vitest'
import type { ReportedFinding } from '../../src/lint/report.ts'
import { parse } from '../../src/parse/parse.ts'
import { loadParser } from '../../src/parse/parser.ts'
import { lintExample, pages } from './kit/examples.ts'

/** Pieces of SQL in the help of findings that PostgreSQL's parser refuses, with its messages. */
function unparsed(findings: readonly ReportedFinding[]): string[] {
  return findings.flatMap(({ rule, help }) =>
    help.flatMap(part => {
      if (typeof part === 'string' || part.language !== 'sql') return []
      const { problems } = parse({ path: 'advice.sql', text: part.code })
      return problems.map(problem => `${rule}: ${part.code}: ${problem.message}`)
    }),
  )
}

beforeAll(loadParser)

describe('R6, F8: PostgreSQL can parse all advised SQL', () => {
  test.each(pages.map(entry => [entry.rule.id, entry] as const))('page %s', async (_, { rule, page }) => {
    for (const example of page.examples) {
      expect(unparsed((await lintExample(rule, example)).findings)).toEqual([])
    }
  })
})
