import { afterAll, beforeAll, expect, test } from 'vitest'
import { startPglite } from '../../src/node/server/pglite.ts'
import type { Session, TraceServer } from '../../src/node/server/session.ts'
import { compareHistories, compareTransactions } from './kit/random.ts'
import { blocks } from './kit/random-blocks.ts'

// A few, so that each run of the tests asks a server. random-many.pglite.test.ts tries more, random.servers.test.ts asks all versions.

let server: TraceServer
let session: Session
beforeAll(async () => {
  server = await startPglite([], 600)
  session = await server.connect()
}, 300_000)
afterAll(async () => {
  await session.end()
  await server.stop()
})

test('what PGlite does with random statements is what the model says', { timeout: 300_000 }, async () => {
  const asked = { session, others: null, version: server.version }
  const one = await compareHistories(asked, 16)
  const many = await compareTransactions(asked, 10)
  const inBlocks = await compareHistories(asked, 8, blocks)
  console.info(
    `${server.name}: ${one} statements by themselves, ${many} in transactions, ${inBlocks} with triggers and blocks`,
  )
  expect(one).toBeGreaterThan(80)
  expect(many).toBeGreaterThan(10)
  expect(inBlocks).toBeGreaterThan(60)
})
