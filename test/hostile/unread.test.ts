import { readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkout, commit, type Files, git, hosted, pullRequest } from '../action/kit/checkouts.ts'
import { GitHub, token } from '../action/kit/github.ts'
import { builtAction, type Ended, runStep } from '../action/kit/workflow.ts'
import { lastCommit } from '../kit/git.ts'

builtAction()

const orders = 'CREATE TABLE orders (id bigint PRIMARY KEY, email text, note text);\n'
const index = 'CREATE INDEX orders_email_idx ON orders (email);\n'
const good = "SET lock_timeout = '1s';\nALTER TABLE orders ADD COLUMN age int;\n"
const plain: Files = { 'migrations/1_orders.sql': orders }
const goodPlain: Files = { 'migrations/2_age.sql': good }

interface Change {
  readonly base?: Files
  readonly change: Files
  readonly fork?: boolean
  readonly event?: string
  readonly at?: string
  readonly inputs?: Files
}

async function run({
  base = plain,
  change,
  fork = true,
  event = 'pull_request',
  at,
  inputs = {},
}: Change): Promise<Ended> {
  const made = hosted(base, change)
  const workspace = checkout(made, at ?? 'refs/pull/7/merge')
  const given = pullRequest(made, { fork })
  return await runStep({ workspace, event, ...given, inputs: { 'github-token': '', comment: 'never', ...inputs } })
}

/** Named above the verdict, and the run fails by it. */
function isNamed(ended: Ended, place: string, count = '1'): void {
  expect([ended.code, ended.outputs.conclusion]).toEqual([1, 'error'])
  expect(ended.outputs['unread-count']).toBe(count)
  const said = ended.commands.filter(({ name }) => name === 'warning').map(({ message }) => message)
  expect(said).toContainEqual(expect.stringContaining(`Pull request #7 brings SQL that was not read: ${place} (`))
  const errors = ended.commands.filter(({ name }) => name === 'error').map(({ message }) => message)
  const trouble = /^Not everything could be linted: nothing is known about .* "allow-unread: true"\.$/
  expect(errors).toContainEqual(expect.stringMatching(trouble))
  expect(ended.summary.indexOf('brings SQL that was not read')).toBeGreaterThan(0)
  expect(ended.summary.indexOf('brings SQL that was not read')).toBeLessThan(ended.summary.indexOf('### '))
}

function isLinted(ended: Ended, place: string): void {
  expect(ended.annotations).toContain(`error ${place} blocking-index-build`)
  expect([ended.code, ended.outputs.conclusion]).toEqual([1, 'fail'])
}

function passes(ended: Ended, files = '1'): void {
  expect(ended.stdout).not.toMatch(/not read|outside of the paths/)
  expect([ended.outputs.conclusion, ended.outputs['unread-count'], ended.outputs['files-checked']]).toEqual([
    'pass',
    '0',
    files,
  ])
}

describe('a stranger sets a migration aside by the name of its file', () => {
  test.each([
    'migrations/2_index.down.sql',
    'migrations/2_index_down.sql',
    'migrations/2_index.undo.sql',
    'migrations/down/2.sql',
    'migrations/.x/2_index.sql',
    'migrations/node_modules/2_index.sql',
    'migrationz/2_index.sql',
    'vendor/2_index.SQL',
    'migrations/2_index.mysql.sql',
  ])('%s (GA-67)', async path => {
    isNamed(await run({ change: { ...goodPlain, [path]: index } }), path)
  })

  test('as one that reverts a missing migration, or runs beside all others, in Flyway', async () => {
    const base = { 'db/V1__orders.sql': orders, 'db/U1__orders.sql': 'DROP TABLE orders;\n' }
    const change = { 'db/V2__age.sql': good }
    isNamed(await run({ base, change: { ...change, 'db/U3__x.sql': index } }), 'db/U3__x.sql')
    const callback = { ...base, 'db/beforeMigrate.sql': 'SELECT 1;\n' }
    const both = { ...change, 'db/afterMigrate.sql': index }
    isNamed(await run({ base: callback, change: both }), 'db/afterMigrate.sql')
  })

  test('as a link to a file with another name', async () => {
    const made = hosted(plain, { ...goodPlain, 'migrations/x.txt': index })
    // The link comes with another commit of the pull request.
    git(made.root, 'switch', '-q', 'work')
    symlinkSync('x.txt', join(made.root, 'migrations/2_index.sql'))
    commit(made.root)
    const head = lastCommit(made.root)
    git(made.root, 'update-ref', 'refs/pull/7/head', head)
    const workspace = checkout(made, 'refs/pull/7/head', null)
    const given = pullRequest({ ...made, head }, { fork: true })
    const inputs = { 'github-token': '', comment: 'never' }
    isNamed(await runStep({ workspace, event: 'pull_request', ...given, inputs }), 'migrations/2_index.sql')
  })
})

