import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WorkingTree } from '../../src/node/disk/working-tree.ts'
import { type Server, startServer } from '../postgres/servers/server.ts'
import { expectationOf } from './kit/expected.ts'
import { missing, run, tools } from './kit/tools.ts'

// Scripts that begin and end transactions themselves, run by the real tools. Whether a tool stops, and at what, is compared with the
// model.

let server: Server
beforeAll(async () => {
  server = await startServer(17)
})
afterAll(() => server.stop())

interface Script {
  readonly name: string
  /** Migrations, each of statements. */
  readonly migrations: readonly (readonly string[])[]
}

const build = 'CREATE INDEX CONCURRENTLY i ON a (id);'
const make = (name: string) => `CREATE TABLE ${name} (id bigint);`

const scripts: readonly Script[] = [
  { name: 'COMMIT at the end', migrations: [[make('a'), 'COMMIT;']] },
  { name: 'COMMIT, a build, BEGIN', migrations: [[make('a'), 'COMMIT;', build, 'BEGIN;', make('b')]] },
  { name: 'COMMIT, a build', migrations: [[make('a'), 'COMMIT;', "SET lock_timeout = '1s';", build]] },
  { name: 'COMMIT, BEGIN, a build', migrations: [[make('a'), 'COMMIT;', 'BEGIN;', build]] },
  { name: 'a build in the transaction', migrations: [[make('a'), build]] },
  { name: 'BEGIN in the transaction', migrations: [[make('a'), 'BEGIN;', make('b'), 'COMMIT;', build]] },
  { name: 'BEGIN at the end', migrations: [[make('a'), 'COMMIT;', 'BEGIN;', make('b')]] },
  { name: 'a savepoint', migrations: [[make('a'), 'SAVEPOINT s;', make('b'), 'ROLLBACK TO SAVEPOINT s;', make('c')]] },
  { name: 'a savepoint after COMMIT', migrations: [[make('a'), 'COMMIT;', 'SAVEPOINT s;']] },
  { name: 'LOCK TABLE after COMMIT', migrations: [[make('a'), 'COMMIT;', 'LOCK TABLE a;']] },
  { name: 'COMMIT AND CHAIN', migrations: [[make('a'), 'COMMIT AND CHAIN;', build]] },
  { name: 'ROLLBACK in a later migration', migrations: [[make('a')], [make('b'), 'ROLLBACK;', make('c')]] },
  { name: 'COMMIT in an earlier migration', migrations: [[make('a'), 'COMMIT;'], ['SELECT 1;']] },
]

/** How each tool is given a migration of statements. */
const layouts: Readonly<Record<string, (migrations: Script['migrations']) => Readonly<Record<string, string>>>> = {
  drizzle: migrations => ({
    'drizzle.config.ts':
      "export default { dialect: 'postgresql', out: './drizzle', dbCredentials: { url: process.env.DATABASE_URL } }\n",
    'drizzle/meta/_journal.json': JSON.stringify({
      version: '7',
      dialect: 'postgresql',
      entries: migrations.map((_, idx) => ({
        idx,
        version: '7',
        when: 1_771_300_000_000 + idx,
        tag: `000${idx}_a`,
        breakpoints: true,
      })),
    }),
    ...named(
      migrations,
      i => `drizzle/000${i}_a.sql`,
      all => all.join('\n--> statement-breakpoint\n'),
    ),
  }),
  'node-pg-migrate': migrations => ({
    'package.json': '{"dependencies":{"node-pg-migrate":"9.0.0"}}',
    ...named(
      migrations,
      i => `migrations/170409960000${i}_a.sql`,
      all => `-- Up Migration\n${all.join('\n')}\n`,
    ),
  }),
  'postgres-migrations': migrations => ({
    'package.json': '{"dependencies":{"postgres-migrations":"5.3.0"}}',
    ...named(
      migrations,
      i => `migrations/${i + 1}_a${i}.sql`,
      all => all.join('\n'),
    ),
  }),
  dbmate: migrations =>
    named(
      migrations,
      i => `db/migrations/2024010${i + 1}000000_a.sql`,
      all => `-- migrate:up\n${all.join('\n')}\n\n-- migrate:down\n`,
    ),
  supabase: migrations => ({
    'supabase/config.toml': 'project_id = "shop"\n',
    'package.json': '{"devDependencies":{"supabase":"3.1.0"}}',
    ...named(
      migrations,
      i => `supabase/migrations/2024010${i + 1}000000_a.sql`,
      all => all.join('\n'),
    ),
  }),
  liquibase: migrations => ({
    'liquibase.properties': 'changeLogFile=changelog.sql\n',
    'changelog.sql': `--liquibase formatted sql\n${migrations.map((all, i) => `\n--changeset a:${i}\n${all.join('\n')}\n`).join('')}`,
  }),
}

function named(
  migrations: Script['migrations'],
  path: (i: number) => string,
  text: (all: readonly string[]) => string,
) {
  return Object.fromEntries(migrations.map((all, i) => [path(i), text(all)]))
}

const here = tools.filter(tool => tool.system in layouts && missing(tool) === null)

describe.each(here.map(tool => [tool.system, tool] as const))('%s', (system, tool) => {
  test.each(scripts.map(script => [script.name, script] as const))('%s', async (_, { migrations }) => {
    const directory = mkdtempSync(join(tmpdir(), 'script-'))
    const admin = await server.connect()
    try {
      for (const [path, text] of Object.entries(layouts[system]?.(migrations) ?? {})) {
        mkdirSync(dirname(join(directory, path)), { recursive: true })
        writeFileSync(join(directory, path), text)
      }
      const { messages } = await expectationOf(new WorkingTree(directory), system)
      symlinkSync(fileURLToPath(new URL('tools/node_modules', import.meta.url)), join(directory, 'node_modules'))
      await admin.query('DROP DATABASE IF EXISTS shop WITH (FORCE)')
      await admin.query('CREATE DATABASE shop')
      const url = `postgres://postgres:none@127.0.0.1:${server.port}/shop?sslmode=disable`
      const { code, output } = await run(tool, directory, url)
      const state = messages.at(-1)?.error ?? null
      // What the model says fails stops the tool. A tool may stop at its own COMMIT, too: lib/pq wants its transaction to be open.
      if (state !== null) expect(code, output).not.toBe(0)
      else if (!endsItself.test(output)) expect(code, output).toBe(0)
      // drizzle-kit prints no message, and dbmate prints that of its own ROLLBACK where the text has ended the transaction.
      if (state === '25001' && system !== 'drizzle' && !endsItself.test(output))
        expect(output).toMatch(/cannot (?:run inside a transaction block|be executed )/)
    } finally {
      await admin.end()
      rmSync(directory, { recursive: true, force: true })
    }
  })
})

/** What dbmate's driver says where the text has ended the transaction. */
const endsItself = /unexpected transaction status idle/
