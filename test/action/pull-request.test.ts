import { describe, expect, test } from 'vitest'
import { checkout, git, hosted, pullRequest, pushed } from './kit/checkouts.ts'
import { GitHub, token } from './kit/github.ts'
import { before, change, index, later, run, verdict } from './kit/shop.ts'
import { builtAction } from './kit/workflow.ts'

builtAction()

describe('pull_request', () => {
  const origin = () => hosted(before, change, later)

  test('of the default checkout, one commit deep: only what it adds, whatever is old (GA-01, GA-03, GA-06, GA-12, GA-70)', async () => {
    const made = origin()
    const workspace = checkout(made, 'refs/pull/7/merge')
    const ended = await run({ workspace, event: 'pull_request', ...pullRequest(made) })
    expect(ended.stderr).toBe('')
    expect(ended.annotations).toEqual([index, verdict])
    expect(ended.code).toBe(1)
    expect(ended.outputs).toEqual({
      conclusion: 'fail',
      'findings-count': '1',
      'errors-count': '1',
      'warnings-count': '0',
      'files-checked': '1',
      'sarif-file': '',
      'report-file': '',
      'config-changed': 'false',
      'not-read-count': '0',
      'read-in-part-count': '0',
      'unread-count': '0',
      'comment-id': '',
    })
    // One commit more, and no history.
    expect(git(workspace, 'rev-list', '--all').split('\n')).toHaveLength(1)
    expect(git(workspace, 'cat-file', '-t', made.main)).toBe('commit')
  })

  test('that checks out its own last commit: GitHub says where it began, and two commits are fetched (ED-04)', async () => {
    const made = origin()
    const github = await GitHub.start()
    github.mergeBases.set(`${made.main}...${made.head}`, made.began)
    const workspace = checkout(made, 'refs/pull/7/head')
    const step = { workspace, event: 'pull_request', ...pullRequest(made), api: github.url, token }
    const ended = await run(step)
    expect(ended.annotations).toEqual([index, verdict])
    expect(git(workspace, 'rev-parse', '--is-shallow-repository')).toBe('true')
    expect(github.calls.map(({ path }) => path.replace(/\?.*/, ''))).toEqual([
      `/repos/acme/shop/compare/${made.main}...${made.head}`,
    ])
  })

  test('that does so without a token: the commits of the branch are fetched (GA-62)', async () => {
    const made = origin()
    const workspace = checkout(made, 'refs/pull/7/head')
    const ended = await run({ workspace, event: 'pull_request', ...pullRequest(made) })
    expect(ended.annotations).toEqual([index, verdict])
    expect(git(workspace, 'rev-parse', '--is-shallow-repository')).toBe('false')
  })

  test("of a branch that main was merged into: its last commit does not count as GitHub's trial merge", async () => {
    const made = origin()
    made.repo.on('work').merge('main').branch('other').commit({ 'other.txt': 'x\n' })
    made.repo.on('work').commit({ 'db/migrations/4_note.sql': 'SELECT 1;\n' }).merge('other')
    const merged = pushed(made)
    const workspace = checkout(merged, 'refs/pull/7/head')
    const ended = await run({ workspace, event: 'pull_request', ...pullRequest(merged) })
    expect(ended.annotations).toEqual([index, 'error 1 error in 1 of 2 migrations.'])
  })

  test('with the whole history', async () => {
    const made = origin()
    const workspace = checkout(made, 'refs/pull/7/merge', null)
    const ended = await run({ workspace, event: 'pull_request', ...pullRequest(made) })
    expect(ended.annotations).toEqual([index, verdict])
    expect(git(workspace, 'rev-parse', '--is-shallow-repository')).toBe('false')
  })

  test('that edits, renames and deletes applied migrations (GA-73)', async () => {
    const made = hosted(
      { ...before, 'db/migrations/2b_ünïcode "name".sql': 'SELECT 2;\n' },
      { 'db/migrations/2_old.sql': 'DROP TABLE orders;\n' },
    )
    made.repo.on('work').move('db/migrations/1_orders.sql', 'db/migrations/1_purchases.sql')
    made.repo.commit({ 'db/migrations/2b_ünïcode "name".sql': null })
    const changed = pushed(made)
    const workspace = checkout(changed, 'refs/pull/7/head', null)
    const ended = await run({ workspace, event: 'pull_request', ...pullRequest(changed) })
    expect(ended.annotations.filter(line => /(edited|renamed|deleted)-/.test(line))).toEqual([
      'error db/migrations/1_purchases.sql:1 renamed-migration',
      'error db/migrations/2_old.sql:1 edited-migration',
      'error db/migrations/2b_ünïcode "name".sql:1 deleted-migration',
    ])
  })

  test.each([1, 2])('that deletes all of %d migrations', async count => {
    const files = Object.fromEntries(Object.entries({ ...before }).slice(0, count))
    const made = hosted(files, Object.fromEntries(Object.keys(files).map(path => [path, null])))
    const workspace = checkout(made, 'refs/pull/7/merge')
    const ended = await run({ workspace, event: 'pull_request', ...pullRequest(made) })
    expect(ended.annotations.filter(line => line.includes('deleted-migration'))).toEqual(
      Object.keys(files).map(path => `error ${path}:1 deleted-migration`),
    )
    expect(ended.code).toBe(1)
  })

  test('may change applied migrations where a label says so', async () => {
    const made = hosted(before, { 'db/migrations/2_old.sql': 'SELECT 2;\n' })
    const workspace = checkout(made, 'refs/pull/7/merge')
    const inputs = { 'allow-edit-label': 'allow-migration-edit' }
    const given = pullRequest(made, { labels: ['allow-migration-edit'] })
    const allowed = await run({ workspace, event: 'pull_request', ...given, inputs })
    expect([allowed.code, allowed.annotations]).toEqual([0, []])
    const other = await run({ workspace, event: 'pull_request', ...pullRequest(made, { labels: ['bug'] }), inputs })
    expect(other.annotations[0]).toBe('error db/migrations/2_old.sql:1 edited-migration')
  })

  test('with migrations in a submodule, which has other commits: it says so', async () => {
    const inner = hosted(before, {})
    const made = hosted({ 'README.md': 'hello\n' }, { 'other.txt': 'x\n' })
    const workspace = checkout(made, 'refs/pull/7/merge')
    git(workspace, 'submodule', 'add', '-q', inner.url, 'db')
    const step = { workspace, event: 'pull_request', ...pullRequest(made) }
    const ended = await run({ ...step, inputs: { paths: 'db' } })
    expect(ended.annotations).toEqual([
      expect.stringMatching(/\/db is a repository of its own: lint it as "working-directory"\.$/),
    ])
    const all = await run({ ...step, inputs: { paths: 'db', 'changed-only': 'false' } })
    expect(all.outputs['files-checked']).toBe('2')
  })

  test('in which no migration changes: nothing is linted, and the log says so (GA-71)', async () => {
    const made = hosted(before, { 'README.md': 'hello\n' })
    const workspace = checkout(made, 'refs/pull/7/merge')
    const ended = await run({ workspace, event: 'pull_request', ...pullRequest(made) })
    const said = 'Nothing was linted: no migration was added or changed since origin/main (2 migrations read).'
    expect([ended.code, ended.annotations, ended.outputs.conclusion]).toEqual([0, [], 'pass'])
    expect(ended.stdout).toContain(said)
    expect(ended.summary).toContain(said)
  })

  test('reports on everything on request (GA-74)', async () => {
    const made = origin()
    const workspace = checkout(made, 'refs/pull/7/merge')
    const inputs = { 'changed-only': 'false' }
    const ended = await run({ workspace, event: 'pull_request', ...pullRequest(made), inputs })
    expect(ended.annotations).toContain(index)
    expect(ended.outputs['files-checked']).toBe('3')
  })
})
