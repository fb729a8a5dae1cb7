import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { validated } from '../kit/report-schema.ts'
import { migrateLint, project } from './kit/program.ts'
import { dbmate, numbered, useDatabase } from './kit/status-project.ts'

const database = useDatabase()
const { status, applied } = database

describe('status', () => {
  it('lists applied and pending migrations, and passes', async () => {
    await applied('1', '2')
    const { code, stdout, stderr } = await status(project(dbmate))
    expect(stdout.replace(String(database.server.port), 'PORT').replace(/PostgreSQL \S+/, 'PostgreSQL 18')).toBe(
      `
Database postgres on 127.0.0.1:PORT, PostgreSQL 18

db/migrations/  (dbmate, public.schema_migrations)

  2 applied
    the last: db/migrations/2_orders.sql
    edits cannot be detected: dbmate does not record the contents of files

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
    await database.server.db.exec("INSERT INTO schema_migrations VALUES ('3')")
    expect((await status(project(dbmate), '--fail-on-pending')).code).toBe(0)
  })

  it('says what was searched for if there is no table', async () => {
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

  it('does not fail for one that is out of order but that the tool still runs', async () => {
    await applied('1', '3')
    const { code, stdout } = await status(project(dbmate))
    expect(stdout).toContain('db/migrations/2_orders.sql (out of order)')
    expect(stdout.replace(/\s+/g, ' ')).toContain('dbmate runs it anyway')
    expect(code).toBe(0)
  })

  it('fails when a file was edited', async () => {
    await database.server.db.exec(
      "CREATE TABLE migrations (id integer, name text, hash text, executed_at timestamp); INSERT INTO migrations VALUES (1, 'users', 'x', '2026-03-01 10:22:33')",
    )
    const { code, stdout } = await status(project(numbered))
    expect(stdout).toContain('    migrations/1-users.sql\n      applied 2026-03-01 10:22; its text differs\n')
    expect(code).toBe(1)
  })

  it('is not for standard input, which no tool has applied', async () => {
    const cwd = project(dbmate)
    for (const args of [['-'], ['--stdin-filename', 'db/migrations/3_notes.sql']]) {
      const ran = await migrateLint(['status', '--database-url', 'postgres://127.0.0.1:9/x', ...args], {
        cwd,
        stdin: 'SELECT 1;',
      })
      expect(ran).toEqual({
        code: 2,
        stdout: '',
        stderr: 'migrate-lint: `status` cannot check standard input; name a file or a folder.\n',
      })
    }
  })

  it('reports only on the named files', async () => {
    await applied('1', '4')
    const { code, stdout } = await status(project(dbmate), 'db/migrations/3_notes.sql')
    expect(stdout).toContain('3_notes.sql')
    expect(stdout).not.toContain('2_orders.sql')
    expect(stdout).not.toContain('missing')
    expect(code).toBe(0)
  })

  it('writes JSON of the shape that is shipped', async () => {
    await applied('1', '3', '4')
    const cwd = project(dbmate)
    const { code, stdout } = await status(cwd, '--format', 'json', '--output-file', 'out/status.json')
    expect(stdout).toBe('')
    expect(code).toBe(1)
    const written = validated<object>(readFileSync(join(cwd, 'out/status.json'), 'utf8'), 'status')
    expect(written).toMatchObject({
      schemaVersion: 1,
      database: { name: 'postgres', host: '127.0.0.1', port: database.server.port },
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
    expect(() => validated(JSON.stringify(without), 'status')).toThrow('must have required property')
  })
})

describe('the database', () => {
  it('is only read, in one transaction', async () => {
    await applied('1')
    const before = database.server.sent.length
    await status(project(dbmate))
    const [begin, ...more] = database.server.sent.slice(before)
    expect(begin).toBe('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const selects = more.filter(text => !/^SET LOCAL \w+ = /.test(text))
    expect(selects.length).toBeGreaterThan(2)
    expect(
      selects.filter(text => !/^(?:SELECT|DECLARE tracked NO SCROLL CURSOR FOR SELECT|FETCH|CLOSE) /.test(text)),
    ).toEqual([])
    // No operator or function of another schema is found from here on, where the path is set.
    const path = more.indexOf('SET LOCAL search_path = pg_catalog, pg_temp')
    expect(more.slice(0, path).filter(text => /^SELECT /.test(text))).toEqual([
      'SELECT pg_catalog.array_to_json(pg_catalog.current_schemas(true))::pg_catalog.text AS path',
    ])
    expect(more).toContain("SET LOCAL statement_timeout = '30s'")
    expect(more).toContain("SET LOCAL lock_timeout = '5s'")
  })

  it('is shown without its password if the flag is mistyped', async () => {
    const { code, stderr } = await migrateLint(
      ['status', `--databse-url=${database.server.url}`, database.server.url],
      {
        cwd: project(dbmate),
      },
    )
    expect(stderr).toContain('unknown option')
    expect(stderr).not.toContain('s3cret')
    expect(code).toBe(2)
  })
})
