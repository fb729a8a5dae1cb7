import { expect, test } from 'vitest'
import { startPglite } from '../../src/node/server/pglite.ts'

test.each([
  'DO $$ BEGIN LOOP END LOOP; END $$',
  'SELECT pg_sleep(1000)',
  'SELECT count(*) FROM generate_series(1, 1e18)',
])('PGlite is stopped in a statement that never ends: %s', async sql => {
  const server = await startPglite([], 2)
  const session = await server.connect()
  await session.send('CREATE TABLE orders (id bigint)')
  await expect(session.send(sql)).rejects.toThrow('PGlite has stopped: a message took more than 2 seconds')
  // It is not asked again, and everything comes to an end.
  await expect(session.send('SELECT 1')).rejects.toThrow('PGlite has stopped')
  await session.end()
  await server.empty()
  const next = await server.connect()
  expect(await next.send('SELECT 1')).toEqual([['1']])
  await server.stop()
})
