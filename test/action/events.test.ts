import { readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkout, git, hosted, pullRequest, pushed, temporary, write } from './kit/checkouts.ts'
import { serveGit } from './kit/git-server.ts'
import { GitHub, token } from './kit/github.ts'
import { builtAction, type Ended, runStep, type Step } from './kit/workflow.ts'

builtAction()

const before = {
  'db/migrations/1_orders.sql': 'CREATE TABLE orders (id bigint PRIMARY KEY, email text);\n',
  'db/migrations/2_old.sql': 'DROP TABLE orders_old;\n',
}
const change = { 'db/migrations/3_index.sql': 'CREATE INDEX orders_email_idx ON orders (email);\n' }
const later = { 'db/migrations/2_old.sql': 'DROP TABLE IF EXISTS orders_old;\n', 'README.md': 'x\n' }
const index = 'error db/migrations/3_index.sql:1 blocking-index-build'
const old = 'error db/migrations/2_old.sql:1 drop-table'
const verdict = 'error 1 error in 1 migration.'

function run(step: Step): Promise<Ended> {
  return runStep({ ...step, inputs: { comment: 'never', ...step.inputs } })
}

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

describe('what cannot be fetched', () => {
  test('is an error that says what to do, and not a silent pass (GA-71, GA-81)', async () => {
    const made = hosted(before, change)
    const workspace = checkout(made, 'refs/pull/7/merge')
    git(workspace, 'remote', 'set-url', 'origin', 'file:///nowhere')
    const ended = await run({ workspace, event: 'pull_request', ...pullRequest(made) })
    const said =
      `It cannot be determined what pull request #7 changes: the commit ${made.main.slice(0, 12)} that the change is compared with ` +
      'cannot be fetched. Give the action a "github-token" that may read the contents, or set "fetch-depth: 0" on actions/checkout.'
    expect([ended.code, ended.outputs.conclusion, ended.outputs['errors-count']]).toEqual([1, 'error', '0'])
    expect(ended.annotations).toEqual([`error ${said}`])
    expect(ended.summary).toContain('migrate-lint could not do its work')
  })

  test('is fetched with the token where the checkout kept no credentials (GA-71)', async () => {
    const made = hosted(before, change)
    const workspace = checkout(made, 'refs/pull/7/merge')
    const server = await serveGit(made.root, token)
    git(workspace, 'remote', 'set-url', 'origin', `${server}/shop.git`)
    const step = { workspace, event: 'pull_request', ...pullRequest(made) }
    const env = { ...step.env, GITHUB_SERVER_URL: server }
    expect((await run({ ...step, env })).outputs.conclusion).toBe('error')
    const ended = await run({ ...step, env, token })
    expect(ended.annotations).toEqual([index, verdict])
    expect(ended.stdout).not.toContain(token)
  })

  test('is fetched with the token when a file of the past is read, too', async () => {
    const made = hosted(before, { 'db/migrations/2_old.sql': 'SELECT 2;\n' }, { 'README.md': 'x\n' })
    const workspace = checkout(made, 'refs/pull/7/head')
    const server = await serveGit(made.root, token)
    git(workspace, 'remote', 'set-url', 'origin', `${server}/shop.git`)
    const step = { workspace, event: 'pull_request', ...pullRequest(made), inputs: { comment: 'never' }, token }
    const github = await GitHub.start()
    github.refuse = () => ({ status: 404 })
    const ended = await run({ ...step, api: github.url, env: { ...step.env, GITHUB_SERVER_URL: server } })
    expect(ended.annotations[0]).toBe('error db/migrations/2_old.sql:1 edited-migration')
  })

  test('of the past, even a single file, is an error as well: an edited file does not count as new', async () => {
    const made = hosted(before, { 'db/migrations/2_old.sql': 'SELECT 2;\n' }, { 'README.md': 'x\n' })
    const workspace = checkout(made, 'refs/pull/7/head')
    const main = '+refs/heads/main:refs/remotes/origin/main'
    git(workspace, 'fetch', '-q', '--unshallow', '--filter=blob:none', 'origin', main)
    git(workspace, 'remote', 'set-url', 'origin', 'file:///nowhere')
    const ended = await run({ workspace, event: 'pull_request', ...pullRequest(made) })
    expect([ended.code, ended.outputs.conclusion]).toEqual([1, 'error'])
    expect(ended.annotations).toEqual([
      expect.stringMatching(/^error Not everything could be linted: Applied migrations were not compared: .*nowhere/),
    ])
  })

  test('without a checkout at all, it says which step is missing', async () => {
    const workspace = temporary()
    write(workspace, before)
    const ended = await run({ workspace, event: 'pull_request', ...pullRequest(hosted(before, change)) })
    expect(ended.annotations).toEqual([
      expect.stringMatching(
        /^error It cannot be determined what pull request #7 changes: not a git repository.* Run actions\/checkout before this step\.$/,
      ),
    ])
  })

  test('a workspace that belongs to somebody else is trusted, because the workflow made it (GA-63)', async () => {
    const made = hosted(before, change)
    // All of it is there, as the other side would not trust it either.
    const workspace = checkout(made, 'refs/pull/7/merge', null)
    const step = { workspace, event: 'pull_request', ...pullRequest(made) }
    const ended = await run({ ...step, env: { ...step.env, GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' } })
    expect(ended.annotations).toEqual([index, verdict])
  })
})

describe('pull_request_target and workflow_run', () => {
  const config = { 'migrate-lint.config.json': '{ "rules": { "drop-table": "off" } }\n' }
  const hostile = {
    ...change,
    'db/migrations/2_old.sql': 'DROP TABLE orders_old; DROP TABLE b;\n',
    'migrate-lint.config.json': '{ "rules": { "blocking-index-build": "off" } }\n',
  }

  test('read the changes of a fork from git, and write none of them to disk (GA-61)', async () => {
    const made = hosted({ ...before, ...config }, hostile)
    const workspace = checkout(made, 'refs/heads/main')
    const ended = await run({ workspace, event: 'pull_request_target', ...pullRequest(made, { fork: true }) })
    // The configuration is that of the main branch.
    expect(ended.annotations).toEqual([
      expect.stringMatching(
        /^warning Pull request #7 changes the configuration: migrate-lint\.config\.json\. A stranger may/,
      ),
      'error db/migrations/2_old.sql:1 edited-migration',
      index,
      'error 2 errors in 2 of 2 migrations.',
    ])
    expect(readFileSync(join(workspace, 'db/migrations/2_old.sql'), 'utf8')).toBe(before['db/migrations/2_old.sql'])
    expect(git(workspace, 'status', '--porcelain')).toBe('')
  })

  test('take its own last commit where it cannot be merged', async () => {
    const made = hosted({ ...before, ...config }, hostile, later, { conflicts: true })
    const github = await GitHub.start()
    github.mergeBases.set(`${made.main}...${made.head}`, made.began)
    const workspace = checkout(made, 'refs/heads/main')
    const given = { ...pullRequest(made, { fork: true }), api: github.url, token }
    const ended = await run({ workspace, event: 'pull_request_target', ...given })
    expect(ended.annotations).toContain(index)
    expect(ended.annotations).toContain('error db/migrations/2_old.sql:1 edited-migration')
  })

  test('find what is new behind a link that the pull request makes', async () => {
    const made = hosted(before, change)
    made.repo.on('work').move('db/migrations', 'elsewhere')
    symlinkSync('../elsewhere', join(made.root, 'db/migrations'))
    made.repo.commit()
    const linked = pushed(made)
    const workspace = checkout(linked, 'refs/heads/main')
    const inputs = { paths: 'db/migrations' }
    const ended = await run({ workspace, event: 'pull_request_target', ...pullRequest(linked), inputs })
    expect(ended.annotations).toEqual([index, verdict])
  })

  test('find the pull request that a workflow ran for (GA-61)', async () => {
    const made = hosted(before, change)
    const github = await GitHub.start()
    const { pull_request: found } = pullRequest(made, { fork: true }).payload as { pull_request: object }
    github.pulls.push({ ...found, head: { sha: 'a'.repeat(40) } }, found)
    const workflow = { head_sha: made.head, head_branch: 'work', head_repository: { owner: { login: 'stranger' } } }
    const workspace = checkout(made, 'refs/heads/main')
    const payload = { workflow_run: workflow }
    const ended = await run({ workspace, event: 'workflow_run', payload, api: github.url, token })
    expect(ended.annotations).toEqual([index, verdict])
    expect(github.calls[0]?.path).toContain('/pulls?head=stranger%3Awork&state=open')
    github.refuse = () => ({ status: 403, body: { message: 'Resource not accessible by integration' } })
    const refused = await run({ workspace, event: 'workflow_run', payload, api: github.url, token })
    expect(refused.annotations).toEqual([
      'error GitHub does not say for which pull request the workflow ran (403, Resource not accessible by integration). ' +
        'This needs "permissions: pull-requests: read".',
    ])
  })
})

describe('other events', () => {
  test('merge_group: what the queue adds to', async () => {
    const made = hosted(before, change)
    const workspace = checkout(made, 'refs/pull/7/merge')
    const payload = { merge_group: { base_sha: made.main, head_sha: made.merge } }
    const ended = await run({ workspace, event: 'merge_group', payload })
    expect(ended.annotations).toEqual([index, verdict])
  })

  test('push: what was there before', async () => {
    const made = hosted(before, change)
    const workspace = checkout(made, 'refs/heads/work')
    const ended = await run({ workspace, event: 'push', payload: { before: made.main, after: made.head } })
    expect(ended.annotations).toEqual([index, verdict])
  })

  test('push of a new branch, or over a lost commit: what the main branch does not have, or everything', async () => {
    const made = hosted(before, change)
    const workspace = checkout(made, 'refs/heads/work')
    for (const sha of ['0'.repeat(40), '1234567890'.repeat(4)]) {
      const ended = await run({ workspace, event: 'push', payload: { before: sha } })
      expect(ended.annotations).toContain(index)
      expect(ended.annotations).toContain(old)
      expect(ended.stdout).toContain('All migrations were linted, because it is unknown what changed')
    }
    const repository = { default_branch: 'main' }
    const pushed = { before: '0'.repeat(40), ref: 'refs/heads/work', repository }
    const shallow = await run({ workspace, event: 'push', payload: pushed })
    expect(shallow.annotations).toEqual([index, verdict])
    const whole = checkout(made, 'refs/heads/work', null)
    const ended = await run({ workspace: whole, event: 'push', payload: { before: '0'.repeat(40) } })
    expect(ended.annotations).toEqual([index, verdict])
    for (const ref of ['refs/heads/main', 'refs/tags/v1']) {
      const first = { before: '0'.repeat(40), ref, repository }
      const all = await run({ workspace: checkout(made, 'refs/heads/main', null), event: 'push', payload: first })
      expect(all.outputs['files-checked']).toBe('2')
    }
  })

  test('of any kind, for the pull request that the workflow names (GA-45)', async () => {
    const made = hosted(before, change)
    const github = await GitHub.start()
    github.pulls.push((pullRequest(made, { fork: true }).payload as { pull_request: object }).pull_request)
    const workspace = checkout(made, 'refs/heads/main')
    const step = { workspace, event: 'issue_comment', payload: {}, api: github.url, token }
    const ended = await runStep({ ...step, inputs: { 'pr-number': '7' } })
    expect(ended.annotations).toEqual([index, verdict])
    expect(github.comments).toHaveLength(1)
    const unknown = await runStep({ ...step, inputs: { 'pr-number': '8' } })
    expect(unknown.annotations).toEqual([
      'error Input "pr-number": GitHub does not show pull request #8. This needs a "github-token" that may read it.',
    ])
  })

  test('workflow_dispatch: everything, or what is new against a base', async () => {
    const made = hosted(before, change)
    const workspace = checkout(made, 'refs/heads/work')
    const all = await run({ workspace, event: 'workflow_dispatch' })
    expect(all.annotations).toEqual([old, index, 'error 2 errors in 2 of 3 migrations.'])
    for (const base of ['main', 'origin/main', made.main]) {
      const ended = await run({
        workspace: checkout(made, 'refs/heads/work'),
        event: 'workflow_dispatch',
        inputs: { base },
      })
      expect(ended.annotations).toEqual([index, verdict])
    }
    const wrong = await run({ workspace, event: 'workflow_dispatch', inputs: { base: 'nowhere' } })
    expect(wrong.annotations).toEqual([
      expect.stringMatching(/^error It cannot be determined what workflow dispatch changes: .*"nowhere"/),
    ])
  })
})
