import { describe, expect, test } from 'vitest'
import { bot } from './kit/github.ts'
import { bad, good, opened, withInputs } from './kit/pull-request.ts'
import { builtAction, runStep } from './kit/workflow.ts'

builtAction()

describe('the comment (GA-40)', () => {
  test('is written if there are findings, and says where everything is (GA-47)', async () => {
    const { github, step } = await opened(bad)
    const ended = await runStep(step)
    const [comment] = github.comments
    expect(comment?.body).toMatch(
      /^<!-- migrate-lint:report key=default v=1 -->\n### ❌ migrate-lint: 1 error in 1 migration\n/,
    )
    const { payload } = step as { payload: { pull_request: { head: { sha: string } } } }
    expect(comment?.body).toContain(
      `(https://github.example/acme/shop/blob/${payload.pull_request.head.sha}/db/2_index.sql#L1)`,
    )
    expect(comment?.body).toContain('(https://github.example/acme/shop/actions/runs/77)')
    expect(ended.outputs['comment-id']).toBe(String(comment?.id))
    expect(ended.code).toBe(1)
  })

  test('is not written without findings, unless it should always be', async () => {
    const { github, step } = await opened(good)
    expect((await runStep(step)).outputs['comment-id']).toBe('')
    expect(github.writes).toEqual([])
    await runStep(withInputs(step, { comment: 'always' }))
    expect(github.comments[0]?.body).toContain('✅ migrate-lint: No dangers in 1 migration')
    expect((await runStep(withInputs(step, { comment: 'never' }))).code).toBe(0)
    expect(github.comments).toHaveLength(1)
  })

  test('is found on a later page, updated in place, and left alone when it says the same (GA-42)', async () => {
    const { github, step } = await opened(bad)
    for (let id = 1; id <= 250; id++) github.comments.push({ id, body: `comment ${id}`, user: 'someone' })
    const first = await runStep(step)
    expect(github.writes).toEqual(['POST /repos/acme/shop/issues/7/comments'])
    await runStep({ ...step, env: { ...step.env, GITHUB_RUN_ID: '78' } })
    expect(github.writes).toHaveLength(1)
    const last = github.comments.at(-1)
    if (last) last.body = last.body.replace('1 error', '2 errors')
    const again = await runStep(step)
    expect(github.writes.slice(1)).toEqual([`PATCH /repos/acme/shop/issues/comments/${first.outputs['comment-id']}`])
    expect(again.outputs['comment-id']).toBe(first.outputs['comment-id'])
    expect(github.comments).toHaveLength(251)
    expect(last?.body).toContain('1 error')
  })

  test('is distinguished from comments of others, of other steps, and from hidden ones (GA-41)', async () => {
    const { github, step } = await opened(bad)
    const marker = '<!-- migrate-lint:report key=default v=1 -->'
    github.comments.push(
      { id: 1, body: `${marker}\nI am a person`, user: 'someone' },
      { id: 2, body: `${marker}\nhidden`, user: bot, isMinimized: true },
      { id: 3, body: '<!-- migrate-lint:report key=other v=1 -->\nanother step', user: bot },
    )
    const texts = github.comments.map(({ body }) => body)
    await runStep(step)
    expect(github.comments.slice(0, 3).map(({ body }) => body)).toEqual(texts)
    expect(github.comments).toHaveLength(4)
    await runStep(withInputs(step, { 'comment-key': 'other' }))
    expect(github.comments).toHaveLength(4)
    expect(github.comments[2]?.body).toContain('1 error')
    await runStep(withInputs(step, { config: 'none.json' }))
    expect(github.comments).toHaveLength(4)
  })

  test('says that all is well, or is deleted, when nothing is found any longer (GA-42)', async () => {
    const { github, step } = await opened(good)
    const body = '<!-- migrate-lint:report key=default v=1 -->\n1 error'
    github.comments.push({ id: 5, body, user: bot })
    const updated = await runStep(step)
    expect(github.comments[0]?.body).toContain('✅ migrate-lint: No dangers in 1 migration')
    expect(updated.outputs['comment-id']).toBe('5')
    const deleted = await runStep(withInputs(step, { 'comment-on-resolve': 'delete' }))
    expect(github.comments).toEqual([])
    expect(deleted.outputs['comment-id']).toBe('')
  })

  test("stays within GitHub's limit, and shows every finding for which it has room (GA-30, GA-43)", async () => {
    const statements = Array.from({ length: 30_000 }, (_, i) => `DROP TABLE "a table with a long name, number ${i}";`)
    const { github, step } = await opened({ 'db/2_many.sql': `${statements.join('\n')}\n` })
    const ended = await runStep(step)
    const text = github.comments[0]?.body ?? ''
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(65_000)
    expect(text.length).toBeGreaterThan(60_000)
    expect(text).toMatch(/\d+ more findings not shown/)
    expect(text).toContain('actions/runs/77')
    expect(Buffer.byteLength(ended.summary)).toBeLessThanOrEqual(1_000_000)
    expect(ended.summary).toMatch(/more findings not shown/)
    expect(ended.annotations).toHaveLength(10)
    expect(ended.annotations.at(-1)).toMatch(
      /^error 30000 errors in 1 migration; \d+ more errors in the summary of the job\.$/,
    )
  })

  test('is not written outside of pull requests (GA-45)', async () => {
    const { github, step } = await opened(bad)
    await runStep({ ...step, event: 'push', payload: {} })
    expect(github.calls).toEqual([])
  })
})

