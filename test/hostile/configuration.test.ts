import { describe, expect, test } from 'vitest'
import { checkout, type Files, hosted, pullRequest } from '../action/kit/checkouts.ts'
import { GitHub, token } from '../action/kit/github.ts'
import { builtAction, type Ended, runStep } from '../action/kit/workflow.ts'
import { baselineOf } from './kit/baseline-of.ts'

builtAction()

const before = { 'migrations/1_orders.sql': 'CREATE TABLE orders (id bigint PRIMARY KEY, email text, note text);\n' }
const bad = { 'migrations/2_index.sql': 'CREATE INDEX orders_email_idx ON orders (email);\n' }
const index = 'error migrations/2_index.sql:1 blocking-index-build'
const config = (value: unknown): Files => ({ 'migrate-lint.config.json': JSON.stringify(value) })

interface Attack {
  readonly base?: Files
  readonly change: Files
  readonly event?: string
  readonly fork?: boolean
  readonly inputs?: Files
  /** What the workflow has checked out. */
  readonly at?: string
}

async function run({
  base = {},
  change,
  event = 'pull_request',
  fork = true,
  inputs = {},
  at,
}: Attack): Promise<Ended> {
  const made = hosted({ ...before, ...base }, change)
  const github = await GitHub.start()
  const workspace = checkout(made, at ?? (event === 'pull_request' ? 'refs/pull/7/merge' : 'refs/heads/main'))
  const given = { ...pullRequest(made, { fork }), api: github.url, token }
  return await runStep({ workspace, event, ...given, inputs: { comment: 'never', ...inputs } })
}

/** The message of the first annotation, which belongs to no line. */
function alert({ commands }: Ended): string {
  return commands.find(({ name }) => ['error', 'warning', 'notice'].includes(name))?.message ?? ''
}

const accepted = (...files: string[]) =>
  JSON.stringify({
    version: 1,
    findings: Object.fromEntries(files.map(file => [file, { 'blocking-index-build': { '0': 9 } }])),
  })

