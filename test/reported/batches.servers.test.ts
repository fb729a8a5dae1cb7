import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Server, startServer } from '../postgres/servers/server.ts'
import { change, changes, costs, type Database, fill, keys, size } from './kit/batches.ts'

// The same as batches.pglite.test.ts, with the plans of the oldest and of the newest server.
describe.each([12, 18] as const)('R6, H1: the last batch costs as much as the first on PostgreSQL %i', version => {
  let server: Server
  let database: Database
  let end: () => Promise<void>
  beforeAll(async () => {
    server = await startServer(version)
    const client = await server.connect()
    database = { run: sql => client.query(sql), rows: async sql => (await client.query(sql)).rows }
    end = () => client.end()
    // Before 13 it is not a part of PostgreSQL.
    if (version === 12) {
      await database.run(
        "CREATE FUNCTION gen_random_uuid() RETURNS uuid LANGUAGE sql VOLATILE AS 'SELECT md5(random()::text)::uuid'",
      )
    }
  })
  afterAll(async () => {
    await end()
    await server.stop()
  })

  test.each(keys)('filled by %s', async (_, columns, values) => {
    const { rounds, left } = await fill(database, columns, values, String(version))
    expect(left).toBe(0)
    expect(rounds.length).toBeGreaterThan(50)
    const { first, last } = costs(rounds)
    expect(last).toBeLessThan(first * 2)
  })

  test.each(changes)('a whole-table %s', async (...statement) => {
    const { rounds, left } = await change(database, statement, String(version))
    expect(left).toBe(0)
    expect(rounds).toHaveLength(size / 1000)
    const { first, last } = costs(rounds)
    expect(last).toBeLessThan(first * 2)
  })
})
