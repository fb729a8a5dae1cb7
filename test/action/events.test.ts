import { readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkout, git, hosted, pullRequest, pushed } from './kit/checkouts.ts'
import { GitHub, token } from './kit/github.ts'
import { before, change, index, later, old, run, verdict } from './kit/shop.ts'
import { builtAction, runStep } from './kit/workflow.ts'

builtAction()

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

  test.each<[string, string, (made: ReturnType<typeof hosted>) => object, Readonly<Record<string, string>>?]>([
    ['merge_group', 'refs/pull/7/merge', made => ({ merge_group: { base_sha: made.main, head_sha: made.merge } })],
    ['push', 'refs/heads/work', made => ({ before: made.main, after: made.head })],
    ['pull_request_target', 'refs/heads/main', made => pullRequest(made, { fork: true }).payload as object],
    ['workflow_dispatch', 'refs/heads/work', () => ({}), { base: 'main' }],
    ['schedule', 'refs/heads/work', () => ({}), { base: 'main' }],
  ])('%s: the last migration is deleted', async (event, ref, payload, inputs = {}) => {
    const path = 'db/migrations/1_orders.sql'
    const made = hosted({ [path]: before[path] ?? '' }, { [path]: null })
    const ended = await run({ workspace: checkout(made, ref), event, payload: payload(made), inputs })
    expect(ended.annotations).toContain(`error ${path}:1 deleted-migration`)
    expect(ended.code).toBe(1)
  })

  test.each<[string, Record<string, string>, Record<string, string | null>, string]>([
    [
      'F5: an edit under a comment that silences everything',
      { 'db/migrations/1_a.sql': '-- migrate-lint-disable-file\nCREATE TABLE a (id int PRIMARY KEY);\n' },
      { 'db/migrations/1_a.sql': '-- migrate-lint-disable-file\nCREATE TABLE a (id bigint PRIMARY KEY);\n' },
      'error db/migrations/1_a.sql:2 edited-migration',
    ],
    [
      'F14: two heads of Alembic',
      {
        'alembic/env.py': '',
        'alembic/script.py.mako': '',
        'alembic/versions/aaa.py': 'revision = "aaa"\ndown_revision = None\ndef upgrade():\n    pass\n',
        'alembic/versions/bbb.py': 'revision = "bbb"\ndown_revision = "aaa"\ndef upgrade():\n    pass\n',
      },
      { 'alembic/versions/ccc.py': 'revision = "ccc"\ndown_revision = "aaa"\ndef upgrade():\n    pass\n' },
      'error alembic/versions/ccc.py:1 several-heads',
    ],
    [
      "F11: Drizzle's journal is deleted",
      {
        'drizzle/meta/_journal.json':
          '{"dialect": "postgresql", "entries": [{ "idx": 0, "when": 1771200000000, "tag": "0000_t" }]}',
        'drizzle/0000_t.sql': 'CREATE TABLE a (id int PRIMARY KEY);\n',
      },
      { 'drizzle/meta/_journal.json': null },
      'drizzle/meta/_journal.json could not be read: it is gone',
    ],
  ])('of a fork and of the repository itself: %s', async (_, main, branch, said) => {
    const made = hosted(main, branch)
    for (const fork of [true, false]) {
      const ended = await run({
        workspace: checkout(made, 'refs/pull/7/merge'),
        event: 'pull_request',
        ...pullRequest(made, { fork }),
      })
      expect(ended.annotations.join('\n')).toContain(said)
      expect(ended.code).toBe(1)
    }
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
