import { spawnSync } from 'node:child_process'
import { chmodSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { git, repository, temporary, write } from '../kit/git.ts'
import { cli, migrateLint } from './kit/program.ts'

/** A hook of .pre-commit-hooks.yaml: flat keys, so that a line each is all there is to read. */
type Hook = Readonly<Record<string, string>>

function hooks(): Hook[] {
  const text = readFileSync(new URL('../../.pre-commit-hooks.yaml', import.meta.url), 'utf8')
  return text
    .split(/^- /m)
    .slice(1)
    .map(block =>
      Object.fromEntries(
        [...block.matchAll(/^ *(\w+): *(.*)$/gm)].map(([, key = '', value = '']) => [key, value.replace(/^'|'$/g, '')]),
      ),
    )
}

function hook(id: string): Hook {
  const found = hooks().find(each => each.id === id)
  if (!found) throw new Error(`there is no hook ${id}`)
  return found
}

/**
 * What pre-commit does for a commit (staged_files_only.py, commands/run.py): puts what is not staged aside, names what is staged and not
 * deleted, runs the hook on those names that its pattern finds, and puts all back. Null: skipped.
 */
async function preCommit(root: string, id: string) {
  const { entry = '', files = '', always_run: always, pass_filenames: passes } = hook(id)
  const unstaged = git(root, 'diff', '--binary', '--no-color', '--no-ext-diff')
  const staged = git(root, 'diff', '--staged', '--name-only', '--no-ext-diff', '-z', '--diff-filter=ACMRTUXB').split(
    '\0',
  )
  const names = staged.filter(name => name !== '' && new RegExp(files).test(name))
  if (names.length === 0 && always !== 'true') return null
  if (unstaged !== '') git(root, 'checkout', '--', '.')
  const [program, ...args] = entry.split(' ')
  expect(program).toBe('migrate-lint')
  const given = passes === 'false' ? args : [...args, ...names]
  const ran = await migrateLint(given, { cwd: root, env: { PRE_COMMIT: '1' } })
  if (unstaged !== '') spawnSync('git', ['apply', '--whitespace=nowarn'], { cwd: root, input: `${unstaged}\n` })
  return ran
}

const table = { 'db/migrations/001_orders.sql': 'CREATE TABLE orders (id bigint PRIMARY KEY, email text);\n' }
const one = { 'db/migrations/002_one.sql': 'SELECT 1;\n' }
const blocking = { 'db/migrations/003_index.sql': 'CREATE INDEX orders_email ON orders (email);\n' }
const quiet = { 'migrate-lint.config.json': '{ "timeouts": { "setBy": "role" } }' }

describe('the hooks for pre-commit', () => {
  it('are those that it can install and run (PC-01)', () => {
    expect(hooks().map(({ id }) => id)).toEqual(['migrate-lint', 'migrate-lint-history'])
    for (const each of hooks()) expect(each).toMatchObject({ language: 'node', minimum_pre_commit_version: '3.0.0' })
    expect(hook('migrate-lint')).toMatchObject({ require_serial: 'true' })
    const pattern = new RegExp(hook('migrate-lint').files ?? '')
    expect(['a/b.sql', 'b.pgsql', 'c.psql'].every(name => pattern.test(name))).toBe(true)
    expect(['a.sql.bak', 'sql', 'a.md'].some(name => pattern.test(name))).toBe(false)
  })

  it('lint committed migrations with the help of earlier ones', async () => {
    const root = repository({ ...table, ...one, ...quiet })
    write(root, { ...blocking, 'README.md': 'Read me.' })
    git(root, 'add', '-A')
    const found = await preCommit(root, 'migrate-lint')
    expect(found?.code).toBe(1)
    expect(found?.stdout).toMatch(/^1 error in 1 migration /m)
    write(root, { 'db/migrations/003_index.sql': 'CREATE TABLE other (id int);\n' })
    git(root, 'add', '-A')
    expect(await preCommit(root, 'migrate-lint')).toMatchObject({ code: 0 })
    expect(await preCommit(root, 'migrate-lint-history')).toMatchObject({ code: 0 })
  })

  it('lint migrations in code, and skip other code whose name somebody passes', async () => {
    const rails =
      'class AddIndex < ActiveRecord::Migration[7.1]\n  def change\n    add_index :orders, :email\n  end\nend\n'
    const root = repository({ 'Gemfile.lock': 'GEM\n  specs:\n    rails (7.1.0)\n    pg (1.5.0)\n' })
    write(root, { 'db/migrate/20260105090000_add_index.rb': rails, 'db/migrate/concern.rb': 'module Concern; end\n' })
    git(root, 'add', '-A')
    const found = await preCommit(root, 'migrate-lint')
    expect(found?.stdout).toContain('db/migrate/20260105090000_add_index.rb:3:5  error  blocking-index-build')
    expect(found?.stderr).toContain(
      'db/migrate/concern.rb was skipped: it is not one of the migrations in db/migrate/ (Rails).',
    )
    write(root, { 'lib/model.rb': 'class Model; end\n' })
    const model = await migrateLint(['lib/model.rb'], { cwd: root })
    expect([model.code, model.stderr]).toEqual([
      0,
      'migrate-lint: lib/model.rb was skipped: the migrations are in db/migrate/ (Rails); --system plain lints it anyway.\n',
    ])
  })

  it('know tables of older migrations that the commit does not touch (PC-02)', async () => {
    const widened = { 'db/migrations/002_widen.sql': 'ALTER TABLE orders ALTER COLUMN email TYPE varchar(50);\n' }
    const root = repository({ ...table, ...widened, ...quiet })
    // Only who has read the second migration knows that a longer limit needs no rewrite.
    write(root, { 'db/migrations/003_longer.sql': 'ALTER TABLE orders ALTER COLUMN email TYPE varchar(90);\n' })
    git(root, 'add', '-A')
    const alone = ['-f', 'json', '--no-config', 'db/migrations/003_longer.sql']
    const rules = (text: string): string[] => JSON.parse(text).findings.map(({ rule }: { rule: string }) => rule)
    const known = rules((await migrateLint(alone, { cwd: root })).stdout)
    rmSync(join(root, 'db/migrations/002_widen.sql'))
    const unknown = rules((await migrateLint(alone, { cwd: root })).stdout)
    expect(unknown.length).toBeGreaterThan(known.length)
    // pre-commit brings the deleted file back for as long as the hook runs.
    expect(await preCommit(root, 'migrate-lint')).toMatchObject({ code: 0 })
  })

  it('lint the staged text, whatever is on disk', async () => {
    const root = repository({ ...table, ...quiet })
    write(root, blocking)
    git(root, 'add', '-A')
    write(root, { 'db/migrations/003_index.sql': 'SELECT 3;\n' })
    expect(await preCommit(root, 'migrate-lint')).toMatchObject({ code: 1 })
    expect(readFileSync(join(root, 'db/migrations/003_index.sql'), 'utf8')).toBe('SELECT 3;\n')
  })

  it('find edited and deleted files, even if pre-commit names no file', async () => {
    const root = repository({ ...table, ...one, ...quiet })
    write(root, { 'db/migrations/002_one.sql': 'SELECT 2;\n' })
    git(root, 'add', '-A')
    const edited = await preCommit(root, 'migrate-lint-history')
    expect(edited?.code).toBe(1)
    expect(edited?.stdout).toContain('edited-migration')
    git(root, 'rm', '-qf', 'db/migrations/002_one.sql')
    expect(await preCommit(root, 'migrate-lint')).toBeNull()
    const deleted = await preCommit(root, 'migrate-lint-history')
    expect(deleted?.code).toBe(1)
    expect(deleted?.stdout).toContain('deleted-migration')
  })

  it('find the last migration that is deleted, and all of them', async () => {
    for (const files of [one, { ...table, ...one, ...quiet }]) {
      const root = repository(files)
      git(root, 'rm', '-q', '-r', 'db')
      const { code, stdout } = (await preCommit(root, 'migrate-lint-history')) ?? {}
      expect(code).toBe(1)
      for (const path of Object.keys(files).filter(each => each.endsWith('.sql'))) expect(stdout).toContain(path)
      expect(stdout).toContain('deleted-migration')
    }
  })

  it('do not stop a commit in a repository that has no migrations yet', async () => {
    const root = repository({ 'README.md': 'Read me.' })
    expect(await preCommit(root, 'migrate-lint-history')).toMatchObject({ code: 0 })
  })
})

describe('names of files', () => {
  it('select the reported files, with the same findings as the whole run, however they are spelled (PC-02)', async () => {
    const root = repository({ ...table, ...one, ...blocking, ...quiet })
    const findings = async (...args: string[]) => {
      const { stdout } = await migrateLint(['-f', 'json', ...args], { cwd: root })
      return JSON.parse(stdout).findings as { path: string; rule: string }[]
    }
    const path = 'db/migrations/003_index.sql'
    const whole = (await findings()).filter(finding => finding.path === path)
    expect(whole.map(({ rule }) => rule)).toContain('blocking-index-build')
    for (const name of [path, `./${path}`, join(root, path)]) expect(await findings(name), name).toEqual(whole)
    expect(await findings(...Object.keys({ ...table, ...one, ...blocking }))).toEqual(await findings())
  })

  it('of deleted files are reported, and are not an error if hooks name them (PC-04)', async () => {
    const root = repository({ ...table, ...blocking, ...quiet })
    const gone = ['db/migrations/009_gone.sql', join(root, 'db/migrations/008_gone.sql')]
    const lenient = '--no-error-on-unmatched-pattern'
    const all = await migrateLint([lenient, ...gone, ...Object.keys(blocking)], { cwd: root })
    expect(all.code).toBe(1)
    expect(all.stderr).toContain('009_gone.sql')
    expect(await migrateLint([lenient, ...gone], { cwd: root })).toMatchObject({ code: 0 })
    expect(await migrateLint(gone, { cwd: root })).toMatchObject({ code: 2, stdout: '' })
  })
})

describe('the recipes of the README (PC-07)', () => {
  const [, section = ''] =
    /### In commit hooks\n([\s\S]*?)\n### /.exec(readFileSync(new URL('../../README.md', import.meta.url), 'utf8')) ??
    []
  const [, lintStaged = '{}', husky = ''] = /```json\n(.*)\n```\n\n```sh\n(.*)\n```/.exec(section) ?? []
  const [, plain = ''] = /Without any of them, in `.git\/hooks\/pre-commit`:\n\n```sh\n(.*)\n```/.exec(section) ?? []
  const lefthook = [...section.matchAll(/ run: (.*)$/gm)].map(([, command = '']) => command)
  const [onFiles = ''] = Object.values<string>(JSON.parse(lintStaged)['lint-staged'])

  // What each of them makes of a commit that stages the file.
  const recipes = {
    'husky and lint-staged': (file: string) => husky.replace('lint-staged', `${onFiles} "$PWD/${file}"`),
    lefthook: (file: string) => lefthook.map(command => command.replace('{staged_files}', file)).join(' && '),
    'no other tool': () => plain,
  }

  /** As npx: the program of the project, by its name. */
  function npx(): string {
    const bin = temporary()
    write(bin, {
      npx: '#!/bin/sh\nexec "$@"\n',
      'migrate-lint': `#!/bin/sh\nexec '${process.execPath}' '${cli}' "$@"\n`,
    })
    for (const name of ['npx', 'migrate-lint']) chmodSync(join(bin, name), 0o755)
    return bin
  }

  // They are scripts of a POSIX shell.
  it.skipIf(process.platform === 'win32').each(Object.entries(recipes))('%s', (_, script) => {
    const root = repository({ ...table, ...one, ...quiet })
    const env = { ...process.env, PATH: `${npx()}:${process.env.PATH}` }
    const run = (file: string, text: string) => {
      write(root, { [file]: text })
      git(root, 'add', '-A')
      const { status, stdout } = spawnSync('sh', ['-c', script(file)], { cwd: root, env, encoding: 'utf8' })
      git(root, 'reset', '-q', '--hard')
      return { status, rules: ['blocking-index-build', 'edited-migration'].filter(rule => stdout.includes(rule)) }
    }
    const [[path, index]] = Object.entries(blocking) as [[string, string]]
    expect(run(path, index)).toEqual({ status: 1, rules: ['blocking-index-build'] })
    expect(run('db/migrations/002_one.sql', 'SELECT 2;\n')).toEqual({ status: 1, rules: ['edited-migration'] })
    expect(run('db/migrations/003_next.sql', 'SELECT 3;\n')).toEqual({ status: 0, rules: [] })
  })

  // No file is left to name: lint-staged runs nothing then, and lefthook skips the job.
  const naming = { husky: husky.replace('npx lint-staged', 'true'), lefthook: lefthook.at(-1) ?? '', plain }
  // These lines are for a POSIX shell, which Windows lacks.
  const onShell = it.skipIf(process.platform === 'win32')

  onShell.each(Object.entries(naming))('%s, the last migration is deleted', (_, script) => {
    const root = repository({ ...one, ...quiet })
    git(root, 'rm', '-q', '-r', 'db')
    const env = { ...process.env, PATH: `${npx()}:${process.env.PATH}` }
    const { status, stdout } = spawnSync('sh', ['-c', script], { cwd: root, env, encoding: 'utf8' })
    expect(stdout).toContain('deleted-migration')
    expect(status).toBe(1)
  })

  onShell.each(Object.entries(naming))('%s, the repository has no migrations', (_, script) => {
    const root = repository({ 'README.md': 'Read me.' })
    write(root, { 'README.md': 'Read me again.' })
    git(root, 'add', '-A')
    const env = { ...process.env, PATH: `${npx()}:${process.env.PATH}` }
    const { status, stdout } = spawnSync('sh', ['-c', script], { cwd: root, env, encoding: 'utf8' })
    expect(stdout).not.toContain('error')
    expect(status).toBe(0)
  })

  it('pre-commit finds the hooks that are named, and lefthook and lint-staged the files', () => {
    expect([...section.matchAll(/- id: (.*)$/gm)].map(([, id]) => id)).toEqual(hooks().map(({ id }) => id))
    const globs = [...section.matchAll(/"(\*\.\{[^"]*)"/g)].map(([, glob]) => glob)
    expect(globs).toEqual(['*.{sql,pgsql,psql}', '*.{sql,pgsql,psql}'])
    expect(hook('migrate-lint').files).toMatch(/^\\\.\(sql\|pgsql\|psql\)\$\|/)
  })
})

it('a hook asks no network (PC-05)', async () => {
  const root = repository({ ...table, ...quiet })
  write(root, blocking)
  git(root, 'add', '-A')
  const watch = [
    "import net from 'node:net'; import dns from 'node:dns'",
    "const told = () => { process.stderr.write('asked the network'); process.exit(3) }",
    'net.Socket.prototype.connect = told; dns.lookup = told; globalThis.fetch = told',
  ].join('\n')
  const env = { NODE_OPTIONS: `--import "data:text/javascript,${encodeURIComponent(watch)}"` }
  const ran = await migrateLint(['--staged'], { cwd: root, env })
  expect(ran).toMatchObject({ code: 1, stderr: expect.not.stringContaining('network') })
  const args = ['--input-type=module', '-e', "import net from 'node:net'; net.connect(9)"]
  expect(spawnSync(process.execPath, args, { env: { ...process.env, ...env } }).status).toBe(3)
})

describe("git's own hook", () => {
  /** Writes the hook of the README, with the built program in place of the installed one. */
  function install(root: string): void {
    const path = git(root, 'rev-parse', '--git-path', 'hooks/pre-commit')
    const run = `'${process.execPath}' '${cli}'`
    const file = join(root, '.git/hooks/pre-commit')
    expect(path.endsWith('hooks/pre-commit')).toBe(true)
    write(root, {
      '.git/hooks/pre-commit': `#!/bin/sh\n${run} --staged --no-error-on-unmatched-pattern && ${run} history --staged --no-error-on-unmatched-pattern\n`,
    })
    chmodSync(file, 0o755)
  }

  function commits(cwd: string, ...args: string[]) {
    const { status, stdout, stderr } = spawnSync('git', ['commit', '-m', 'x', ...args], { cwd, encoding: 'utf8' })
    return { status, output: stdout + stderr }
  }

  it('sees what git is about to commit: with -a, with single files, in a sub-directory, in a worktree (PC-09)', () => {
    const root = repository({ ...table, ...one, ...quiet, 'sub/x': '' })
    install(root)
    write(root, blocking)
    git(root, 'add', '-A')
    expect(commits(root)).toMatchObject({ status: 1, output: expect.stringContaining('blocking-index-build') })
    expect(commits(join(root, 'sub')).status).toBe(1)
    // git puts only the named files into an index of its own and says so in GIT_INDEX_FILE.
    write(root, { 'sub/x': 'y' })
    expect(commits(root, 'sub/x')).toMatchObject({ status: 0 })
    git(root, 'rm', '-qf', '--cached', ...Object.keys(blocking))
    rmSync(join(root, 'db/migrations/003_index.sql'))
    write(root, { 'db/migrations/002_one.sql': 'SELECT 2;\n' })
    expect(commits(root, '-a')).toMatchObject({ status: 1, output: expect.stringContaining('edited-migration') })
    git(root, 'checkout', '-q', '--', '.')

    const tree = join(temporary(), 'tree')
    git(root, 'worktree', 'add', '-q', '-b', 'other', tree)
    write(tree, blocking)
    git(tree, 'add', '-A')
    expect(commits(tree)).toMatchObject({ status: 1, output: expect.stringContaining('blocking-index-build') })
    write(tree, { 'db/migrations/003_index.sql': 'CREATE TABLE other (id int);\n' })
    git(tree, 'add', '-A')
    expect(commits(tree)).toMatchObject({ status: 0 })
  })

  it('lints the index and not the disk, also for older migrations (PC-03)', () => {
    const root = repository({ ...table, ...one, ...quiet })
    install(root)
    write(root, blocking)
    git(root, 'add', '-A')
    write(root, { 'db/migrations/003_index.sql': 'SELECT 3;\n' })
    expect(commits(root).status).toBe(1)
    write(root, { 'db/migrations/003_index.sql': 'CREATE TABLE other (id int);\n' })
    git(root, 'add', '-A')
    write(root, { 'db/migrations/002_one.sql': 'an edit that nobody has staged' })
    expect(commits(root)).toMatchObject({ status: 0 })
    expect(git(root, 'show', '--name-only', '--format=')).toBe('db/migrations/003_index.sql')
  })
})
