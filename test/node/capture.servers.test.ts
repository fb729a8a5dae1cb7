import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { isInstalled } from '../postgres/servers/installed.ts'
import { startServer } from '../postgres/servers/server.ts'
import { cli, migrateLint, project } from './kit/program.ts'

const pg = fileURLToPath(import.meta.resolve('pg'))

/** A program that connects as its environment says, with more options of the driver, and prints the answers to some statements. */
const client = (options: string, ...statements: readonly string[]) => `
  import pg from ${JSON.stringify(pg)}
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL, ...(${options}) })
  await client.connect()
  for (const sql of ${JSON.stringify(statements)}) console.log(JSON.stringify((await client.query(sql)).rows))
  await client.end()
`

const index = ['CREATE TABLE a (id int)', 'CREATE INDEX a_id ON a (id)']

async function running() {
  const server = await startServer(17)
  onTestFinished(() => server.stop())
  const url = `postgres://postgres:hidden@127.0.0.1:${server.port}/postgres`
  const ask = async (sql: string) => {
    const admin = await server.connect()
    try {
      return (await admin.query(sql)).rows
    } finally {
      await admin.end()
    }
  }
  const captureAt = (address: string, files: Readonly<Record<string, string>>, ...flags: readonly string[]) =>
    migrateLint(['capture', '--database-url', address, ...flags, '--', process.execPath, 'migrate.mjs'], {
      cwd: project(files),
    })
  const capture = (files: Readonly<Record<string, string>>, ...flags: readonly string[]) =>
    captureAt(url, files, ...flags)
  const databases = () => ask("SELECT datname FROM pg_database WHERE datname LIKE 'migrate%'")
  return { url, ask, capture, captureAt, databases }
}

describe.runIf(isInstalled(17))('a capture on a server of the user', () => {
  test('lints what the command sends to a new database, which is gone afterwards', async () => {
    const { capture, databases } = await running()
    const sent = client('{}', ...index, 'SELECT current_database(), current_user')
    const { code, stdout, stderr } = await capture({ 'migrate.mjs': sent }, '-f', 'json')
    expect(stderr).toMatch(
      /A database migrate_lint_capture_\w+ is created on 127\.0\.0\.1 for the capture, and dropped at its end\./,
    )
    expect(code, stdout + stderr).toBe(0)
    expect(stdout + stderr).toMatch(/"current_database":"migrate_lint_capture_\w+","current_user":"postgres"/)
    expect(JSON.parse(stdout).summary).toMatchObject({ migrations: 1, read: 1, statements: 2 })
    expect(await databases()).toEqual([])
  })

  test('needs nothing but a role that may create databases', async () => {
    const { url, ask, captureAt, databases } = await running()
    await ask('CREATE ROLE maker LOGIN CREATEDB')
    await ask('CREATE ROLE reader LOGIN')
    const files = { 'migrate.mjs': client('{}', ...index, 'SELECT current_user') }
    const made = await captureAt(url.replace('postgres:hidden', 'maker'), files)
    expect([made.code, made.stdout + made.stderr]).toEqual([0, expect.stringContaining('"current_user":"maker"')])
    const refused = await captureAt(url.replace('postgres:hidden', 'reader'), files)
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringContaining(
        'The role may not create a database for the capture: permission denied to create database.',
      ),
    ])
    expect(await databases()).toEqual([])
    // Why only sessions of the role itself are ended.
    expect(
      await ask(
        'SET ROLE maker; SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = pg_backend_pid() AND usename <> current_user',
      ).catch((error: Error) => error.message),
    ).toMatch(/permission denied to terminate process/)
  })

  test('never gives the command the password, and the session the settings that it asks for', async () => {
    const { capture, databases } = await running()
    const options = "{ application_name: 'tool', options: '-c DateStyle=ISO,\\\\ DMY -c lock_timeout=3s' }"
    const { stdout, stderr } = await capture({
      'migrate.mjs': `${client(
        options,
        'SHOW "DateStyle"',
        'SHOW lock_timeout',
        'SHOW application_name',
        'RESET ALL',
        'SHOW lock_timeout',
        'CREATE TABLE public.a (id int)',
      )}\nconsole.log(JSON.stringify(process.env))`,
    })
    const said = stdout + stderr
    expect(said).not.toContain('hidden')
    for (const each of ['"DateStyle":"ISO, DMY"', '"lock_timeout":"3s"', '"application_name":"tool"'])
      expect(said).toContain(each)
    expect(said.split('"lock_timeout":"3s"')).toHaveLength(3)
    expect(await databases()).toEqual([])
  })

  test('lets nobody in who has not got the password that the command has, and passes refusals on', async () => {
    const { capture, databases } = await running()
    const attempt = (options: string, password = 'process.env.PGPASSWORD') => `
      try {
        const connectionString = process.env.DATABASE_URL.replace(process.env.PGPASSWORD, ${password})
        const other = new pg.Client({ connectionString, ...(${options}) })
        await other.connect()
        console.log('in')
        await other.end()
      } catch (error) {
        console.log(error.code + ' ' + error.message)
      }`
    const { stdout, stderr } = await capture({
      'migrate.mjs': [
        client('{}', 'CREATE TABLE a (id int)'),
        attempt('{}', "'hidden'"),
        attempt("{ options: '-c nothing_like_this=1' }"),
        attempt("{ replication: 'database' }"),
        attempt('{}'),
      ].join('\n'),
    })
    expect((stdout + stderr).match(/^(?:in|\S+ (?:the password|unrecognized|there is no).*)$/gm)).toEqual([
      '28P01 the password is not the one that migrate-lint gave the command',
      '42704 unrecognized configuration parameter "nothing_like_this"',
      '0A000 there is no replication here',
      'in',
    ])
    expect(await databases()).toEqual([])
  })

  test('refuses a server that is in use, and keeps nothing when a signal ends it', async () => {
    const { url, ask, capture, databases } = await running()
    const slow = client('{}', 'SELECT pg_sleep(100)')
    const cwd = project({ 'migrate.mjs': slow })
    // The questions of this test come from sessions as well.
    const args = ['capture', '--database-url', url, '--in-use', '--', process.execPath, 'migrate.mjs']
    const child = spawn(process.execPath, [cli, ...args], { cwd, stdio: 'ignore' })
    onTestFinished(() => void child.kill('SIGKILL'))
    const sleeping = () => ask("SELECT FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(100)'")
    await expect.poll(async () => (await sleeping()).length, { timeout: 60_000 }).toBe(1)
    const refused = await capture({ 'migrate.mjs': slow })
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain('and a capture runs migrations. Give the address of a server for tests')
    child.kill('SIGINT')
    await new Promise(resolve => child.once('exit', resolve))
    await expect.poll(databases, { timeout: 30_000 }).toEqual([])
    expect(await sleeping()).toEqual([])
  })
})