describe('a stranger sets a part of a migration aside', () => {
  test.each([
    ['goose', `-- +goose Up\n${good}-- +goose Down\n${index}`, 5],
    ['dbmate', `-- migrate:up\n${good}-- migrate:down\n${index}`, 5],
    ['node-pg-migrate', `-- Up Migration\n${good}-- Down Migration\n${index}`, 5],
    ['Flyway', index, 1],
  ])('by marks of another tool, which do not count: %s', async (tool, text, line) => {
    const path = tool === 'Flyway' ? 'migrations/U2__x.sql' : 'migrations/2_x.sql'
    const more: Files = tool === 'Flyway' ? { 'migrations/V3__x.sql': good } : {}
    isLinted(await run({ change: { [path]: text, ...more } }), `${path}:${line}`)
  })

  test.each([
    ['{# … #}', `{# ${index.trim()} #}\n`],
    ['{{ … }}', `{{/* ${index.trim()} */}}\n`],
    ['{{ … }}', `{{ ${index.trim()} }}\n`],
    ['<% … %>', `<%# ${index.trim()} %>\n`],
    ['#{ … }', `#{ ${index.trim()} }\n`],
    ['{% … %}', `DO $$ BEGIN PERFORM 1; {% ${index.trim()} %} END $$;\n`],
  ])('in a template: %s', async (marks, text) => {
    const ended = await run({ change: { 'migrations/2_x.sql': `${good}${text}` } })
    // A template in place of words is named where it stands, and the body of DO that it is in is not read either.
    isNamed(ended, 'migrations/2_x.sql:3', marks === '{% … %}' ? '2' : '1')
    expect(ended.stdout).toContain(`a template in ${marks} is not read`)
  })

  test.each([
    ['data of a COPY without an end', `COPY orders FROM stdin;\n1\ta\tb\n${index}`, 4],
    ['a file that psql includes', '\\i x.txt\n', 3],
    ['a program that psql starts', '\\! psql -f x.txt\n', 3],
    ['a variable of psql', '\\set x CREATE INDEX i ON orders (email)\n', 3],
    ['a variable of psql that stands for a statement', "SELECT 'DROP TABLE orders' AS x \\gset\n:x;\n", 4],
    ['a program that psql pipes to', 'SELECT 1 \\g | psql\n', 3],
    ['a name in a template that stands for a statement', '{{ index }}\n', 3],
  ])('by %s', async (_, text, line) => {
    isNamed(await run({ change: { 'migrations/2_x.sql': `${good}${text}` } }), `migrations/2_x.sql:${line}`)
  })

  test('above the first mark of its tool', async () => {
    const base = { 'db/1_orders.sql': `-- migrate:up\n${orders}-- migrate:down\nDROP TABLE orders;\n` }
    const change = { 'db/2_x.sql': `${index}-- migrate:up\n${good}-- migrate:down\n` }
    const ended = await run({ base, change })
    expect(ended.stdout).toContain('brings SQL that was not read: db/2_x.sql:1 (text outside of what runs is not read)')
    expect(ended.outputs.conclusion).toBe('error')
  })

  test('by marks of a tool in a new folder, where the project has another tool', async () => {
    const base = { 'db/V1__orders.sql': orders }
    const goose = { 'more/1_x.sql': `-- +goose Up\n${good}-- +goose Down\n${index}` }
    isNamed(await run({ base, change: { ...goose } }), 'more/1_x.sql:4')
    const files = { 'more/1_x.up.sql': good, 'more/1_x.down.sql': index }
    isNamed(await run({ base, change: files }), 'more/1_x.down.sql')
  })

  test('before where the configuration says that all begins', async () => {
    const base = { ...plain, 'migrate-lint.config.json': '{"startAfter":"1_orders.sql"}' }
    const ended = await run({ base, change: { 'migrations/0_index.sql': index, ...goodPlain } })
    isNamed(ended, 'migrations/0_index.sql')
  })
})

