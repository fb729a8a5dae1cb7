import fc from 'fast-check'
import { expect, test } from 'vitest'
import { steps } from '../../src/index.ts'
import { Database } from '../rules/kit/database.ts'
import { history, runs } from './kit/histories.ts'

/** The number of migrations that are hidden from the linter, and the way. */
interface Hidden {
  /** The number of statements at the beginning that no migration contains. */
  readonly before: number
  /** The migrations among the others that cannot be read. */
  readonly unread: readonly boolean[]
}

const alone = { inTransaction: false, singleMessage: false, spansFiles: false }

/** The statements of which the model predicts that they certainly fail. */
async function certainFailures(ran: readonly string[], { before, unread }: Hidden, pgVersion?: string) {
  const migrations = ran.slice(before).map((content, i) => ({
    path: `${i}.sql`,
    execution: alone,
    ...(unread[i] ? { kind: 'code' as const, content: '', opaque: 'it is written in Go' } : { content }),
  }))
  const all = await steps({ migrations, config: pgVersion ? { pgVersion } : {} })
  expect(all.internalErrors).toEqual([])
  return all.steps.flatMap(({ error, statement }) => (error ? [`${statement.text}: ${error.message}`] : []))
}

// A certain failure must occur on every database that the files allow, including the one whose beginning they do not show.
test('kind 2: no statement that PostgreSQL runs is a certain failure, whichever earlier migrations are hidden', {
  timeout: 3_600_000,
}, async () => {
  const database = await Database.start()
  let [histories, statements] = [0, 0]
  const hidden = fc.record({
    before: fc.nat({ max: 9 }),
    unread: fc
      .array(fc.boolean(), { minLength: 70, maxLength: 70 })
      .map(all => all.map((each, i) => each && i % 4 === 0)),
  })
  try {
    await fc.assert(
      fc.asyncProperty(history(60), hidden, async (all, how) => {
        const ran: string[] = []
        await database.run('BEGIN')
        for (const sql of all) {
          await database.run('SAVEPOINT s')
          if ((await database.run(sql)) === null) ran.push(sql)
          else await database.run('ROLLBACK TO s')
        }
        await database.run('ROLLBACK')
        histories++
        statements += ran.length
        expect(await certainFailures(ran, how)).toEqual([])
        expect(await certainFailures(ran, how, '18')).toEqual([])
      }),
      runs(250),
    )
  } finally {
    await database.stop()
  }
  console.info(`${histories} histories, ${statements} statements`)
})
