import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test, vi } from 'vitest'
import { Failure } from '../../src/node/failure.ts'
import { Git } from '../../src/node/git/git.ts'
import { changes, commit, git, repository, temporary, write } from './kit/repository.ts'

const one = { 'migrations/1_a.sql': 'CREATE TABLE a (id bigint PRIMARY KEY);\n' }
const three = {
  ...one,
  'migrations/2_b.sql': 'CREATE TABLE b (id bigint PRIMARY KEY, note text);\n',
  'migrations/3_c.sql': 'CREATE INDEX i ON b (note);\n',
}

describe('what is applied', () => {
  test('is what the branch began at: what main did since is not its fault (ED-02)', () => {
    const root = repository(three)
    git(root, 'switch', '-q', 'main')
    commit(root, {
      'migrations/2_b.sql': 'CREATE TABLE b (id int PRIMARY KEY);\n',
      'migrations/4_d.sql': 'SELECT 1;\n',
    })
    git(root, 'switch', '-q', 'work')
    commit(root, { 'migrations/5_e.sql': 'SELECT 5;\n' })
    expect(changes(root)).toEqual([])
  })

  test('is not what only this branch has (ED-03)', () => {
    const root = repository(one)
    commit(root, { 'migrations/2_b.sql': 'SELECT 1;\n' })
    commit(root, { 'migrations/2_b.sql': 'SELECT 2;\n' })
    git(root, 'mv', 'migrations/2_b.sql', 'migrations/3_b.sql')
    commit(root)
    write(root, { 'migrations/3_b.sql': 'SELECT 3;\n' })
    expect(changes(root)).toEqual([])
  })

  test('may be edited and put back (ED-03)', () => {
    const root = repository(one)
    commit(root, { 'migrations/1_a.sql': 'SELECT 1;\n' })
    expect(changes(root)).toEqual(['migrations/1_a.sql edited statements error'])
    commit(root, one)
    expect(changes(root)).toEqual([])
  })

  test('is said by a flag, by the configuration, by CI', () => {
    const root = repository(one)
    const release = git(root, 'rev-parse', 'HEAD')
    git(root, 'tag', 'v1')
    git(root, 'switch', '-q', 'main')
    commit(root, { 'migrations/2_b.sql': 'SELECT 1;\n' })
    commit(root, { 'migrations/2_b.sql': 'SELECT 2;\n' })
    const before = git(root, 'rev-parse', 'HEAD^')
    const edited = ['migrations/2_b.sql edited statements error']
    expect(changes(root, { since: before })).toEqual(edited)
    expect(changes(root, { config: { baseRef: before } })).toEqual(edited)
    expect(changes(root, { env: { PRE_COMMIT_FROM_REF: before } })).toEqual(edited)
    expect(changes(root, { env: { CI_COMMIT_BEFORE_SHA: before } })).toEqual(edited)
    expect(changes(root, { since: 'v1' })).toEqual([])
    write(root, { 'event.json': JSON.stringify({ before }) })
    const push = { GITHUB_EVENT_NAME: 'push', GITHUB_EVENT_PATH: join(root, 'event.json') }
    expect(changes(root, { env: push })).toEqual(edited)
    write(root, { 'event.json': JSON.stringify({ merge_group: { base_sha: release } }) })
    expect(changes(root, { env: { ...push, GITHUB_EVENT_NAME: 'merge_group' } })).toEqual([])
  })

  test('is said by a name that is a commit, and nothing else (ED-05)', () => {
    const root = repository(one)
    for (const since of ['nowhere', '--upload-pack=touch x', '-h', '', 'main:migrations']) {
      expect(() => changes(root, { since })).toThrow(Failure)
    }
    expect(changes(root, { config: { baseRef: 'nowhere' } })).toEqual(['missing: git knows no commit "nowhere"'])
  })

  test('is not known without git, without a commit, without another branch', () => {
    const bare = temporary()
    write(bare, one)
    expect(changes(bare)).toEqual([expect.stringMatching(/^missing: not a git repository/)])
    git(bare, 'init', '-q', '-b', 'main')
    expect(changes(bare)).toEqual(['missing: the repository has no commit yet'])
    commit(bare)
    expect(changes(bare)).toEqual([expect.stringMatching(/^missing: there is no origin\/main/)])
    write(bare, { 'migrations/1_a.sql': 'SELECT 1;\n' })
    expect(changes(bare, { orHead: true })).toEqual(['migrations/1_a.sql edited statements error'])
  })
})

