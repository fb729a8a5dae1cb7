import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { findBase } from '../../src/node/git/base.ts'
import { Repository } from '../../src/node/git/repository.ts'
import { commit, git, repository, temporary, write } from '../kit/git.ts'
import { changes, type Looking } from './kit/repository.ts'

// Every kind of edit in every kind of clone. One repository holds all edits at once, each of a migration of its own.

const odd = 'migrations/13 space\nline.sql'
const quotes = `migrations/14_"quotes'.sql`
const umlaut = 'migrations/12_ümläut.sql'

/** Each has its own table, so that no migration looks like another one. */
function table(name: string): string {
  return `-- ${name}\nCREATE TABLE ${name} (id bigint PRIMARY KEY, ${name}_note text);\n`
}

const applied: Record<string, string> = {
  'migrations/01_edit.sql': table('edit'),
  'migrations/02_comment.sql': table('comment'),
  'migrations/03_space.sql': table('space'),
  'migrations/04_crlf.sql': table('crlf'),
  'migrations/05_bom.sql': table('bom'),
  'migrations/06_rename.sql': table('rename'),
  'migrations/07_rename_edit.sql': `${table('rename_edit')}CREATE INDEX i ON rename_edit (rename_edit_note);\n`,
  'migrations/08_delete.sql': table('deleted'),
  'migrations/09_mode.sql': table('mode'),
  'migrations/11_case.sql': table('case_only'),
  [umlaut]: table('umlaut'),
  [odd]: table('odd'),
  [quotes]: table('quotes'),
  'migrations/15_untouched.sql': table('untouched'),
  'other/a.txt': table('link'),
  'other/b.txt': table('other_link'),
}

const expected = [
  'migrations/01_edit.sql edited statements error',
  'migrations/02_comment.sql edited comments warning',
  'migrations/03_space.sql edited comments warning',
  'migrations/04_crlf.sql edited line-ends warning',
  'migrations/05_bom.sql edited line-ends warning',
  'migrations/08_delete.sql deleted error',
  'migrations/10_link.sql edited statements error',
  'migrations/11_CASE.sql renamed from migrations/11_case.sql error',
  `${umlaut} edited statements error`,
  `${odd} edited statements error`,
  `${quotes} edited statements error`,
  'migrations/16_rename.sql renamed from migrations/06_rename.sql error',
  'migrations/17_rename_edit.sql renamed from migrations/07_rename_edit.sql statements error',
]

function edit(root: string): void {
  const text = (path: string) => readFileSync(join(root, path), 'utf8')
  const change = (path: string, to: (sql: string) => string) => write(root, { [path]: to(text(path)) })
  for (const path of ['migrations/01_edit.sql', umlaut, odd, quotes])
    change(path, sql => sql.replace('text', 'varchar'))
  change('migrations/02_comment.sql', sql => sql.replace('--', '-- See'))
  change('migrations/03_space.sql', sql => sql.replace(' (', '\n('))
  change('migrations/04_crlf.sql', sql => sql.replaceAll('\n', '\r\n'))
  change('migrations/05_bom.sql', sql => `\ufeff${sql}`)
  change('migrations/07_rename_edit.sql', sql => sql.replace('text', 'varchar'))
  const move = (from: string, to: string) => renameSync(join(root, from), join(root, to))
  move('migrations/06_rename.sql', 'migrations/16_rename.sql')
  move('migrations/07_rename_edit.sql', 'migrations/17_rename_edit.sql')
  move('migrations/11_case.sql', 'migrations/11_CASE.sql')
  rmSync(join(root, 'migrations/08_delete.sql'))
  chmodSync(join(root, 'migrations/09_mode.sql'), 0o755)
  rmSync(join(root, 'migrations/10_link.sql'))
  symlinkSync('../other/b.txt', join(root, 'migrations/10_link.sql'))
}

/** The repository that others are cloned of: `main` has what is applied, `work` the edits. */
function origin(...init: string[]): { root: string; url: string } {
  const root = repository(applied, ...init)
  git(root, 'switch', '-q', 'main')
  symlinkSync('../other/a.txt', join(root, 'migrations/10_link.sql'))
  commit(root)
  git(root, 'switch', '-qC', 'work')
  edit(root)
  commit(root)
  git(root, 'config', 'uploadpack.allowFilter', 'true')
  git(root, 'config', 'uploadpack.allowAnySHA1InWant', 'true')
  git(root, 'switch', '-q', 'main')
  return { root, url: pathToFileURL(root).href }
}

function clone(...options: string[]): string {
  const { url } = origin()
  const root = join(temporary(), 'clone')
  git('/', 'clone', '-q', '--branch=work', ...options, url, root)
  return root
}