describe('other events, and what is allowed', () => {
  const change = { ...goodPlain, 'migrations/2_index.down.sql': index }

  test('after pull_request_target, with the pull request checked out and without', async () => {
    for (const at of ['refs/pull/7/merge', 'refs/heads/main']) {
      isNamed(await run({ change, event: 'pull_request_target', at }), 'migrations/2_index.down.sql')
    }
  })

  test('the comment says it, and the report for programs has its number', async () => {
    const made = hosted(plain, change)
    const github = await GitHub.start()
    const workspace = checkout(made, 'refs/heads/main')
    const given = { ...pullRequest(made, { fork: true }), api: github.url, token }
    const inputs = { 'report-file': 'report.json' }
    const ended = await runStep({ workspace, event: 'pull_request_target', ...given, inputs })
    isNamed(ended, 'migrations/2_index.down.sql')
    expect(github.comments.map(({ body }) => body)).toEqual([
      expect.stringMatching(
        /^<!-- .* -->\n> \[!WARNING\]\n> - Pull request &#35;&#8203;7 brings SQL that was not read/,
      ),
    ])
    expect(JSON.parse(readFileSync(join(workspace, 'report.json'), 'utf8')).summary.unread).toBe(1)
  })

  test('an input lets it pass, and it is still reported (GA-67)', async () => {
    const ended = await run({ change, inputs: { 'allow-unread': 'true' } })
    expect([ended.outputs.conclusion, ended.outputs['unread-count']]).toEqual(['pass', '1'])
    expect(ended.stdout).toContain('Pull request #7 brings SQL that was not read: migrations/2_index.down.sql (')
  })

  test("files that the base's configuration ignores are not reported; that of the pull request ignores nothing", async () => {
    const ignoring = { 'migrate-lint.config.json': '{"ignore":["migrations/*.down.sql"]}' }
    passes(await run({ base: { ...plain, ...ignoring }, change }))
    isNamed(await run({ change: { ...change, ...ignoring } }), 'migrations/2_index.down.sql')
  })

  test('files outside of the paths that the workflow names are reported, and do not fail the step', async () => {
    const ended = await run({ change: { ...goodPlain, 'queries/a.sql': index }, inputs: { paths: 'migrations' } })
    expect([ended.outputs.conclusion, ended.outputs['unread-count']]).toEqual(['pass', '1'])
    expect(ended.stdout).toContain('Pull request #7 brings SQL outside of the paths that are linted: queries/a.sql')
  })

  test('people who may write to the repository are trusted', async () => {
    const ended = await run({ change, fork: false })
    expect([ended.outputs.conclusion, ended.outputs['unread-count']]).toEqual(['pass', '0'])
    expect(ended.stdout).toContain('migrations/2_index.down.sql was left out: it takes a migration back')
  })
})

