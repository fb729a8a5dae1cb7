import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, onTestFinished, test } from 'vitest'
import { validated } from '../kit/report-schema.ts'
import { isInstalled, nativeFolder } from '../postgres/servers/installed.ts'
import { cli, migrateLint, project } from './kit/program.ts'

// A tool of our own, on the driver that most tools in JavaScript have. It runs the files of a folder as they do.

const tool = `
const { Client } = require('pg')
const main = async () => {
  const client = new Client(process.env.DATABASE_URL)
  await client.connect()
  await client.query('CREATE TABLE IF NOT EXISTS schema_migrations (version varchar PRIMARY KEY)')
  const { rows } = await client.query('SELECT version FROM schema_migrations')
  await require('./steps.js')(client, async (version, work) => {
    await client.query('BEGIN')
    await work()
    await client.query('INSERT INTO schema_migrations (version) VALUES ($1)', [version])
    await client.query('COMMIT')
  }, () => new Client(process.env.DATABASE_URL), rows)
  await client.end()
}
main().catch(error => { console.error(error.message); process.exit(7) })
`

function withTool(steps: string): string {
  const cwd = project({
    'tool.js': tool,
    'steps.js': `module.exports = async (client, migration, other) => {\n${steps}\n}`,
  })
  symlinkSync(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(cwd, 'node_modules'))
  return cwd
}

const schema = JSON.parse(readFileSync(new URL('../../schema/capture.json', import.meta.url), 'utf8'))
const isValid = new Ajv2020().compile(schema)

/** The SQL of each migration in a file of `--save`, by its name or number. */
function keptIn(text: string): [string, string][] {
  const kept = JSON.parse(text)
  expect(isValid(kept), JSON.stringify(isValid.errors)).toBe(true)
  return kept.migrations.map(({ name, sql }: { name: string | null; sql: string }, i: number) => [
    name ?? String(i + 1),
    sql,
  ])
}

async function captured(steps: string, ...args: readonly string[]) {
  const cwd = withTool(steps)
  const ran = await migrateLint(
    ['capture', '-f', 'json', '--save', 'sent.json', ...args, '--', process.execPath, 'tool.js'],
    { cwd },
  )
  const file = join(cwd, 'sent.json')
  const saved = Object.fromEntries(existsSync(file) ? keptIn(readFileSync(file, 'utf8')) : [])
  const findings: { readonly path: string; readonly rule: string }[] =
    ran.stdout === '' ? [] : JSON.parse(ran.stdout).findings
  return { ...ran, cwd, saved, found: findings.map(({ path, rule }) => `${path} ${rule}`) }
}

const two = `
  await migration('20240101_users', () => client.query('CREATE TABLE users (id bigint PRIMARY KEY, email text)'))
  await migration('20240102_index', async () => {
    await client.query('SELECT pg_advisory_xact_lock($1)', [4])
    await client.query('CREATE INDEX users_email ON users (email)')
  })`

