import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { migrateLint, project } from './kit/program.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const page = readFileSync(join(root, 'docs/plugins.md'), 'utf8')

/** The rules of the page as written: `lint/table-name.mjs` → its code. */
const documented = Object.fromEntries(
  [...page.matchAll(/^`(lint\/[a-z-]+\.mjs)`:\n\n```js\n([\s\S]*?)^```$/gm)].map(([, path = '', code = '']) => [
    path,
    code,
  ]),
)

const index = `import tableName from './table-name.mjs'
import createdAtMissing from './created-at-missing.mjs'
import truncateUsed from './truncate-used.mjs'
export default {
  rules: { 'table-name': tableName, 'created-at-missing': createdAtMissing, 'truncate-used': truncateUsed },
  pages: { 'table-name': '# table-name\\n\\nNames are in lower case.\\n' },
}`

const configured = (more = {}) => JSON.stringify({ plugins: { acme: './lint/index.mjs' }, ...more })
const bad = 'CREATE TABLE "Orders" (id bigint PRIMARY KEY);\nTRUNCATE "Orders";\n'

const files = (more: Readonly<Record<string, string>> = {}) => ({
  ...documented,
  'lint/index.mjs': index,
  'migrate-lint.config.json': configured(),
  'migrations/1.sql': bad,
  ...more,
})

/** Exit code, places and rules of the findings, and standard error without what does not matter here. */
async function linted(cwd: string, ...args: string[]) {
  const { code, stdout, stderr } = await migrateLint(['-f', 'json', 'migrations', ...args], { cwd })
  const { findings = [] } = (stdout === '' ? {} : JSON.parse(stdout)) as {
    findings?: { rule: string; severity: string }[]
  }
  const found = findings.filter(({ rule }) => rule.includes('/')).map(({ rule, severity }) => `${severity} ${rule}`)
  return { code, found, said: stderr.split('\n').filter(line => line !== '' && !/as plain SQL/.test(line)) }
}

const all = ['warning acme/created-at-missing', 'error acme/table-name', 'error acme/truncate-used']
const left =
  'migrate-lint: The plugin "acme" (./lint/index.mjs) is code and was not loaded: its rules were not checked.'

it('plugins are counted as unread before anything good, if nobody has allowed them', async () => {
  const cwd = project(files({ 'migrations/1.sql': 'CREATE TABLE orders (id bigint PRIMARY KEY);\n' }))
  const { code, stdout } = await migrateLint(['migrations'], { cwd })
  expect(code).toBe(2)
  expect(stdout).toContain('1 file or folder could not be read')
  expect(stdout).not.toContain('No dangers')
  expect((await migrateLint(['migrations', '--no-plugins'], { cwd })).stdout).toContain('No dangers')
})

describe('the rules of docs/plugins.md', () => {
  it('are the three that it promises, and find what they say', async () => {
    expect(Object.keys(documented)).toEqual([
      'lint/table-name.mjs',
      'lint/created-at-missing.mjs',
      'lint/truncate-used.mjs',
    ])
    expect(await linted(project(files()), '--plugins')).toEqual({ code: 1, found: all, said: [] })
  })

  it('are silent about what they allow, and obey options, severities, comments and --only', async () => {
    const good =
      'CREATE TABLE orders (id bigint PRIMARY KEY, created_at timestamptz);\nDELETE FROM orders WHERE id = 1;\n'
    expect(await linted(project(files({ 'migrations/1.sql': good })), '--plugins')).toMatchObject({
      code: 0,
      found: [],
    })
    const inserted = {
      rules: { 'acme/created-at-missing': ['error', { column: 'inserted_at' }], 'acme/table-name': 'off' },
    }
    const cwd = project(files({ 'migrate-lint.config.json': configured(inserted), 'migrations/1.sql': good }))
    expect(await linted(cwd, '--plugins')).toMatchObject({ code: 1, found: ['error acme/created-at-missing'] })
    const silenced = project(
      files({ 'migrations/1.sql': `-- migrate-lint-disable-file acme/truncate-used -- once\n${bad}` }),
    )
    expect((await linted(silenced, '--plugins')).found).toEqual(all.slice(0, 2))
    expect((await linted(project(files()), '--plugins', '--only', 'acme/table-name')).found).toEqual(all.slice(1, 2))
    expect((await linted(project(files()), '--plugins', '--rule', 'acme/table-name=note')).found[1]).toBe(
      'note acme/table-name',
    )
  })

  it('are explained and listed by "rules --plugins", and by nothing without the flag', async () => {
    const cwd = project(files())
    const one = await migrateLint(['rules', 'acme/table-name', '--plugins'], { cwd })
    expect(one.stdout).toContain('Names are in lower case.')
    expect((await migrateLint(['rules', '--plugins'], { cwd })).stdout).toContain('acme/truncate-used')
    const none = await migrateLint(['rules', 'acme/table-name'], { cwd })
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('There is no rule "acme/table-name"')])
  })
})

