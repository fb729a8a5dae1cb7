import { haltOf } from '../../../src/node/server/halting.ts'
import { recorder } from '../../../src/node/server/recording.ts'
import { backendOf } from '../../../src/node/server/relations.ts'
import { Refused, type Session } from '../../../src/node/server/session.ts'
import { derivedBlocks, prepareInserts, triedBlocks } from './blocks.ts'
import type { Case, Lock, Result } from './case.ts'
import type { Database } from './database.ts'
import { gatesFor } from './gates.ts'
import { byOid, locksIn, merged } from './locks.ts'
import { readRelations } from './relations.ts'
import { invalidIndexes, newFiles, scansOf } from './work.ts'

/** Runs cases of one server one after the other. */
export interface Bench {
  /** Runs a case and says what the server did. Throws only when the harness itself fails. */
  measure(one: Case): Promise<Result>
}

// For a statement of this group, only whether it may run inside a transaction is measured.
const TRANSACTION_ONLY = 'transaction-only checks'

const RUNS = 5

// After these a rolled back transaction leaves dead rows or moved sequences behind.
const LEAVES_TRACES = /\b(insert|update|delete|merge|copy|truncate|nextval|setval|restart|concurrently|into|select)\b/i

export function createBench(database: Database): Bench {
  let standing: string | null = null

  const prepare = async (setup: string): Promise<string | null> => {
    if (standing === setup) return null
    standing = null
    await database.reset()
    const failed = await runSetup(database, setup)
    if (failed === null) standing = setup
    return failed
  }

  return {
    measure: async one => {
      const setupError = await prepare(one.setup)
      if (setupError !== null) return { setupError }
      const inside = await insideTransaction(database, one)
      if (LEAVES_TRACES.test(one.sql)) standing = null
      if (inside.inTransaction !== 'error:25001' || one.group === TRANSACTION_ONLY) return inside
      // Sampling may miss a brief lock, so there are several runs: the first with gates, the last counts the reads too.
      let result: Result = {}
      for (let left = RUNS - 1; left >= 0 && !result.autocommitError; left--) {
        await prepare(one.setup)
        standing = null
        result = { ...inside, method: 'autocommit', ...(await byItself(database, one, result.locks ?? [], left)) }
      }
      return result
    },
  }
}

// As one string, and so in one transaction; line by line where a statement refuses that.
async function runSetup(database: Database, setup: string): Promise<string | null> {
  const whole = await sqlState(database, session => session.send(setup))
  if (whole !== '25001' && whole !== '55P04') return whole
  await database.reset()
  return sqlState(database, async session => {
    for (const statement of setup.split(/;\s*\n/)) await session.send(statement)
  })
}

async function withSession<T>(database: Database, work: (session: Session) => Promise<T>): Promise<T> {
  const session = await database.connect()
  try {
    return await work(session)
  } finally {
    await session.end()
  }
}

const sqlState = (database: Database, work: (session: Session) => Promise<unknown>): Promise<string | null> =>
  withSession(database, session => work(session).then(() => null, codeOf))

function codeOf(error: unknown): string {
  if (error instanceof Refused) return error.sqlstate
  throw error
}

async function insideTransaction(database: Database, one: Case): Promise<Result> {
  const [runner, other] = await Promise.all([database.connect(), database.connect()])
  try {
    const before = await readRelations(other)
    const inserts = await prepareInserts(other, before)
    const watch = await recorder(runner, { session: other, halting: () => null })
    if (one.session) await runner.send(one.session)
    await runner.send('BEGIN')
    const recording = await watch.record(one.sql, { alone: false, isSetting: false })
    if (recording.refused) return { inTransaction: `error:${recording.refused.sqlstate}` }
    return compact({
      inTransaction: 'ok',
      locks: locksIn(recording.locks, before),
      ...newFiles(before, recording.after, one.sql),
      scans: scansOf(recording.reads, before, one.sql),
      blocks: await triedBlocks(recording.waits, before, inserts, other),
    })
  } finally {
    await runner.send('ROLLBACK').catch(() => {})
    await Promise.all([runner.end(), other.end()])
  }
}

async function byItself(database: Database, one: Case, seen: readonly Lock[], left: number): Promise<Result> {
  // Counts the rows, which is a read, too. So a separate session does this, which ends before the reads are counted.
  const before = await withSession(database, readRelations)
  const [runner, other] = await Promise.all([database.connect(), database.connect()])
  try {
    const invalidBefore = await invalidIndexes(other)
    const backend = await backendOf(runner)
    const isGated = left === RUNS - 1
    const gates = isGated ? await gatesFor(database, before) : null
    const others = { session: other, halting: () => haltOf(backend, database.server.process) }
    const watch = await recorder(runner, gates ? { ...others, ...gates } : others, { patient: left === 0 })
    if (one.session) await runner.send(one.session)
    await runner.send(`SET vacuum_cost_delay = '2ms'`) // slow enough to be seen
    const { refused, locks, after, reads } = await watch.record(one.sql, { alone: false, isSetting: false })
    await gates?.openAll()
    const invalidIndexesLeft = (await invalidIndexes(other)).filter(name => !invalidBefore.includes(name))
    if (refused) return compact({ autocommitError: refused.sqlstate, invalidIndexesLeft })
    const all = merged(seen, locksIn(locks, before))
    return compact({
      locks: all,
      ...newFiles(before, after, one.sql),
      scans: left === 0 ? scansOf(reads, before, one.sql) : [],
      invalidIndexesLeft,
      blocks: derivedBlocks(byOid(all, before), before),
    })
  } finally {
    await Promise.all([runner.end(), other.end()])
  }
}

// Leaves out empty results.
function compact(result: Result): Result {
  return Object.fromEntries(
    Object.entries(result).filter(([, value]) => typeof value === 'string' || Object.keys(value ?? {}).length > 0),
  )
}