describe('what a command sends', () => {
  test('is cut into its migrations, and linted', async () => {
    const { code, found, saved, stderr } = await captured(two)
    expect(saved).toEqual({
      '20240101_users': 'BEGIN;\nCREATE TABLE users (id bigint PRIMARY KEY, email text);\nCOMMIT;\n',
      '20240102_index': 'BEGIN;\nCREATE INDEX users_email ON users (email);\nCOMMIT;\n',
    })
    expect(found).toContain('captured/2_20240102_index.sql blocking-index-build')
    expect(code).toBe(1)
    expect(stderr).toContain('What was sent is in sent.json. To lint it again: migrate-lint sent.json')
  })

  test('can be linted again from where it was saved, with the same result', async () => {
    const { cwd, found } = await captured(two)
    const lintSaved = (...flags: readonly string[]) => migrateLint(['sent.json', '-f', 'json', ...flags], { cwd })
    const again = await lintSaved()
    const rules = JSON.parse(again.stdout).findings.map(
      ({ path, rule }: { path: string; rule: string }) => `${path} ${rule}`,
    )
    expect([again.code, rules]).toEqual([1, found])
    const only = await lintSaved('--only', 'drop-foreign-key', '--quiet')
    expect([only.code, JSON.parse(only.stdout).findings]).toEqual([0, []])
    expect(await lintSaved('--since', 'main')).toMatchObject({
      code: 2,
      stderr: 'migrate-lint: sent.json is a capture, for which --since means nothing: leave it out.\n',
    })
  })

  test('stays incomplete where the command failed', async () => {
    const { cwd } = await captured(`${two}\n throw new Error('the third is broken')`)
    const { code, stderr, stdout } = await migrateLint(['sent.json'], { cwd })
    expect([code, stderr]).toEqual([
      2,
      'migrate-lint: The command of this capture ended with exit code 7, so it may not have sent everything.\n',
    ])
    expect(stdout).toContain('blocking-index-build')
  })

  test('has a transaction for each migration where the tool has one for all, and for several statements in one message', async () => {
    const { saved } = await captured(`
      await client.query('BEGIN')
      await client.query('CREATE TABLE a (id int)')
      await client.query("INSERT INTO schema_migrations VALUES ('1_a')")
      await client.query('CREATE TABLE b (id int)')
      await client.query("INSERT INTO schema_migrations VALUES ('2_b')")
      await client.query('COMMIT')
      await client.query('CREATE TABLE c (id int); CREATE TABLE d (id int)')
      await client.query("INSERT INTO schema_migrations VALUES ('3_c')")`)
    expect(saved).toEqual({
      '1_a': 'BEGIN;\nCREATE TABLE a (id int);\nCOMMIT;\n',
      '2_b': 'BEGIN;\nCREATE TABLE b (id int);\nCOMMIT;\n',
      '3_c': 'BEGIN;\nCREATE TABLE c (id int); CREATE TABLE d (id int);\nCOMMIT;\n',
    })
  })

  test('has what computed values became, and not what the server refused', async () => {
    const { saved, stderr } = await captured(`
      await migration('1_a', async () => {
        for (const name of ['x', 'y']) await client.query('CREATE TABLE ' + name + ' (id int)')
        await client.query('SAVEPOINT s')
        await client.query('DROP TABLE nothing').catch(() => {})
        await client.query('ROLLBACK TO s')
        await client.query('SELECT broken').catch(() => {})
        await client.query('ROLLBACK TO s')
        await client.query('UPDATE x SET id = $1', [5])
      })`)
    expect(stderr).toContain('Left out, because the server refused it: 2 messages.')
    expect(saved['1_a']).toBe(
      'BEGIN;\nCREATE TABLE x (id int);\nCREATE TABLE y (id int);\nSAVEPOINT s;\nROLLBACK TO s;\nROLLBACK TO s;\nUPDATE x SET id = $1;\nCOMMIT;\n',
    )
  })

  test('keeps queries that do more than look', async () => {
    const { saved } = await captured(`
      await client.query('CREATE TABLE a (id int); CREATE FUNCTION fill() RETURNS void LANGUAGE sql AS $$ INSERT INTO a VALUES (1) $$')
      await client.query("INSERT INTO schema_migrations VALUES ('1_a')")
      await client.query('SELECT count(*) FROM pg_class')
      await client.query('SELECT fill()')
      await client.query("INSERT INTO schema_migrations VALUES ('2_b')")
      await client.query('SELECT 1 AS x INTO b')
      await client.query("INSERT INTO schema_migrations VALUES ('3_c')")
      await client.query('WITH gone AS (DELETE FROM a RETURNING id) SELECT * FROM gone')
      await client.query("INSERT INTO schema_migrations VALUES ('4_d')")`)
    expect(Object.entries(saved).slice(1)).toEqual([
      ['2_b', 'SELECT fill();\n'],
      ['3_c', 'SELECT 1 AS x INTO b;\n'],
      ['4_d', 'WITH gone AS (DELETE FROM a RETURNING id) SELECT * FROM gone;\n'],
    ])
  })

  test('may come from several connections, which take turns', async () => {
    const { code, saved, stderr } = await captured(`
      const second = other()
      await second.connect()
      await second.query('CREATE TABLE s (id int)')
      await client.query('BEGIN')
      await client.query('CREATE TABLE t (id int)')
      const waits = second.query('SELECT count(*) FROM s')
      await client.query('COMMIT')
      await waits
      await second.end()
      await client.query("INSERT INTO schema_migrations VALUES ('1_t')")`)
    expect(code, stderr).toBe(0)
    expect(Object.values(saved).join('')).toContain('CREATE TABLE t (id int);')
  })

  test('is reported only of the last migrations with --last', async () => {
    const { found } = await captured(
      `${two}\n await migration('3_c', () => client.query('CREATE TABLE c (id bigint)'))`,
      '--last',
      '1',
    )
    expect(found.filter(each => !each.startsWith('captured/3_'))).toEqual([])
  })
})