describe('a pull request of a stranger that switches itself off', () => {
  test.each([
    { startAfter: '2_index.sql' },
    { paths: ['empty'] },
    { ignore: ['**'] },
    { ignore: ['migrations/2*'] },
    { rules: { 'blocking-index-build': 'off' } },
    { rules: { 'blocking-index-build': 'note' } },
    { overrides: [{ files: ['**'], rules: { 'blocking-index-build': 'off' } }] },
    { failOn: 'never' },
    { tables: { '*': { size: 'small' } } },
    { baseline: 'baseline.json' },
    { baseRef: 'HEAD' },
    { system: 'rails' },
  ])('by %j (GA-64)', async value => {
    const change = { ...bad, ...config(value), 'empty/0.sql': '', 'baseline.json': accepted('migrations/2_index.sql') }
    const ended = await run({ change })
    expect(ended.annotations).toContain(index)
    expect([ended.code, ended.outputs.conclusion, ended.outputs['config-changed']]).toEqual([1, 'fail', 'true'])
    const said = 'Pull request #7 changes the configuration: migrate-lint.config.json.'
    expect(alert(ended)).toContain(said)
    expect(alert(ended)).toContain('the configuration of origin/main is used')
    // Above the verdict.
    expect(ended.summary).toMatch(
      /^> \[!WARNING\]\n> - Pull request &#35;&#8203;7 changes the configuration: migrate-lint/,
    )
  })

  test('in package.json, in another place, by deleting it, and by adding a second one', async () => {
    const strict = { rules: { 'drop-column': 'error' }, failOn: 'note', paths: ['migrations'] }
    const hiding = { ignore: ['**'] }
    const made = [
      {
        base: { 'package.json': '{"name":"a"}' },
        change: { 'package.json': JSON.stringify({ name: 'a', 'migrate-lint': hiding }) },
      },
      { base: config(strict), change: config(hiding) },
      { base: config(strict), change: { 'migrate-lint.config.jsonc': JSON.stringify(hiding) } },
      { base: config(strict), change: { 'migrate-lint.config.json': '{' } },
      { base: config(strict), change: { 'migrate-lint.config.mjs': 'export default { ignore: ["**"] }' } },
      {
        base: { 'ci/lint.json': JSON.stringify(strict) },
        change: { 'ci/lint.json': JSON.stringify(hiding) },
        inputs: { config: 'ci/lint.json', paths: 'migrations' },
      },
    ]
    for (const { base, change, inputs = {} } of made) {
      const configured = 'config' in inputs ? { ...inputs } : inputs
      const ended = await run({ base, change: { ...bad, ...change }, inputs: configured })
      const what = JSON.stringify(change)
      expect(ended.outputs.conclusion, what).toBe('fail')
      expect(ended.annotations, what).toContain(index)
      expect(alert(ended), what).toMatch(/^Pull request #7 changes the configuration: /)
    }
  })

  test('after pull_request_target, with the pull request checked out', async () => {
    const change = { ...bad, ...config({ ignore: ['**'] }) }
    const ended = await run({ change, event: 'pull_request_target', at: 'refs/pull/7/merge' })
    expect(ended.annotations).toContain(index)
    expect(ended.outputs.conclusion).toBe('fail')
    const proper = await run({ change, event: 'pull_request_target' })
    expect(proper.annotations).toContain(index)
    expect(alert(proper)).toContain('changes the configuration')
  })

  test('the comment says so, even without findings', async () => {
    const change = {
      'migrations/2_note.sql': "SET lock_timeout = '1s';\nALTER TABLE orders ADD COLUMN age int;\n",
      ...config({ ignore: ['**'] }),
    }
    const made = hosted(before, change)
    const github = await GitHub.start()
    const workspace = checkout(made, 'refs/heads/main')
    const given = { ...pullRequest(made, { fork: true }), api: github.url, token }
    const ended = await runStep({ workspace, event: 'pull_request_target', ...given, inputs: { paths: 'migrations' } })
    expect(ended.outputs.conclusion).toBe('pass')
    expect(github.comments.map(({ body }) => body)).toEqual([
      expect.stringMatching(/^<!-- .* -->\n> \[!WARNING\]\n> - Pull request &#35;&#8203;7 changes the configuration/),
    ])
  })

  test('an input lets its configuration count, and it is still reported (GA-64)', async () => {
    const change = { ...bad, ...config({ rules: { 'blocking-index-build': 'off' } }) }
    const ended = await run({ change, inputs: { paths: 'migrations', 'allow-head-config': 'true' } })
    expect([ended.outputs.conclusion, ended.outputs['config-changed']]).toEqual(['pass', 'true'])
    expect(alert(ended)).toBe('Pull request #7 changes the configuration: migrate-lint.config.json.')
    const target = await run({ change, event: 'pull_request_target', inputs: { 'allow-head-config': 'true' } })
    expect(target.outputs.conclusion).toBe('pass')
  })

  test('of people who may write to the repository counts, and is reported', async () => {
    const change = { ...bad, ...config({ rules: { 'blocking-index-build': 'off' } }) }
    const ended = await run({ change, fork: false, inputs: { paths: 'migrations' } })
    expect([ended.outputs.conclusion, ended.outputs['config-changed']]).toEqual(['pass', 'true'])
    expect(ended.annotations).toEqual(['notice Pull request #7 changes the configuration: migrate-lint.config.json.'])
    const other = await run({ change: bad, fork: false })
    expect([other.outputs.conclusion, other.outputs['config-changed']]).toEqual(['fail', 'false'])
  })
})

describe('a baseline', () => {
  const old = { 'migrations/1b_index.sql': 'CREATE INDEX a ON orders (note);\n' }
  const named = config({ baseline: 'baseline.json' })

  test('that a stranger makes larger accepts nothing more', async () => {
    const base = { ...old, ...named, 'baseline.json': '' }
    const small = await baselineOf({ ...before, ...old, ...named })
    const large = await baselineOf({ ...before, ...old, ...bad, ...named })
    const ended = await run({ base: { ...base, 'baseline.json': small }, change: { ...bad, 'baseline.json': large } })
    expect(ended.annotations).toContain(index)
    expect(alert(ended)).toContain('Pull request #7 changes the configuration: baseline.json.')
    expect(ended.outputs.conclusion).toBe('fail')
  })

  test('that a stranger makes smaller, together with a fix, is not stale', async () => {
    const base = { ...old, ...named, 'baseline.json': await baselineOf({ ...before, ...old, ...named }) }
    const change = {
      'migrations/1b_index.sql': 'SELECT 1;\n',
      'baseline.json': await baselineOf({ ...before, ...named }),
    }
    const ended = await run({ base, change, inputs: { 'changed-only': 'false', 'allow-edit-label': 'x' } })
    expect(ended.stdout).not.toContain('prune-baseline')
  })
})

describe('what a stranger says about the tool that runs the migrations', () => {
  const schema = (provider: string) => `datasource db {\n  provider = "${provider}"\n  url = env("DATABASE_URL")\n}\n`
  const prisma = (provider: string): Files => ({
    'prisma/schema.prisma': schema(provider),
    'prisma/migrations/migration_lock.toml': `provider = "${provider}"\n`,
  })
  const base = {
    ...prisma('postgresql'),
    'prisma/migrations/20240101000000_a/migration.sql': 'CREATE TABLE users (id int, email text);\n',
  }
  const added = { 'prisma/migrations/20240201000000_b/migration.sql': 'CREATE INDEX i ON users (email);\n' }

  test.each([
    ['another database', prisma('mysql')],
    ['an unknown database', prisma('constructor')],
  ])('hides no migration: %s (GA-65)', async (_, hiding) => {
    const found = 'error prisma/migrations/20240201000000_b/migration.sql:1 blocking-index-build'
    const alone = await run({ base, change: { ...added, ...hiding } })
    expect([alone.code, alone.outputs.conclusion]).toEqual([1, 'fail'])
    expect(alone.annotations).toContain(found)
    const besides = await run({
      base,
      change: { ...added, ...hiding, 'migrations/2_note.sql': 'SELECT 1;\n' },
      inputs: { paths: 'migrations\nprisma' },
    })
    expect([besides.code, besides.outputs.conclusion]).toEqual([1, 'fail'])
    expect(besides.annotations).toContain(found)
    expect(besides.stdout).toContain('prisma/migrations/ was read as Prisma before, and')
    expect(besides.summary.indexOf('was read as Prisma before')).toBeLessThan(besides.summary.indexOf('### '))
  })

  test('hides no new migration: a journal that does not list it', async () => {
    const entries = [{ idx: 0, version: '7', when: 1, tag: '1_orders', breakpoints: true }]
    const journal = JSON.stringify({ version: '7', dialect: 'postgresql', entries })
    const ended = await run({ change: { ...bad, 'migrations/meta/_journal.json': journal } })
    expect([ended.code, ended.outputs.conclusion]).toEqual([1, 'fail'])
    expect(ended.annotations).toContain(index)
    const said = 'migrations/ was read as plain SQL before, and migrations/2_index.sql would no longer be read.'
    expect(ended.stdout).toContain(said)
  })

  test('does not cut a file differently, and is reported: a mark below which nothing runs', async () => {
    const change = {
      'migrations/2_index.sql': `-- +goose Up\nSELECT 1;\n-- +goose Down\n${bad['migrations/2_index.sql']}`,
    }
    const ended = await run({ change })
    expect(ended.annotations).toContain('error migrations/2_index.sql:4 blocking-index-build')
    expect(alert(ended)).toBe(
      'migrations/ was read as plain SQL before, and would be read as goose now. A stranger may have done that, so it is read as before. ' +
        'The input "allow-head-config: true" lets the change decide.',
    )
    const allowed = await run({ change, inputs: { 'allow-head-config': 'true' } })
    expect(allowed.stdout).toContain('migrations/ was read as plain SQL before, and is read as goose now.')
    expect(allowed.outputs.conclusion).toBe('pass')
  })
})

test('comments of a stranger count, and the report first says what they remove from it', async () => {
  const change = {
    'migrations/2_index.sql':
      '-- migrate-lint-disable-next-statement blocking-index-build -- it is fine\nCREATE INDEX orders_email_idx ON orders (email);\n',
  }
  const ended = await run({ change, inputs: { paths: 'migrations' } })
  expect(ended.outputs.conclusion).toBe('pass')
  const said =
    '1 finding is silenced by comments in the files or by what is allowed: blocking-index-build in migrations/2_index.sql:2.'
  expect(alert(ended)).toBe(said)
  expect(ended.summary.indexOf(said)).toBeLessThan(ended.summary.indexOf('### '))
})
