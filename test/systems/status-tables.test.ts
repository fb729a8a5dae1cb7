import type { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { systems } from '../../src/systems/index.ts'
import { plain } from '../../src/systems/plain/plain.ts'
import { trackings } from '../../src/systems/status/trackings.ts'
import { tableNamesOf } from '../../src/systems/tracking/table-names.ts'
import { byHand } from './kit/tables-by-hand.ts'
import { database, empty, put, type RecordedTable, recorded, statusIn, treeOf } from './kit/tracked.ts'

let db: PGlite
beforeAll(async () => ({ db } = await database()))
beforeEach(() => empty(db))
afterAll(() => db.close())

describe('a table by hand', () => {
  test.each(byHand.map(each => [each.what, each] as const))('%s', async (_, { fixture, table, changes, expected }) => {
    await put(db, table)
    const status = await statusIn(db, treeOf(fixture, changes))
    expect(status).toMatchObject(expected)
  })
})

describe('the table', () => {
  const rails = recorded.dbmate as RecordedTable

  test('that does not exist means that nothing is applied, and the status names the searched table', async () => {
    const status = await statusIn(db, treeOf('dbmate'))
    expect(status).toMatchObject({ table: null, applied: [], missing: [] })
    expect(status.sought).toBe('there is no table schema_migrations in any schema')
    expect(status.pending.length).toBe(7)
  })

  test('of another tool is not read', async () => {
    await put(db, { table: 'public.migrations', columns: { name: 'text' }, rows: [['x']] })
    const status = await statusIn(db, treeOf('laravel'))
    expect(status.table).toBeNull()
    expect(status.sought).toBe('public.migrations is there, but has no columns migration, batch')
  })

  test('is found in a schema that is not on the search path, when it is the only one', async () => {
    await put(db, { ...rails, table: 'tenant.schema_migrations' })
    expect((await statusIn(db, treeOf('dbmate'))).table).toBe('tenant.schema_migrations')
    await put(db, { ...rails, table: 'other.schema_migrations' })
    await expect(statusIn(db, treeOf('dbmate'))).rejects.toThrow(/several tables schema_migrations .*--tracking-table/)
    await put(db, { ...rails, rows: [] })
    expect((await statusIn(db, treeOf('dbmate'))).table).toBe('public.schema_migrations')
  })

  test('of another program in a schema of its own is not read', async () => {
    const other = { table: 'auth.schema_migrations', columns: { version: 'text' }, rows: [['20171026211738']] }
    await put(db, other)
    await put(db, { ...other, table: 'realtime.schema_migrations' })
    const status = await statusIn(db, treeOf('dbmate'))
    expect(status).toMatchObject({ table: null, applied: [], missing: [] })
    expect(status.sought).toBe('auth.schema_migrations is there, but has none of these migrations')
    await put(db, { ...rails, table: 'tenant.schema_migrations' })
    expect((await statusIn(db, treeOf('dbmate'))).table).toBe('tenant.schema_migrations')
  })

  test('without rows about this database is reported as empty', async () => {
    await put(db, { table: 'hdb_catalog.hdb_version', columns: { cli_state: 'jsonb' }, rows: [['{}']] })
    const { sought } = await statusIn(db, treeOf('hasura'))
    expect(sought).toMatch(/^hdb_catalog\.hdb_version is there, but has none of these migrations, and /)
  })

  test('that somebody names is the only one that is read', async () => {
    await put(db, { ...rails, table: 'Tools.History' })
    expect((await statusIn(db, treeOf('dbmate'), { named: 'Tools.History' })).table).toBe('Tools.History')
    await expect(statusIn(db, treeOf('dbmate'), { named: 'tools.histori' })).rejects.toThrow(/no table histori/)
    await put(db, { table: 'public.t', columns: { a: 'text' }, rows: [] })
    await expect(statusIn(db, treeOf('dbmate'), { named: 't' })).rejects.toThrow(
      /public\.t is there, but has no column version/,
    )
  })

  test('has the name from the environment files of the project', async () => {
    await put(db, { ...rails, table: 'tools.done' })
    const status = await statusIn(db, treeOf('dbmate', { '.env': 'DBMATE_MIGRATIONS_TABLE=tools.done\n' }))
    expect(status.table).toBe('tools.done')
  })
})

test('rows have a known meaning for every system with a table', () => {
  for (const { id } of systems.filter(system => system !== plain)) {
    expect(trackings[id], `say in src/systems/status/trackings.ts what the rows of ${id} mean`).not.toEqual([])
    const names = new Set(trackings[id].map(({ table }) => table))
    expect(names, `${id}: a tracking takes its name from src/systems/tracking/table-names.ts`).toEqual(
      new Set(tableNamesOf[id]),
    )
  }
})
