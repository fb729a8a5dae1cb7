import { copyFileSync, existsSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { actionFiles } from '../../scripts/build-action.mjs'
import { checkout, type Files, git, hosted, pullRequest, temporary } from './kit/checkouts.ts'
import { GitHub, token } from './kit/github.ts'
import { missing, node } from './kit/nodes.ts'
import { builtAction, definition, runStep, type Step } from './kit/workflow.ts'

const built = builtAction()

const root = fileURLToPath(new URL('../..', import.meta.url))
const before = { 'db/1_orders.sql': 'CREATE TABLE orders (id bigint PRIMARY KEY, email text);\n' }
const bad = { 'db/2_index.sql': 'CREATE INDEX orders_email_idx ON orders (email);\n' }

function given(inputs: Files, change: Files = bad): Step {
  const made = hosted(before, change)
  const workspace = checkout(made, 'refs/pull/7/merge')
  const base = { paths: 'db', comment: 'never' }
  return { workspace, event: 'pull_request', ...pullRequest(made), inputs: { ...base, ...inputs } }
}

describe('action.yml', () => {
  test('has everything that GitHub and its marketplace require (GA-01, GA-02, GA-05)', () => {
    const file = parse(readFileSync(join(root, 'action.yml'), 'utf8'))
    expect(file.runs).toEqual({ using: 'node24', main: 'dist/action/index.cjs' })
    expect(file.branding).toEqual({ icon: 'shield', color: 'blue' })
    expect([file.name, file.author]).toEqual(['migrate-lint', 'migrate-lint'])
    expect(file.description.match(/\./g)).toHaveLength(1)
    for (const [name, input] of Object.entries(definition.inputs)) {
      expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/)
      expect(Object.keys(input)).toEqual(['description', 'default'])
    }
    expect(definition.inputs['github-token']?.default).toBe(['$', '{{ github.token }}'].join(''))
  })

  test('names the bundle that these sources make (GA-10, GA-11, GA-14)', async () => {
    for (const [path, contents] of await actionFiles()) {
      expect(readFileSync(join(root, path)).equals(contents), `${path} is stale: run npm run generate`).toBe(true)
    }
    const licenses = readFileSync(join(root, 'dist/action/licenses.txt'), 'utf8')
    const named = ['@actions/core 3', '@actions/github 9', 'libpg-query 18', 'libpg_query 18,', 'PostgreSQL 18,']
    expect(named.filter(name => !`\n${licenses}`.includes(`\n${name}`))).toEqual([])
    const attributes = git(root, 'check-attr', '-a', '--', 'dist/action/index.cjs', 'dist/action/libpg-query.wasm')
    expect(attributes).toMatch(
      /index\.cjs: diff: unset\n[\s\S]*index\.cjs: linguist-generated: true\n[\s\S]*wasm: binary: set/,
    )
  })
})

describe('inputs (GA-02)', () => {
  const wrong: Files = {
    'changed-only': '"yes" is not one of auto, true, false.',
    'fail-on': '"erorr" is not one of error, warning, note, never: did you mean "error"?',
    annotations: '"1" is not one of true, false.',
    comment: '"allways" is not one of always, on-findings, never: did you mean "always"?',
    'comment-on-resolve': '"remove" is not one of update, delete.',
    'pr-number': '"#7" is not a pull request number.',
    review: '"on" is not one of true, false.',
    'working-directory': 'there is no directory "nowhere".',
    'report-file': '"report.doc" does not end in one of .html, .json, .jsonl, .md, .txt, .xml.',
  }
  const value = (message: string) => /"([^"]*)"/.exec(message)?.[1] ?? ''

  test.each(Object.entries(wrong))('%s', async (name, message) => {
    const ended = await runStep(given({ [name]: value(message) }))
    expect(ended.annotations).toEqual([`error Input "${name}": ${message}`])
    expect([ended.code, ended.outputs.conclusion, ended.outputs['findings-count']]).toEqual([1, 'error', '0'])
    expect(ended.stderr).toBe('')
  })

  test('that the configuration or the tree does not know', async () => {
    const cases: readonly [Files, RegExp][] = [
      [{ 'pg-version': '8' }, /^error .*8/],
      [{ config: 'none.json' }, /^error Cannot read the configuration none\.json: no such file or directory\.$/],
      [
        { 'working-directory': 'db/1_orders.sql' },
        /^error Input "working-directory": there is no directory "db\/1_orders/,
      ],
      [{ paths: 'nowhere/*.sql' }, /^error No such file or directory, and no match: "nowhere\/\*\.sql"\.$/],
    ]
    for (const [inputs, message] of cases) {
      const ended = await runStep(given(inputs))
      expect(ended.annotations).toEqual([expect.stringMatching(message)])
      expect(ended.outputs.conclusion).toBe('error')
    }
  })

  test('several paths, one a line', async () => {
    const made = hosted({ 'a/1.sql': 'SELECT 1;\n' }, { 'b c/2.sql': 'DROP TABLE t;\n', 'd/3.sql': 'DROP TABLE u;\n' })
    const step = { workspace: checkout(made, 'refs/pull/7/merge'), event: 'pull_request', ...pullRequest(made) }
    const ended = await runStep({ ...step, inputs: { paths: 'b c\n\n  d  \n', comment: 'never' } })
    expect(ended.annotations.map(line => line.replace(/:.*/, ''))).toEqual([
      'error b c/2.sql',
      'error d/3.sql',
      expect.anything(),
    ])
  })
})

