import { expect, test } from 'vitest'
import { catalogOf } from '../../src/node/server/catalog.ts'
import { startPglite } from '../../src/node/server/pglite.ts'
import { before, unseen } from './kit/catalog-changes.ts'

test('each kind of change is seen, and no longer when it is taken back', async () => {
  const server = await startPglite(['pg_trgm'], 600)
  const session = await server.connect()
  try {
    await session.send(before)
    expect(await unseen(session)).toEqual([])
    // A transaction that is open goes on, and nothing is locked that was not.
    await session.send('BEGIN; CREATE TABLE mine (a int)')
    const locks = () => session.send("SELECT relation, mode FROM pg_locks WHERE locktype = 'relation' ORDER BY 1, 2")
    const held = await locks()
    expect([...(await catalogOf(session)).keys()]).toContain('table public.mine')
    expect(session.block).toBe('open')
    expect(await locks()).toEqual(held)
  } finally {
    await session.end()
    await server.stop()
  }
})
