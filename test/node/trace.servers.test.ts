import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { supportedVersions } from '../../src/postgres/version.ts'
import { validated } from '../kit/report-schema.ts'
import { isInstalled, nativeFolder } from '../postgres/servers/installed.ts'
import { startServer } from '../postgres/servers/server.ts'
import { cli, migrateLint, project } from './kit/program.ts'

interface Traced {
  readonly statements: readonly { readonly sql: string; readonly refused?: { readonly sqlstate: string } }[]
  readonly summary: { readonly differences: number; readonly failed: number }
}

interface Waiting {
  readonly statements: readonly {
    readonly sql: string
    readonly waits?: string
    readonly relations?: readonly {
      readonly relation: string
      readonly waiting: { readonly reads: boolean; readonly writes: boolean }
    }[]
  }[]
}

const files = {
  'migrations/1.sql': `
    CREATE TABLE users (id int PRIMARY KEY, email text NOT NULL);
    CREATE TABLE orders (id bigint PRIMARY KEY, user_id int, total numeric(10, 2), at timestamptz);
    INSERT INTO users SELECT i, 'u' || i FROM generate_series(1, 500) i;`,
  'migrations/2.sql': `
    ALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY (user_id) REFERENCES users;
    CREATE INDEX CONCURRENTLY orders_user ON orders (user_id);
    ALTER TABLE users ALTER COLUMN id TYPE bigint;
    ALTER TABLE orders ADD COLUMN state text NOT NULL DEFAULT 'new';
    ALTER TABLE orders ADD CHECK (total > 0) NOT VALID;
    BEGIN;
    ALTER TABLE orders RENAME COLUMN at TO placed_at;
    CREATE VIEW open AS SELECT * FROM orders WHERE state = 'new';
    COMMIT;
    REINDEX TABLE CONCURRENTLY orders;
    TRUNCATE orders, users;
    DROP TABLE orders CASCADE;`,
}

/** What servers of this program have left in the folder for temporary files. */
const left = () =>
  readdirSync(tmpdir()).filter(name => name.startsWith('migrate-lint-') && existsSync(join(tmpdir(), name, 'data')))

describe.each(supportedVersions)('PostgreSQL %i', version => {
  test.runIf(isInstalled(version))('does what is predicted, and is gone afterwards', async () => {
    const before = left()
    const { code, stdout, stderr } = await migrateLint(
      ['trace', '--server', nativeFolder(version), '--check', '-f', 'json', 'migrations'],
      { cwd: project(files) },
    )
    expect(code, stdout + stderr).toBe(0)
    expect(validated<Traced>(stdout, 'trace').summary).toMatchObject({ statements: 15, differences: 0, failed: 0 })
    expect(left().filter(name => !before.includes(name))).toEqual([])
  })

  test.runIf(isInstalled(version))('keeps migrations away from the machine', async () => {
    const marker = join(project({}), 'marker')
    const attacks = [
      `COPY (SELECT 1) TO '/tmp/${version}.marker'`,
      `DO $$ BEGIN EXECUTE 'COPY (SELECT 1) TO PROGRAM ''touch ${marker}'''; END $$`,
      "SELECT pg_read_file('/etc/passwd')",
      'CREATE ROLE other SUPERUSER',
      'GRANT pg_execute_server_program TO CURRENT_USER',
      'CREATE FUNCTION f(cstring) RETURNS int LANGUAGE c AS $$libc.so.6$$, $$system$$',
    ]
    for (const attack of attacks) {
      const { code, stdout } = await migrateLint(
        ['trace', '--server', nativeFolder(version), '-f', 'json', 'migrations'],
        { cwd: project({ 'migrations/1.sql': `${attack};` }) },
      )
      const { statements } = validated<Traced>(stdout, 'trace')
      expect([attack, code, statements[0]?.refused !== undefined]).toEqual([attack, 1, true])
    }
    expect(existsSync(marker)).toBe(false)
  })
})

const partitioned = {
  'migrations/1.sql': `
    CREATE TABLE users (id int);
    CREATE INDEX users_id ON users (id);
    CREATE TABLE events (at date) PARTITION BY RANGE (at);
    CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');`,
  'migrations/2.sql': `
    BEGIN;
    ALTER TABLE events_1 SET (fillfactor = 90);
    TRUNCATE events_1;
    COMMIT;
    REINDEX INDEX users_id;
    REINDEX INDEX CONCURRENTLY users_id;`,
}

test.runIf(isInstalled(12) && isInstalled(18)).each([12, 18] as const)(
  'a second session tells who waits on PostgreSQL %i, also at what is not locked itself',
  async version => {
    const { code, stdout, stderr } = await migrateLint(
      ['trace', '--server', nativeFolder(version), '--check', '-f', 'json', 'migrations/2.sql'],
      { cwd: project(partitioned) },
    )
    expect(code, stdout + stderr).toBe(0)
    const told = validated<Waiting>(stdout, 'trace').statements.map(({ sql, waits, relations = [] }) => [
      sql,
      waits,
      ...relations.flatMap(({ relation, waiting: { reads, writes } }) =>
        reads || writes ? [`${relation}: ${reads ? 'reads ' : ''}${writes ? 'writes' : ''}`] : [],
      ),
    ])
    const all = ['events: reads writes', 'events_1: reads writes']
    // The last one has its strong lock for a moment only, which may be missed.
    expect(told.at(-1)?.slice(0, 2)).toEqual(['REINDEX INDEX CONCURRENTLY users_id', 'derived'])
    expect(told.slice(1, -1)).toEqual([
      ['ALTER TABLE events_1 SET (fillfactor = 90)', 'tried'],
      ['TRUNCATE events_1', 'tried', ...all],
      ['COMMIT', 'derived'],
      ['REINDEX INDEX users_id', 'tried', 'users: reads writes'],
    ])
  },
)

