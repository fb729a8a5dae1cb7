import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import '../kit/grammars.ts'
import { lintTree, mapTree } from '../../src/index.ts'
import { reporters } from '../../src/report/index.ts'
import { plain } from '../report/kit/builder.ts'
import { migrateLint, project } from './kit/program.ts'

// The meaning of a run that could not read everything: issues F11 and F17 of public reports.

const code = {
  'package.json': '{"dependencies":{"node-pg-migrate":"7"}}',
  'migrations/1_a.js': 'const change = require("./change")\nexports.up = pgm => change(pgm)\n',
}
const mixed = {
  'migrations/00001_a.sql': '-- +goose Up\nCREATE TABLE invoices (id bigint PRIMARY KEY);\n',
  'migrations/00002_b.go': 'package migrations\n',
  'migrations/00003_c.sql': '-- +goose Up\nCREATE TABLE receipts (id bigint PRIMARY KEY);\n',
}

describe('a run in which nothing could be read (OF-25c)', () => {
  it('ends with 2 and says how to get the SQL', async () => {
    const { code: exit, stdout, stderr } = await migrateLint(['--no-config'], { cwd: project(code) })
    expect(stdout).toMatch(/^1 migration could not be checked \(it comes from another file\)/)
    expect(stderr).toContain('`node-pg-migrate up --dry-run`')
    expect(stderr).toContain('--unread allow')
    expect(exit).toBe(2)
  })

  it('is allowed by a flag and by the configuration, and still counted', async () => {
    const byFlag = await migrateLint(['--unread', 'allow'], { cwd: project(code) })
    const config = { 'migrate-lint.config.json': '{"unread":"allow"}' }
    const byConfig = await migrateLint([], { cwd: project({ ...code, ...config }) })
    for (const { code: exit, stdout } of [byFlag, byConfig]) {
      expect(stdout).toMatch(/^1 migration could not be checked \(it comes from another file\)/)
      expect(exit).toBe(0)
    }
  })

  it('is shown in SARIF, and on standard error if the format has no place for it', async () => {
    const sarif = await migrateLint(['-f', 'sarif'], { cwd: project(code) })
    expect(JSON.parse(sarif.stdout).runs[0].invocations[0].executionSuccessful).toBe(false)
    const gcc = await migrateLint(['-f', 'gcc', '--unread', 'allow'], { cwd: project(code) })
    expect(gcc.stderr).toContain('1 migration could not be checked (it comes from another file).')
  })

  it('is one of `locks`, too', async () => {
    const { code: exit, stderr } = await migrateLint(['locks'], { cwd: project(code) })
    expect(stderr).toContain('1 migration could not be checked (it comes from another file)')
    expect(exit).toBe(2)
  })
})

describe('a run in which something could not be read', () => {
  it('fails only on request', async () => {
    expect((await migrateLint([], { cwd: project(mixed) })).code).toBe(0)
    const failing = await migrateLint(['--unread', 'fail'], { cwd: project(mixed) })
    expect(failing.stderr).toContain(
      '1 of 3 migrations could not be checked (no call of `goose.AddMigration` was found in it).',
    )
    expect(failing.code).toBe(2)
  })

  it('names earlier migrations that are code in one line, and passes', async () => {
    const cwd = project(mixed)
    for (const mode of ['report', 'fail']) {
      const { code: exit, stdout } = await migrateLint(['--unread', mode, 'migrations/00003_c.sql'], { cwd })
      expect(stdout).toMatch(/^No dangers in 1 migration [^\n]*[;\n] ?1 earlier migration is code and was not read\n$/)
      expect(exit).toBe(0)
    }
    const { stdout } = await migrateLint(['-f', 'markdown', 'migrations/00003_c.sql'], { cwd })
    expect(stdout).toMatch(
      /^### ℹ️ migrate-lint: No dangers in 1 migration \(and 1 earlier migration is code and was not read\)/,
    )
  })
})

