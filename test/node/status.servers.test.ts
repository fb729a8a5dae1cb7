import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Client } from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Server, startServer } from '../postgres/servers/server.ts'
import { migrateLint, project } from './kit/program.ts'

// What PostgreSQL in-process cannot show: locks, roles, policies and sockets.

const files = { 'db/migrations/1_users.sql': '-- migrate:up\nSELECT 1;\n-- migrate:down\n' }
const sockets = mkdtempSync(join(tmpdir(), 'sockets-'))
chmodSync(sockets, 0o777)

let server: Server
let admin: Client
beforeAll(async () => {
  server = await startServer(17, { unix_socket_directories: sockets })
  admin = await server.connect()
})
beforeEach(() =>
  admin.query(
    "DROP SCHEMA public CASCADE; CREATE SCHEMA public; CREATE TABLE schema_migrations (version varchar); INSERT INTO schema_migrations VALUES ('1'); DROP ROLE IF EXISTS reader; CREATE ROLE reader LOGIN; GRANT USAGE ON SCHEMA public TO reader",
  ),
)
afterAll(async () => {
  await admin.end()
  await server.stop()
  rmSync(sockets, { recursive: true })
})

const status = (url: string, env: Record<string, string> = {}) =>
  migrateLint(['status', '--database-url', url], { cwd: project(files), env })
const as = (role: string) => `postgres://${role}@127.0.0.1:${server.port}/postgres`

/** What the program says in the end, and who it is while it waits for a lock. */
async function waiting(during: (pid: number) => Promise<unknown>) {
  // A transaction sees one state of all sessions only, so that another one holds the lock.
  const other = await server.connect()
  try {
    await other.query('BEGIN; LOCK TABLE schema_migrations')
    const running = status(as('postgres'))
    const waits = "SELECT pid, application_name AS name FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    await expect.poll(async () => (await admin.query(waits)).rowCount, { timeout: 20_000, interval: 20 }).toBe(1)
    const [{ pid, name }] = (await admin.query(waits)).rows
    await during(pid)
    return { ...(await running), name }
  } finally {
    await other.end()
  }
}

test('a lock on the table is waited for only so long, in a session called by the name of the tool', async () => {
  const { code, stderr, name } = await waiting(async () => {})
  expect(name).toBe('migrate-lint')
  expect(stderr).toContain('canceling statement due to lock timeout. Something holds a lock on the table')
  expect(code).toBe(2)
})

test('a session that ended differently was not waiting for a lock', async () => {
  const { stderr } = await waiting(pid => admin.query('SELECT pg_cancel_backend($1)', [pid]))
  expect(stderr).toContain('cannot be read: canceling statement due to user request.\n')
})

test('a role needs to read the table, all of it', async () => {
  const refused = await status(as('reader'))
  expect(refused.stdout.replace(/\s+/g, ' ')).toContain(
    'public.schema_migrations is not read: it belongs to postgres, and you may not read it (it needs SELECT, and USAGE on its schema).',
  )
  expect(refused.code).toBe(2)
  await admin.query('GRANT SELECT ON schema_migrations TO reader')
  expect((await status(as('reader'))).code).toBe(0)
  await admin.query('ALTER TABLE schema_migrations ENABLE ROW LEVEL SECURITY')
  const hidden = await status(as('reader'))
  expect(hidden.stdout.replace(/\s+/g, ' ')).toContain('row-level security may hide rows of it from you')
  expect(hidden.stdout).toContain('It is not known what is applied here.')
  expect(hidden.code).toBe(2)
})

test('the environment fills in what the address leaves out', async () => {
  const env = { PGHOST: '127.0.0.1', PGPORT: String(server.port), PGUSER: 'postgres', PGDATABASE: 'postgres' }
  const { code, stdout } = await status('postgres://', env)
  expect(stdout).toContain(`Database postgres on 127.0.0.1:${server.port}, PostgreSQL 17.`)
  expect(code).toBe(0)
})

test.each([
  ['as a parameter', () => `postgres:///postgres?host=${sockets}&port=${server.port}&user=postgres`],
  ['as a host', () => `postgres://postgres@${encodeURIComponent(sockets)}:${server.port}/postgres`],
])('a socket: %s', async (_, url) => {
  const { code, stdout, stderr } = await status(url())
  expect(stderr).not.toContain('cannot')
  expect(stdout).toContain('Database postgres, PostgreSQL 17.')
  expect(code).toBe(0)
})

test('a percent sign in a password, written as it is', async () => {
  const { code, stderr } = await status(`postgres://postgres:50%off@127.0.0.1:${server.port}/postgres`)
  expect(stderr).not.toContain('cannot')
  expect(code).toBe(0)
})

test('the connection is closed before git is searched for what was applied', async () => {
  const cwd = project({
    'package.json': '{"dependencies":{"postgres-migrations":"5"}}',
    'migrations/1-users.sql': 'SELECT 1;\n',
  })
  rmSync(join(cwd, '.git'), { recursive: true })
  const git = execFileSync('/bin/sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim()
  // Waits in the place of git until it is let go on. It lies elsewhere: no program of the work tree is run.
  const bin = project({
    git: `#!/bin/sh
case " $* " in *' log '*) touch '${cwd}/asked'; until [ -e '${cwd}/go' ] || [ ! -d '${cwd}' ]; do sleep 0.1; done;; esac
exec '${git}' "$@"
`,
  })
  chmodSync(join(bin, 'git'), 0o755)
  execFileSync(git, ['init', '--quiet'], { cwd })
  await admin.query(
    "CREATE TABLE migrations (id integer, name text, hash text, executed_at timestamp); INSERT INTO migrations VALUES (1, 'users', 'x', now())",
  )
  const env = { PATH: `${bin}:${process.env.PATH}` }
  const running = migrateLint(['status', '--database-url', as('postgres')], { cwd, env })
  await expect.poll(() => existsSync(join(cwd, 'asked')), { timeout: 20_000 }).toBe(true)
  const sessions = "SELECT count(*)::int FROM pg_stat_activity WHERE application_name = 'migrate-lint'"
  await expect.poll(async () => (await admin.query(sessions)).rows[0].count, { timeout: 5_000 }).toBe(0)
  writeFileSync(join(cwd, 'go'), '')
  expect((await running).stdout).toContain('1 edited')
})

test('an address in the words of another tool', async () => {
  const jdbc = await status(`jdbc:postgresql://127.0.0.1:${server.port}/postgres?user=postgres`)
  expect(jdbc.stdout).toContain('1 applied')
  const pgx = await status(`pgx5://postgres@127.0.0.1:${server.port}/postgres?x-migrations-table=schema_migrations`)
  expect(pgx.stdout).toContain('1 applied')
})

test('problems are reported in one line', async () => {
  const unknown = await status(`postgres://postgres@127.0.0.1:${server.port}/nowhere`)
  expect(unknown.stderr).toContain('The database cannot be reached: database "nowhere" does not exist.')
  const strict = await status(`${as('postgres')}?sslmode=require`)
  expect(strict.stderr).toContain('The database cannot be reached: The server does not support SSL connections.')
  expect(strict.code).toBe(2)
})