describe('plugins', () => {
  it('run only with --plugins; without a word about them the exit code is 2', async () => {
    const said = [left, expect.stringContaining('use --plugins; to lint without their rules, --no-plugins')]
    const cwd = project(files({ 'lint/index.mjs': 'process.exit(0)' }))
    const without = await linted(cwd)
    expect(without).toMatchObject({ code: 2, found: [] })
    expect(without.said.sort()).toEqual(said)
    expect(await linted(cwd, '--no-plugins')).toMatchObject({ code: 0, found: [], said: [left] })
    // Nobody asked for their rules.
    expect(await linted(cwd, '--only', 'truncate-table')).toMatchObject({ said: [] })
    for (const command of ['locks', 'history']) {
      const { stderr } = await migrateLint([command, 'migrations'], { cwd })
      expect(stderr, command).not.toContain('plugin')
    }
  })

  it.each([
    [
      'no such file',
      {},
      './lint/gone.mjs',
      'Cannot load the plugin "acme" (./lint/gone.mjs): no such file or directory.',
    ],
    [
      'a syntax error',
      { 'lint/x.mjs': 'export default {{' },
      './lint/x.mjs',
      'Cannot load the plugin "acme" (./lint/x.mjs): Unexpected token',
    ],
    [
      'an error of its own',
      { 'lint/x.mjs': 'throw new Error("one\\ntwo")' },
      './lint/x.mjs',
      'Cannot load the plugin "acme" (./lint/x.mjs): one',
    ],
    [
      'no rules',
      { 'lint/x.mjs': 'export default {}' },
      './lint/x.mjs',
      'Cannot use the plugin "acme" (./lint/x.mjs): its default export has no "rules".',
    ],
    [
      'no package',
      {},
      '@acme/rules',
      'Cannot load the plugin "acme" (@acme/rules): there is no such package in node_modules; a file begins with "./".',
    ],
    [
      'a path of the file system',
      {},
      '/etc/passwd',
      'there is no such package in node_modules; a file begins with "./".',
    ],
  ])('that are broken by %s are one line, and exit code 2', async (_, more, place, said) => {
    const cwd = project(files({ ...more, 'migrate-lint.config.json': JSON.stringify({ plugins: { acme: place } }) }))
    const { code, stdout, stderr } = await migrateLint(['migrations', '--plugins'], { cwd })
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^migrate-lint: [^\n]*\n$/)
    expect(stderr).toContain(said)
  })

  it('may be packages, by "exports" or "main"', async () => {
    for (const entry of [
      { exports: './lint.mjs' },
      { exports: { '.': { types: './x.d.ts', import: './lint.mjs' } } },
      { main: 'lint.mjs' },
    ]) {
      const own = {
        'node_modules/@acme/rules/package.json': JSON.stringify({ name: '@acme/rules', ...entry }),
        'node_modules/@acme/rules/lint.mjs': index.replaceAll("'./", "'../../../lint/"),
        'migrate-lint.config.json': JSON.stringify({ plugins: { acme: '@acme/rules' } }),
      }
      expect(await linted(project(files(own)), '--plugins')).toEqual({ code: 1, found: all, said: [] })
    }
  })

  it('that throw lose their findings alone, in one line', async () => {
    const broken =
      documented['lint/table-name.mjs']?.replace(
        /check\([\s\S]*\n {2}\},\n/,
        'check() { throw new Error("oops") },\n',
      ) ?? ''
    const { code, found, said } = await linted(project(files({ 'lint/table-name.mjs': broken })), '--plugins')
    expect([code, found]).toEqual([2, [all[0], all[2]]])
    expect(said).toEqual([
      'migrate-lint: error in the rule acme/table-name on migrations/1.sql:1: oops (the rest was linted; its plugin must be corrected)',
    ])
  })

  it('have rules whose names are checked, once they are loaded', async () => {
    const cwd = project(files({ 'migrate-lint.config.json': configured({ rules: { 'acme/tabel-name': 'off' } }) }))
    const { code, said } = await linted(cwd, '--plugins')
    expect([code, said[0]]).toEqual([
      2,
      expect.stringContaining('There is no rule "acme/tabel-name". Did you mean "acme/table-name"?'),
    ])
    expect((await linted(cwd, '--no-plugins')).code).toBe(0)
    const other = project(files({ 'migrate-lint.config.json': configured({ rules: { 'other/x': 'off' } }) }))
    expect((await linted(other, '--no-plugins')).said[0]).toContain('There is no rule "other/x"')
  })

  it('keep their entries in the baseline of a run without them', async () => {
    const cwd = project(files())
    await migrateLint(['migrations', '--plugins', '--update-baseline', '--baseline', 'accepted.json'], { cwd })
    const before = readFileSync(join(cwd, 'accepted.json'), 'utf8')
    expect(before).toContain('acme/truncate-used')
    await migrateLint(['migrations', '--no-plugins', '--prune-baseline', '--baseline', 'accepted.json'], { cwd })
    expect(readFileSync(join(cwd, 'accepted.json'), 'utf8')).toBe(before)
    expect(await linted(cwd, '--plugins', '--baseline', 'accepted.json')).toMatchObject({ code: 0, found: [] })
  })
})

