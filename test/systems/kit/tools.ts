import { spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('../tools', import.meta.url))
const fixtures = fileURLToPath(new URL('../../../fixtures/systems', import.meta.url))

/** A migration tool that can be run here, with its project in fixtures/systems. */
export interface Tool {
  /** The id of the system, and the name of its fixture. */
  readonly system: string
  /** The command that applies all migrations: program and arguments, in the project's directory. */
  readonly command: (url: URL) => readonly string[]
  /** Environment variables besides DATABASE_URL. */
  readonly environment?: (url: string) => Readonly<Record<string, string>>
  /** Changes after which failing migrations succeed: path → new text, or null for a file that is removed. */
  readonly repaired?: Readonly<Record<string, string | null>>
  /** The text that the tool inserts before it sends a migration. */
  readonly fillIn?: (text: string) => string
  /** Statements of the tool itself that go in one pipeline with a migration. */
  readonly bookkeeping?: RegExp
  /** A connection on which the tool sends this is its own: it sends no migration there. */
  readonly ownConnection?: RegExp
  /** A program that must be on this machine. */
  readonly needs?: string
  /** The only platform for which it is installed. */
  readonly platform?: string
}

const bin = (name: string) => join(here, 'node_modules', '.bin', name)

const postgresMigrations = `
  const { Client } = require('pg'), { migrate } = require('postgres-migrations')
  const client = new Client(process.env.DATABASE_URL)
  client.connect().then(() => migrate({ client }, 'migrations')).then(() => client.end(), error => { console.error(error); process.exit(1) })`

const drizzleOrm = `
  const { Client } = require('pg'), { drizzle } = require('drizzle-orm/node-postgres')
  const { migrate } = require('drizzle-orm/node-postgres/migrator')
  const client = new Client(process.env.DATABASE_URL)
  client.connect().then(() => migrate(drizzle(client), { migrationsFolder: 'drizzle' }))
    .then(() => client.end(), error => { console.error(error); process.exit(1) })`

export const tools: readonly Tool[] = [
  {
    system: 'dbmate',
    platform: 'linux-x64',
    command: () => [join(here, 'node_modules/@dbmate/linux-x64/bin/dbmate'), '--no-dump-schema', 'migrate'],
    repaired: {
      'db/migrations/20240104090000_orders_placed_at_idx.sql': null,
      'db/migrations/20240106090000_orders_note.sql': null,
    },
  },
  {
    system: 'drizzle',
    command: () => [bin('drizzle-kit'), 'migrate'],
    repaired: { 'drizzle/0003_late_merge.sql': 'CREATE INDEX "tasks_done_idx" ON "tasks" ("done_at");\n' },
  },
  {
    system: 'node-pg-migrate',
    command: () => [bin('node-pg-migrate'), 'up'],
    repaired: { 'migrations/1704186000000_users-email-idx.sql': null },
  },
  {
    system: 'graphile-migrate',
    command: () => [bin('graphile-migrate'), 'migrate'],
    environment: url => ({
      ROOT_DATABASE_URL: url.replace('/shop', '/postgres'),
      SHADOW_DATABASE_URL: url.replace('/shop', '/shop_shadow'),
    }),
    fillIn: text => text.replaceAll(':DATABASE_NAME', 'shop'),
  },
  {
    system: 'postgres-migrations',
    command: () => [process.execPath, '-e', postgresMigrations],
  },
  {
    system: 'db-migrate',
    command: () => [bin('db-migrate'), 'up'],
    // With DATABASE_URL it does not read database.json.
    environment: url => ({ DATABASE_URL: '', PGPORT: new URL(url).port, PGUSER: 'postgres', PGPASSWORD: 'none' }),
    repaired: {
      'migrations/20260203090000-users-email.js': null,
      'migrations/sqls/20260203090000-users-email-up.sql': null,
      'migrations/sqls/20260203090000-users-email-down.sql': null,
    },
  },
  {
    system: 'liquibase',
    command: ({ host, pathname }) => [
      join(here, 'node_modules/liquibase/dist/liquibase/liquibase'),
      `--url=jdbc:postgresql://${host}${pathname}?sslmode=disable`,
      '--username=postgres',
      '--password=none',
      'update',
    ],
    needs: 'java',
    repaired: {
      'db/changelog/later/001-orders-user-id.sql':
        '--liquibase formatted sql\n\n--changeset jane:a\nCREATE INDEX orders_user_id ON orders (user_id);\n',
    },
  },
  {
    system: 'supabase',
    command: url => [
      join(here, 'node_modules/@supabase/cli-linux-x64/bin/supabase'),
      'db',
      'push',
      '--yes',
      '--db-url',
      url.href,
    ],
    bookkeeping: /supabase_migrations\./,
    platform: 'linux-x64',
  },
  {
    system: 'sqitch',
    command: url => ['sqitch', 'deploy', '--target', `db:${url}`],
    needs: 'sqitch',
    // The script that creates the registry is run by psql, too.
    ownConnection: /"sqitch"\./,
  },
]

/** Tools whose fixtures only a program of their users could run: they run the scripts of scripts.ts. */
export const scriptTools: readonly Tool[] = [
  // drizzle-kit migrates with this, but does not report errors.
  ...tools.map(tool =>
    tool.system === 'drizzle' ? { ...tool, command: () => [process.execPath, '-e', drizzleOrm] } : tool,
  ),
  { system: 'goose', command: url => ['goose', '-dir', 'db', 'postgres', url.href, 'up'], needs: 'goose' },
  {
    system: 'golang-migrate',
    command: url => ['migrate', '-path', 'db', '-database', url.href, 'up'],
    needs: 'migrate',
  },
]

/** The reason why a tool cannot be run on this machine; null: it can. */
export function missing({ needs, platform }: Tool): string | null {
  if (platform !== undefined && platform !== `${process.platform}-${process.arch}`)
    return `it is installed for ${platform} only`
  if (needs === undefined) return null
  const { error } = spawnSync(needs, ['--version'], { stdio: 'ignore' })
  return error ? `${needs} is not installed on this machine` : null
}

/** A copy of the tool's fixture in a temporary directory, from which the tools can be found. The caller removes it. */
export function projectFor(
  { system }: Tool,
  changes: NonNullable<Tool['repaired']>,
): { directory: string; remove(): void } {
  const directory = mkdtempSync(join(tmpdir(), `${system}-`))
  cpSync(join(fixtures, system), directory, { recursive: true })
  rmSync(join(directory, 'expected.json'), { force: true })
  for (const [path, text] of Object.entries(changes)) {
    if (text === null) rmSync(join(directory, path))
    else writeFileSync(join(directory, path), text)
  }
  symlinkSync(join(here, 'node_modules'), join(directory, 'node_modules'))
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) }
}

/** Runs the tool in a project. Returns its exit code and its output. A tool that hangs is ended after a minute. */
export function run(tool: Tool, directory: string, url: string): Promise<{ code: number | null; output: string }> {
  const [program = '', ...args] = tool.command(new URL(url))
  const { PATH = '', HOME = '' } = process.env
  const env = { PATH, HOME, NO_COLOR: '1', DATABASE_URL: url, ...tool.environment?.(url) }
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: directory, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000 })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (output += chunk))
    child.on('error', reject)
    child.on('close', code => resolve({ code, output }))
  })
}
