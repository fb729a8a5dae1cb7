import { describe, expect, test } from 'vitest'
import { checkout, git, hosted, pullRequest } from './kit/checkouts.ts'
import { bot, GitHub, token } from './kit/github.ts'
import { bad, before, opened, withInputs } from './kit/pull-request.ts'
import { builtAction, runStep, type Step } from './kit/workflow.ts'

builtAction()

describe('the review (GA-50, GA-51)', () => {
  const files = {
    'migrate-lint.config.json': '{ "transaction": "none" }\n',
    'db/2_index.sql': 'CREATE INDEX orders_email_idx ON orders (email);\nDROP TABLE orders;\n',
  }
  const reviewing = (step: Step) => withInputs(step, { review: 'true', comment: 'never' })

  test('is about added lines, with a suggestion that fixes them', async () => {
    const { github, step } = await opened(files)
    await runStep(reviewing(step))
    const { payload } = step as { payload: { pull_request: { head: { sha: string } } } }
    expect(github.reviews).toEqual([
      { body: 'migrate-lint: 2 new findings.', commit_id: payload.pull_request.head.sha, comments: 2 },
    ])
    const [index, drop] = github.lineComments
    expect([index?.path, index?.line, drop?.line]).toEqual(['db/2_index.sql', 1, 2])
    expect(index?.body).toContain('```suggestion\nCREATE INDEX CONCURRENTLY orders_email_idx ON orders (email);\n```')
    expect(drop?.body).not.toContain('```suggestion')
  })

  test('repeats nothing, and deletes comments on findings that no longer occur unless somebody answered', async () => {
    const { github, step } = await opened(files)
    await runStep(reviewing(step))
    const key = '<!-- migrate-lint:line key=default finding='
    github.lineComments.push(
      { id: 1, body: `${key}gone -->`, user: bot, path: 'db/2_index.sql', line: 1 },
      { id: 2, body: `${key}answered -->`, user: bot, path: 'db/2_index.sql', line: 1 },
      { id: 3, body: 'why?', user: 'someone', path: 'db/2_index.sql', line: 1, in_reply_to_id: 2 },
      { id: 4, body: `${key}gone -->`, user: 'someone', path: 'db/2_index.sql', line: 1 },
    )
    await runStep(reviewing(step))
    expect(github.reviews).toHaveLength(1)
    expect(github.lineComments.map(({ id }) => id).filter(id => id < 10)).toEqual([2, 3, 4])
  })

  test('is not lost when GitHub does not find the line of one comment', async () => {
    const { github, step } = await opened({ ...bad, 'db/3_drop.sql': 'DROP TABLE a;\n' })
    github.refuse = ({ path, body }) =>
      /\/reviews$/.test(path) &&
      (body.comments as { path: string }[]).some(comment => comment.path === 'db/2_index.sql')
        ? { status: 422, body: { message: 'Line could not be resolved' } }
        : null
    const ended = await runStep(reviewing(step))
    expect(github.lineComments.map(({ path }) => path)).toEqual(['db/3_drop.sql'])
    expect(github.reviews.map(({ body }) => body)).toEqual(['migrate-lint: 1 new finding.'])
    expect(ended.annotations).toContain(
      'warning Could not comment on its lines: GitHub answered 422, Line could not be resolved',
    )
  })

  test('says nothing about lines if it is unknown which were added', async () => {
    const { github, step } = await opened(files)
    git(step.workspace, 'remote', 'set-url', 'origin', 'file:///nowhere')
    const ended = await runStep(withInputs(reviewing(step), { 'changed-only': 'false' }))
    expect([ended.outputs['errors-count'], github.writes]).toEqual(['2', []])
  })

  test('has at most thirty comments, and ignores existing lines', async () => {
    const made = hosted(
      { ...before, 'db/2_old.sql': 'DROP TABLE a;\nSELECT 1;\n' },
      {
        'db/2_old.sql': 'DROP TABLE a;\nDROP TABLE b;\n',
        'db/3_many.sql': Array.from({ length: 40 }, (_, i) => `DROP TABLE t${i};\n`).join(''),
      },
    )
    const github = await GitHub.start()
    const workspace = checkout(made, 'refs/pull/7/merge')
    const step = { workspace, event: 'pull_request', ...pullRequest(made), api: github.url, token }
    await runStep({ ...step, inputs: { paths: 'db', review: 'true', comment: 'never' } })
    expect(github.reviews[0]?.comments).toBe(30)
    expect(github.reviews[0]?.body).toMatch(/1\d more findings on changed lines/)
    expect(github.lineComments.filter(({ path }) => path === 'db/2_old.sql').map(({ line }) => line)).toEqual([2, 2])
  })
})
