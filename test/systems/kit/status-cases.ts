import { createHash } from 'node:crypto'

/** Path → new text, or null for a file that is removed. */
export type Files = Readonly<Record<string, string | null>>

/** Changes of a project after the tool applied it, with the expected result of `status`. */
export interface Case {
  /** An applied migration to which a statement is added; `told` is false if the tool records nothing that would show it. */
  readonly edited: { readonly path: string; readonly told: boolean }
  /** A new migration after all others. */
  readonly added: { readonly path: string; readonly files: (read: (path: string) => string) => Files }
  /** An applied migration that is removed with its files, and the system's name for it. */
  readonly removed: { readonly id: string; readonly files: (read: (path: string) => string) => Files }
  /** A new migration that is sorted before applied ones. */
  readonly late: { readonly path: string; readonly files: (read: (path: string) => string) => Files }
}

const only = (path: string, text: string) => ({ path, files: () => ({ [path]: text }) })
const gone = (id: string, ...paths: readonly string[]) => ({
  id,
  files: () => Object.fromEntries(paths.map(path => [path, null])),
})

const dbmate = '-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 2;\n'
const stub = (name: string) =>
  `exports.up = db => db.runSql(require('fs').readFileSync(__dirname + '/sqls/${name}-up.sql', 'utf8'))\nexports.down = () => null\nexports._meta = { version: 1 }\n`
const journal = 'drizzle/meta/_journal.json'

interface Entry {
  readonly when: number
  readonly tag: string
}

function inJournal(text: string, change: (entries: Entry[]) => readonly Entry[]): string {
  const { entries, ...rest } = JSON.parse(text) as { entries: Entry[] }
  return JSON.stringify({ ...rest, entries: change(entries) })
}

function committed(previous: string, body: string): string {
  const hash = createHash('sha1').update(`${previous}\n${body.trim()}\n`).digest('hex')
  return `--! Previous: ${previous}\n--! Hash: sha1:${hash}\n\n${body}`
}

const planned = (name: string) => `${name} 2026-03-03T09:00:00Z Jane Doe <jane@example.com> # New.\n`

export const cases: Readonly<Record<string, Case>> = {
  dbmate: {
    edited: { path: 'db/migrations/20240101090000_create_users.sql', told: false },
    added: only('db/migrations/9_new.sql', dbmate),
    removed: gone('20240103090000', 'db/migrations/20240103090000_users_email_idx.sql'),
    late: only('db/migrations/20240102100000_late.sql', dbmate),
  },
  drizzle: {
    edited: { path: 'drizzle/0000_first_steps.sql', told: true },
    added: {
      path: 'drizzle/0009_new.sql',
      files: read => ({
        'drizzle/0009_new.sql': 'SELECT 1;',
        [journal]: inJournal(read(journal), all => [...all, { ...all[0], when: 1799000000000, tag: '0009_new' }]),
      }),
    },
    removed: {
      id: 'the one of 2025-01-10 09:06',
      files: read => ({
        'drizzle/0001_quick_fox.sql': null,
        [journal]: inJournal(read(journal), all => all.filter(({ tag }) => tag !== '0001_quick_fox')),
      }),
    },
    late: {
      path: 'drizzle/0008_late.sql',
      files: read => ({
        'drizzle/0008_late.sql': 'SELECT 1;',
        [journal]: inJournal(read(journal), all => [...all, { ...all[0], when: 1736000000000, tag: '0008_late' }]),
      }),
    },
  },
  'node-pg-migrate': {
    edited: { path: 'migrations/1704099600000_create-users.sql', told: false },
    added: only('migrations/1799000000000_new.sql', '-- Up Migration\nSELECT 1;\n-- Down Migration\n'),
    removed: gone('1704358800000_orders-note', 'migrations/1704358800000_orders-note.sql'),
    late: only('migrations/1704099700000_late.sql', '-- Up Migration\nSELECT 1;\n-- Down Migration\n'),
  },
  'graphile-migrate': {
    edited: { path: 'migrations/committed/000002-orders-user-id.sql', told: true },
    added: only(
      'migrations/committed/000005.sql',
      committed('sha1:27dd6810578cbe8a37a7f681cc192ce1570a23d2', 'select 1;\n'),
    ),
    removed: gone('000002.sql', 'migrations/committed/000002-orders-user-id.sql'),
    late: only('migrations/committed/0000025.sql', committed('sha1:0', 'select 1;\n')),
  },
  'postgres-migrations': {
    edited: { path: 'migrations/2_orders.sql', told: true },
    added: only('migrations/6-new.sql', 'SELECT 1;'),
    removed: gone('3', 'migrations/003-orders-user-id.sql'),
    // Numbers have no gaps: a new one in between moves the others.
    late: only('migrations/6-new.sql', 'SELECT 1;'),
  },
  'db-migrate': {
    edited: { path: 'migrations/sqls/20260105090000-users-up.sql', told: false },
    added: {
      path: 'migrations/20270101000000-new.js',
      files: () => ({
        'migrations/20270101000000-new.js': stub('20270101000000-new'),
        'migrations/sqls/20270101000000-new-up.sql': 'SELECT 1;',
      }),
    },
    removed: gone('/20260204090000-coupons', 'migrations/20260204090000-coupons.js'),
    late: {
      path: 'migrations/20260105100000-late.js',
      files: () => ({
        'migrations/20260105100000-late.js': stub('20260105100000-late'),
        'migrations/sqls/20260105100000-late-up.sql': 'SELECT 1;',
      }),
    },
  },
  liquibase: {
    edited: { path: 'db/changelog/sql/10.orders.sql', told: true },
    added: only('db/changelog/later/003-new.sql', '--liquibase formatted sql\n\n--changeset jane:new\nSELECT 1;\n'),
    removed: gone('jane:a in db/changelog/later/001-orders-user-id.sql', 'db/changelog/later/001-orders-user-id.sql'),
    late: only('db/changelog/later/000-late.sql', '--liquibase formatted sql\n\n--changeset jane:late\nSELECT 1;\n'),
  },
  supabase: {
    edited: { path: 'supabase/migrations/20250301100000_members.sql', told: true },
    added: only('supabase/migrations/20270101000000_new.sql', 'SELECT 1;\n'),
    removed: gone('20250604130000_by_name', 'supabase/migrations/20250604130000_by_name.sql'),
    late: only('supabase/migrations/20250402120000_late.sql', 'SELECT 1;\n'),
  },
  sqitch: {
    edited: { path: 'deploy/orders_user_idx.sql', told: true },
    added: {
      path: 'deploy/new.sql',
      files: read => ({ 'deploy/new.sql': 'SELECT 1;\n', 'sqitch.plan': read('sqitch.plan') + planned('new') }),
    },
    removed: {
      id: 'orders_user_idx',
      files: read => ({
        'deploy/orders_user_idx.sql': null,
        'sqitch.plan': read('sqitch.plan').replace(/^orders_user_idx .*\n/m, ''),
      }),
    },
    late: {
      path: 'deploy/late.sql',
      files: read => ({
        'deploy/late.sql': 'SELECT 1;\n',
        'sqitch.plan': read('sqitch.plan').replace(/^(?=orders_placed_idx )/m, planned('late')),
      }),
    },
  },
}
