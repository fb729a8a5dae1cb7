import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { migrateLint, project } from './kit/program.ts'

const compose = (image: string) => `services:\n  db:\n    image: ${image}\n`
const virtual = {
  'db/1.sql': 'CREATE TABLE t (a int);\nALTER TABLE t ADD COLUMN b int GENERATED ALWAYS AS (a) VIRTUAL;\n',
}

/** What a report for programs says about the server. */
async function servers(cwd: string, ...args: readonly string[]) {
  const { stdout } = await migrateLint(['db', '-f', 'json', ...args], { cwd })
  return JSON.parse(stdout).servers
}

describe('the server', () => {
  it('is the one that a file of the repository names, and every report says so', async () => {
    const cwd = project({ ...virtual, 'compose.yaml': compose('postgres:14-alpine') })
    const { code, stdout, stderr } = await migrateLint(['db'], { cwd })
    expect(code).toBe(1)
    expect(stdout).toContain('GENERATED … VIRTUAL needs PostgreSQL 18')
    expect(stdout).toMatch(/1 error in 1 migration \(2 statements, PostgreSQL 14 \(compose\.yaml:3\), /)
    expect(stderr).toBe('')
    const place = { version: '14', path: 'compose.yaml', line: 3 }
    expect(await servers(cwd)).toEqual([{ versions: ['14'], by: 'repository', places: [place] }])
    for (const [format, said] of [
      ['html', 'PostgreSQL 14 (compose.yaml:3)'],
      ['markdown', ' · PostgreSQL 14 (compose.yaml:3)'],
      ['sarif', '"servers":[{"versions":["14"],"by":"repository"'],
    ] as const) {
      expect((await migrateLint(['db', '-f', format], { cwd })).stdout, format).toContain(said)
    }
  })

  it('is the one that the configuration names instead, and the flag before it', async () => {
    const cwd = project({
      ...virtual,
      'compose.yaml': compose('postgres:14'),
      'migrate-lint.config.json': '{ "pgVersion": [17, "18"] }',
    })
    expect(await servers(cwd)).toEqual([{ versions: ['17', '18'], by: 'configuration', places: [] }])
    expect(await servers(cwd, '--pg-version', '16')).toEqual([{ versions: ['16'], by: 'flag', places: [] }])
    const both = await migrateLint(['db', '--pg-version', '14,18'], { cwd })
    expect(both.stdout.replace(/\s+/g, ' ')).toContain('This holds on PostgreSQL 14, not on 18.')
  })

  it('is any that is maintained if nothing names one', async () => {
    const cwd = project({ ...virtual, 'compose.yaml': compose('postgres:latest') })
    expect(await servers(cwd)).toEqual([{ versions: ['15', '16', '17', '18'], by: 'nobody', places: [] }])
    const { stdout } = await migrateLint(['db'], { cwd })
    expect(stdout).not.toContain('PostgreSQL 15 (')
    expect((await migrateLint(['db', '-f', 'html'], { cwd })).stdout).toContain(
      'PostgreSQL 15 to 18 (no version is named)',
    )
  })

  it('is the oldest of several, which are named, and a failure on it alone is not certain', async () => {
    const cwd = project({
      ...virtual,
      'compose.yaml': compose('postgres:18'),
      Dockerfile: 'FROM postgres:16\n',
    })
    const { code, stdout, stderr } = await migrateLint(['db', '--notes'], { cwd })
    expect(stderr).toBe(
      'migrate-lint: The files name several versions of PostgreSQL: 16 (Dockerfile:1), 18 (compose.yaml:3). The oldest counts; "pgVersion" in the configuration settles it.\n',
    )
    expect(code).toBe(0)
    expect(stdout.replace(/\s+/g, ' ')).toContain('unless it runs on PostgreSQL 18.')
  })

  it('may differ from project to project', async () => {
    const cwd = project({
      'apps/a/compose.yaml': compose('postgres:14'),
      'apps/a/db/migrations/1.sql': virtual['db/1.sql'],
      'apps/b/compose.yaml': compose('postgres:18'),
      'apps/b/db/migrations/1.sql': virtual['db/1.sql'],
    })
    const run = await migrateLint(['-f', 'json'], { cwd })
    const { servers: all, findings } = JSON.parse(run.stdout)
    expect(all.map(({ versions }: { versions: string[] }) => versions.join())).toEqual(['14', '18'])
    expect(findings.filter(({ severity }: { severity: string }) => severity === 'error')).toMatchObject([
      { rule: 'certain-failure', path: 'apps/a/db/migrations/1.sql' },
    ])
  })

  it('is named as seen from the working directory', async () => {
    const root = project({ ...virtual, 'compose.yaml': compose('postgres:14'), 'migrate-lint.config.json': '{}' })
    const cwd = join(root, 'tools')
    mkdirSync(cwd)
    const { stdout } = await migrateLint(['../db'], { cwd })
    expect(stdout).toContain('PostgreSQL 14 (../compose.yaml:3)')
  })

  it('decides what `locks` prints, too', async () => {
    const cwd = project({ ...virtual, 'compose.yaml': compose('postgres:14') })
    const { stdout } = await migrateLint(['locks', 'db'], { cwd })
    expect(stdout).toContain('needs PostgreSQL 18')
  })

  it('is reported if it is too new, or the flag is not a version', async () => {
    const cwd = project({ 'db/1.sql': 'REPACK t;\n', 'compose.yaml': compose('postgres:19') })
    const { code, stdout, stderr } = await migrateLint(['db', '--notes'], { cwd })
    expect(code).toBe(0)
    expect(stderr).toContain('PostgreSQL 19 (compose.yaml:3) is judged as PostgreSQL 18')
    expect(stdout).toContain('could be checked only in part')
    const wrong = await migrateLint(['db', '--pg-version', '14;17'], { cwd })
    expect([wrong.code, wrong.stderr]).toEqual([
      2,
      'migrate-lint: --pg-version must be a PostgreSQL version from "12" to "19", or with a minor version such as "14.2", not "14;17".\n',
    ])
  })
})