describe('git', () => {
  /** What it is asked while a folder of so many migrations is compared, two of which differ. */
  function asked(count: number): { readonly commands: readonly string[]; readonly blobs: number } {
    const files = Array.from({ length: count }, (_, i) => [`migrations/${i + 1}.sql`, `CREATE TABLE t${i} (a int);\n`])
    const root = repository(Object.fromEntries(files))
    write(root, { 'migrations/2.sql': 'SELECT 1;\n' })
    rmSync(join(root, 'migrations/3.sql'))
    const run = vi.spyOn(Git.prototype, 'run')
    expect(changes(root)).toEqual(['migrations/2.sql edited statements error', 'migrations/3.sql deleted error'])
    const calls = run.mock.calls.map(([[command], input = '']) => ({ command: command ?? '', input }))
    run.mockRestore()
    const blobs = calls.filter(({ command }) => command === 'cat-file').flatMap(({ input }) => input.trim().split('\n'))
    return { commands: calls.map(({ command }) => command), blobs: blobs.length }
  }

  test('is asked as often whatever the number of migrations, and only for those that differ (ED-06)', () => {
    const many = asked(300)
    expect(many).toEqual(asked(10))
    // Of two files, how large each is and then what is in it.
    expect(many.blobs).toBe(4)
  })

  test('fetches nothing on a machine that is no CI (PC-08)', () => {
    const origin = repository(one)
    const url = pathToFileURL(origin).href
    const cwd = join(temporary(), 'clone')
    commit(origin, { 'README.md': 'x' })
    git('/', 'clone', '-q', '--depth=1', '--branch=work', url, cwd)
    git(cwd, 'switch', '-qc', 'topic')
    commit(cwd, { 'migrations/1_a.sql': 'SELECT 1;\n' })
    const run = vi.spyOn(Git.prototype, 'run')
    const since = changes(cwd, { config: { baseRef: 'main' } })
    expect(since).toEqual([expect.stringMatching(/^missing: git knows no commit "main", as the clone is shallow/)])
    expect(changes(cwd)).toEqual(['migrations/1_a.sql edited statements error'])
    expect(run.mock.calls.map(([[command]]) => command)).not.toContain('fetch')
    run.mockRestore()
  })
})

describe('new migrations', () => {
  test('come after all that main has by now', () => {
    const root = repository(one)
    commit(root, { 'migrations/2_b.sql': 'SELECT 1;\n' })
    expect(changes(root)).toEqual([])
    git(root, 'switch', '-q', 'main')
    commit(root, { 'migrations/3_c.sql': 'SELECT 1;\n' })
    git(root, 'switch', '-q', 'work')
    expect(changes(root)).toEqual(['migrations/2_b.sql late warning'])
  })

  test('are ordered as the system does', () => {
    const root = repository({ 'migrations/9_a.up.sql': 'SELECT 1;\n', 'migrations/9_a.down.sql': 'SELECT 1;\n' })
    commit(root, { 'migrations/10_b.up.sql': 'SELECT 2;\n', 'migrations/10_b.down.sql': 'SELECT 2;\n' })
    expect(changes(root)).toEqual([])
    commit(root, { 'migrations/8_c.up.sql': 'SELECT 3;\n' })
    expect(changes(root)).toEqual(['migrations/8_c.up.sql late error'])
  })

  test('have a version of their own, also when main took it meanwhile', () => {
    const root = repository({ 'migrations/1_a.up.sql': 'SELECT 1;\n' })
    commit(root, { 'migrations/2_mine.up.sql': 'CREATE TABLE mine ();\n' })
    git(root, 'switch', '-q', 'main')
    commit(root, { 'migrations/2_theirs.up.sql': 'DROP TABLE theirs;\n' })
    git(root, 'switch', '-q', 'work')
    expect(changes(root)).toEqual(['migrations/2_mine.up.sql duplicate error'])
  })
})

describe('many at once', () => {
  const many = Object.fromEntries(
    Array.from({ length: 12 }, (_, i) => [
      `migrations/${i + 1}_t.sql`,
      `CREATE TABLE t${i} (a${i} int, b${i} text);\n`,
    ]),
  )

  test('squashed: one finding', () => {
    const root = repository(many)
    rmSync(join(root, 'migrations'), { recursive: true })
    commit(root, { 'migrations/100_all.sql': Object.values(many).join('') })
    expect(changes(root)).toEqual(['migrations/100_all.sql squashed warning'])
  })

  test('deleted: one finding', () => {
    const root = repository({ ...many, 'migrations/50_other.sql': 'SELECT 1;\n' })
    for (const path of Object.keys(many)) rmSync(join(root, path))
    expect(changes(root)).toEqual(['migrations/1_t.sql deleted error'])
  })

  test('moved with their folder: none', () => {
    const root = repository(many)
    mkdirSync(join(root, 'db'))
    renameSync(join(root, 'migrations'), join(root, 'db/migrations'))
    commit(root)
    expect(changes(root)).toEqual([])
    write(root, { 'db/migrations/3_t.sql': 'SELECT 1;\n' })
    expect(changes(root)).toEqual(['db/migrations/3_t.sql edited statements error'])
  })
})

