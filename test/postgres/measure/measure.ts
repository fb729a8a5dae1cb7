import type { Client } from 'pg'
import { derivedBlocks, prepareInserts, probeBlocks } from './blocks.ts'
import type { Case, Lock, Result } from './case.ts'
import type { Database } from './database.ts'
import { heldLocks, merged, strongest } from './locks.ts'
import { readRelations } from './relations.ts'
import { gateLocks, sampleLocks } from './sampling.ts'
import { invalidIndexes, newFiles, readsOfTransaction, readsSoFar, scansOf } from './work.ts'

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
  const whole = await sqlState(database, client => client.query(setup))
  if (whole !== '25001' && whole !== '55P04') return whole
  await database.reset()
  return sqlState(database, async client => {
    for (const statement of setup.split(/;\s*\n/)) await client.query(statement)
  })
}

async function withClient<T>(database: Database, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await database.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

const sqlState = (database: Database, work: (client: Client) => Promise<unknown>): Promise<string | null> =>
  withClient(database, client => work(client).then(() => null, codeOf))

function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
  throw error
}

async function insideTransaction(database: Database, one: Case): Promise<Result> {
  const [runner, observer, prober] = await Promise.all([database.connect(), database.connect(), database.connect()])
  try {
    await prober.query(`SET lock_timeout = '10ms'`)
    const before = await readRelations(observer)
    const inserts = await prepareInserts(observer, before)
    const pid = await pidOf(runner)
    if (one.session) await runner.query(one.session)
    await runner.query('BEGIN')
    try {
      await runner.query(one.sql)
    } catch (error) {
      return { inTransaction: `error:${codeOf(error)}` }
    }
    const locks = strongest(await heldLocks(observer, pid), before)
    const reads = await readsOfTransaction(runner, before)
    const files = await newFiles(runner, before, one.sql)
    const blocks = await probeBlocks(prober, before, inserts)
    return compact({ inTransaction: 'ok', locks, ...files, scans: scansOf(reads, new Map(), before, one.sql), blocks })
  } finally {
    await runner.query('ROLLBACK').catch(() => {})
    await Promise.all([runner.end(), observer.end(), prober.end()])
  }
}

async function byItself(database: Database, one: Case, seen: readonly Lock[], left: number): Promise<Result> {
  const { major } = database.server
  // Counts the rows, which is a read, too. So a separate session does this, which ends before the reads are counted.
  const before = await withClient(database, readRelations)
  const [runner, observer] = await Promise.all([database.connect(), database.connect()])
  try {
    const earlier = left === 0 ? await readsSoFar(observer, major, before) : null
    const invalidBefore = await invalidIndexes(observer)
    if (one.session) await runner.query(one.session)
    await runner.query(`SET vacuum_cost_delay = '2ms'`) // slow enough to be seen
    const pid = await pidOf(runner)
    let error: string | null = null
    const statement = async () => {
      error = await runner.query(one.sql).then(() => null, codeOf)
    }
    const held =
      left === RUNS - 1
        ? await gateLocks(database, observer, pid, before, statement)
        : await sampleLocks(observer, pid, statement)
    await runner.end() // a backend reports its reads at its end
    const invalidIndexesLeft = (await invalidIndexes(observer)).filter(name => !invalidBefore.includes(name))
    if (error !== null) return compact({ autocommitError: error, invalidIndexesLeft })
    const scans = earlier ? scansOf(await readsSoFar(observer, major, before), earlier, before, one.sql) : []
    const locks = merged(seen, strongest(held, before))
    const files = await newFiles(observer, before, one.sql)
    return compact({ locks, ...files, scans, invalidIndexesLeft, blocks: derivedBlocks(locks, before) })
  } finally {
    await Promise.all([runner.end(), observer.end()])
  }
}

async function pidOf(client: Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  return rows[0]?.pid ?? 0
}

// Leaves out empty results.
function compact(result: Result): Result {
  return Object.fromEntries(
    Object.entries(result).filter(([, value]) => typeof value === 'string' || Object.keys(value ?? {}).length > 0),
  )
}
