import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { commit, git, repository, temporary, write } from '../kit/git.ts'
import { migrateLint } from '../node/kit/program.ts'

const table = { 'db/migrations/1_orders.sql': 'CREATE TABLE orders (id bigint PRIMARY KEY, email text);\n' }
const index = { 'db/migrations/2_index.sql': 'CREATE INDEX orders_email_idx ON orders (email);\n' }
const drop = { 'db/migrations/2_drop.sql': 'DROP TABLE clients;\n' }

describe('before the first commit', () => {
  /** What is about to be committed, in a repository without any commit. */
  function fresh(files: Readonly<Record<string, string>>): string {
    const root = temporary()
    git(root, 'init', '-q', '-b', 'main')
    write(root, files)
    git(root, 'add', '-A')
    return root
  }

  test('the hook of the README checks everything that is staged', async () => {
    for (const [files, code] of [
      [table, 0],
      [{ ...table, ...drop }, 1],
    ] as const) {
      const cwd = fresh(files)
      const staged = await migrateLint(['--staged', '--no-error-on-unmatched-pattern'], { cwd })
      expect(staged.code).toBe(code)
      expect(staged.stderr).not.toContain('no commit yet')
      expect(staged.stdout.includes('2_drop.sql')).toBe(code === 1)
      expect((await migrateLint(['history', '--staged'], { cwd })).code).toBe(0)
    }
  })

  test('everything is new, and nothing was ever changed', async () => {
    const cwd = fresh(table)
    write(cwd, drop)
    expect(await migrateLint(['--changed'], { cwd })).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('2_drop.sql'),
    })
    expect(await migrateLint([], { cwd })).toMatchObject({ code: 1, stdout: expect.stringContaining('2_drop.sql') })
    expect((await migrateLint(['history'], { cwd })).code).toBe(0)
    expect(await migrateLint(['history', '--audit'], { cwd })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('No migration was changed'),
    })
    const since = await migrateLint(['--since', 'main'], { cwd })
    expect(since).toMatchObject({ code: 2, stdout: '' })
    expect(since.stderr).toBe('migrate-lint: --since main: the repository has no commit yet.\n')
  })

  test('on a branch of its own, in a repository that has commits on others', async () => {
    const cwd = repository(table)
    git(cwd, 'switch', '-q', '--orphan', 'fresh')
    write(cwd, drop)
    git(cwd, 'add', '-A')
    expect(await migrateLint(['--staged'], { cwd })).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('2_drop.sql'),
    })
  })
})