describe('a command', () => {
  test('that fails passes its exit code on, and what it sent is still linted', async () => {
    const { code, found, stderr } = await captured(`${two}\n throw new Error('the third is broken')`)
    expect(code).toBe(7)
    expect(found).toContain('captured/2_20240102_index.sql blocking-index-build')
    expect(stderr).toContain('the third is broken')
    expect(stderr).toContain('The command ended with exit code 7.')
  })

  test('that is not there, or sends nothing, is one line', async () => {
    const cwd = project({})
    const run = (...command: readonly string[]) => migrateLint(['capture', ...command], { cwd })
    expect(await run('--', 'no-such-program')).toMatchObject({
      code: 2,
      stderr: 'migrate-lint: The command "no-such-program" cannot be started: no such file or directory.\n',
    })
    expect(await run('--', process.execPath, '-e', '0')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('it did not connect: does it read DATABASE_URL or the PG* variables?'),
    })
    expect(await run()).toMatchObject({ code: 2, stderr: expect.stringContaining('Which command?') })
  })

  test('that does not end is ended', async () => {
    const { code, stderr } = await captured(
      `${two}\n await new Promise(resolve => setTimeout(resolve, 200000))`,
      '--timeout',
      '10',
    )
    expect(code).toBe(143)
    expect(stderr).toContain('The command ended with exit code 143.')
  })

  test('that speaks nonsense is disconnected, and nothing else happens', async () => {
    const { code, saved, stderr } = await captured(`
      const { connect } = require('node:net')
      for (const bytes of [Buffer.from('GET / HTTP/1.1\\r\\n\\r\\n'), Buffer.alloc(64), Buffer.from([255, 255, 255, 255, 0])]) {
        await new Promise(resolve => {
          const socket = connect(process.env.PGPORT, '127.0.0.1', () => socket.end(bytes))
          socket.on('close', resolve).on('error', () => {})
        })
      }
      ${two}`)
    expect(code, stderr).toBe(1)
    expect(Object.keys(saved)).toEqual(['20240101_users', '20240102_index'])
  })
})

test('a command whose SQL never ends is ended after --timeout, although PGlite is in this process', async () => {
  const { code, stderr } = await captured(
    `${two}
  await migration('20240103_loop', () => client.query('DO $$ BEGIN LOOP END LOOP; END $$'))`,
    '--timeout',
    '5',
  )
  // The command sees a lost connection, or is ended first.
  expect([7, 143]).toContain(code)
  expect(stderr).toContain(`ended with exit code ${code}`)
  expect(stderr).not.toContain('internal error')
})

