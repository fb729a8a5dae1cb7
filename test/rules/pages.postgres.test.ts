import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Rule } from '../../src/lint/rule.ts'
import { compareWithServer } from './compare.ts'
import { Database } from './database.ts'
import { chosen } from './examples.ts'
import type { Example } from './page.ts'

/** The server here is PostgreSQL 18. Blocks for older versions are linted only, as are those that no protocol can carry. */
function runsHere({ setup, blocks }: Example): boolean {
  const all = [setup, ...blocks].filter(block => block !== null)
  return all.every(
    ({ info, sql }) =>
      (info.pg ?? '18').startsWith('18') && !sql.includes('\0') && (info.system ?? 'plain') === 'plain',
  )
}

let database: Database
beforeAll(async () => {
  database = await Database.start()
})
afterAll(() => database.stop())
beforeEach(() => database.reset())

describe.each(chosen.map(entry => [entry.rule.id, entry] as const))('%s', (_, { rule, page }) => {
  for (const example of page.examples.filter(runsHere)) {
    test(example.blocks.map(({ kind, line }) => `${kind} in line ${line}`).join(', '), async () => {
      expect(await compareWithServer(rule satisfies Rule, example, database)).toEqual([])
    })
  }
})
