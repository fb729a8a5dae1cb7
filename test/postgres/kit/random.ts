import fc from 'fast-check'
import { expect } from 'vitest'
import { readHistory } from '../../../src/lint/history/history.ts'
import { recorder } from '../../../src/node/server/recording.ts'
import { type Others, Refused, type Session } from '../../../src/node/server/session.ts'

import { differencesOf } from '../../../src/node/trace/difference.ts'
import { sent, together } from '../../../src/node/trace/replay.ts'
import type { Difference } from '../../../src/report/trace/trace.ts'
import { plainRun } from '../../../src/systems/plain/plain.ts'
import { history, runs } from '../../reported/kit/histories.ts'
import { setup, transaction } from '../../reported/kit/transactions.ts'

/** A server, and its major version. */
interface Asked {
  readonly session: Session
  /** See what cannot run in a transaction, and have to wait; null: the server has one session. */
  readonly others: Others | null
  readonly version: number
}

/** What a statement did that the model does not say, or the other way round. */
interface Told {
  readonly sql: string
  readonly difference: Difference
}

/**
 * The statements that a server runs, one after the other, in an empty database. The model does not know that the database is empty, so what it
 * does after a statement with IF EXISTS that did nothing is a guess: these are left out as well.
 */
async function running(statements: readonly string[], session: Session): Promise<string[]> {
  await session.send(emptied)
  const ran: string[] = []
  for (const sql of statements) if (await does(sql, session)) ran.push(sql)
  return ran
}

/** False if the server refuses the statement, or if that has IF EXISTS or IF NOT EXISTS and writes nothing. */
async function does(sql: string, session: Session): Promise<boolean> {
  const mayBeNothing = /\bIF (?:NOT )?EXISTS\b/.test(sql) && !/\bCONCURRENTLY\b/.test(sql)
  try {
    if (mayBeNothing) await session.send('BEGIN')
    await session.send(sql)
    if (!mayBeNothing) return true
    const [[transaction] = []] = await session.send('SELECT pg_catalog.txid_current_if_assigned()')
    await session.send('COMMIT')
    return transaction !== null
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    if (session.block !== 'idle') await session.send('ROLLBACK')
    return false
  }
}

const emptied = 'DROP SCHEMA public CASCADE; CREATE SCHEMA public'

/** The statements of a transaction after `setup` up to the first that the server refuses. */
async function runningIn(setup: string, statements: readonly string[], session: Session): Promise<string[]> {
  await session.send(emptied)
  await session.send(setup)
  await session.send('BEGIN')
  const ran: string[] = []
  try {
    for (const sql of statements) {
      await session.send(sql)
      ran.push(sql)
    }
  } catch (error) {
    if (!(error instanceof Refused)) throw error
  }
  await session.send('ROLLBACK')
  return ran
}

/** Runs migrations that the server does not refuse, and compares what each statement does with what the model says, as a trace does. */
async function differencesIn(contents: readonly string[], { session, others, version }: Asked): Promise<Told[]> {
  const migrations = contents.map((content, i) => ({
    kind: 'sql' as const,
    path: `${i + 1}.sql`,
    content,
    ...plainRun('none'),
  }))
  const { files, internalErrors } = await readHistory(migrations, { version, compat: false })
  expect(internalErrors).toEqual([])
  await session.send(emptied)
  const watch = await recorder(session, others)
  const told: Told[] = []
  for (const { statement, steps } of files.flatMap(together)) {
    const [first] = steps
    if (!first) continue
    const seen = await sent(statement, first, session, watch)
    for (const difference of differencesOf(steps, seen)) told.push({ sql: statement.text.trim(), difference })
  }
  return told
}

/** Compares random histories, whose statements run one by one, and shrinks the first that differs. Returns the number of statements. */
export async function compareHistories(
  asked: Asked,
  usual: number,
  histories: fc.Arbitrary<readonly string[]> = history(40),
): Promise<number> {
  let statements = 0
  await fc.assert(
    fc.asyncProperty(histories, async all => {
      const ran = await running(all, asked.session)
      statements += ran.length
      expect(await differencesIn([ran.join(';\n')], asked)).toEqual([])
    }),
    runs(usual),
  )
  return statements
}

/** The same for random transactions on tables with rows, with the locks that they hold together. */
export async function compareTransactions(asked: Asked, usual: number): Promise<number> {
  let statements = 0
  await fc.assert(
    fc.asyncProperty(transaction, async all => {
      const ran = await runningIn(setup, all, asked.session)
      statements += ran.length
      expect(await differencesIn([setup, ['BEGIN', ...ran, 'COMMIT'].join(';\n')], asked)).toEqual([])
    }),
    runs(usual),
  )
  return statements
}