describe('new-rule', () => {
  it('writes a plugin whose page is tried and whose rule runs', async () => {
    const cwd = project({ 'migrations/1.sql': bad, 'migrate-lint.config.json': configured() })
    const { code, stdout, stderr } = await migrateLint(['new-rule', 'table-name', '--plugin', 'lint'], { cwd })
    expect([code, stderr.split('\n').length, stdout.split('\n')[3]]).toEqual([
      0,
      5,
      expect.stringContaining('"acme": "./lint/index.mjs"'),
    ])
    mkdirSync(join(cwd, 'node_modules'))
    symlinkSync(root, join(cwd, 'node_modules/migrate-lint'), 'dir')
    const tried = spawnSync(process.execPath, ['--test', 'lint/'].slice(0, 1), { cwd, encoding: 'utf8' })
    expect([tried.status, tried.stdout]).toEqual([0, expect.stringContaining('pass 1')])
    expect((await linted(cwd, '--plugins')).found).toEqual(['warning acme/table-name'])
    const again = await migrateLint(['new-rule', 'table-name', '--plugin', 'lint'], { cwd })
    expect([again.code, again.stderr]).toEqual([
      2,
      'migrate-lint: There is a file lint/table-name.mjs already; nothing was written.\n',
    ])
    const second = await migrateLint(['new-rule', 'column-name', '--plugin', 'lint'], { cwd })
    expect(second.stdout).toContain("Add the rule to lint/index.mjs: import columnName from './column-name.mjs'")
    expect((await migrateLint(['new-rule', 'Table', '--plugin', 'lint'], { cwd })).code).toBe(2)
  })
})

describe('extends', () => {
  const printed = async (cwd: string) => {
    const { code, stdout, stderr } = await migrateLint(['--print-config'], { cwd })
    return { code, config: stdout === '' ? null : JSON.parse(stdout), said: stderr.trim() }
  }

  it('builds on presets, packages and files, in this order, as docs/plugins.md says', async () => {
    const cwd = project({
      'app/migrate-lint.config.json': JSON.stringify({
        extends: ['strict', '@acme/config', './lint/base.jsonc'],
        rules: { 'drop-column': 'warning' },
      }),
      'app/lint/base.jsonc':
        '{\n  // all of us\n  "pgVersion": 16, "plugins": { "acme": "./rules.mjs" }, "rules": { "drop-table": "off" } }',
      'node_modules/@acme/config/package.json': '{ "migrate-lint": { "extends": "./more.json", "pgVersion": "14" } }',
      'node_modules/@acme/config/more.json':
        '{ "failOn": "note", "ignore": ["old/**"], "rules": { "drop-column": "off", "drop-table": "error" } }',
    })
    const { code, config } = await printed(join(cwd, 'app'))
    expect([code, config]).toMatchObject([
      0,
      {
        preset: 'strict',
        pgVersion: '16',
        failOn: 'note',
        ignore: ['old/**'],
        plugins: { acme: './rules.mjs' },
        rules: { 'drop-column': 'warning', 'drop-table': 'off' },
      },
    ])
  })

  it.each([
    [
      { 'migrate-lint.config.json': '{ "extends": "./gone.json" }' },
      '"extends" names ./gone.json, and there is no such file.',
    ],
    [
      { 'migrate-lint.config.json': '{ "extends": "stric" }' },
      'It can be "recommended", "strict" or "all", a file such as "./base.jsonc", or an installed package.',
    ],
    [
      { 'migrate-lint.config.json': '{ "extends": "./b.mjs" }', 'b.mjs': 'export default {}' },
      'b.mjs is code, and a configuration that others build on must be JSON.',
    ],
    [
      { 'migrate-lint.config.json': '{ "extends": "./a/b.json" }', 'a/b.json': '{\n  "pgVersoin": 1 }' },
      'a/b.json:2:3: There is no key "pgVersoin". Did you mean "pgVersion"?',
    ],
    [
      {
        'migrate-lint.config.json': '{ "extends": "./a.json" }',
        'a.json': '{ "extends": "./b.json" }',
        'b.json': '{ "extends": "./a.json" }',
      },
      '"extends" leads in a circle: a.json → b.json → a.json.',
    ],
  ])('%j is one line, and exit code 2', async (given, said) => {
    const answer = await printed(project(given))
    expect(answer).toMatchObject({ code: 2, config: null, said: expect.stringContaining(said) })
    expect(answer.said).not.toContain('\n')
  })
})
