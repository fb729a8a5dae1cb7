import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { migrateLint, project } from './kit/program.ts'

// The tools themselves, as their users start them.

const tools = fileURLToPath(new URL('../systems/tools/node_modules', import.meta.url))
const bin = (name: string) => join(tools, '.bin', name)

async function captured(files: Readonly<Record<string, string>>, ...command: readonly string[]) {
  const cwd = project(files)
  symlinkSync(tools, join(cwd, 'node_modules'))
  const { code, stdout, stderr } = await migrateLint(['capture', '-f', 'json', '--save', 'sent', '--', ...command], {
    cwd,
  })
  const sent = existsSync(join(cwd, 'sent'))
    ? readdirSync(join(cwd, 'sent')).map(name => [name, readFileSync(join(cwd, 'sent', name), 'utf8')])
    : []
  const { findings } = JSON.parse(stdout || '{"findings":[]}')
  return {
    code,
    stderr,
    sent: Object.fromEntries(sent),
    rules: findings.map(({ path, rule }: Record<string, string>) => `${path} ${rule}`),
  }
}

describe('capture runs', () => {
  test('node-pg-migrate, which has one transaction for all', async () => {
    const { sent, rules, stderr } = await captured(
      {
        'migrations/1700000000000_users.cjs':
          "exports.up = pgm => pgm.createTable('users', { id: 'id', email: 'text' })",
        'migrations/1700000000001_index.cjs':
          "exports.up = pgm => pgm.createIndex('users', process.env.PGHOST ? 'email' : 'id')",
      },
      bin('node-pg-migrate'),
      'up',
    )
    expect(Object.keys(sent), stderr).toEqual(['1_1700000000000_users.sql', '2_1700000000001_index.sql'])
    expect(sent['2_1700000000001_index.sql']).toContain('CREATE INDEX "users_email_index" ON "users" ("email");')
    expect(rules).toContain('captured/2_1700000000001_index.sql blocking-index-build')
  })

  test('db-migrate', async () => {
    const { sent, rules, stderr } = await captured(
      {
        'database.json': '{ "dev": { "ENV": "DATABASE_URL" } }',
        'migrations/20240101000000-users.js':
          "exports.up = async db => { await db.createTable('users', { id: { type: 'bigint', primaryKey: true }, email: 'string' }) }; exports._meta = { version: 1 }",
        'migrations/20240102000000-index.js':
          "exports.up = async db => { await db.addIndex('users', 'users_email', ['email']) }; exports._meta = { version: 1 }",
      },
      bin('db-migrate'),
      'up',
    )
    expect(Object.keys(sent), stderr).toHaveLength(2)
    expect(rules.filter((each: string) => each.includes('blocking-index-build'))).toEqual([
      `captured/${Object.keys(sent)[1]} blocking-index-build`,
    ])
  })

  test('dbmate, which is written in Go', async () => {
    const [platform = ''] = readdirSync(join(tools, '@dbmate')).filter(name => name !== 'dbmate')
    const { sent, rules, stderr } = await captured(
      {
        'db/migrations/20240101000000_users.sql':
          '-- migrate:up\nCREATE TABLE users (id bigint PRIMARY KEY, email text);\n-- migrate:down\n',
        'db/migrations/20240102000000_index.sql':
          '-- migrate:up\nCREATE INDEX users_email ON users (email);\n-- migrate:down\n',
      },
      join(tools, '@dbmate', platform, 'bin/dbmate'),
      '--no-dump-schema',
      'migrate',
    )
    expect(Object.keys(sent), stderr).toEqual(['1_20240101000000.sql', '2_20240102000000.sql'])
    expect(rules).toContain('captured/2_20240102000000.sql blocking-index-build')
  })
})
