import fc from 'fast-check'
import { expect, test } from 'vitest'
import { steps } from '../../src/index.ts'
import { Database } from '../rules/kit/database.ts'
import { history, runs } from './kit/histories.ts'

/** How much of a history the linter is not shown, and how. */
interface Hidden {
  /** Statements of the beginning that no migration contains. */
  readonly before: number
  /** Which of the others are migrations that cannot be read. */
  readonly unread: readonly boolean[]
}

const alone = { inTransaction: false, singleMessage: false, spansFiles: false }

/** The statements that the model says fail for certain. */
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

// What is said to fail for certain has to fail on every database that the files allow: also on the one whose first part they do not show.
test('kind 2: no statement that PostgreSQL runs is a certain failure, whatever of the past is hidden', {
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
