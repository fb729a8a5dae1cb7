import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { readStatistics } from '../../src/lint/sizes/statistics.ts'
import { supportedVersions } from '../../src/postgres/version.ts'
import { type Server, startServer } from '../postgres/servers/server.ts'
import { migrateLint, project } from './kit/program.ts'

// `stats` on real servers: what it says, what it may read, and what a stranger may have planted there.

const schema = JSON.parse(readFileSync(new URL('../../schema/stats.json', import.meta.url), 'utf8'))
const isValid = new Ajv2020({ formats: { 'date-time': true } }).compile(schema)

const content = `
  CREATE TABLE orders (id bigint PRIMARY KEY, t text);
  INSERT INTO orders SELECT i, md5(i::text) FROM generate_series(1, 20000) i;
  CREATE TABLE never (id int, t text);
  CREATE TABLE events (id int, t text) PARTITION BY RANGE (id);
  CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (1000) PARTITION BY RANGE (id);
  CREATE TABLE events_1a PARTITION OF events_1 FOR VALUES FROM (0) TO (500);
  CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM (1000) TO (9000);
  CREATE INDEX events_t ON events (t);
  INSERT INTO events SELECT i, 'x' FROM generate_series(1, 499) i;
  INSERT INTO events SELECT i, 'x' FROM generate_series(1000, 4999) i;
  CREATE MATERIALIZED VIEW summary AS SELECT * FROM orders;
  CREATE SCHEMA "a.b"; CREATE TABLE "a.b"."c""d" (id int);
  CREATE TEMPORARY TABLE passing (id int);
  ANALYZE`

async function stats(server: Server, role = 'postgres', ...args: readonly string[]) {
  const url = `postgres://${role}@127.0.0.1:${server.port}/postgres`
  return migrateLint(['stats', '--database-url', url, ...args], { cwd: project({}) })
}

describe.each(supportedVersions)('PostgreSQL %i', version => {
  test('says how large its tables are, to a role without rights', async () => {
    const server = await startServer(version)
    const admin = await server.connect()
    try {
      await admin.query(content)
      // A stranger's functions and operators come first in everybody's search path, and must not be called.
      await admin.query(`CREATE ROLE reader LOGIN; CREATE SCHEMA trap; GRANT USAGE ON SCHEMA trap TO PUBLIC;
        CREATE FUNCTION trap.fail(name, name) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RAISE ''trapped''; END';
        CREATE OPERATOR trap.<> (FUNCTION = trap.fail, LEFTARG = name, RIGHTARG = name);
        CREATE FUNCTION trap.pg_relation_size(regclass, text) RETURNS bigint LANGUAGE plpgsql AS 'BEGIN RAISE ''trapped''; END';
        CREATE TABLE trap.pg_class (oid oid); ALTER ROLE reader SET search_path = trap, pg_catalog`)
      const { code, stdout, stderr } = await stats(server, 'reader')
      expect([code, stderr]).toEqual([0, ''])
      expect(isValid(JSON.parse(stdout)), JSON.stringify(isValid.errors)).toBe(true)
      expect(stdout).not.toMatch(/127\.0\.0\.1|reader|passing/)
      const known = readStatistics(stdout, Date.now())
      expect(known.server.split('.')[0]).toBe(String(version))
      expect(known.of('orders')?.rows).toBe(20_000)
      expect(known.of('orders')?.bytes).toBeGreaterThan(1_000_000)
      expect(known.of('orders')?.indexBytes).toBeGreaterThan(100_000)
      expect(known.of('never')?.bytes).toBe(0)
      expect(known.of('events')?.rows).toBe(4_499)
      expect(known.of('events_1')?.rows).toBe(499)
      expect(known.of('summary')?.rows).toBe(20_000)
      expect(known.of('a.b.c"d')).toBeDefined()
      expect(known.of('pg_catalog.pg_class')).toBeUndefined()

      const hashed = await stats(server, 'reader', '--hash-names')
      expect(hashed.stdout).not.toContain('orders')
      expect(readStatistics(hashed.stdout, Date.now()).of('orders')?.rows).toBe(20_000)

      await admin.query('REVOKE EXECUTE ON FUNCTION pg_stat_get_tuples_inserted(oid) FROM PUBLIC')
      const blind = await stats(server, 'reader')
      expect(blind.code).toBe(0)
      expect(blind.stderr).toContain('The role may not read statistics, so the file does not say how much is written.')
      expect(readStatistics(blind.stdout, Date.now()).of('orders')).toMatchObject({
        rows: 20_000,
        writesPerSecond: null,
      })
    } finally {
      await admin.end()
      await server.stop()
    }
  })
})

test('a lock is waited for only so long, and then nothing is written', async () => {
  const server = await startServer(17)
  const admin = await server.connect()
  try {
    await admin.query('CREATE TABLE held (id int)')
    await admin.query('BEGIN; LOCK TABLE held')
    const { code, stdout, stderr } = await stats(server)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain('canceling statement due to lock timeout. Something holds a lock on the table')
  } finally {
    await admin.end()
    await server.stop()
  }
})

test('linting finds the file that it has written, and says so', async () => {
  const server = await startServer(16)
  const admin = await server.connect()
  try {
    await admin.query(content)
    const cwd = project({
      'db/1.sql': 'CREATE INDEX a ON orders (t);\nCREATE INDEX b ON never (t);\nCREATE INDEX c ON other (t);\n',
    })
    const url = `postgres://postgres@127.0.0.1:${server.port}/postgres`
    const written = await migrateLint(['stats', '--database-url', url, '-o', 'migrate-lint-stats.json'], { cwd })
    expect([written.code, written.stdout]).toEqual([0, ''])
    const { stdout } = await migrateLint(['db', '-f', 'json', '--only', 'blocking-index-build'], { cwd })
    const { findings, servers } = JSON.parse(stdout)
    expect(servers).toMatchObject([{ by: 'statistics', places: [{ path: 'migrate-lint-stats.json' }] }])
    expect(servers[0].versions[0]).toMatch(/^16\.\d+$/)
    const lines = findings.map((each: { start: { line: number }; severity: string }) => [
      each.start.line,
      each.severity,
    ])
    expect(lines).toEqual([
      [1, 'error'],
      [3, 'error'],
    ])
    expect(findings[0].message).toMatch(/"orders" has 20 k rows, 1\.\d MB: /)
    expect(readFileSync(join(cwd, 'migrate-lint-stats.json'), 'utf8')).not.toContain('127.0.0.1')
  } finally {
    await admin.end()
    await server.stop()
  }
})
