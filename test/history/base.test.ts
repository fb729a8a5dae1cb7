import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test, vi } from 'vitest'
import { Failure } from '../../src/node/failure.ts'
import { Git } from '../../src/node/git/git.ts'
import { commit, git, repository, temporary, write } from '../kit/git.ts'
import { changes, Repository } from './kit/repository.ts'

const one = { 'migrations/1_a.sql': 'CREATE TABLE a (id bigint PRIMARY KEY);\n' }
const three = {
  ...one,
  'migrations/2_b.sql': 'CREATE TABLE b (id bigint PRIMARY KEY, note text);\n',
  'migrations/3_c.sql': 'CREATE INDEX i ON b (note);\n',
}

describe('what is applied', () => {
  test('is the state at which the branch began: later changes of main are not its fault (ED-02)', () => {
    const since = {
      'migrations/2_b.sql': 'CREATE TABLE b (id int PRIMARY KEY);\n',
      'migrations/4_d.sql': 'SELECT 1;\n',
    }
    const repo = Repository.with(three).on('main').commit(since)
    repo.on('work').commit({ 'migrations/5_e.sql': 'SELECT 5;\n' })
    expect(repo.changes()).toEqual([])
  })

  test('is not a migration that only this branch has (ED-03)', () => {
    const repo = Repository.with(one)
      .commit({ 'migrations/2_b.sql': 'SELECT 1;\n' })
      .commit({ 'migrations/2_b.sql': 'SELECT 2;\n' })
      .move('migrations/2_b.sql', 'migrations/3_b.sql')
      .commit()
      .edit({ 'migrations/3_b.sql': 'SELECT 3;\n' })
    expect(repo.changes()).toEqual([])
  })

  test('may be edited and put back (ED-03)', () => {
    const repo = Repository.with(one).commit({ 'migrations/1_a.sql': 'SELECT 1;\n' })
    expect(repo.changes()).toEqual(['migrations/1_a.sql edited statements error'])
    expect(repo.commit(one).changes()).toEqual([])
  })

  test('is set by a flag, by the configuration, by CI', () => {
    const repo = Repository.with(one).tag('v1')
    const release = repo.id()
    repo.on('main').commit({ 'migrations/2_b.sql': 'SELECT 1;\n' })
    const before = repo.id()
    repo.commit({ 'migrations/2_b.sql': 'SELECT 2;\n' })
    const edited = ['migrations/2_b.sql edited statements error']
    expect(repo.changes({ since: before })).toEqual(edited)
    expect(repo.changes({ config: { baseRef: before } })).toEqual(edited)
    expect(repo.changes({ env: { PRE_COMMIT_FROM_REF: before } })).toEqual(edited)
    expect(repo.changes({ env: { CI_COMMIT_BEFORE_SHA: before } })).toEqual(edited)
    expect(repo.changes({ since: 'v1' })).toEqual([])
    const event = (payload: object) => repo.edit({ 'event.json': JSON.stringify(payload) })
    const env = { GITHUB_EVENT_NAME: 'push', GITHUB_EVENT_PATH: join(repo.root, 'event.json') }
    expect(event({ before }).changes({ env })).toEqual(edited)
    const queue = { ...env, GITHUB_EVENT_NAME: 'merge_group' }
    expect(event({ merge_group: { base_sha: release } }).changes({ env: queue })).toEqual([])
  })

  test('is set only by a name that is a commit (ED-05)', () => {
    const repo = Repository.with(one)
    for (const since of ['nowhere', '--upload-pack=touch x', '-h', '', 'main:migrations']) {
      expect(() => repo.changes({ since })).toThrow(Failure)
    }
    expect(repo.changes({ config: { baseRef: 'nowhere' } })).toEqual(['missing: git does not know a commit "nowhere"'])
  })

  test('is unknown without git, without a commit, without another branch', () => {
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

  test('fetches nothing on a machine outside of CI (PC-08)', () => {
    const origin = repository(one)
    const url = pathToFileURL(origin).href
    const cwd = join(temporary(), 'clone')
    commit(origin, { 'README.md': 'x' })
    git('/', 'clone', '-q', '--depth=1', '--branch=work', url, cwd)
    git(cwd, 'switch', '-qc', 'topic')
    commit(cwd, { 'migrations/1_a.sql': 'SELECT 1;\n' })
    const run = vi.spyOn(Git.prototype, 'run')
    const since = changes(cwd, { config: { baseRef: 'main' } })
    expect(since).toEqual([
      expect.stringMatching(/^missing: git does not know a commit "main", because the clone is shallow/),
    ])
    expect(changes(cwd)).toEqual(['migrations/1_a.sql edited statements error'])
    expect(run.mock.calls.map(([[command]]) => command)).not.toContain('fetch')
    run.mockRestore()
  })
})

describe('new migrations', () => {
  test('come after everything that main has by now', () => {
    const repo = Repository.with(one).commit({ 'migrations/2_b.sql': 'SELECT 1;\n' })
    expect(repo.changes()).toEqual([])
    repo.on('main').commit({ 'migrations/3_c.sql': 'SELECT 1;\n' })
    expect(repo.on('work').changes()).toEqual(['migrations/2_b.sql late warning'])
  })

  test('are ordered as the system does', () => {
    const repo = Repository.with({ 'migrations/9_a.up.sql': 'SELECT 1;\n', 'migrations/9_a.down.sql': 'SELECT 1;\n' })
    repo.commit({ 'migrations/10_b.up.sql': 'SELECT 2;\n', 'migrations/10_b.down.sql': 'SELECT 2;\n' })
    expect(repo.changes()).toEqual([])
    repo.commit({ 'migrations/8_c.up.sql': 'SELECT 3;\n' })
    expect(repo.changes()).toEqual(['migrations/8_c.up.sql late error'])
  })

  test('have a version of their own, also when main took it meanwhile', () => {
    const repo = Repository.with({ 'migrations/1_a.up.sql': 'SELECT 1;\n' })
      .commit({ 'migrations/2_mine.up.sql': 'CREATE TABLE mine ();\n' })
      .on('main')
      .commit({ 'migrations/2_theirs.up.sql': 'DROP TABLE theirs;\n' })
      .on('work')
    expect(repo.changes()).toEqual(['migrations/2_mine.up.sql duplicate error'])
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
    const repo = Repository.with(many)
    repo.commit({ migrations: null, 'migrations/100_all.sql': Object.values(many).join('') })
    expect(repo.changes()).toEqual(['migrations/100_all.sql squashed warning'])
  })

  test('deleted: one finding', () => {
    const repo = Repository.with({ ...many, 'migrations/50_other.sql': 'SELECT 1;\n' })
    repo.edit(Object.fromEntries(Object.keys(many).map(path => [path, null])))
    expect(repo.changes()).toEqual(['migrations/1_t.sql deleted error'])
  })

  test('moved with their folder: none', () => {
    const repo = Repository.with(many).move('migrations', 'db/migrations').commit()
    expect(repo.changes()).toEqual([])
    repo.edit({ 'db/migrations/3_t.sql': 'SELECT 1;\n' })
    expect(repo.changes()).toEqual(['db/migrations/3_t.sql edited statements error'])
  })
})

describe('what is allowed', () => {
  const reason = '-- migrate-lint-allow-edit: it never ran\n'

  test('by a comment with a reason, for one edit', () => {
    const repo = Repository.with(one)
    repo.commit({ 'migrations/1_a.sql': `${reason}SELECT 1;\n` })
    const allowed = ['migrations/1_a.sql edited statements allowed (it never ran)']
    expect(repo.changes()).toEqual(allowed)
    expect(repo.changes({ since: 'main' })).toEqual(allowed)
    repo.branch('main').branch('work')
    expect(repo.changes()).toEqual([])
    repo.commit({ 'migrations/1_a.sql': `${reason}SELECT 2;\n` })
    expect(repo.changes()).toEqual(['migrations/1_a.sql edited statements error'])
  })

  test.each([
    ['by no comment without a reason', '-- migrate-lint-allow-edit:\n'],
    ['by no string', "SELECT '\n-- migrate-lint-allow-edit: it never ran\n';\n"],
  ])('%s', (_, text) => {
    const repo = Repository.with(one)
    repo.commit({ 'migrations/1_a.sql': `${text}SELECT 1;\n` })
    expect(repo.changes()).toEqual(['migrations/1_a.sql edited statements error'])
    expect(repo.changes({ staged: true })).toEqual(['migrations/1_a.sql edited statements error'])
  })

  test.each([
    '/* migrate-lint-allow-edit: it never ran */',
    '/*\n * migrate-lint-allow-edit: it never ran\n */',
    '-- migrate-lint-allow-edit it never ran',
    'SELECT 1; -- migrate-lint-allow-edit -- it never ran',
  ])('by a comment in any style: %s', text => {
    const repo = Repository.with(one)
    repo.commit({ 'migrations/1_a.sql': `${text}\nSELECT 1;\n` })
    const allowed = ['migrations/1_a.sql edited statements allowed (it never ran)']
    expect(repo.changes()).toEqual(allowed)
    expect(repo.changes({ staged: true })).toEqual(allowed)
  })

  test('by a glob', () => {
    const repo = Repository.with(three).edit({ 'migrations/1_a.sql': 'SELECT 1;\n', 'migrations/2_b.sql': null })
    expect(repo.changes({ allowEdit: ['migrations/1_*'], config: { allowEdit: ['2_b.sql'] } })).toEqual([
      'migrations/1_a.sql edited statements allowed (allowed by --allow-edit)',
      'migrations/2_b.sql deleted allowed (allowed by "allowEdit" in the configuration)',
    ])
  })

  test('until it is released', () => {
    const repo = Repository.with(one).tag('v1').on('main').commit(three)
    repo.branch('work').commit({ 'migrations/1_a.sql': 'SELECT 1;\n', 'migrations/3_c.sql': 'SELECT 1;\n' })
    expect(repo.changes({ config: { editsAllowedUntil: 'v1' } })).toEqual([
      'migrations/1_a.sql edited statements error',
      'migrations/3_c.sql edited statements allowed (not deployed: "v1" does not have it)',
    ])
    expect(repo.changes({ config: { editsAllowedUntil: 'v9' } })).toEqual([
      '"editsAllowedUntil" has no effect: git does not know a commit "v9".',
      'migrations/1_a.sql edited statements error',
      'migrations/3_c.sql edited statements error',
    ])
  })
})

test('a project that disappeared as a whole is reported, although no sign of it is left', () => {
  const prisma = {
    'shop/prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
    'shop/prisma/migrations/20250101000000_a/migration.sql': 'SELECT 1;\n',
    'shop/prisma/migrations/20250102000000_b/migration.sql': 'SELECT 2;\n',
  }
  const repo = Repository.with({ ...one, ...prisma, 'README.md': 'x\n' }).edit({ shop: null })
  const gone = ['20250101000000_a', '20250102000000_b'].map(
    name => `shop/prisma/migrations/${name}/migration.sql deleted error`,
  )
  expect(repo.changes()).toEqual(gone)
  expect(repo.changes({ staged: true })).toEqual([])
  repo.commit()
  expect(repo.changes()).toEqual(gone)
  expect(repo.changes({ staged: true })).toEqual(gone)
  // One that moved is followed, and what somebody else asked for is not.
  expect(repo.changes({ typed: ['migrations'] })).toEqual([])
  repo.revert().move('shop', 'store').commit()
  expect(repo.changes()).toEqual([])
  repo.edit({ 'README.md': null })
  expect(repo.changes()).toEqual([])
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