function expectAll(cwd: string, options: Looking = {}): void {
  expect(changes(cwd, options).sort()).toEqual([...expected].sort())
}

// Windows has no such names as the odd ones, and macOS and Windows take the two of a case-only rename for one file.
const onLinux = test.skipIf(process.platform !== 'linux')

onLinux('a full clone (ED-01)', () => {
  const root = clone()
  expectAll(root)
  expect(findBase(Repository.at(root), { env: {} })).toMatchObject({ name: 'origin/main' })
})

onLinux('nothing is committed yet', () => {
  const root = clone()
  git(root, 'reset', '-q', 'origin/main')
  git(root, 'checkout', '-q', 'origin/main', '--', '.')
  git(root, 'clean', '-qfd')
  edit(root)
  expectAll(root)
})

onLinux('all is staged, and back on disk as it was', () => {
  const root = clone()
  git(root, 'reset', '-q', '--soft', 'origin/main')
  git(root, 'checkout-index', '-fa')
  for (const path of ['01_edit', '02_comment'])
    write(root, { [`migrations/${path}.sql`]: applied[`migrations/${path}.sql`] ?? '' })
  rmSync(join(root, 'migrations/16_rename.sql'))
  expectAll(root, { staged: true })
})

onLinux('the merge commit of a pull request, at depth 1 (ED-01)', () => {
  const { root, url } = origin()
  git(root, 'switch', '-qc', 'merge')
  git(root, 'merge', '-q', '--no-ff', '-m', 'merge', 'work')
  git(root, 'update-ref', 'refs/pull/1/merge', 'HEAD')
  const cwd = temporary()
  git(cwd, 'init', '-q')
  git(cwd, 'remote', 'add', 'origin', url)
  git(cwd, 'fetch', '-q', '--depth=1', 'origin', '+refs/pull/1/merge:refs/remotes/pull/1/merge')
  git(cwd, 'checkout', '-q', '--detach', 'refs/remotes/pull/1/merge')
  const env = { GITHUB_EVENT_NAME: 'pull_request', GITHUB_REF: 'refs/pull/1/merge', GITHUB_BASE_REF: 'main' }
  expectAll(cwd, { env })
})

onLinux('the head of a pull request, at depth 1 (ED-01, ED-04)', () => {
  const { url } = origin()
  const cwd = join(temporary(), 'clone')
  git('/', 'clone', '-q', '--depth=1', '--branch=work', url, cwd)
  expectAll(cwd, { env: { GITHUB_BASE_REF: 'main' } })
})

onLinux('a shallow clone that cannot reach its origin says so (ED-04)', () => {
  const { url } = origin()
  const cwd = join(temporary(), 'clone')
  git('/', 'clone', '-q', '--depth=1', '--branch=work', url, cwd)
  git(cwd, 'remote', 'set-url', 'origin', '/nowhere/at/all')
  expect(changes(cwd, { env: { GITHUB_BASE_REF: 'main' } })).toEqual([
    'missing: git does not know a commit "main", because the clone is shallow: fetch more of it, for instance by "git fetch --unshallow origin main"',
  ])
})

onLinux('a clone without blobs (ED-01)', () => expectAll(clone('--filter=blob:none')))

onLinux('another work tree (ED-01)', () => {
  const root = clone()
  const other = join(temporary(), 'other')
  git(root, 'worktree', 'add', '-q', '-b', 'again', other, 'HEAD')
  expectAll(other)
})

onLinux('from a directory of the repository (ED-01)', () => {
  const root = clone()
  const found = changes(join(root, 'migrations'), { typed: ['.'] })
  const inside = expected.map(line => line.replaceAll('migrations/', ''))
  expect(found.sort()).toEqual(inside.sort())
})

onLinux('from a directory beside it', () => {
  const root = clone()
  mkdirSync(join(root, 'app'))
  const found = changes(join(root, 'app'), { typed: ['../migrations'] })
  expect(found.map(line => line.replaceAll(`${root}/`, '')).sort()).toEqual([...expected].sort())
})

onLinux('a submodule, from within and from around (ED-01)', () => {
  const { url } = origin()
  const root = repository({ 'README.md': '' })
  git(root, 'submodule', '--quiet', 'add', '-b', 'work', url, 'sub')
  commit(root)
  expectAll(join(root, 'sub'))
  const found = changes(root, { typed: ['sub/migrations'] })
  expect(found.sort()).toEqual(expected.map(line => line.replaceAll('migrations/', 'sub/migrations/')).sort())
})

onLinux('object names of sha256 (ED-08)', () => {
  const { root } = origin('--object-format=sha256')
  git(root, 'switch', '-q', 'work')
  expect(git(root, 'rev-parse', 'HEAD')).toHaveLength(64)
  expectAll(root)
})