describe('with --check, what was sent is compared with what is read', () => {
  const files = {
    'migrations/20240101_users.sql': 'create table "users" (id bigint primary key, email text); -- the first one\n',
    'migrations/20240102_index.sql': 'CREATE INDEX users_email ON users (email);\n',
  }

  interface Checked {
    readonly summary: Readonly<Record<'captured' | 'compared' | 'different' | 'notSent', number>>
    readonly migrations: readonly {
      readonly path: string | null
      readonly sentOnly: string[]
      readonly readOnly: string[]
    }[]
    readonly notSent: readonly string[]
  }

  async function checked(steps: string) {
    const cwd = withTool(steps)
    for (const [name, sql] of Object.entries(files)) {
      mkdirSync(join(cwd, 'migrations'), { recursive: true })
      writeFileSync(join(cwd, name), sql)
    }
    const ran = await migrateLint(['capture', '--check', '-f', 'json', '--', process.execPath, 'tool.js'], { cwd })
    expect(ran.stdout, ran.stderr).not.toBe('')
    return { ...ran, ...validated<Checked>(ran.stdout, 'captureCheck') }
  }

  test('and is the same, whatever the spaces, comments and transactions are', async () => {
    const { code, summary, migrations } = await checked(two)
    expect(migrations.map(({ path }) => path)).toEqual(Object.keys(files))
    expect(summary).toEqual({ captured: 2, compared: 2, different: 0, notSent: 0 })
    expect(code).toBe(0)
  })

  test('and each statement that only one of them has is a failure', async () => {
    const { code, summary, migrations, notSent } = await checked(`
      await migration('20240101_users', async () => {
        await client.query('CREATE TABLE users (id bigint PRIMARY KEY, email varchar)')
        await client.query('COMMENT ON TABLE users IS $$all$$')
      })
      await migration('20240109_other', () => client.query('CREATE TABLE other (id int)'))`)
    expect(migrations).toEqual([
      {
        name: '20240101_users',
        path: 'migrations/20240101_users.sql',
        unread: 0,
        sentOnly: ['CREATE TABLE users (id bigint PRIMARY KEY, email varchar)', 'COMMENT ON TABLE users IS $$all$$'],
        readOnly: ['create table "users" (id bigint primary key, email text)'],
      },
      { name: '20240109_other', path: null, unread: 0, sentOnly: [], readOnly: [] },
    ])
    expect(notSent).toEqual(['migrations/20240102_index.sql'])
    expect(summary).toEqual({ captured: 2, compared: 1, different: 1, notSent: 1 })
    expect(code).toBe(1)
  })
})

describe.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('a capture that is ended by %s', signal => {
  test.each([
    ['PGlite', []],
    // Only the tests of servers and systems install one.
    ...(isInstalled(17) ? [['a server', ['--server', nativeFolder(17)]] as const] : []),
  ] as const)('leaves no process and no folder behind, on %s', async (_, server) => {
    // The tool is started by a shell, which passes no signal on, and has a program of its own, which listens to none.
    const cwd = withTool(`
      const { spawn } = require('node:child_process')
      const own = spawn('/bin/sh', ['-c', 'trap "" INT TERM HUP; sleep 600; exit'])
      await client.query('BEGIN; CREATE TABLE a (id int)')
      require('node:fs').writeFileSync('started', [process.pid, own.pid].join(' '))
      await new Promise(resolve => setTimeout(resolve, 600000))`)
    const foldersNow = () => readdirSync(tmpdir()).filter(name => existsSync(join(tmpdir(), name, 'data')))
    const before = foldersNow()
    const child = spawn(
      process.execPath,
      [cli, 'capture', ...server, '--', '/bin/sh', '-c', `'${process.execPath}' tool.js; true`],
      { cwd, stdio: 'ignore' },
    )
    onTestFinished(() => void child.kill('SIGKILL'))
    const started = join(cwd, 'started')
    await expect.poll(() => existsSync(started), { timeout: 60_000 }).toBe(true)
    const pids = readFileSync(started, 'utf8').split(' ')
    child.kill(signal)
    await new Promise(resolve => child.once('exit', resolve))
    const alive = () => pids.filter(pid => existsSync(`/proc/${pid}`))
    await expect.poll(alive, { timeout: 30_000 }).toEqual([])
    await expect.poll(() => foldersNow().filter(name => !before.includes(name)), { timeout: 30_000 }).toEqual([])
  })
})