describe('what is allowed', () => {
  const reason = '-- migrate-lint-allow-edit: it never ran\n'

  test('by a comment with a reason, for one edit', () => {
    const root = repository(one)
    commit(root, { 'migrations/1_a.sql': `${reason}SELECT 1;\n` })
    const allowed = ['migrations/1_a.sql edited statements allowed (it never ran)']
    expect(changes(root)).toEqual(allowed)
    expect(changes(root, { since: 'main' })).toEqual(allowed)
    git(root, 'branch', '-f', 'main', 'work')
    expect(changes(root)).toEqual([])
    commit(root, { 'migrations/1_a.sql': `${reason}SELECT 2;\n` })
    expect(changes(root)).toEqual(['migrations/1_a.sql edited statements error'])
  })

  test.each([
    ['by no comment without a reason', '-- migrate-lint-allow-edit:\n'],
    ['by no string', "SELECT '\n-- migrate-lint-allow-edit: it never ran\n';\n"],
  ])('%s', (_, text) => {
    const root = repository(one)
    commit(root, { 'migrations/1_a.sql': `${text}SELECT 1;\n` })
    expect(changes(root)).toEqual(['migrations/1_a.sql edited statements error'])
    expect(changes(root, { staged: true })).toEqual(['migrations/1_a.sql edited statements error'])
  })

  test.each([
    '/* migrate-lint-allow-edit: it never ran */',
    '/*\n * migrate-lint-allow-edit: it never ran\n */',
    '-- migrate-lint-allow-edit it never ran',
    'SELECT 1; -- migrate-lint-allow-edit -- it never ran',
  ])('by a comment in any style: %s', text => {
    const root = repository(one)
    commit(root, { 'migrations/1_a.sql': `${text}\nSELECT 1;\n` })
    const allowed = ['migrations/1_a.sql edited statements allowed (it never ran)']
    expect(changes(root)).toEqual(allowed)
    expect(changes(root, { staged: true })).toEqual(allowed)
  })

  test('by a glob', () => {
    const root = repository(three)
    write(root, { 'migrations/1_a.sql': 'SELECT 1;\n' })
    rmSync(join(root, 'migrations/2_b.sql'))
    expect(changes(root, { allowEdit: ['migrations/1_*'], config: { allowEdit: ['2_b.sql'] } })).toEqual([
      'migrations/1_a.sql edited statements allowed (allowed by --allow-edit)',
      'migrations/2_b.sql deleted allowed (allowed by "allowEdit" in the configuration)',
    ])
  })

  test('until it is released', () => {
    const root = repository(one)
    git(root, 'tag', 'v1')
    git(root, 'switch', '-q', 'main')
    commit(root, three)
    git(root, 'switch', '-qC', 'work')
    commit(root, { 'migrations/1_a.sql': 'SELECT 1;\n', 'migrations/3_c.sql': 'SELECT 1;\n' })
    expect(changes(root, { config: { editsAllowedUntil: 'v1' } })).toEqual([
      'migrations/1_a.sql edited statements error',
      'migrations/3_c.sql edited statements allowed (not deployed: "v1" does not have it)',
    ])
    expect(changes(root, { config: { editsAllowedUntil: 'v9' } })).toEqual([
      '"editsAllowedUntil" allows nothing: git knows no commit "v9".',
      'migrations/1_a.sql edited statements error',
      'migrations/3_c.sql edited statements error',
    ])
  })
})

test('a project that is gone as a whole is told, though nothing there speaks of it any more', () => {
  const prisma = {
    'shop/prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
    'shop/prisma/migrations/20250101000000_a/migration.sql': 'SELECT 1;\n',
    'shop/prisma/migrations/20250102000000_b/migration.sql': 'SELECT 2;\n',
  }
  const root = repository({ ...one, ...prisma, 'README.md': 'x\n' })
  rmSync(join(root, 'shop'), { recursive: true })
  const gone = ['20250101000000_a', '20250102000000_b'].map(
    name => `shop/prisma/migrations/${name}/migration.sql deleted error`,
  )
  expect(changes(root)).toEqual(gone)
  expect(changes(root, { staged: true })).toEqual([])
  commit(root)
  expect(changes(root)).toEqual(gone)
  expect(changes(root, { staged: true })).toEqual(gone)
  // One that moved is followed, and what somebody else asked for is not.
  expect(changes(root, { typed: ['migrations'] })).toEqual([])
  git(root, 'revert', '--no-edit', 'HEAD')
  git(root, 'mv', 'shop', 'store')
  commit(root)
  expect(changes(root)).toEqual([])
  rmSync(join(root, 'README.md'))
  expect(changes(root)).toEqual([])
})

test('repositories beside each other are each compared with their own past', () => {
  const around = temporary()
  for (const name of ['a', 'b']) {
    const root = join(around, name)
    write(root, one)
    git(root, 'init', '-q', '-b', 'main')
    commit(root)
    git(root, 'switch', '-qc', 'work')
  }
  write(around, { 'b/migrations/1_a.sql': 'SELECT 1;\n' })
  expect(changes(around)).toEqual(['b/migrations/1_a.sql edited statements error'])
})