describe('an unreadable part of a repository', () => {
  const garbage = 'this is not what git wrote\n'
  const damages: Readonly<Record<string, (root: string) => void>> = {
    'a damaged index': root => writeFileSync(join(root, '.git/index'), garbage),
    'half an index': root => {
      const path = join(root, '.git/index')
      writeFileSync(path, readFileSync(path).subarray(0, 40))
    },
    'a damaged HEAD': root => writeFileSync(join(root, '.git/HEAD'), garbage),
    'an empty HEAD': root => writeFileSync(join(root, '.git/HEAD'), ''),
    'no HEAD': root => rmSync(join(root, '.git/HEAD')),
    'a HEAD that names no commit': root => writeFileSync(join(root, '.git/HEAD'), `${'1'.repeat(40)}\n`),
    'a damaged branch': root => writeFileSync(join(root, '.git/refs/heads/work'), garbage),
    'a branch without its commit': root => writeFileSync(join(root, '.git/refs/heads/work'), `${'1'.repeat(40)}\n`),
    'damaged packed references': root => {
      git(root, 'pack-refs', '--all')
      writeFileSync(join(root, '.git/packed-refs'), garbage)
    },
    'no objects': root => {
      for (const name of readdirSync(join(root, '.git/objects')))
        rmSync(join(root, '.git/objects', name), { recursive: true })
    },
    'a damaged configuration': root => writeFileSync(join(root, '.git/config'), '[core\n'),
    'a .git that leads nowhere': root => {
      rmSync(join(root, '.git'), { recursive: true })
      writeFileSync(join(root, '.git'), 'gitdir: ../nowhere\n')
    },
    'a .git with text that git does not know': root => {
      rmSync(join(root, '.git'), { recursive: true })
      writeFileSync(join(root, '.git'), garbage)
    },
  }

  for (const [name, damage] of Object.entries(damages)) {
    test(`is one clear line, and the files are linted: ${name}`, async () => {
      const cwd = repository(table)
      commit(cwd, index)
      write(cwd, { 'db/migrations/1_orders.sql': 'CREATE TABLE orders (id bigint PRIMARY KEY, phone text);\n' })
      damage(cwd)
      const linted = await migrateLint(['-f', 'compact'], { cwd })
      expect(linted.stdout).toContain('2_index.sql')
      expect(linted.stderr).toMatch(/^migrate-lint: Applied migrations were not compared: .+\.$/m)
      expect(linted.stderr.match(/not compared/g)).toHaveLength(1)
      expect(linted.code).toBe(2)
      // It is not known what changed, so it may be anything.
      for (const flags of [['--changed'], ['--staged'], ['--since', 'HEAD'], ['--require-history']]) {
        const { code, stdout, stderr } = await migrateLint([...flags, '-f', 'compact'], { cwd })
        const lines = stderr.split('\n').filter(line => /not compared|^migrate-lint: --/.test(line))
        expect([flags, code, stdout, lines]).toEqual([
          flags,
          2,
          expect.stringContaining('2_index.sql'),
          [expect.any(String)],
        ])
        expect(stderr).not.toContain('internal error')
      }
      for (const flags of [[], ['--staged']]) {
        const { code, stdout, stderr } = await migrateLint(['history', ...flags], { cwd })
        expect([flags, code, stdout]).toEqual([
          flags,
          2,
          expect.stringContaining('could not be checked (nothing to compare with)'),
        ])
        expect(stderr).not.toContain('internal error')
      }
      const { code, stderr } = await migrateLint(['history', '--audit'], { cwd })
      // What was committed is not asked of the index.
      expect([code, stderr]).toEqual([name.endsWith('index') ? 0 : 2, expect.not.stringContaining('internal error')])
    })
  }

  test('is reported if a staged blob is missing', async () => {
    const cwd = repository(table)
    write(cwd, drop)
    git(cwd, 'add', '-A')
    const [, oid = ''] = git(cwd, 'ls-files', '-s', 'db/migrations/2_drop.sql').split(' ')
    rmSync(join(cwd, '.git/objects', oid.slice(0, 2), oid.slice(2)))
    rmSync(join(cwd, 'db/migrations/2_drop.sql'))
    const staged = await migrateLint(['--staged'], { cwd })
    expect(staged).toMatchObject({ code: 2, stderr: expect.stringContaining('2_drop.sql could not be read') })
  })
})

