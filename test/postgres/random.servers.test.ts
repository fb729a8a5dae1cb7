import { expect, test } from 'vitest'
import { startLocal } from '../../src/node/server/local-server.ts'
import { supportedVersions } from '../../src/postgres/version.ts'
import { compareHistories, compareTransactions } from './kit/random.ts'
import { blocks } from './kit/random-blocks.ts'
import { nativeFolder } from './servers/installed.ts'

// The same as random.pglite.test.ts on servers, where a second session sees the locks of what cannot run in a transaction.
test.each(supportedVersions)(
  'what PostgreSQL %i does with random statements is what the model says',
  { timeout: 3_600_000 },
  async version => {
    const server = await startLocal({ folder: nativeFolder(version), superuser: true, seconds: 600 })
    const [session, others] = [await server.connect(), await server.others()]
    try {
      const one = await compareHistories({ session, others, version }, 150)
      const many = await compareTransactions({ session, others, version }, 100)
      const inBlocks = await compareHistories({ session, others, version }, 80, blocks)
      console.info(
        `${server.name}: ${one} statements by themselves, ${many} in transactions, ${inBlocks} with triggers and blocks`,
      )
      expect(one).toBeGreaterThan(500)
    } finally {
      await session.end()
      await others?.session.end()
      await server.stop()
    }
  },
)