describe('a journal of Drizzle that is not one', () => {
  it.each(['', '{"entries"', '[]', '{"entries": {}}', '<<<<<<< HEAD'])(
    'is a file that could not be read, even if its folder is read as plain SQL: %j',
    async journal => {
      const cwd = project({
        'drizzle.config.ts': "export default { dialect: 'postgresql', out: './drizzle' }\n",
        'drizzle/meta/_journal.json': journal,
        'drizzle/0000_a.sql': 'CREATE TABLE a (id int PRIMARY KEY);\n',
      })
      const { code: exit, stdout, stderr } = await migrateLint([], { cwd })
      expect(stdout).toMatch(/(?:^|; )1 file or folder could not be read/)
      expect(stderr).toContain('drizzle/meta/_journal.json could not be read: it is not a journal of Drizzle')
      expect(exit).toBe(2)
    },
  )
})

describe('lintTree of the library', () => {
  const table = 'CREATE TABLE a (id int PRIMARY KEY);\n'
  const other = { 'db/migrations/1_a.sql': table, 'Cargo.toml': '[dependencies]\nsqlx = "0.8"\n' }
  const journal = { 'drizzle/meta/_journal.json': '{"entries"', 'drizzle/0000_a.sql': table }
  const schema = 'datasource db {\n  provider = "mysql"\n}\n'
  it.each<[string, Readonly<Record<string, string>>]>([
    ['code', mixed],
    ['a journal that is not one', journal],
    ['a journal that is not one, beside another project', { ...other, ...journal }],
    ['a tool without migrations', { ...other, 'drizzle.config.ts': 'export default {}\n', 'drizzle/x.txt': '' }],
    [
      'another database',
      { ...other, 'prisma/schema.prisma': schema, 'prisma/migrations/1_a/migration.sql': 'CREATE TABLE `a` (id int);' },
    ],
  ])('says what was not read as the program does: %s', async (_, files) => {
    const { stdout, stderr } = await migrateLint(['-f', 'json'], { cwd: project(files) })
    const report = await lintTree(mapTree(files))
    const { unread, summary } = JSON.parse(reporters.json(report, plain))
    expect({ unread, summary }).toEqual({ unread: JSON.parse(stdout).unread, summary: JSON.parse(stdout).summary })
    for (const notice of report.notices) expect(stderr).toContain(`migrate-lint: ${notice}`)
    const known = stderr.split('\n').filter(line => line.startsWith('migrate-lint: ') && !line.includes(': Reading '))
    expect(report.notices).toHaveLength(known.length)
  })
})

describe('history', () => {
  it('ends with 2 outside of git: nothing was compared', async () => {
    const { code: exit, stdout, stderr } = await migrateLint(['history'], { cwd: project(mixed) })
    expect(stdout).toMatch(/^3 migrations could not be checked \(nothing to compare with\)/)
    expect(stderr).toContain('Applied migrations were not compared: not a git repository')
    expect(exit).toBe(2)
  })
})

describe('a configuration below the working directory (F17)', () => {
  const nested = {
    'packages/api/migrate-lint.config.json': '{"rules":{"drop-table":"off"}}',
    'packages/api/migrations/1.sql': 'DROP TABLE old_things;\n',
  }

  it('is named if it does not count', async () => {
    const { code: exit, stderr } = await migrateLint(['packages/api/migrations/1.sql'], { cwd: project(nested) })
    expect(stderr).toContain(
      'packages/api/migrate-lint.config.json is not read: no configuration counts here. To use it, run migrate-lint in packages/api/, or name it with --config.',
    )
    expect(exit).toBe(1)
    const own = { ...nested, 'migrate-lint.config.json': '{}' }
    const { stderr: other } = await migrateLint(['packages/api/migrations/1.sql'], { cwd: project(own) })
    expect(other).toContain('packages/api/migrate-lint.config.json is not read: migrate-lint.config.json counts here.')
  })

  it('is not named if the user names one, wants none, or starts beside it', async () => {
    const cwd = project(nested)
    const named = ['--config', 'packages/api/migrate-lint.config.json']
    for (const flags of [['--no-config'], named]) {
      const { stderr } = await migrateLint([...flags, 'packages/api/migrations/1.sql'], { cwd })
      expect(stderr).not.toContain('is not read')
    }
    const { stderr } = await migrateLint(['migrations/1.sql'], { cwd: join(cwd, 'packages/api') })
    expect(stderr).not.toContain('is not read')
  })
})