// A clone brings none of these, but an archive does. git waits for ever for what nobody writes, and reads endless devices.
describe.skipIf(process.platform === 'win32')('a special file where git reads', () => {
  const pipe = (path: string) => {
    rmSync(path, { force: true })
    execFileSync('mkfifo', [path])
  }
  const link = (target: string) => (path: string) => {
    rmSync(path, { force: true })
    symlinkSync(target, path)
  }
  /** A folder with a program called `git`. */
  const program = (script: string) => {
    const folder = temporary()
    writeFileSync(join(folder, 'git'), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
    return folder
  }
  const set = (key: string, value: string) => (root: string) => {
    const file = resolve(root, value.startsWith('.') ? `.git/${value}` : value)
    git(root, 'config', key, value)
    pipe(file)
    return file
  }
  const at = (name: string, make: (path: string) => void) => (root: string) => {
    make(join(root, name))
    return join(root, name)
  }
  const attacks: Readonly<Record<string, (root: string) => string>> = {
    'the index': at('.git/index', pipe),
    HEAD: at('.git/HEAD', pipe),
    'the configuration': at('.git/config', pipe),
    'packed references': at('.git/packed-refs', pipe),
    'the branch': at('.git/refs/heads/work', pipe),
    'a reference in a folder': at('.git/refs/heads/x', pipe),
    'the folder that is shared': at('.git/commondir', pipe),
    'other places for objects': root => {
      mkdirSync(join(root, '.git/objects/info'), { recursive: true })
      return at('.git/objects/info/alternates', pipe)(root)
    },
    'what is ignored': root => {
      mkdirSync(join(root, '.git/info'), { recursive: true })
      return at('.git/info/exclude', pipe)(root)
    },
    'an index that leads to a device': at('.git/index', link('/dev/zero')),
    'an index that leads to /proc': at('.git/index', link('/proc/kmsg')),
    'references that lead around themselves': at('.git/refs/heads/x', link('/')),
    'a file that the configuration includes': set('include.path', '../pipe'),
    'a file that the configuration includes under a condition': set('includeIf.gitdir:/.path', '../pipe'),
    'a file of the configuration': set('core.excludesFile', './pipe'),
  }
  for (const [name, attack] of Object.entries(attacks)) {
    test(`is one line, and the files are linted: ${name}`, { timeout: 60_000 }, async () => {
      const cwd = repository(table)
      write(cwd, index)
      git(cwd, 'add', '-A')
      const path = attack(cwd)
      const calls = join(temporary(), 'calls')
      const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim()
      const env = { PATH: `${program(`echo "$*" >> '${calls}'; exec '${real}' "$@"`)}:${process.env.PATH}` }
      for (const flags of [['--staged'], ['--changed'], []]) {
        writeFileSync(calls, '')
        const { code, stdout, stderr } = await migrateLint([...flags, '-f', 'compact'], { cwd, env })
        expect([flags, code, stdout]).toEqual([flags, 2, expect.stringContaining('2_index.sql')])
        expect(stderr.split('\n').filter(line => line.includes(path))).toEqual([expect.stringContaining(': remove it')])
        // git would wait for ever. It may only be asked for one file of settings, or for all of them if they were looked at.
        const asked = readFileSync(calls, 'utf8').split('\n').filter(Boolean)
        const harmless = name === 'a file of the configuration' ? /--show-toplevel$|config --list/ : /config --file/
        expect(asked.filter(call => !harmless.test(call))).toEqual([])
      }
    })
  }

  test('settings that include others are not followed for ever', { timeout: 120_000 }, async () => {
    const cwd = repository(table)
    write(cwd, index)
    const included = (i: number) => [`.git/${i}`, `[include]\npath = ${i + 1}\npath = ${2 * i}\n`] as const
    write(cwd, Object.fromEntries(Array.from({ length: 3000 }, (_, i) => included(i + 1))))
    git(cwd, 'config', '--file', '.git/config', 'include.path', '1')
    const { code, stdout, stderr } = await migrateLint(['--changed', '-f', 'compact'], { cwd })
    expect([code, stdout]).toEqual([2, expect.stringContaining('2_index.sql')])
    expect(stderr.split('\n').filter(line => line.includes('in more than 20 files'))).toHaveLength(1)
  })

  // These are not looked at before git starts, because there may be very many files.
  for (const name of ['.gitignore', '.gitattributes']) {
    test(`is found while git waits: ${name}`, { timeout: 100_000 }, async () => {
      const cwd = repository(table)
      write(cwd, index)
      write(cwd, { 'db/migrations/1_orders.sql': 'CREATE TABLE orders (id bigint PRIMARY KEY, phone text);\n' })
      const path = at(`db/${name}`, pipe)(cwd)
      const { code, stdout, stderr } = await migrateLint(['--changed', '-f', 'compact'], { cwd })
      expect([code, stdout]).toEqual([2, expect.stringContaining('2_index.sql')])
      expect(stderr.split('\n').filter(line => line.includes(path))).toHaveLength(1)
    })
  }

  test('is not found in files that git makes, or in what hides a file', async () => {
    const cwd = repository(table)
    commit(cwd, index)
    link('/dev/null')(join(cwd, '.git/packed-refs'))
    const server = createServer().listen(join(cwd, '.git/fsmonitor--daemon.ipc'))
    onTestFinished(() => void server.close())
    await once(server, 'listening')
    expect(await migrateLint(['--changed'], { cwd })).toMatchObject({
      code: 1,
      stderr: expect.not.stringContaining('not compared'),
    })
  })
})

test('a HEAD that is not a branch is nothing special', async () => {
  const cwd = repository(table)
  commit(cwd, index)
  git(cwd, 'switch', '-q', '--detach')
  const changed = await migrateLint(['--changed'], { cwd })
  expect(changed).toMatchObject({ code: 1, stdout: expect.stringContaining('2_index.sql') })
})

// The remedy is a command to copy, and people who pack an archive name its folders.
test('a repository of somebody else is named with what to do, for any name', async () => {
  const root = repository({ "it's $(x)/1.sql": 'SELECT 1;' })
  const cwd = join(root, "it's $(x)")
  renameSync(join(root, '.git'), join(cwd, '.git'))
  const { stderr, code } = await migrateLint(['--staged'], { cwd, env: { GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' } })
  const [, command = ''] = /`git config --global --add safe\.directory (.*)`\.\n$/.exec(stderr) ?? []
  expect([execFileSync('sh', ['-c', `printf %s ${command}`], { encoding: 'utf8' }), code]).toEqual([cwd, 2])
})