describe('what fails the step (GA-80)', () => {
  const warning = {
    'db/2_warn.sql':
      "SET lock_timeout = '1s';\nALTER TABLE orders ADD COLUMN n integer;\nALTER TABLE orders ADD CONSTRAINT c CHECK (n > 0) NOT VALID;\n",
  }

  test('is decided by fail-on, otherwise by the configuration', async () => {
    expect((await runStep(given({}))).code).toBe(1)
    const never = await runStep(given({ 'fail-on': 'never' }))
    expect([never.code, never.outputs.conclusion, never.outputs['errors-count']]).toEqual([0, 'pass', '1'])
    const configured = { ...bad, 'migrate-lint.config.json': '{ "failOn": "never" }\n' }
    expect((await runStep(given({}, configured))).code).toBe(0)
    expect((await runStep(given({ 'fail-on': 'error' }, configured))).code).toBe(1)
    expect((await runStep(given({ 'fail-on': 'warning' }, warning))).outputs['errors-count']).toBe('0')
  })

  test('comes last, after everything else is written', async () => {
    const step = given({ 'sarif-file': 'a.sarif', 'report-file': 'a.json' })
    const ended = await runStep(step)
    expect(ended.commands.at(-1)).toMatchObject({ name: 'error', message: '1 error in 1 migration.' })
    expect(ended.summary).toContain('1 error')
    const written = ['a.sarif', 'a.json'].map(name => JSON.parse(readFileSync(join(step.workspace, name), 'utf8')))
    expect(written[0].runs[0].results).toHaveLength(1)
    const schema = JSON.parse(readFileSync(join(root, 'schema/report.json'), 'utf8'))
    expect(new Ajv2020({ strict: false }).validate(schema, written[1])).toBe(true)
  })

  test('a file that cannot be read is an error of its own', async () => {
    const step = given({})
    symlinkSync('nowhere', join(step.workspace, 'db/3_link.sql'))
    const ended = await runStep(step)
    expect(ended.annotations.at(-1)).toMatch(
      /^error Not everything could be linted: .*db\/3_link\.sql could not be read/,
    )
    expect(ended.outputs.conclusion).toBe('error')
    expect(ended.annotations[0]).toBe('error db/2_index.sql:1 blocking-index-build')
  })

  test('a step that cannot do its work leaves SARIF that says so, and sets all outputs (GA-03, SA-09)', async () => {
    const step = given({ 'sarif-file': 'a.sarif', 'report-file': 'a.html', config: 'none.json' })
    const { outputs } = await runStep(step)
    expect(Object.keys(outputs)).toEqual(Object.keys(definition.outputs))
    expect(outputs).toMatchObject({ conclusion: 'error', 'sarif-file': 'a.sarif', 'report-file': '' })
    const log = JSON.parse(readFileSync(join(step.workspace, 'a.sarif'), 'utf8'))
    expect(log.runs[0].invocations[0]).toMatchObject({ executionSuccessful: false })
    expect(JSON.stringify(log)).toContain('none.json')
  })
})

test('without its .wasm file it says so', async () => {
  const alone = join(temporary(), 'index.cjs')
  copyFileSync(built.main, alone)
  const ended = await runStep({ ...given({}), main: alone })
  expect([ended.code, ended.outputs.conclusion]).toEqual([1, 'error'])
  expect(ended.annotations).toEqual([expect.stringMatching(/^error .*libpg-query\.wasm/)])
  expect(ended.stderr).not.toMatch(/^ {4}at /m)
})

describe.skipIf(missing !== null)(`Node.js (${missing ?? 'both versions'})`, () => {
  test.each([20, 24] as const)('%i runs all of it', async major => {
    const github = await GitHub.start()
    const step = given(
      { comment: 'always', review: 'true', 'sarif-file': 'a.sarif' },
      { ...bad, 'migrate-lint.config.json': '{ "transaction": "none" }' },
    )
    const ended = await runStep({ ...step, api: github.url, token, node: node(major) })
    expect(ended.stderr).toBe('')
    expect(ended.annotations).toEqual([
      'notice Pull request #7 changes the configuration: migrate-lint.config.json.',
      'error db/2_index.sql:1 blocking-index-build',
      'error 1 error in 1 migration.',
    ])
    expect([github.comments.length, github.lineComments.length]).toEqual([1, 1])
    expect(existsSync(join(step.workspace, 'a.sarif'))).toBe(true)
  })
})

test('tells a runner in debug mode what was compared with what (GA-82)', async () => {
  const ended = await runStep(given({}))
  const messages = ended.commands.flatMap(({ name, message }) => (name === 'debug' ? message : []))
  expect(messages[0]).toMatch(/^pull request #7: the work tree against origin\/main \([0-9a-f]{40}\)$/)
})
