import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { empty } from '../systems/tracked.ts'
import { type DatabaseServer, startDatabase } from './database-server.ts'
import { migrateLint, project, safeIndex } from './program.ts'

const section = (sql: string) => `-- migrate:up\n${sql}\n-- migrate:down\n`
const dbmate = {
  'db/migrations/1_users.sql': section('CREATE TABLE users (id bigint);'),
  'db/migrations/2_orders.sql': section('CREATE TABLE orders (id bigint);'),
  'db/migrations/3_notes.sql': section('CREATE TABLE notes (id bigint);'),
}
const numbered = {
  'package.json': '{"dependencies":{"postgres-migrations":"5"}}',
  'migrations/1-users.sql': 'SELECT 1;\n',
}

let database: DatabaseServer
beforeAll(async () => {
  database = await startDatabase()
})
beforeEach(async () => {
  await empty(database.db)
  database.sent.length = 0
})
afterAll(() => database.stop())

const status = (cwd: string, ...args: string[]) =>
  migrateLint(['status', ...args], { cwd, env: { DATABASE_URL: database.url } })

async function applied(...versions: string[]): Promise<void> {
  await database.db.exec('CREATE TABLE schema_migrations (version varchar PRIMARY KEY)')
  for (const version of versions) await database.db.query('INSERT INTO schema_migrations VALUES ($1)', [version])
}

describe('status', () => {
  it('tells what is applied and what is pending, and passes', async () => {
    await applied('1', '2')
    const { code, stdout, stderr } = await status(project(dbmate))
    expect(stdout.replace(String(database.port), 'PORT').replace(/PostgreSQL \S+/, 'PostgreSQL 18')).toBe(
      `
Database postgres on 127.0.0.1:PORT, PostgreSQL 18

db/migrations/  (dbmate, public.schema_migrations)

  2 applied
    the last: db/migrations/2_orders.sql
    edits cannot be seen: dbmate records nothing of what is in a file

  1 pending
    db/migrations/3_notes.sql

2 applied, 1 pending
`.slice(1),
    )
    expect(stderr).toBe(
      'migrate-lint: Reading db/migrations/ as dbmate (-- migrate:up in db/migrations/1_users.sql).\n',
    )
    expect(code).toBe(0)
  })

  it('fails with --fail-on-pending', async () => {
    await applied('1', '2')
    expect((await status(project(dbmate), '--fail-on-pending')).code).toBe(1)
    await database.db.exec("INSERT INTO schema_migrations VALUES ('3')")
    expect((await status(project(dbmate), '--fail-on-pending')).code).toBe(0)
  })

  it('says what was looked for when there is no table', async () => {
    const { code, stdout } = await status(project(dbmate))
    expect(stdout).toContain('Nothing is applied here: there is no table schema_migrations in any schema.')
    expect(stdout).toContain('3 pending, in this order')
    expect(code).toBe(0)
  })

  it('fails when a migration is missing on disk', async () => {
    await applied('1', '2', '3', '4')
    const { code, stdout } = await status(project(dbmate))
    expect(stdout).toContain('1 applied, but missing on disk\n    4\n')
    expect(code).toBe(1)
  })

  it('does not fail when one is out of order that the tool runs all the same', async () => {
    await applied('1', '3')
    const { code, stdout } = await status(project(dbmate))
    expect(stdout).toContain('db/migrations/2_orders.sql (out of order)')
    expect(stdout.replace(/\s+/g, ' ')).toContain('dbmate runs it all the same')
    expect(code).toBe(0)
  })

  it('fails when a file was edited', async () => {
    await database.db.exec(
      "CREATE TABLE migrations (id integer, name text, hash text, executed_at timestamp); INSERT INTO migrations VALUES (1, 'users', 'x', '2026-03-01 10:22:33')",
    )
    const { code, stdout } = await status(project(numbered))
    expect(stdout).toContain('    migrations/1-users.sql\n      applied 2026-03-01 10:22; its text differs\n')
    expect(code).toBe(1)
  })

  it('reports on what was asked for', async () => {
    await applied('1', '4')
    const { code, stdout } = await status(project(dbmate), 'db/migrations/3_notes.sql')
    expect(stdout).toContain('3_notes.sql')
    expect(stdout).not.toContain('2_orders.sql')
    expect(stdout).not.toContain('missing')
    expect(code).toBe(0)
  })

  it('takes rows for those of another project that shares the table', async () => {
    const rails = (name: string) => `class ${name} < ActiveRecord::Migration[7.1]\nend\n`
    const files = {
      'app/db/migrate/20260101000000_a.rb': rails('A'),
      'engine/db/migrate/20260102000000_b.rb': rails('B'),
    }
    await applied('20260101000000', '20260102000000')
    const both = await status(project(files))
    expect(both.stdout).toContain('2 applied, 0 pending')
    expect(both.code).toBe(0)
    const one = await status(project(files), 'app/db/migrate')
    expect(one.stdout).toContain('1 missing')
    expect(one.code).toBe(1)
  })

  it('writes JSON of the shape that is shipped', async () => {
    await applied('1', '3', '4')
    const cwd = project(dbmate)
    const { code, stdout } = await status(cwd, '--format', 'json', '--output-file', 'out/status.json')
    expect(stdout).toBe('')
    expect(code).toBe(1)
    const schema = JSON.parse(readFileSync(new URL('../../schema/report.json', import.meta.url), 'utf8')) as object
    const ajv = new Ajv2020({ strict: false }).addSchema(schema, 'report')
    const validate = ajv.compile({ $ref: 'report#/$defs/status' })
    const written = JSON.parse(readFileSync(join(cwd, 'out/status.json'), 'utf8'))
    expect(validate(written), JSON.stringify(validate.errors)).toBe(true)
    expect(written).toMatchObject({
      schemaVersion: 1,
      database: { name: 'postgres', host: '127.0.0.1', port: database.port },
      summary: { applied: 2, edited: 0, pending: 1, outOfOrder: 1, missing: 1, failed: 0, problems: 1 },
      projects: [
        {
          system: 'dbmate',
          directory: 'db/migrations',
          table: 'public.schema_migrations',
          pending: [{ id: '2', path: 'db/migrations/2_orders.sql', again: false, outOfOrder: { severity: 'note' } }],
          missing: [{ id: '4', at: null, severity: 'error' }],
        },
      ],
    })
    const without = JSON.parse(JSON.stringify(written)) as { projects: { applied?: unknown }[] }
    delete without.projects[0]?.applied
    expect(validate(without)).toBe(false)
  })
})

