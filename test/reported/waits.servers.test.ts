import fc from 'fast-check'
import type { Client } from 'pg'
import { expect, test } from 'vitest'
import { startServer } from '../postgres/servers/server.ts'
import { runs } from './kit/histories.ts'
import { setup, told, transaction, waits } from './kit/transactions.ts'

interface Relation {
  readonly oid: number
  readonly name: string
  readonly kind: string
}

const relations = `SELECT oid::int, relname AS name, relkind AS kind FROM pg_class
  WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'm', 'v', 'S') ORDER BY oid`

/** The number of rows that this transaction has read. */
const rowsRead = `SELECT coalesce(sum(pg_stat_get_xact_tuples_returned(oid)), 0)::int AS rows FROM pg_class WHERE relkind = 'r' AND oid >= 16384`

async function fails(client: Client, sql: string): Promise<string | null> {
  try {
    await client.query(sql)
    return null
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
    throw error
  }
}

/** Runs all statements. Null if one fails, or if the last one has not read a row: then nobody waits for any work. */
async function works(client: Client, statements: readonly string[]): Promise<boolean> {
  await client.query('BEGIN')
  let before = 0
  for (const [i, statement] of statements.entries()) {
    if (i === statements.length - 1) before = (await client.query(rowsRead)).rows[0].rows
    if ((await fails(client, statement)) !== null) return false
  }
  return (await client.query(rowsRead)).rows[0].rows > before
}

/** Commands that take the locks of SELECT and of UPDATE on a relation, in place of the queries of others. */
function probes({ name, kind }: Relation): [what: 'reads' | 'writes', sql: string][] {
  if (kind === 'S')
    return [
      ['reads', `SELECT last_value FROM ${name}`],
      ['writes', `SELECT nextval('${name}')`],
    ]
  if (kind === 'm') return [['reads', `SELECT FROM ${name} LIMIT 0`]]
  return [
    ['reads', `LOCK TABLE ONLY ${name} IN ACCESS SHARE MODE NOWAIT`],
    ['writes', `LOCK TABLE ONLY ${name} IN ROW EXCLUSIVE MODE NOWAIT`],
  ]
}

/** The relations that a second session really cannot lock. 55P03: the lock is not available. */
async function met(other: Client, all: readonly Relation[], holder: number): Promise<Set<string>> {
  const found = new Set<string>()
  for (const relation of all) {
    if (relation.kind === 'v') {
      // A query of a view waits for its tables, too, so the lock on the view itself is read from pg_locks.
      const { rows } = await other.query('SELECT mode FROM pg_locks WHERE pid = $1 AND relation = $2', [
        holder,
        relation.oid,
      ])
      for (const { mode } of rows) for (const each of waits(relation.name, mode, false)) found.add(each)
      continue
    }
    for (const [what, sql] of probes(relation)) {
      await other.query('BEGIN')
      const error = await fails(other, sql)
      await other.query('ROLLBACK')
      if (error !== null) {
        expect(error, sql).toBe('55P03')
        found.add(`${relation.name} ${what}`)
      }
    }
  }
  return found
}

// The same as waits.pglite.test.ts, but a second session shows the truth.
test.each([12, 14, 16, 18] as const)(
  'F4, F13: what a second session meets on PostgreSQL %i is reported',
  async version => {
    const server = await startServer(version)
    try {
      const [own, other] = [await server.connect(), await server.connect()]
      await own.query(setup)
      await other.query("SET lock_timeout = '50ms'")
      const all: Relation[] = (await other.query(relations)).rows
      const holder: number = (await own.query('SELECT pg_backend_pid() AS pid')).rows[0].pid
      let [transactions, kinds] = [0, 0]
      await fc.assert(
        fc.asyncProperty(transaction, async statements => {
          const truth = (await works(own, statements)) ? await met(other, all, holder) : null
          await own.query('ROLLBACK')
          if (truth === null) return
          transactions++
          kinds += truth.size
          expect([...(await told(statements, String(version)))].sort()).toEqual([...truth].sort())
        }),
        runs(120),
      )
      await own.end()
      await other.end()
      console.info(`PostgreSQL ${version}: ${transactions} transactions, ${kinds} kinds of waiting`)
      expect(transactions).toBeGreaterThan(15)
    } finally {
      await server.stop()
    }
  },
)