test.runIf(isInstalled(17)).each(['SIGINT', 'SIGKILL'] as const)(
  'a trace that is ended by %s leaves no server behind',
  async signal => {
    const cwd = project({ 'migrations/1.sql': 'SELECT pg_sleep(100);' })
    const before = left()
    const child = spawn(process.execPath, [cli, 'trace', '--server', nativeFolder(17), 'migrations'], {
      cwd,
      stdio: 'ignore',
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    const own = () => left().find(name => !before.includes(name))
    await expect
      .poll(() => own() !== undefined && existsSync(join(tmpdir(), own() ?? '', 'data/postmaster.pid')), {
        timeout: 60_000,
      })
      .toBe(true)
    const pid = Number(readFileSync(join(tmpdir(), own() ?? '', 'data/postmaster.pid'), 'utf8').split('\n')[0])
    child.kill(signal)
    await new Promise(resolve => child.once('exit', resolve))
    expect(child.signalCode).toBe(signal)
    // After SIGKILL, another process has to do it.
    await expect.poll(own, { timeout: 30_000 }).toBeUndefined()
    await expect.poll(() => existsSync(`/proc/${pid}`), { timeout: 30_000 }).toBe(false)
  },
)

// The first lifts the server's own limit, and the second takes no notice of a request to stop.
const endless = [
  'SET statement_timeout = 0; SELECT pg_sleep(1000)',
  'DO $$ BEGIN LOOP BEGIN PERFORM pg_sleep(1000); EXCEPTION WHEN query_canceled THEN NULL; END; END LOOP; END $$',
]

test.runIf(isInstalled(12)).each(endless)(
  'a statement that never ends is stopped, and the trace with it: %s',
  async sql => {
    const cwd = project({ 'migrations/1.sql': `CREATE TABLE a (id int);\n${sql};\n` })
    const before = left()
    const args = ['trace', '--timeout', '2', 'migrations']
    const local = await migrateLint([...args, '--server', nativeFolder(12)], { cwd })
    const said = 'The server was stopped in a message that took more than 2 seconds.'
    expect([local.code, local.stderr]).toEqual([2, expect.stringContaining(said)])
    expect(left().filter(name => !before.includes(name))).toEqual([])
    const server = await startServer(12)
    onTestFinished(() => server.stop())
    const url = `postgres://postgres:hidden@127.0.0.1:${server.port}/postgres`
    const own = await migrateLint([...args, '--database-url', url], { cwd })
    expect([own.code, own.stderr]).toEqual([2, expect.stringContaining(said)])
    const admin = await server.connect()
    expect((await admin.query("SELECT datname FROM pg_database WHERE datname LIKE 'migrate%'")).rows).toEqual([])
    expect(
      (await admin.query("SELECT pid FROM pg_stat_activity WHERE query LIKE '%PERFORM%' AND pid <> pg_backend_pid()"))
        .rows,
    ).toEqual([])
    await admin.end()
  },
)

describe.runIf(isInstalled(16))('a server of the user', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('keeps nothing of a trace that is ended by %s', async signal => {
    const server = await startServer(16)
    onTestFinished(() => server.stop())
    const admin = await server.connect()
    onTestFinished(() => admin.end())
    const made = async () =>
      (await admin.query("SELECT datname FROM pg_database WHERE datname LIKE 'migrate%'")).rows.length
    const url = `postgres://postgres:hidden@127.0.0.1:${server.port}/postgres`
    const child = spawn(process.execPath, [cli, 'trace', '--database-url', url, '--in-use', 'migrations'], {
      cwd: project({ 'migrations/1.sql': 'SELECT pg_sleep(100);' }),
      stdio: 'ignore',
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    const sleeping = async () =>
      (
        await admin.query(
          "SELECT FROM pg_stat_activity WHERE query LIKE '%pg_sleep(100)%' AND state = 'active' AND pid <> pg_backend_pid()",
        )
      ).rows.length
    await expect.poll(sleeping, { timeout: 60_000 }).toBe(1)
    expect(await made()).toBe(1)
    child.kill(signal)
    await new Promise(resolve => child.once('exit', resolve))
    await expect.poll(made, { timeout: 30_000 }).toBe(0)
    expect(await sleeping()).toBe(0)
  })

  test('has a new database for the trace, which is gone afterwards', async () => {
    const server = await startServer(16)
    onTestFinished(() => server.stop())
    const url = `postgres://postgres:hidden@127.0.0.1:${server.port}/postgres`
    const run = (...args: readonly string[]) =>
      migrateLint(['trace', '--database-url', url, '-f', 'json', '--check', ...args, 'migrations'], {
        cwd: project(files),
      })
    const { code, stdout, stderr } = await run()
    expect(code, stdout + stderr).toBe(0)
    expect(stderr).toMatch(
      /A database migrate_lint_trace_\w+ is created on 127\.0\.0\.1 for the trace, and dropped at its end\./,
    )
    expect(stdout + stderr).not.toContain('hidden')
    const admin = await server.connect()
    expect((await admin.query("SELECT datname FROM pg_database WHERE datname LIKE 'migrate%'")).rows).toEqual([])

    const refused = await run()
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain('The server looks like one that is in use (other sessions are connected: 1)')
    expect((await run('--in-use')).code).toBe(0)
    await admin.query('CREATE ROLE reader LOGIN')
    await admin.end()
    const other = await migrateLint(
      ['trace', '--database-url', url.replace('postgres:hidden', 'reader'), 'migrations'],
      { cwd: project(files) },
    )
    expect(other.code).toBe(2)
    expect(other.stderr).toContain(
      'The role may not create a database for the trace: permission denied to create database.',
    )
  })
})
