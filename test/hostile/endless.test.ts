import { describe, expect, test } from 'vitest'
import { checkout, type Files, hosted, pullRequest } from '../action/kit/checkouts.ts'
import { bot, GitHub, token } from '../action/kit/github.ts'
import { builtAction, runStep } from '../action/kit/workflow.ts'
import { migrateLint, project } from '../node/kit/program.ts'

builtAction()

const before = { 'migrations/1_orders.sql': 'CREATE TABLE orders (id bigint PRIMARY KEY, email text, note text);\n' }
const bad = { 'migrations/2_index.sql': 'CREATE INDEX orders_email_idx ON orders (email);\n' }

describe('endless nesting', () => {
  const levels = 100_000
  const arrays = '['.repeat(levels)
  const objects = '{"a":'.repeat(levels)
  const closed = `${arrays}${']'.repeat(levels)}`

  test.each([
    ['arrays', arrays],
    ['objects', objects],
    ['arrays that are closed', closed],
  ])('is one clear line: %s', async (_, deep) => {
    const configured = (files: Files, ...args: string[]) =>
      migrateLint(['migrations', ...args], { cwd: project({ ...before, ...files }) })
    const one = (name: string, place: string) =>
      new RegExp(
        `^migrate-lint: ${name}:${place}: This is more than 500 levels deep, which no configuration needs\\.\n$`,
      )
    const whole = await configured({ 'migrate-lint.config.json': `\n ${deep}` })
    expect([whole.code, whole.stderr]).toEqual([2, expect.stringMatching(one('migrate-lint.config.json', '2:\\d+'))])
    const inside = await configured({ 'migrate-lint.config.jsonc': `{ "rules": ${deep}` })
    expect([inside.code, inside.stderr]).toEqual([2, expect.stringMatching(one('migrate-lint.config.jsonc', '1:\\d+'))])
    if (deep === closed) {
      const manifest = await configured({ 'package.json': `{ "migrate-lint": ${deep} }` })
      expect([manifest.code, manifest.stderr]).toEqual([2, expect.stringMatching(one('package.json', '1:\\d+'))])
    }
    const baseline = await configured(
      { 'b.json': `{ "version": 1, "findings": ${deep}` },
      '--baseline',
      'b.json',
      '--no-config',
    )
    expect([baseline.code, baseline.stderr]).toEqual([
      2,
      expect.stringMatching(
        /^migrate-lint: b\.json is not a valid baseline\. Line 1 is more than 500 levels deep\.[^\n]*\n$/,
      ),
    ])
  })

  test('in the files of tools keeps nothing from being linted', async () => {
    const files = {
      'package.json': closed,
      'database.json': closed,
      '.db-migraterc': closed,
      'drizzle/meta/_journal.json': closed,
      'drizzle/0000_a.sql': 'CREATE TABLE a (id int);\n',
      'migrations/app/20260101T0000_a/migration.json': closed,
      'migrations/app/20260101T0000_a/ops.json': closed,
      'migrations/2_drop.sql': 'DROP TABLE orders;\n',
    }
    const { code, stdout, stderr } = await migrateLint([], { cwd: project({ ...before, ...files }) })
    expect(stdout + stderr).not.toMatch(/internal error|tell us|stack size/)
    expect([1, 2]).toContain(code)
    expect(stdout).toContain('migrations/2_drop.sql')
  })
})

describe('a comment thread without end', () => {
  const opened = async () => {
    const made = hosted(before, bad)
    const github = await GitHub.start()
    const workspace = checkout(made, 'refs/pull/7/merge')
    const step = { workspace, event: 'pull_request', ...pullRequest(made), api: github.url, token }
    return { github, step }
  }

  test('leaves the verdict as it is, and is reported once (GA-66)', async () => {
    const { github, step } = await opened()
    let pages = 0
    github.refuse = ({ path }) => {
      if (path !== '/graphql') return null
      const pageInfo = { hasNextPage: true, endCursor: String(++pages) }
      const pullRequest = { comments: { nodes: [], pageInfo } }
      return { status: 200, body: { data: { viewer: { login: bot }, repository: { pullRequest } } } }
    }
    const ended = await Promise.race([runStep(step), new Promise<null>(resolve => setTimeout(resolve, 60_000, null))])
    expect([ended?.code, ended?.outputs.conclusion]).toEqual([1, 'fail'])
    expect(ended?.annotations.filter(line => line.startsWith('warning'))).toEqual([
      'warning Could not comment on the pull request: The comments of the pull request are more than 20 pages long',
    ])
    expect(pages).toBe(20)
  })

  test('nor do links that lead in a circle', async () => {
    const { github, step } = await opened()
    let pages = 0
    github.refuse = ({ path, method }) => {
      if (method !== 'GET' || !/\/pulls\/7\/comments/.test(path)) return null
      pages++
      return { status: 200, body: [], headers: { link: `<${github.url}${path}>; rel="next"` } }
    }
    const inputs = { review: 'true', comment: 'never' }
    const ended = await Promise.race([
      runStep({ ...step, inputs }),
      new Promise<null>(resolve => setTimeout(resolve, 60_000, null)),
    ])
    expect([ended?.code, ended?.outputs.conclusion]).toEqual([1, 'fail'])
    expect(ended?.annotations.filter(line => line.startsWith('warning'))).toEqual([
      'warning Could not comment on its lines: The comments on the lines of the pull request are more than 20 pages long',
    ])
    expect(pages).toBe(21)
  })

  test('nor does an answer that is not JSON', async () => {
    const { github, step } = await opened()
    github.refuse = ({ path }) => (path === '/graphql' ? { status: 200, body: '<html>' } : null)
    const ended = await runStep(step)
    expect([ended.code, ended.outputs.conclusion]).toEqual([1, 'fail'])
    expect(ended.annotations.filter(line => line.startsWith('warning'))).toEqual([
      "warning Could not comment on the pull request: GitHub's answer is not what its API gives",
    ])
  })

  test('nor does an answer that is larger than any page', async () => {
    const { github, step } = await opened()
    github.refuse = ({ path }) => (path === '/graphql' ? { status: 200, body: 'x'.repeat(40_000_000) } : null)
    const ended = await runStep(step)
    expect([ended.code, ended.outputs.conclusion]).toEqual([1, 'fail'])
    expect(ended.annotations.filter(line => line.startsWith('warning'))).toEqual([
      "warning Could not comment on the pull request: GitHub's answer is longer than 30 MB",
    ])
  })
})
