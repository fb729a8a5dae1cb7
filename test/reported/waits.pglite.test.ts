import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Database } from '../rules/kit/database.ts'
import { runs } from './kit/histories.ts'
import { setup, told, transaction, waits } from './kit/transactions.ts'

/**
 * The locks that a second session would wait for after the last statement of the transaction. Null if a statement fails, or if the last one
 * has not read a row: then nobody waits for any work.
 */
async function held(database: Database, statements: readonly string[]): Promise<Set<string> | null> {
  await database.run('BEGIN')
  const before = await database.relations()
  let rows = 0
  for (const [i, statement] of statements.entries()) {
    if (i === statements.length - 1) rows = sum(await database.rowsRead())
    if ((await database.run(statement)) !== null) return null
  }
  if (sum(await database.rowsRead()) === rows) return null
  const found = new Set<string>()
  for (const [oid, lock] of await database.locks()) {
    const relation = before.get(oid)
    if (!relation || /[iIc]/.test(relation.kind)) continue
    for (const each of waits(relation.name, lock, relation.kind === 'm')) found.add(each)
  }
  return found
}

function sum(counts: ReadonlyMap<number, number>): number {
  return [...counts.values()].reduce((all, each) => all + each, 0)
}

// PGlite has one connection, so the test compares held locks with PostgreSQL's table of conflicts. In waits.servers.test.ts, a second
// session asks a server.
test('F4, F13: everything that waits while the last statement of a transaction works is reported', {
  timeout: 3_600_000,
}, async () => {
  const database = await Database.start()
  let [transactions, relations] = [0, 0]
  try {
    expect(await database.run(setup)).toBeNull()
    await fc.assert(
      fc.asyncProperty(transaction, async statements => {
        const truth = await held(database, statements)
        await database.run('ROLLBACK')
        if (truth === null) return
        transactions++
        relations += truth.size
        expect([...(await told(statements, '18'))].sort()).toEqual([...truth].sort())
      }),
      runs(400),
    )
  } finally {
    await database.stop()
  }
  console.info(`${transactions} transactions, ${relations} kinds of waiting`)
  expect(transactions).toBeGreaterThan(50)
})
