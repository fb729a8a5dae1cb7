import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Example } from '../../src/pages/page.ts'
import { followAdvice } from './kit/advice.ts'
import { compareWithServer } from './kit/compare.ts'
import { Database } from './kit/database.ts'
import { chosen, isAboutThePast } from './kit/examples.ts'

// The server here is PostgreSQL 18. Other tests compare the pages about older versions with real servers.

function blocksOf({ setup, blocks }: Example) {
  return [setup, ...blocks].filter(block => block !== null)
}

/** No protocol can carry a NUL, and systems other than plain SQL have more than SQL in their files. */
function canRun(example: Example): boolean {
  if (isAboutThePast(example)) return false
  return blocksOf(example).every(
    ({ info, sql }) => !sql.includes('\0') && (info.system ?? 'plain') === 'plain' && !info.aside && !info.opaque,
  )
}

function isForThisVersion(example: Example): boolean {
  return blocksOf(example).every(({ info }) => (info.pg ?? '18').startsWith('18'))
}

function givesAdvice({ blocks }: Example): boolean {
  return blocks.some(({ kind, info }) => kind === 'bad' && info.advice !== 'elsewhere')
}

/** Runs with made-up rows in the tables, or without them if they break a constraint themselves (classes 22 and 23). */
async function withRows(run: (rows: boolean) => Promise<string[]>): Promise<string[]> {
  const differences = await run(true)
  if (!differences.some(difference => /fails with 2[23]/.test(difference))) return differences
  await database.reset()
  return run(false)
}

let database: Database
beforeAll(async () => {
  database = await Database.start()
})
afterAll(() => database.stop())
beforeEach(() => database.reset())

// A server alone cannot run pages about files and other systems.
const runnable = chosen.flatMap(entry => {
  const examples = entry.page.examples
    .filter(canRun)
    .filter(example => isForThisVersion(example) || givesAdvice(example))
  return examples.length > 0 ? [[entry.rule.id, { ...entry, examples }] as const] : []
})

describe.each(runnable)('%s', (_, { rule, examples }) => {
  for (const example of examples) {
    const name = example.blocks.map(({ kind, line }) => `${kind} in line ${line}`).join(', ')

    if (isForThisVersion(example)) {
      test(`${name} does what the model predicts`, async () => {
        expect(await withRows(rows => compareWithServer(rule, example, database, rows))).toEqual([])
      })
    }

    if (givesAdvice(example)) {
      test(`the advice for ${name} can be followed`, async () => {
        expect(await withRows(rows => followAdvice(rule, example, database, rows))).toEqual([])
      })
    }
  }
})
