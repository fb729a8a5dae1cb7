import type { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { tools } from './kit/tools.ts'
import { database, empty, put, recorded, statusIn, treeOf } from './kit/tracked.ts'

let db: PGlite
beforeAll(async () => ({ db } = await database()))
beforeEach(() => empty(db))
afterAll(() => db.close())

const flyway = {
  'flyway.toml':
    '[flyway]\nlocations = ["filesystem:sql"]\ntable = "history"\ndefaultSchema = "tools"\n[flyway.placeholders]\nwho = "public"\n',
  'sql/V1__create_users.sql': 'CREATE TABLE users (id bigint PRIMARY KEY, email text);\n',
  'sql/V1_1__orders and more.sql':
    "\ufeffCREATE TABLE orders (id bigint PRIMARY KEY);\r\nCOMMENT ON TABLE orders IS 'Bestellungen für alle';\r\n",
  'sql/V2.0__note.sql': '-- old\n\nALTER TABLE orders ADD note text;',
  'sql/R__view.sql': `CREATE OR REPLACE VIEW v AS SELECT * FROM users;\nGRANT SELECT ON v TO \${who};\n`,
  'sql/R__plain_view.sql': 'CREATE OR REPLACE VIEW w AS SELECT * FROM users;\n',
}

/** The migrations of a fixture that the tool had not applied, if any: they are pending in this order. */
const pending: Readonly<Record<string, readonly string[]>> = {
  alembic: ['alembic/versions/1d0e2a7b9c34_order_lines.py', 'alembic/versions/2e5f8c1a6b90_order_status.py'],
  'db-migrate': ['migrations/20260205090000-refunds.js'],
  knex: ['db/migrations/20260301090000_order_status.js'],
  kysely: ['db/migrations/1767776400000_customers.ts'],
  'node-pg-migrate': ['migrations/1704531600000_orders-total.js'],
  sequelize: ['migrations/20260301090000-invoices.js'],
  typeorm: ['src/migrations/1770195600000-Invoices.ts'],
  refinery: ['migrations/V2__users_email_idx.sql', 'migrations/V12__backfill.rs'],
  sqlx: [
    'migrations/20240103090000_users_name_idx.sql',
    'migrations/20240104090000_users_last_seen.sql',
    'migrations/20240105090000_users_domain_idx.sql',
  ],
}

function treeFor(system: string, changes: Readonly<Record<string, string | null>> = {}) {
  const repaired = tools.find(tool => tool.system === system)?.repaired ?? {}
  return treeOf(system === 'flyway' ? '' : system, { ...(system === 'flyway' ? flyway : repaired), ...changes })
}

describe.each(Object.entries(recorded).map(([system, table]) => [system, table.by, table] as const))(
  '%s, as %s wrote it',
  (system, _, table) => {
    test('is applied as it is on disk', async () => {
      await put(db, table)
      const status = await statusIn(db, treeFor(system))
      expect(status).toMatchObject({ table: table.table, edited: [], missing: [], failed: [] })
      expect(status.applied.length).toBeGreaterThan(1)
      expect(status.pending.map(({ path }) => path)).toEqual(pending[system] ?? [])
      const compared = status.applied.filter(migration => migration.compared)
      // The SQL of code cannot be compared, and Flyway fills in the placeholders of a repeatable migration.
      const left = { 'postgres-migrations': 1, flyway: 1 }[system] ?? 0
      expect(compared.length).toBe(status.comparedBy === null ? 0 : status.applied.length - left)
    })

    test('shows every edit of the parts that it can compare', async () => {
      await put(db, table)
      const whole = await statusIn(db, treeFor(system))
      for (const { path } of whole.applied.filter(({ compared }) => compared)) {
        const tree = treeFor(system)
        const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(tree.read(path))
        const status = await statusIn(db, treeFor(system, { [path]: text.replace(';', '; SELECT 42;') }))
        const told = status.edited.map(edit => edit.path)
        const again = status.pending.filter(each => each.again).map(each => each.path)
        expect([...told, ...again], path).toContain(path)
      }
    })

    test('a row without a file is missing, a file without a row pending', async () => {
      const names = Object.keys(table.columns)
      const last = table.rows.at(-1) ?? []
      await put(db, { ...table, rows: table.rows.slice(0, -1) })
      const before = await statusIn(db, treeFor(system))
      await put(db, table)
      const after = await statusIn(db, treeFor(system))
      // Alembic has one row, from which all earlier migrations follow.
      expect(before.applied.length).toBe(system === 'alembic' ? 0 : after.applied.length - 1)
      const called = ['version', 'version_num', 'filename', 'change', 'created_at', 'name']
      const column = system === 'postgres-migrations' ? 'id' : called.find(name => names.includes(name))
      const strange = last.map((value, i) => (names[i] === column ? '99' : value))
      await put(db, { ...table, rows: [...table.rows, strange] })
      const status = await statusIn(db, treeFor(system))
      expect(status.missing.length).toBe(1)
    })
  },
)
