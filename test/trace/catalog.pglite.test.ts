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
    // Nothing that a session sets, or makes for itself, changes the answer.
    const first = await catalogOf(session)
    await session.send('CREATE TEMP TABLE pg_class (oid int); SET statement_timeout TO 1; SET search_path TO app')
    await session.send('CREATE ROLE other; SET ROLE other')
    expect([...(await catalogOf(session))].filter(([what]) => what !== 'role other')).toEqual([...first])
    await session.send('RESET ROLE; RESET statement_timeout; RESET search_path')
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
