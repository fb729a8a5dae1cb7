import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { outcomeOfLateness, outcomeOfRename, outcomeOfStamp } from '../../src/systems/history/outcomes.ts'
import { systems } from '../../src/systems/index.ts'
import { type Server, startServer } from '../postgres/servers/server.ts'

// Drizzle's own migrators do what src/systems/history/guard.ts says about them: 0.x with the journal, 1.0 with folders.

let server: Server
beforeAll(async () => {
  server = await startServer(17)
})
afterAll(() => server.stop())

const drizzle = systems.find(({ id }) => id === 'drizzle')
if (!drizzle) throw new Error('no Drizzle')

type Files = Readonly<Record<string, string>>

/** The tables after migrating each of these states of a folder, or the message of the failure. */
async function migrated(orm: string, states: readonly Files[]): Promise<string[]> {
  const migrate = `
    const { Client } = require('pg'), { drizzle } = require('${orm}/node-postgres')
    const { migrate } = require('${orm}/node-postgres/migrator')
    const client = new Client(process.env.DATABASE_URL)
    client.connect().then(() => migrate(drizzle({ client }), { migrationsFolder: 'drizzle' }))
      .then(() => client.end(), error => { process.stdout.write(error.cause?.message ?? error.message); process.exit(1) })`
  const admin = await server.connect()
  await admin.query('DROP DATABASE IF EXISTS shop WITH (FORCE)')
  await admin.query('CREATE DATABASE shop')
  const shop = await server.connect('shop')
  const directory = mkdtempSync(join(tmpdir(), 'drizzle-'))
  symlinkSync(fileURLToPath(new URL('tools/node_modules', import.meta.url)), join(directory, 'node_modules'))
  const env = { ...process.env, DATABASE_URL: `postgres://postgres:none@127.0.0.1:${server.port}/shop` }
  try {
    const said: string[] = []
    for (const files of states) {
      rmSync(join(directory, 'drizzle'), { recursive: true, force: true })
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(directory, path)), { recursive: true })
        writeFileSync(join(directory, path), text)
      }
      const error = await new Promise<string>(resolve =>
        execFile(process.execPath, ['-e', migrate], { cwd: directory, env }, (failed, output) =>
          resolve(failed ? output || failed.message : ''),
        ),
      )
      const { rows } = await shop.query(
        "SELECT string_agg(relname, ' ' ORDER BY relname) AS all FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
      )
      said.push(error || rows[0]?.all)
    }
    return said
  } finally {
    await shop.end()
    await admin.end()
    rmSync(directory, { recursive: true, force: true })
  }
}

describe('the journal of 0.x', () => {
  type Entry = readonly [tag: string, when: number]
  const [a, b, c]: readonly Entry[] = [
    ['0000_a', 1_771_200_000_000],
    ['0001_b', 1_771_300_000_000],
    ['0002_c', 1_771_400_000_000],
  ] as const
  const state = (...entries: readonly (Entry | undefined)[]): Files => {
    const given = entries.flatMap(entry => (entry ? [entry] : []))
    return {
      'drizzle/meta/_journal.json': JSON.stringify({
        version: '7',
        dialect: 'postgresql',
        entries: given.map(([tag, when], idx) => ({ idx, version: '7', when, tag, breakpoints: true })),
      }),
      ...Object.fromEntries(given.map(([tag]) => [`drizzle/${tag}.sql`, `CREATE TABLE ${tag.slice(-1)} (id int);`])),
    }
  }
  const of = (was: number, now: number, latest: number) => outcomeOfStamp(drizzle, was, now, latest).what

  test('a later time than that of all applied ones: it runs again', async () => {
    const moved: Entry = ['0001_b', 1_771_500_000_000]
    expect(of(1_771_300_000_000, 1_771_500_000_000, 1_771_300_000_000)).toContain('run it again')
    expect(await migrated('drizzle-orm', [state(a, b), state(a, moved)])).toEqual([
      'a b',
      'relation "b" already exists',
    ])
  })

  test('an earlier time of the last one: databases that have it skip new ones up to its old time', async () => {
    const moved: Entry = ['0001_b', 1_771_250_000_000]
    const fresh: Entry = ['0002_c', 1_771_290_000_000]
    expect(of(1_771_300_000_000, 1_771_250_000_000, 1_771_300_000_000)).toContain('skip new migrations')
    expect(await migrated('drizzle-orm', [state(a, b), state(a, moved, fresh)])).toEqual(['a b', 'a b'])
    expect(await migrated('drizzle-orm', [state(a, moved), state(a, moved, fresh)])).toEqual(['a b', 'a b c'])
  })

  test('another time before the last one: a database between the two runs it again, or never', async () => {
    const moved: Entry = ['0000_a', 1_771_250_000_000]
    expect(of(1_771_200_000_000, 1_771_250_000_000, 1_771_300_000_000)).toContain('runs it again, or never')
    expect(await migrated('drizzle-orm', [state(a, b), state(moved, b)])).toEqual(['a b', 'a b'])
    expect(await migrated('drizzle-orm', [state(a), state(moved, b)])).toEqual(['a', 'relation "a" already exists'])
  })

  test('a late one is skipped, and so are all after a time in the future', async () => {
    expect(outcomeOfLateness(drizzle, { stamp: { when: 1, file: 'journal' } })).toMatchObject({ severity: 'error' })
    expect(await migrated('drizzle-orm', [state(a, c), state(a, b, c)])).toEqual(['a c', 'a c'])
    const ahead: Entry = ['0001_b', 4_070_908_800_000]
    expect(await migrated('drizzle-orm', [state(a, ahead), state(a, ahead, c)])).toEqual(['a b', 'a b'])
  })

  test('another name with the same time is passed over', async () => {
    expect(outcomeOfRename(drizzle, true, true)).toMatchObject({ severity: 'note' })
    const renamed: Entry = ['0001_x', 1_771_300_000_000]
    expect(await migrated('drizzle-orm', [state(a, b), state(a, renamed)])).toEqual(['a b', 'a b'])
  })
})

describe('the folders of 1.0', () => {
  const state = (...names: readonly string[]): Files =>
    Object.fromEntries(
      names.map(name => [`drizzle/${name}/migration.sql`, `CREATE TABLE ${name.slice(15, 16)} (id int);`]),
    )
  const [a, b, c] = ['20260101000000_a', '20260102000000_b', '20260103000000_c'] as const

  test('a late one runs', async () => {
    expect(outcomeOfLateness(drizzle, {})).toMatchObject({ severity: 'note' })
    expect(await migrated('drizzle-orm-1', [state(a, c), state(a, b, c)])).toEqual(['a c', 'a b c'])
  })

  test('another name runs again', async () => {
    expect(outcomeOfRename(drizzle, false).what).toContain('run it a second time')
    expect(await migrated('drizzle-orm-1', [state(a), state(`${a}_again`)])).toEqual([
      'a',
      'relation "a" already exists',
    ])
  })
})
