import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { migrateLint, project } from './kit/program.ts'

const fixtures = fileURLToPath(new URL('../../fixtures/systems/', import.meta.url))

interface Json {
  readonly findings: readonly { path: string; severity: string; rule: string; start: { line: number } }[]
  readonly summary: { readonly read: number; readonly readInPart: number; readonly notRead: number }
}

/** `path:line severity rule` of every finding, and what was read. */
async function found(args: readonly string[], cwd: string) {
  const ran = await migrateLint(['-f', 'json', ...args], { cwd })
  const report: Json | null = ran.stdout ? JSON.parse(ran.stdout) : null
  const findings = report?.findings ?? []
  return {
    ...ran,
    summary: report?.summary ?? null,
    findings: findings.map(({ path, start, severity, rule }) => `${path}:${start.line} ${severity} ${rule}`),
  }
}

const prisma = {
  'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
  'prisma/migrations/1_a/migration.sql': 'CREATE TABLE a (id int);\n',
  'prisma/migrations/2_b/migration.sql': 'CREATE INDEX a_id ON a (id);\n',
}
const goose = {
  'mail/migrations/1_a.sql': '-- +goose Up\nCREATE TABLE m (id int);\n-- +goose Down\nDROP TABLE m;\n',
  'mail/migrations/2_b.sql': '-- +goose Up\nCREATE INDEX m_id ON m (id);\n-- +goose Down\nDROP INDEX m_id;\n',
}
const onlyIndexes = ['--only', 'blocking-index-build,blocking-index-drop']
const onPrisma = 'prisma/migrations/2_b/migration.sql:1 error blocking-index-build'
const onGoose = 'mail/migrations/2_b.sql:2 error blocking-index-build'

describe('without arguments', () => {
  const names = readdirSync(fixtures).filter(name => existsSync(`${fixtures}${name}/expected.json`))

  it.each(names)('%s is found, and linted as the library does', async name => {
    const expected = JSON.parse(readFileSync(`${fixtures}${name}/expected.json`, 'utf8'))
    const { code, findings, stderr, summary } = await found(['--no-config'], fixtures + name)
    expect(findings).toEqual(expected.findings)
    for (const { directory } of expected.projects) expect(stderr).toContain(`Reading ${directory || '.'}/ as `)
    // Where nothing could be read of any migration, that is not success.
    const isUnread = summary !== null && summary.notRead > 0 && summary.read + summary.readInPart === 0
    const errors = findings.some(line => line.includes(' error '))
    expect(code).toBe(expected.projects.length === 0 || isUnread ? 2 : errors ? 1 : 0)
  })

  it('names the system and its sign; headings do, too', async () => {
    const cwd = project({ ...prisma, ...goose })
    const { stdout, stderr } = await migrateLint(onlyIndexes, { cwd })
    expect(stderr).toContain('Reading mail/migrations/ as goose (-- +goose in mail/migrations/1_a.sql).\n')
    expect(stderr).toContain('Reading prisma/migrations/ as Prisma (prisma/migrations/migration_lock.toml).\n')
    expect(stdout).toMatch(/mail\/migrations\/2_b\.sql:2:1 .*\(goose\)/)
    expect(stdout).toMatch(/prisma\/migrations\/2_b\/migration\.sql:1:1 .*\(Prisma\)/)
    expect(stdout).toContain('2 errors in 2 of 4 migrations (4 statements')
  })

  it('each project is a history of its own, and figures are added up', async () => {
    const { findings } = await found(onlyIndexes, project({ ...prisma, ...goose }))
    expect(findings).toEqual([onGoose, onPrisma])
  })
})

