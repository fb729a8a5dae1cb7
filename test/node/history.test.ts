import { mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { git, identity, repository, write } from '../kit/git.ts'
import { applied, found } from './kit/applied.ts'
import { migrateLint, project } from './kit/program.ts'

const edit = { 'migrations/1.sql': 'CREATE TABLE orders (id bigint PRIMARY KEY, email varchar);\n' }
const edited = 'migrations/1.sql edited-migration'

describe('migrate-lint history', () => {
  it('is silent when nothing is wrong', async () => {
    const cwd = repository(applied)
    write(cwd, { 'migrations/3.sql': 'CREATE INDEX orders_email_idx ON orders (email);\n' })
    const { code, findings } = await found(cwd, ['history'])
    expect(findings).toEqual([])
    expect(code).toBe(0)
  })

  it('reports changes to applied migrations, and nothing else', async () => {
    const cwd = repository(applied)
    write(cwd, { ...edit, 'migrations/3.sql': 'CREATE INDEX orders_email_idx ON orders (email);\n' })
    rmSync(join(cwd, 'migrations/2.sql'))
    const { code, findings } = await found(cwd, ['history'])
    expect(findings).toEqual([edited, 'migrations/2.sql deleted-migration'])
    expect(code).toBe(1)
    const text = await migrateLint(['history'], { cwd, env: identity })
    expect(text.stdout).toContain('1 │ CREATE TABLE customers')
    expect(text.stdout).toMatch(/2 errors in 2 of \d migrations/)
  })

  it('says when there is nothing to compare with, and can be told that this is an error', async () => {
    const cwd = project(applied)
    const lenient = await found(cwd, ['history'])
    expect(lenient.stderr).toContain('Applied migrations were not compared: not a git repository')
    expect(lenient.code).toBe(2)
    const strict = await found(cwd, ['history', '--require-history'])
    expect(strict.stderr).toContain('not a git repository')
    expect(strict.stdout).toBe('')
    expect(strict.code).toBe(2)
    const without = await found(cwd, ['history', '--require-history'], { PATH: '/nowhere' })
    expect(without.stderr).toContain('git is not installed')
    expect(without.code).toBe(2)
  })

  it('does not accept a flag of git as a commit (ED-05)', async () => {
    const cwd = repository(applied)
    const { code, stderr } = await found(cwd, ['history', '--since=--output=stolen'])
    expect(stderr).toMatch(/^migrate-lint: --since --output=stolen: git does not know a commit/m)
    expect(stderr).not.toMatch(/\n {4}at /)
    expect(code).toBe(2)
  })

  it('suppresses allowed changes, and counts them', async () => {
    const cwd = repository(applied)
    write(cwd, edit)
    const { code, stdout } = await found(cwd, ['history', '--allow-edit', '1.sql'])
    expect(JSON.parse(stdout).summary).toMatchObject({ errors: 0, suppressed: 1 })
    expect(code).toBe(0)
  })
})

describe('a normal run', () => {
  it('says the same, when there is a base', async () => {
    const cwd = repository(applied)
    write(cwd, edit)
    expect((await found(cwd, [])).findings).toEqual([edited])
    expect((await found(cwd, ['migrations/1.sql'])).findings).toEqual([edited])
    expect((await found(cwd, ['migrations/2.sql'])).findings).toEqual([])
    expect((await found(cwd, ['--rule', 'edited-migration=off'])).findings).toEqual([])
  })

  it('reports an edit from before startAfter, and nothing else from there', async () => {
    const cwd = repository(applied)
    write(cwd, { ...edit, 'migrate-lint.config.json': '{ "startAfter": "2" }' })
    write(cwd, { 'migrations/2.sql': 'DROP TABLE customers;\n' })
    const { findings } = await found(cwd, [])
    expect(findings).toEqual([edited, 'migrations/2.sql edited-migration'])
  })

  it('says nothing without a repository', async () => {
    const { stderr } = await found(project(applied), ['migrations'])
    expect(stderr).toBe('')
  })
})

const index = { 'migrations/3.sql': 'CREATE INDEX orders_email_idx ON orders (email);\n' }
const drop = { 'migrations/4.sql': 'DROP TABLE customers;\n' }
const only = ['--only', 'blocking-index-build,drop-table,edited-migration']

describe('what is reported', () => {
  it('is what changed since a commit; the rest shows the content of the database', async () => {
    const cwd = repository(applied)
    write(cwd, index)
    git(cwd, 'add', '-A')
    git(cwd, 'commit', '-qm', 'x')
    write(cwd, drop)
    expect((await found(cwd, only)).findings).toHaveLength(2)
    expect((await found(cwd, [...only, '--since', 'HEAD'])).findings).toEqual(['migrations/4.sql drop-table'])
    expect((await found(cwd, [...only, '--changed'])).findings).toHaveLength(2)
    git(cwd, 'branch', '-f', 'main', 'work')
    // Without knowing of "orders" nobody could say that the index is built on a table that is in use.
    expect((await found(cwd, [...only, '--changed'])).findings).toEqual(['migrations/4.sql drop-table'])
  })

  it('is what is staged, as it is staged', async () => {
    const cwd = repository(applied)
    write(cwd, { ...index, 'migrations/2.sql': 'SELECT 1;\n' })
    git(cwd, 'add', 'migrations/3.sql')
    write(cwd, { 'migrations/3.sql': 'SELECT 1;\n', ...drop })
    const { findings, code } = await found(cwd, [...only, '--staged'])
    expect(findings).toEqual(['migrations/3.sql blocking-index-build'])
    expect(code).toBe(1)
    git(cwd, 'rm', '-qf', '--cached', 'migrations/3.sql')
    const nothing = await found(cwd, [...only, '--staged'])
    expect(nothing.findings).toEqual([])
    expect(nothing.code).toBe(0)
  })

  it.each([
    ['--staged', '--stdin-filename', 'migrations/4.sql', '-'],
    ['--staged', '--stdin-filename', 'migrations/2.sql', '-'],
    ['--staged', '--stdin-filename', 'new/folder/4.sql'],
    ['--staged', '-'],
    ['--changed', '--stdin-filename', 'migrations/4.sql', '-'],
    ['--changed', '-'],
    ['--since', 'HEAD', '-'],
  ])('is standard input, whatever git knows about its path: %s %s %s', async (...args) => {
    const cwd = repository(applied)
    write(cwd, index)
    git(cwd, 'add', '-A')
    const path = args.find(arg => arg.endsWith('.sql')) ?? '<stdin>'
    const sql = 'CREATE TABLE t (a int);\nDROP TABLE orders;\n'
    const { findings, code } = await found(cwd, ['--only', 'drop-table', ...args], {}, sql)
    expect(findings).toEqual([`${path} drop-table`])
    expect(code).toBe(1)
  })

  it('may be a deleted file, which hooks may name; its deletion is reported (PC-04)', async () => {
    const cwd = repository(applied)
    git(cwd, 'rm', '-q', 'migrations/2.sql')
    write(cwd, { 'migrations/3.sql': 'SELECT 1;\n' })
    git(cwd, 'add', '-A')
    const both = await found(cwd, ['migrations/3.sql', join(cwd, 'migrations/2.sql')])
    expect(both.findings).toEqual(['migrations/2.sql deleted-migration'])
    expect(both.stderr).toBe('migrate-lint: migrations/2.sql is deleted, so it was not linted.\n')
    git(cwd, 'commit', '-qm', 'x')
    git(cwd, 'rm', '-q', 'migrations/3.sql')
    // Only this branch ever had it.
    const own = await found(cwd, ['migrations/3.sql'])
    expect([own.code, own.findings]).toEqual([0, []])
    const never = await found(cwd, ['migrations/1.sql', 'migrations/4.sql'])
    expect([never.code, never.stderr]).toEqual([
      2,
      'migrate-lint: No such file or directory, and no match: "migrations/4.sql".\n',
    ])
  })

  // On Windows links need a right that users do not have.
  it.skipIf(process.platform === 'win32')('is found behind links, too (ED-01)', async () => {
    const cwd = repository(applied)
    mkdirSync(join(cwd, 'app'))
    symlinkSync('../migrations', join(cwd, 'app/db'))
    git(cwd, 'add', '-A')
    git(cwd, 'commit', '-qm', 'x')
    write(cwd, index)
    const linked = ['app/db/3.sql blocking-index-build']
    expect((await found(cwd, [...only, '--since', 'HEAD', 'app/db'])).findings).toEqual(linked)
    git(cwd, 'add', '-A')
    expect((await found(cwd, [...only, '--staged', 'app/db'])).findings).toEqual(linked)
  })

  it('cannot be chosen without git', async () => {
    for (const flags of [['--staged'], ['--changed'], ['--since', 'HEAD']]) {
      const { code, stderr } = await found(project(applied), flags)
      expect(stderr).toMatch(/not a git repository/)
      expect(code, flags[0]).toBe(2)
    }
  })
})

describe('sums of Atlas', () => {
  // Those that ariga.io/atlas/sql/migrate makes of the two applied migrations.
  const sums = {
    'migrations/atlas.sum':
      'h1:eoza1wcDMyNpqFoNc0nIFHxRna8PDaXyoEZ2AVPKujk=\n1.sql h1:xpiIc1UpD3lJb8R1CDo4fJWlIJysNeHQMEnQmZIzvnM=\n2.sql h1:pl4jJ9t1SosvRUJWx0SE1CEswEHaE3Wu1PpAD7X3xZI=\n',
  }
  const stale = 'migrations/atlas.sum integrity-file-stale'

  function withSums(): string {
    const cwd = repository(applied)
    write(cwd, sums)
    git(cwd, 'add', '-A')
    git(cwd, 'commit', '-qm', 'x')
    return cwd
  }

  it('are read from the index, and from what changed', async () => {
    const cwd = withSums()
    write(cwd, { 'migrations/3.sql': 'CREATE TABLE notes (id bigint PRIMARY KEY);\n' })
    expect((await found(cwd, ['--changed'])).findings).toEqual([stale])
    expect((await found(cwd, ['--staged'])).findings).toEqual([])
    git(cwd, 'add', '-A')
    expect((await found(cwd, ['--staged'])).findings).toEqual([stale])
    git(cwd, 'commit', '-qm', 'x')
    expect((await found(cwd, ['--staged'])).findings).toEqual([])
    expect((await found(cwd, ['--since', 'main'])).findings).toEqual([stale])
  })

  it('are not reported if the edit itself is', async () => {
    const cwd = withSums()
    write(cwd, edit)
    expect((await found(cwd, ['history'])).findings).toEqual([edited])
    expect((await found(cwd, [])).findings).toEqual([edited])
    // Once the edit is allowed, or without that rule, the sums are what is left to say.
    expect((await found(cwd, ['--allow-edit', 'migrations/1.sql'])).findings).toEqual([stale])
    write(cwd, { 'migrate-lint.config.json': '{ "rules": { "edited-migration": "off" } }' })
    expect((await found(cwd, [])).findings).toEqual([stale])
    git(cwd, 'checkout', '-q', 'migrations')
    rmSync(join(cwd, 'migrations/2.sql'))
    expect((await found(cwd, ['history'])).findings).toEqual(['migrations/2.sql deleted-migration'])
  })
})
