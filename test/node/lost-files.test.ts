import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import '../kit/grammars.ts'
import { completeConfig } from '../../src/index.ts'
import { transactionModes } from '../../src/lint/config/transaction.ts'
import { projectsOf } from '../../src/systems/discover.ts'
import { withParsers } from '../../src/systems/reading/on-demand.ts'
import { mapTree } from '../../src/systems/reading/tree.ts'
import { commit, type Files, git, repository, write } from '../kit/git.ts'
import { migrateLint } from './kit/program.ts'

const fixtures = fileURLToPath(new URL('../../fixtures/systems', import.meta.url))

function filesOf(fixture: string): Record<string, Uint8Array> {
  const root = join(fixtures, fixture)
  const all = readdirSync(root, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  const paths = all.map(({ parentPath, name }) => join(parentPath, name).slice(root.length + 1))
  return Object.fromEntries(
    paths.filter(path => path !== 'expected.json').map(path => [path, readFileSync(join(root, path))]),
  )
}

const options = { transaction: transactionModes(completeConfig({})), system: 'auto' } as const

/** The folders and systems of what is read. */
async function readIn(files: Files): Promise<string[]> {
  const { projects } = await withParsers(() => projectsOf(mapTree(files), options))
  return projects.map(({ directory, system, migrations }) => `${directory} ${system.id} ${migrations.length > 0}`)
}

/** The files of a fixture that are not migrations, and without which one of its folders is read otherwise. */
async function deciding(files: Record<string, Uint8Array>): Promise<string[]> {
  const { projects } = await withParsers(() => projectsOf(mapTree(files), options))
  const migrations = new Set(projects.flatMap(project => project.migrations.map(({ path }) => path)))
  const before = await readIn(files)
  const found: string[] = []
  for (const path of Object.keys(files).filter(each => !migrations.has(each))) {
    const { [path]: _, ...rest } = files
    const after = await readIn(rest)
    if (before.some(each => each.endsWith('true') && !each.includes(' plain ') && !after.includes(each)))
      found.push(path)
  }
  return found
}

/** Files without which a fixture has no other sign of its tool. */
const signs: Readonly<Record<string, readonly string[]>> = {
  django: ['manage.py'],
  drizzle: ['drizzle/meta/_journal.json'],
  liquibase: ['db/changelog/db.changelog-master.yaml'],
  'liquibase-changes': ['src/main/resources/db/changelog/db.changelog-master.xml'],
  refinery: ['Cargo.toml'],
  sqitch: ['sqitch.plan'],
  supabase: ['supabase/config.toml'],
  'supabase-2': ['supabase/config.toml'],
}

const lost = (path: string) => `${path} could not be read: it is gone`

describe('F11: a file that decides which tool reads the migrations is gone', () => {
  it.each(readdirSync(fixtures))('%s: the run is not green, and reads them as before', async fixture => {
    const files = filesOf(fixture)
    const paths = await deciding(files)
    expect(paths).toEqual(signs[fixture] ?? [])
    for (const path of paths) {
      const cwd = repository(files)
      git(cwd, 'rm', '-q', path)
      git(cwd, 'commit', '-qm', 'x')
      const { code, stdout, stderr } = await migrateLint(['--since', 'main'], { cwd })
      expect(stderr, path).toContain(lost(path))
      expect(stdout, path).toMatch(/^1 file or folder could not be read/m)
      expect(stderr, path).not.toContain('as plain SQL')
      expect(code, path).toBe(2)
    }
  })

  const drizzle = {
    'drizzle/meta/_journal.json': JSON.stringify({
      dialect: 'postgresql',
      entries: [{ idx: 0, when: 1_771_200_000_000, tag: '0000_one' }],
    }),
    'drizzle/0000_one.sql': 'CREATE TABLE a (id int PRIMARY KEY);\n',
  }

  /** main has the files, and the branch has lost one of them. */
  function without(path: string, files: Files = drizzle, more: Files = {}): string {
    const cwd = repository(files)
    write(cwd, more)
    rmSync(join(cwd, path))
    git(cwd, 'add', '-A')
    return cwd
  }

  const entries: readonly (readonly string[])[] = [
    ['--since', 'main'],
    ['--changed'],
    ['--staged'],
    ['history', '--since', 'main'],
    ['history', '--staged'],
    ['drizzle', '--since', 'main'],
    ['drizzle/0000_one.sql', '--since', 'main'],
  ]
  it.each(entries.map(args => [args.join(' '), args] as const))('is reported by %s', async (_, args) => {
    const { code, stderr } = await migrateLint(args, { cwd: without('drizzle/meta/_journal.json') })
    expect(stderr).toContain(lost('drizzle/meta/_journal.json'))
    expect(code).toBe(2)
  })

  it('is counted in JSON, whichever settings the tool still has', async () => {
    const config = { 'drizzle.config.ts': "export default { dialect: 'postgresql', out: './drizzle' }\n" }
    const cwd = without('drizzle/meta/_journal.json', { ...drizzle, ...config })
    const { unread, notRead } = JSON.parse((await migrateLint(['--since', 'main', '-f', 'json'], { cwd })).stdout)
    expect({ unread, notRead }).toMatchObject({ unread: [{ path: 'drizzle/meta/_journal.json' }] })
  })

  it('is the loss of sums, too, if the tool is still known', async () => {
    const { code, stderr } = await migrateLint(['--since', 'main'], {
      cwd: without('migrations/atlas.sum', filesOf('atlas')),
    })
    expect(stderr).toContain(`${lost('migrations/atlas.sum')}, but main has it, and Atlas runs nothing without it`)
    expect(code).toBe(2)
  })

  it('is not one that the tool can do without', async () => {
    const cwd = without('prisma/migrations/migration_lock.toml', filesOf('prisma'))
    expect((await migrateLint(['--since', 'main'], { cwd })).stderr).not.toContain('could not be read')
  })

  it('is not reported if another tool takes the migrations over, or the configuration names one', async () => {
    const dbmate = { 'drizzle/0001_two.sql': '-- migrate:up\nCREATE TABLE b (id int PRIMARY KEY);\n' }
    const plain = { 'migrate-lint.config.json': '{ "systems": { "drizzle": "plain" } }' }
    for (const more of [dbmate, plain]) {
      const { stderr } = await migrateLint(['--since', 'main'], {
        cwd: without('drizzle/meta/_journal.json', drizzle, more),
      })
      expect(stderr).not.toContain('could not be read')
    }
  })

  it('is not reported if the migrations have gone with it, or moved', async () => {
    const cwd = repository({ ...drizzle, 'db/1.sql': 'CREATE TABLE c (id int PRIMARY KEY);\n' })
    git(cwd, 'mv', 'drizzle', 'migrations')
    commit(cwd)
    expect((await migrateLint(['--since', 'main'], { cwd })).stderr).not.toContain('could not be read')
  })

  it('is seen without a base where snapshots are left', async () => {
    const cwd = without('drizzle/meta/_journal.json', { ...drizzle, 'drizzle/meta/0000_snapshot.json': '{}' })
    const { code, stdout, stderr } = await migrateLint([], { cwd })
    expect(stderr).toContain('drizzle/meta/_journal.json could not be read: it is missing')
    expect(stdout).toMatch(/^1 file or folder could not be read/)
    expect(code).toBe(2)
  })
})