describe('honest pull requests from forks pass', () => {
  const drop = 'DROP TABLE orders;\n'

  test.each<[string, Files, Files]>([
    [
      'Flyway, with undo files',
      { 'db/V1__orders.sql': orders, 'db/U1__orders.sql': drop },
      { 'db/V2__age.sql': good, 'db/U2__age.sql': drop },
    ],
    [
      'Flyway, with its first undo file',
      { 'db/V1__orders.sql': orders },
      { 'db/V2__a.sql': good, 'db/U2__a.sql': drop },
    ],
    [
      'golang-migrate',
      { 'db/1_orders.up.sql': orders, 'db/1_orders.down.sql': drop },
      { 'db/2_age.up.sql': good, 'db/2_age.down.sql': drop },
    ],
    [
      'dbmate',
      { 'db/1_orders.sql': `-- migrate:up\n${orders}\n-- migrate:down\n${drop}` },
      { 'db/2_age.sql': `-- migrate:up\n${good}\n-- migrate:down\n${drop}` },
    ],
    [
      'goose',
      { 'db/1_orders.sql': `-- +goose Up\n${orders}\n-- +goose Down\n${drop}` },
      { 'db/2_age.sql': `-- +goose Up\n${good}\n-- +goose Down\n${drop}` },
    ],
    [
      'plain SQL, with what takes it back beside it all along',
      { ...plain, 'migrations/1_orders.down.sql': drop },
      { ...goodPlain, 'migrations/2_age.down.sql': drop },
    ],
    [
      'plain SQL, with folders for both directions',
      { 'migrations/up/1.sql': orders, 'migrations/down/1.sql': drop },
      { 'migrations/up/2.sql': good, 'migrations/down/2.sql': drop },
    ],
    [
      'Diesel',
      {
        'diesel.toml': '',
        'migrations/2024-01-01-000000_a/up.sql': orders,
        'migrations/2024-01-01-000000_a/down.sql': drop,
      },
      { 'migrations/2024-01-02-000000_b/up.sql': good, 'migrations/2024-01-02-000000_b/down.sql': drop },
    ],
    [
      'Prisma, with files that take migrations back',
      {
        'prisma/migrations/1_a/migration.sql': orders,
        'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
      },
      { 'prisma/migrations/2_b/migration.sql': good, 'prisma/migrations/2_b/down.sql': drop },
    ],
    [
      'SQL that is not a migration, where there is more of it',
      { ...plain, 'queries/orders/a.sql': 'SELECT 1;\n', 'schema.sql': orders },
      { ...goodPlain, 'queries/users/b.sql': 'SELECT 2;\n', 'schema.sql': `${orders}SELECT 1;\n` },
    ],
    [
      'names in templates, commands of psql, and data with its end',
      plain,
      {
        'migrations/2_age.sql': `\\set ON_ERROR_STOP on\n${good}COPY orders (id) FROM stdin;\n1\n\\.\nSELECT \${schema}, {{ .Name }};\n`,
      },
    ],
    ['a project that is new', { 'a.txt': '' }, { 'db/1_age.up.sql': orders, 'db/1_age.down.sql': drop }],
    ['a file with nothing but comments', plain, { ...goodPlain, 'docs/x.sql': '-- nothing yet\n' }],
  ])('%s', async (_, base, change) => {
    passes(await run({ base, change }))
  })

  test('existing templates are counted and fail nothing', async () => {
    const base = { 'migrations/1_orders.sql': `{% if x == 1 %}\n{% endif %}\n${orders}` }
    const change = { 'migrations/2_age.sql': `{% if x == 2 %}\n{% endif %}\n${good}` }
    const ended = await run({ base, change })
    expect([ended.code, ended.outputs.conclusion, ended.outputs['files-checked']]).toEqual([0, 'pass', '1'])
    expect(ended.outputs['read-in-part-count']).toBe('1')
    expect(ended.stdout).not.toContain('Not everything could be linted')
  })
})
