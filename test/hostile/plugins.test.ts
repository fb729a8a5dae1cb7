import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { checkout, type Files, hosted, pullRequest } from '../action/kit/checkouts.ts'
import { GitHub, token } from '../action/kit/github.ts'
import { builtAction, type Ended, runStep } from '../action/kit/workflow.ts'
import { project } from '../node/kit/program.ts'
import { hostileRun, secret } from './kit/running.ts'

builtAction()

/** A file that exists as soon as anything of the plugin has run. */
function marker(): string {
  const folder = mkdtempSync(join(tmpdir(), 'migrate-lint-marker-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'ran')
}

const running = (file: string) => `import { writeFileSync } from 'node:fs'
writeFileSync(${JSON.stringify(file)}, String(process.env.GITHUB_TOKEN))
export default { rules: { table: { title: 'T', why: 'W.', severity: 'error', category: 'schema', on: ['create-table'],
  check: ({ operation }) => ({ at: operation.keyword, message: 'A table.', help: 'Leave it.' }) } } }
`
const configured = (place = './lint/index.mjs') => JSON.stringify({ plugins: { acme: place } })
const migration = "SET lock_timeout = '1s';\nCREATE TABLE a (id bigint PRIMARY KEY);\n"

describe('a repository that was just cloned', () => {
  test.each([
    ['the configuration', { 'migrate-lint.config.json': configured() }],
    ['one that it builds on', { 'migrate-lint.config.json': '{ "extends": "./b.json" }', 'b.json': configured() }],
    ['package.json', { 'package.json': `{ "migrate-lint": ${configured()} }` }],
    [
      'a package beside it',
      {
        'migrate-lint.config.json': configured('@acme/rules'),
        'node_modules/@acme/rules/package.json': '{ "main": "../../../lint/index.mjs" }',
      },
    ],
  ])('runs nothing by plugins in %s, in any command', async (_, files) => {
    const ran = marker()
    const cwd = project({ ...files, 'lint/index.mjs': running(ran), 'migrations/1.sql': migration })
    const plain = await hostileRun([], cwd)
    expect([plain.code, plain.stderr]).toEqual([
      2,
      expect.stringContaining('was not loaded: its rules were not checked'),
    ])
    expect(plain.stderr + plain.stdout).not.toContain(secret)
    const commands = [
      [],
      ['--fix'],
      ['--diff'],
      ['--staged'],
      ['--print-config'],
      ['--no-plugins'],
      ['--update-baseline'],
      ['--only', 'drop-table'],
    ]
    for (const args of [
      ...commands,
      ['locks'],
      ['history'],
      ['status'],
      ['rules'],
      ['rules', 'acme/table'],
      ['init'],
    ]) {
      await hostileRun(args, cwd)
      expect(existsSync(ran), args.join(' ')).toBe(false)
    }
  })

  test('has plugins and configurations to build on inside of itself only, even with --plugins', async () => {
    const ran = marker()
    const outside = mkdtempSync(join(tmpdir(), 'migrate-lint-outside-'))
    onTestFinished(() => rmSync(outside, { recursive: true, force: true }))
    writeFileSync(join(outside, 'index.mjs'), running(ran))
    writeFileSync(join(outside, 'base.json'), JSON.stringify({ rules: { 'drop-tabel': secret } }))
    const cwd = project({ 'migrations/1.sql': migration })
    symlinkSync(outside, join(cwd, 'lint'))
    const up = `../${outside.split('/').at(-1)}`
    const set = (value: unknown) => writeFileSync(join(cwd, 'migrate-lint.config.json'), JSON.stringify(value))
    for (const place of ['./lint/index.mjs', `${up}/index.mjs`, join(outside, 'index.mjs')]) {
      set({ plugins: { acme: place } })
      const { code, stderr, stdout } = await hostileRun(['--plugins'], cwd)
      expect([code, stdout], place).toEqual([2, ''])
      expect(stderr, place).toMatch(/^migrate-lint: Cannot load the plugin "acme"[^\n]*\n$/)
      expect(existsSync(ran), place).toBe(false)
    }
    for (const base of ['./lint/base.json', `${up}/base.json`, join(outside, 'base.json')]) {
      set({ extends: base })
      const { code, stderr } = await hostileRun(['--print-config'], cwd)
      expect(code, base).toBe(2)
      expect(stderr, base).toMatch(/^migrate-lint: [^\n]*\n$/)
      expect(stderr, base).not.toMatch(/drop-tabel|Nobody/)
    }
  })

  test('has configurations that build on each other in a circle, or on far too many', async () => {
    const level = (i: number) => ({
      [`${i}.json`]: JSON.stringify({ extends: Array.from({ length: 9 }, () => `./${i + 1}.json`) }),
    })
    const towers = Object.assign({}, ...Array.from({ length: 9 }, (_, i) => level(i)))
    const cwd = project({
      ...towers,
      '9.json': '{}',
      'circle.json': '{ "extends": ["./x.json"] }',
      'x.json': '{ "extends": "./circle.json" }',
    })
    for (const [name, said] of [
      ['0.json', 'leads to more than 50 configurations'],
      ['circle.json', 'leads in a circle'],
    ] as const) {
      const { code, stderr } = await hostileRun(['--print-config', '--config', name], cwd)
      expect([code, stderr.split('\n').length]).toEqual([2, 2])
      expect(stderr).toContain(said)
    }
  })

  test('has names that act on a terminal, or on objects', async () => {
    const ran = marker()
    for (const value of [
      { plugins: { acme: './\u001b]0;x\u0007.mjs' } },
      { extends: '\u001b[2J' },
      { extends: './\u001b[2J.json' },
      JSON.parse('{ "plugins": { "__proto__": "./x.mjs" } }'),
      { plugins: { constructor: './lint/index.mjs' } },
      { rules: { 'constructor/x': 'off', '__proto__/y': 'off' } },
    ]) {
      const cwd = project({
        'migrate-lint.config.json': JSON.stringify(value),
        'migrations/1.sql': migration,
        'lint/index.mjs': running(ran),
      })
      for (const args of [[], ['--no-plugins'], ['--plugins']]) {
        const { code, stdout, stderr } = await hostileRun(args, cwd)
        expect([...(stdout + stderr)].filter(char => char < ' ' && char !== '\n')).toEqual([])
        expect(stderr).not.toContain('internal error')
        expect([0, 1, 2]).toContain(code)
      }
    }
  })
})

describe('a pull request of a stranger', () => {
  interface Attack {
    readonly base?: Files
    readonly change: Files
    readonly event?: string
    readonly fork?: boolean
    readonly inputs?: Files
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
    const made = hosted(
      { 'migrations/1.sql': 'CREATE TABLE b (id bigint PRIMARY KEY);\n', ...base },
      { 'migrations/2.sql': migration, ...change },
    )
    const github = await GitHub.start()
    const workspace = checkout(made, at ?? (event === 'pull_request' ? 'refs/pull/7/merge' : 'refs/heads/main'))
    const given = { ...pullRequest(made, { fork }), api: github.url, token }
    return await runStep({ workspace, event, ...given, inputs: { comment: 'never', plugins: 'true', ...inputs } })
  }

  const basedOn = (ran: string): Files => ({
    'migrate-lint.config.json': configured(),
    'lint/index.mjs': running(`${ran}.base`),
  })

  test.each([
    ['pull_request', {}],
    ['pull_request, with all that is allowed', { inputs: { 'allow-code': 'true', 'allow-head-config': 'true' } }],
    ['pull_request_target', { event: 'pull_request_target' }],
    [
      'pull_request_target, with the pull request checked out',
      { event: 'pull_request_target', at: 'refs/pull/7/merge' },
    ],
    ['pull_request_target of a branch of the repository', { event: 'pull_request_target', fork: false }],
  ])('runs no plugin, neither its own nor that of the base, after %s', async (_, attack) => {
    const ran = marker()
    const change = { 'lint/index.mjs': running(ran) }
    const ended = await run({ base: basedOn(ran), change, ...attack })
    expect([existsSync(ran), existsSync(`${ran}.base`)]).toEqual([false, false])
    expect(ended.stdout + ended.stderr).toContain('was not loaded: its rules were not checked')
    expect(ended.summary).toContain('were not checked')
    expect(ended.outputs.conclusion).toBe('pass')
  })

  test('runs no plugin that it adds to the configuration', async () => {
    const ran = marker()
    const change = { 'migrate-lint.config.json': configured(), 'lint/index.mjs': running(ran) }
    const added = await run({ change })
    expect([existsSync(ran), added.outputs.conclusion, added.outputs['config-changed']]).toEqual([
      false,
      'pass',
      'true',
    ])
    const allowed = await run({ change, inputs: { 'allow-head-config': 'true', 'allow-code': 'true' } })
    expect([existsSync(ran), allowed.outputs.conclusion]).toEqual([false, 'pass'])
  })

  test('does not decide what the configuration of the base builds on, and a change of that is reported', async () => {
    const base = {
      'migrate-lint.config.json': '{ "extends": "./base.json" }',
      'base.json': '{ "rules": { "add-column-json": "note" } }',
    }
    const change = { 'base.json': '{ "ignore": ["**"] }', 'migrations/3.sql': 'CREATE INDEX b_x ON b (id);\n' }
    const ended = await run({ base, change })
    expect(ended.annotations).toContain('error migrations/3.sql:1 blocking-index-build')
    expect(ended.outputs['config-changed']).toBe('true')
    expect(ended.summary).toContain('changes the configuration: base.json')
  })

  test('of somebody who may write runs them, if the workflow says so', async () => {
    const ran = marker()
    const change = { 'lint/index.mjs': running(ran) }
    const ended = await run({ base: basedOn(ran), change, fork: false })
    expect(existsSync(ran)).toBe(true)
    expect(ended.annotations).toContain('error migrations/2.sql:2 acme/table')
    const unsaid = await run({ base: basedOn(marker()), change: {}, fork: false, inputs: { plugins: '' } })
    expect(unsaid.outputs.conclusion).toBe('error')
    const declined = await run({ base: basedOn(marker()), change: {}, fork: false, inputs: { plugins: 'false' } })
    expect(declined.outputs.conclusion).toBe('pass')
  })
})