describe('the database', () => {
  it('is only read, in one transaction', async () => {
    await applied('1')
    const before = database.sent.length
    await status(project(dbmate))
    const [begin, ...more] = database.sent.slice(before)
    expect(begin).toBe('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const selects = more.filter(text => !/^SET LOCAL \w+ = /.test(text))
    expect(selects.length).toBeGreaterThan(2)
    expect(selects.filter(text => !/^SELECT /.test(text))).toEqual([])
    expect(more).toContain("SET LOCAL statement_timeout = '30s'")
    expect(more).toContain("SET LOCAL lock_timeout = '5s'")
  })

  it('may be behind a pooler that refuses parameters of the session', async () => {
    const pooler = await startDatabase(true)
    onTestFinished(() => pooler.stop())
    const { code, stdout } = await migrateLint(['status', '--database-url', pooler.url], { cwd: project(dbmate) })
    expect(stdout).toContain('3 pending')
    expect(code).toBe(0)
  })

  it.each([
    [
      'is not named',
      undefined,
      'Which database? Give --database-url postgres://…, or DATABASE_URL in the environment.',
    ],
    [
      'is of another kind',
      'mysql://app:s3cret@host/shop',
      'The address of the database must be like postgres://user@host:5432/name, and not for mysql.',
    ],
    ['is no address', 'shop', 'The address of the database must be like postgres://user@host:5432/name.'],
    [
      'has a password with a slash',
      'postgres://app:s3cret/word@host/shop',
      'The address of the database cannot be read',
    ],
    [
      'does not answer',
      'postgres://app:s3cret@127.0.0.1:1/shop',
      'The database cannot be reached: connect ECONNREFUSED 127.0.0.1:1.',
    ],
    ['is not to be had by a service file', 'postgres://app:s3cret@/shop?service=x', 'Service files are not read'],
    [
      'has no certificate file',
      'postgres://app:s3cret@127.0.0.1:1/shop?sslmode=verify-full&sslrootcert=nowhere.pem',
      'nowhere.pem',
    ],
  ])('%s: one line, and never the password', async (_, url, message) => {
    const args = ['status', '--debug', ...(url === undefined ? [] : ['--database-url', url])]
    const { code, stdout, stderr } = await migrateLint(args, { cwd: project(dbmate), env: { DATABASE_URL: '' } })
    expect(stderr).toContain(message)
    expect(stdout + stderr).not.toContain('s3cret')
    expect(code).toBe(2)
  })

  it('is not told with its password when the flag is mistyped', async () => {
    const { code, stderr } = await migrateLint(['status', `--databse-url=${database.url}`, database.url], {
      cwd: project(dbmate),
    })
    expect(stderr).toContain('unknown option')
    expect(stderr).not.toContain('s3cret')
    expect(code).toBe(2)
  })
})

describe('what cannot be compared', () => {
  it('is plain SQL, of which no table is known', async () => {
    const { code, stderr } = await status(project(safeIndex))
    expect(stderr).toContain(
      'No table is known that records what is applied here. Say which tool runs them: --system <id>',
    )
    expect(code).toBe(2)
  })

  it('is several projects with one table that was named', async () => {
    const { code, stderr } = await status(project({ ...dbmate, ...numbered }), '--tracking-table', 'x')
    expect(stderr).toContain('--tracking-table is for one project, and there are several (db/migrations/, migrations/)')
    expect(code).toBe(2)
  })

  it('is a table that was named and is not there', async () => {
    const { code, stderr } = await status(project(dbmate), '--tracking-table', 'tools.history')
    expect(stderr).toContain('--tracking-table: there is no table history in any schema')
    expect(code).toBe(2)
  })
})
