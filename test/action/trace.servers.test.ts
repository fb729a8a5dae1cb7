import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Server, startServer } from '../postgres/servers/server.ts'
import { good, opened, withInputs } from './kit/pull-request.ts'
import { builtAction, type Ended, runStep } from './kit/workflow.ts'

// The action with a server of the workflow, as `services` gives one.

builtAction()

let server: Server
beforeAll(async () => {
  server = await startServer(17)
})
afterAll(() => server.stop())

const secret = 'a-secret-password'
const url = () => `postgres://postgres:${secret}@127.0.0.1:${server.port}/postgres`

/** Names that are the same for the whole server, where traces leave none. */
async function leftOnServer(): Promise<string[]> {
  const admin = await server.connect()
  const { rows } = await admin.query(
    "SELECT datname AS name FROM pg_database WHERE datname LIKE 'migrate%' UNION ALL SELECT rolname FROM pg_roles WHERE rolname = 'stranger'",
  )
  await admin.end()
  return rows.map(({ name }) => name)
}

const everywhere = ({ stdout, stderr, summary }: Ended, comments: readonly { body: string }[]) =>
  [stdout, stderr, summary, ...comments.map(({ body }) => body)].join('\n')

describe('trace-database-url', () => {
  test('shows in the summary and the comment what the migrations did on the server', async () => {
    const { github, step } = await opened(good)
    const given = withInputs(step, { 'trace-database-url': url(), comment: 'always' })
    const ended = await runStep(given)
    expect([ended.code, ended.outputs.conclusion], ended.stdout).toEqual([0, 'pass'])
    expect(ended.summary).toContain('### On PostgreSQL 17.')
    expect(ended.summary).toMatch(
      /\| <code>db\/2_note\.sql:2<\/code><br><code>ALTER TABLE orders ADD COLUMN age int;?<\/code> \| .*AccessExclusiveLock.* \| [\d.]+ m?s \|/,
    )
    expect(ended.stdout).toMatch(/A database migrate_lint_trace_\w+ is created on 127\.0\.0\.1/)
    const [comment] = github.comments
    expect(comment?.body).toContain('AccessExclusiveLock')
    expect(comment?.body).not.toMatch(/\d ms/)
    // Where it would say the same, it is not written again.
    await runStep(given)
    expect(github.writes).toHaveLength(1)
    expect(everywhere(ended, github.comments)).not.toContain(secret)
    expect(await leftOnServer()).toEqual([])
  })

  test('fails the step where a migration fails there, although linting finds nothing', async () => {
    const { github, step } = await opened({
      'db/2_rows.sql': `INSERT INTO orders (id) VALUES (1);\nINSERT INTO orders (id, email) VALUES (1, '|<b>@all</b>');\n`,
    })
    const ended = await runStep(withInputs(step, { 'trace-database-url': url() }))
    expect([ended.code, ended.outputs.conclusion, ended.outputs['findings-count']], ended.stdout).toEqual([
      1,
      'fail',
      '0',
    ])
    const [comment] = github.comments
    expect(comment?.body).toContain('(SQLSTATE 23505)')
    expect(comment?.body).not.toMatch(/<b>|@all/)
    expect(ended.annotations.at(-1)).toContain('db/2_rows.sql')
  })

  test('names a server that cannot be reached, without its password', async () => {
    const { github, step } = await opened(good)
    const away = `postgres://postgres:${secret}@127.0.0.1:1/postgres`
    const ended = await runStep(withInputs(step, { 'trace-database-url': away }))
    expect([ended.code, ended.outputs.conclusion]).toEqual([1, 'error'])
    expect(ended.annotations.at(-1)).toContain('The server cannot be reached')
    expect(everywhere(ended, github.comments)).not.toContain(secret)
  })

  test.each([
    ['pull_request', true],
    ['pull_request_target', false],
    ['workflow_run', true],
  ])('runs nothing after %s, from a fork: %s', async (event, fork) => {
    const { step } = await opened({ 'db/2_role.sql': 'CREATE ROLE stranger;\n' }, { fork })
    const ended = await runStep({ ...withInputs(step, { 'trace-database-url': url(), 'pr-number': '7' }), event })
    expect(ended.summary + ended.stdout).not.toContain('### On PostgreSQL')
    expect(await leftOnServer()).toEqual([])
    if (event === 'pull_request')
      expect(ended.stdout).toContain('The migrations were not run on the server of "trace-database-url"')
  })
})
