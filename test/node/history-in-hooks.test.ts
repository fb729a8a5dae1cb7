import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { git, repository, write } from '../kit/git.ts'
import { applied, found } from './kit/applied.ts'
import { cli } from './kit/program.ts'

const edit = { 'migrations/1.sql': 'CREATE TABLE orders (id bigint PRIMARY KEY, email varchar);\n' }

const index = { 'migrations/3.sql': 'CREATE INDEX orders_email_idx ON orders (email);\n' }

// The hook is a shell script that names programs by POSIX paths.
describe.skipIf(process.platform === 'win32')('as a hook of git', () => {
  /** git runs it with GIT_INDEX_FILE, and in another work tree with GIT_DIR. */
  function withHook(root: string): string {
    const hook = join(root, '.git/hooks/pre-commit')
    mkdirSync(dirname(hook), { recursive: true })
    writeFileSync(hook, `#!/bin/sh\nexec '${process.execPath}' '${cli}' history --staged\n`)
    chmodSync(hook, 0o755)
    return root
  }

  it('stops a commit that edits, by any way to commit', () => {
    const root = withHook(repository(applied))
    write(root, edit)
    expect(() => git(root, 'commit', '-qam', 'x')).toThrow(/edited-migration/)
    expect(() => git(root, 'commit', '-qm', 'x', 'migrations/1.sql')).toThrow(/edited-migration/)
    git(root, 'add', '-A')
    expect(() => git(root, 'commit', '-qm', 'x')).toThrow(/edited-migration/)
    git(root, 'checkout', '-q', 'HEAD', '--', '.')
    write(root, index)
    git(root, 'add', '-A')
    git(root, 'commit', '-qm', 'x')
  })

  it('stops a commit that only deletes', () => {
    const root = withHook(repository(applied))
    git(root, 'rm', '-q', 'migrations/2.sql')
    expect(() => git(root, 'commit', '-qm', 'x')).toThrow(/deleted-migration/)
  })

  it('works in another work tree, and below the root', () => {
    const root = withHook(repository(applied))
    const other = join(root, 'other')
    git(root, 'worktree', 'add', '-q', '-b', 'again', other, 'work')
    write(other, edit)
    expect(() => git(other, 'commit', '-qam', 'x')).toThrow(/edited-migration/)
    expect(() => git(join(other, 'migrations'), 'commit', '-qam', 'x')).toThrow(/edited-migration/)
  })
})

describe('the last migration that a project has is deleted, or all are', () => {
  const first = ['migrations/1.sql deleted-migration']
  const both = [...first, 'migrations/2.sql deleted-migration']

  /** main has these migrations, and a branch on which none is left; `commits`: that is committed. */
  function emptied(files: Readonly<Record<string, string>>, commits: boolean): string {
    const cwd = repository(applied)
    if (files['migrations/2.sql'] === undefined) {
      git(cwd, 'switch', '-q', 'main')
      git(cwd, 'rm', '-q', 'migrations/2.sql')
      git(cwd, 'commit', '-qm', 'x')
      git(cwd, 'branch', '-qf', 'work')
      git(cwd, 'switch', '-q', 'work')
    }
    git(cwd, 'rm', '-q', '-r', 'migrations')
    if (commits) git(cwd, 'commit', '-qm', 'x')
    return cwd
  }

  const one = { 'migrations/1.sql': applied['migrations/1.sql'] }
  it.each<[string, readonly string[], boolean]>([
    ['--since, committed', ['--since', 'main'], true],
    ['--since, staged', ['--since', 'main'], false],
    ['--changed', ['--changed'], false],
    ['--staged', ['--staged'], false],
    ['history', ['history'], true],
    ['history --since', ['history', '--since', 'main'], true],
    ['history --staged', ['history', '--staged'], false],
    ['a run without flags', [], true],
  ])('%s tells', async (_, args, commits) => {
    const last = await found(emptied(one, commits), args)
    expect(last.findings, last.stderr).toEqual(first)
    expect(last.code).toBe(1)
    const all = await found(emptied(applied, commits), args)
    expect([...all.findings].sort(), all.stderr).toEqual(both)
    expect(all.code).toBe(1)
  })

  it.each([
    [['history', '--audit'], /No migrations were found/],
    [['history', '--since', 'main', 'migrations'], /No such file or directory/],
  ])('%j ends with 2, because it cannot see them', async (args, message) => {
    const { code, stderr, stdout } = await found(emptied(applied, true), args)
    expect(stderr).toMatch(message)
    expect(stdout).toBe('')
    expect(code).toBe(2)
  })
})