describe('paths', () => {
  it.each([
    ['the folder of a system', ['prisma/migrations'], [onPrisma]],
    ['a folder in it', ['prisma/migrations/2_b'], [onPrisma]],
    ['a file in it', ['prisma/migrations/2_b/migration.sql'], [onPrisma]],
    ['a folder around it', ['prisma'], [onPrisma]],
    ['files of two systems', ['mail/migrations/2_b.sql', 'prisma/migrations/2_b/migration.sql'], [onGoose, onPrisma]],
    ['a file that is not dangerous', ['mail/migrations/1_a.sql'], []],
  ])('%s', async (_, paths, expected) => {
    const { findings, stderr } = await found([...onlyIndexes, ...paths], project({ ...prisma, ...goose }))
    expect(findings).toEqual(expected)
    expect(stderr).toBe('')
  })

  it('of a file that its system does not run: a note says why', async () => {
    const cwd = project({ ...prisma, 'prisma/migrations/3_c.sql': 'DROP TABLE a;' })
    const { code, findings } = await found(['prisma/migrations/3_c.sql'], cwd)
    expect(findings).toEqual(['prisma/migrations/3_c.sql:1 note not-a-migration'])
    expect(code).toBe(0)
  })

  it('of plain SQL beside a system: its folder, or a word that it is plain', async () => {
    const cwd = project({ ...prisma, 'scripts/x.sql': 'CREATE TABLE a (id int); CREATE INDEX i ON b (id);' })
    const finding = ['scripts/x.sql:1 error blocking-index-build']
    expect((await found([...onlyIndexes, 'scripts'], cwd)).findings).toEqual(finding)
    expect((await found([...onlyIndexes, '--system', 'plain', 'scripts/x.sql'], cwd)).findings).toEqual(finding)
    const named = await found([...onlyIndexes, 'scripts/x.sql'], cwd)
    expect(named.findings).toEqual([])
    expect(named.stderr).toContain('scripts/x.sql was skipped: ')
  })
})

describe('the system', () => {
  const files = {
    'db/1_a.sql': '-- +goose Up\nCREATE TABLE t (id int);\n',
    'db/2_b.sql': 'CREATE INDEX i ON t (id);\n',
  }

  it('is what the flag says', async () => {
    const { stdout } = await migrateLint([...onlyIndexes, '--system', 'plain', 'db'], { cwd: project(files) })
    expect(stdout).toMatch(/db\/2_b\.sql:1:\d+ .*\(plain SQL\)/)
  })

  it('is what the configuration says, for all or for a folder', async () => {
    for (const config of ['{ "system": "plain", "paths": ["db"] }', '{ "systems": { "db": "plain" } }']) {
      const { stdout } = await migrateLint(onlyIndexes, {
        cwd: project({ ...files, 'migrate-lint.config.json': config }),
      })
      expect(stdout).toMatch(/db\/2_b\.sql:1:\d+ .*\(plain SQL\)/)
    }
  })

  it('must exist', async () => {
    const { code, stderr } = await migrateLint(['--system', 'gooze'], { cwd: project(files) })
    expect(stderr).toContain('There is no system "gooze": did you mean "goose"?')
    expect(code).toBe(2)
  })
})

describe('another database', () => {
  const mysql = { ...prisma, 'prisma/migrations/migration_lock.toml': 'provider = "mysql"\n' }

  it('is refused, by name and place', async () => {
    for (const args of [[], ['prisma'], ['--no-error-on-unmatched-pattern']]) {
      const { code, stderr, stdout } = await migrateLint(args, { cwd: project(mysql) })
      expect(stderr).toContain(
        'prisma/migrations/ holds Prisma migrations for MySQL (prisma/migrations/migration_lock.toml), which is not PostgreSQL.',
      )
      expect(stdout).toBe('')
      expect(code).toBe(2)
    }
  })

  it('beside PostgreSQL is only a notice; and hooks may name its files', async () => {
    const cwd = project({ ...mysql, ...goose })
    const { findings, stderr } = await found(onlyIndexes, cwd)
    expect(findings).toEqual([onGoose])
    expect(stderr).toContain('Prisma migrations for MySQL')
    const named = await found([...onlyIndexes, 'prisma/migrations/2_b/migration.sql'], cwd)
    expect(named.findings).toEqual([])
    expect(named.code).toBe(0)
  })
})

describe('--down', () => {
  it('lints down migrations; nothing in them is an error', async () => {
    const cwd = project(goose)
    expect((await found(onlyIndexes, cwd)).findings).toEqual([onGoose])
    const { findings } = await found([...onlyIndexes, '--down'], cwd)
    expect(findings).toEqual([onGoose, 'mail/migrations/2_b.sql:4 warning blocking-index-drop'])
  })

  it('also reads separate files, which are otherwise left out', async () => {
    const files = {
      'migrations/1_a.up.sql': 'CREATE TABLE a (id int);',
      'migrations/1_a.down.sql': 'DROP TABLE a;',
      'migrations/2_b.up.sql': 'CREATE INDEX i ON a (id);',
      'migrations/2_b.down.sql': 'DROP INDEX i;',
    }
    const cwd = project(files)
    const { findings, stderr } = await found([...onlyIndexes, '--down', 'migrations/2_b.down.sql'], cwd)
    expect(findings).toEqual(['migrations/2_b.down.sql:1 warning blocking-index-drop'])
    expect(stderr).toBe('')
    expect((await found(onlyIndexes, cwd)).stderr).toContain('2 files were left out: 2 take migrations back')
  })
})
