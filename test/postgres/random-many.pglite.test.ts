import { expect, test } from 'vitest'
import { startPglite } from '../../src/node/server/pglite.ts'
import { compareHistories, compareTransactions } from './kit/random.ts'
import { blocks } from './kit/random-blocks.ts'

// HISTORIES=5000 SEED=3 tries others. A difference is a case for test/postgres/cases, and a mistake in src/postgres.
test('what PGlite does with many random statements is what the model says', { timeout: 3_600_000 }, async () => {
  const server = await startPglite([], 600)
  const session = await server.connect()
  try {
    const asked = { session, others: null, version: server.version }
    const one = await compareHistories(asked, 500)
    const many = await compareTransactions(asked, 300)
    const inBlocks = await compareHistories(asked, 300, blocks)
    console.info(
      `${server.name}: ${one} statements by themselves, ${many} in transactions, ${inBlocks} with triggers and blocks`,
    )
    expect(one).toBeGreaterThan(2000)
  } finally {
    await session.end()
    await server.stop()
  }
})