describe('what GitHub refuses', () => {
  test('is reported as a notice, and everything else is written (GA-31, GA-44, GA-60)', async () => {
    const { github, step } = await opened(bad, { fork: true })
    for (const status of [403, 404]) {
      github.refuse = ({ method, path }) =>
        method === 'POST' && path.includes('/issues/')
          ? { status, body: { message: 'Resource not accessible by integration' } }
          : null
      const ended = await runStep(step)
      expect(ended.annotations).toEqual([
        'error db/2_index.sql:1 blocking-index-build',
        expect.stringContaining(
          `notice GitHub does not let this job comment on the pull request (${status}, Resource not accessible by integration).`,
        ),
        'error 1 error in 1 migration.',
      ])
      expect(ended.summary).toContain('### ❌ migrate-lint: 1 error')
      expect(ended.outputs.conclusion).toBe('fail')
    }
  })

  test('by GraphQL, in a successful HTTP answer, is understood as well', async () => {
    const { github, step } = await opened(bad)
    const errors = [
      { type: 'FORBIDDEN', path: ['repository', 'pullRequest'], message: 'Resource not accessible by integration' },
    ]
    github.refuse = ({ path }) => (path === '/graphql' ? { status: 200, body: { data: null, errors } } : null)
    const ended = await runStep(step)
    expect(ended.annotations[1]).toMatch(
      /^notice GitHub does not let this job comment on the pull request \(403, Resource .*\)\./,
    )
    expect(ended.outputs.conclusion).toBe('fail')
    expect(github.writes).toEqual([])
  })

  test('fails nothing by itself', async () => {
    const { github, step } = await opened(bad)
    github.refuse = ({ method, path }) =>
      method === 'POST' && path.includes('/issues/') ? { status: 422, body: { message: 'Validation Failed' } } : null
    const ended = await runStep(withInputs(step, { 'fail-on': 'never' }))
    expect(ended.code).toBe(0)
    expect(ended.annotations.at(-1)).toMatch(
      /^warning Could not comment on the pull request: GitHub answered 422, Validation Failed/,
    )
  })

  test('or answers with something that nobody understands does not fail the step, either', async () => {
    const { github, step } = await opened(bad)
    github.refuse = () => ({ status: 200, headers: { 'content-type': 'text/html' }, body: 'down for maintenance' })
    const ended = await runStep(withInputs(step, { 'fail-on': 'never', review: 'true' }))
    expect([ended.code, ended.outputs.conclusion]).toEqual([0, 'pass'])
    expect(ended.annotations.slice(1)).toEqual([
      expect.stringMatching(/^warning Could not comment on the pull request: /),
      expect.stringMatching(/^warning Could not comment on its lines: /),
    ])
  })

  test('for an hour is neither awaited nor asked again', async () => {
    const { github, step } = await opened(bad)
    github.refuse = () => ({
      status: 429,
      headers: { 'retry-after': '3600' },
      body: { message: 'You have exceeded a secondary rate limit.' },
    })
    const ended = await runStep(step)
    expect(github.calls).toHaveLength(1)
    expect(ended.annotations[1]).toMatch(
      /^warning Could not comment on the pull request: GitHub answered 429, You have/,
    )
  })

  test('for now is asked again, after as long as GitHub says', async () => {
    const { github, step } = await opened(bad)
    const first = new Set<string>()
    const times: number[] = []
    github.refuse = ({ method, path }) => {
      if (!path.includes('/issues/')) return null
      times.push(Date.now())
      if (first.has(method)) return null
      first.add(method)
      return {
        status: 429,
        headers: { 'retry-after': '2', 'x-ratelimit-remaining': '1' },
        body: { message: 'You have exceeded a secondary rate limit.' },
      }
    }
    const ended = await runStep(step)
    expect(ended.outputs['comment-id']).not.toBe('')
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(1900)
  })

  test('because it is broken is asked again', async () => {
    const { github, step } = await opened(bad)
    let failures = 0
    github.refuse = ({ path }) => (path === '/graphql' && failures++ < 2 ? { status: 502 } : null)
    expect((await runStep(step)).outputs['comment-id']).not.toBe('')
    expect(failures).toBe(3)
  })
})
