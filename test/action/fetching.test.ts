import { describe, expect, test } from 'vitest'
import { checkout, git, hosted, pullRequest, temporary, write } from './kit/checkouts.ts'
import { serveGit } from './kit/git-server.ts'
import { GitHub, token } from './kit/github.ts'
import { before, change, index, run, verdict } from './kit/shop.ts'
import { builtAction } from './kit/workflow.ts'

builtAction()

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
