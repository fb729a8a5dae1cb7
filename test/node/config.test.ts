import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { blockingIndex, migrateLint, project } from './kit/program.ts'

/** What `--print-config` says. */
async function printed(cwd: string, ...args: string[]) {
  const { code, stdout, stderr } = await migrateLint(['--print-config', ...args], { cwd })
  return { code, stderr, config: stdout ? JSON.parse(stdout) : null }
}

describe('a configuration (OF-31)', () => {
  it.each([
    ['migrate-lint.config.json', '{ "pgVersion": "17" }'],
    ['migrate-lint.config.json', '\ufeff{ "pgVersion": 17 }'],
    ['migrate-lint.config.jsonc', '{\n  // the version\n  "pgVersion": "17",\n}'],
    ['migrate-lint.config.mjs', 'export default { pgVersion: "17" }'],
    ['migrate-lint.config.js', 'module.exports = { pgVersion: "17" }'],
    ['package.json', '{ "name": "shop", "migrate-lint": { "pgVersion": "17" } }'],
  ])('may be %s: %s', async (name, text) => {
    const { config, stderr, code } = await printed(project({ [name]: text }))
    expect(config).toMatchObject({ pgVersion: '17', preset: 'recommended' })
    expect(stderr).toContain(name)
    expect(code).toBe(0)
  })

  it('in JavaScript can share what another file has', async () => {
    const config = 'import shared from "./shared/ours.mjs"\nexport default { ...shared, failOn: "warning" }'
    const shared = 'export default { pgVersion: "17", rules: { "drop-column": "warning" } }'
    const cwd = project({ 'app/migrate-lint.config.mjs': config, 'app/shared/ours.mjs': shared })
    const expected = { pgVersion: '17', rules: { 'drop-column': 'warning' }, failOn: 'warning' }
    expect((await printed(join(cwd, 'app'))).config).toMatchObject(expected)
  })

  it('in package.json is reported with the place of the mistake', async () => {
    const text = '{\n  "name": "shop",\n  "migrate-lint": {\n    "rules": { "drop-colum": "off" }\n  }\n}'
    const { stderr, code } = await printed(project({ 'package.json': text }))
    expect(stderr).toContain('package.json:4:16: There is no rule "drop-colum". Did you mean "drop-column"?')
    expect(code).toBe(2)
  })

  it('in TypeScript is read by a Node.js that reads TypeScript; otherwise the message has the remedy', async () => {
    const text = 'const pgVersion: string = "17"\nexport default { pgVersion }'
    const { config, stderr, code } = await printed(project({ 'migrate-lint.config.ts': text }))
    if ('typescript' in process.features && process.features.typescript) {
      expect(config).toMatchObject({ pgVersion: '17' })
    } else {
      expect(stderr).toContain('migrate-lint.config.ts needs Node.js 22.18 or newer')
      expect(stderr).toContain('Rename it to migrate-lint.config.js')
      expect(code).toBe(2)
    }
  })

  it('is found upward to the root of the repository, and no further', async () => {
    const root = project({ 'migrate-lint.config.json': '{ "pgVersion": "17" }', 'a/b/c': '' })
    expect((await printed(join(root, 'a/b'))).config).toMatchObject({ pgVersion: '17' })
    mkdirSync(join(root, 'a/.git'))
    expect((await printed(join(root, 'a/b'))).config).toMatchObject({ pgVersion: '15' })
    // Outside of every repository only the working directory is looked at: configurations can be code.
    rmSync(join(root, 'a/.git'), { recursive: true })
    rmSync(join(root, '.git'), { recursive: true })
    expect((await printed(join(root, 'a/b'))).config).toMatchObject({ pgVersion: '15' })
    expect((await printed(root)).config).toMatchObject({ pgVersion: '17' })
  })

  it('is named with --config, or none with --no-config', async () => {
    const cwd = project({
      'migrate-lint.config.json': '{ "pgVersion": "17" }',
      'ci/lint.json': '{ "pgVersion": "14" }',
    })
    expect((await printed(cwd, '--config', 'ci/lint.json')).config).toMatchObject({ pgVersion: '14' })
    expect((await printed(cwd, '--no-config')).config).toMatchObject({ pgVersion: '15' })
    const gone = await printed(cwd, '--config', 'gone.json')
    expect(gone.stderr).toBe('migrate-lint: Cannot read the configuration gone.json: no such file or directory.\n')
    expect(gone.code).toBe(2)
  })

  it('with thousands of mistakes has twenty of them shown, and the others counted', async () => {
    const rules = Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`no-rule-${i}`, 'error']))
    const cwd = project({ 'migrate-lint.config.json': JSON.stringify({ rules }), 'a.sql': 'SELECT 1;\n' })
    const { code, stderr } = await migrateLint(['a.sql'], { cwd })
    const lines = stderr.trimEnd().split('\n')
    expect(lines).toHaveLength(21)
    expect(lines[20]?.trim()).toBe('migrate-lint.config.json: 2980 more problems.')
    expect(code).toBe(2)
  })

  it('is overruled by flags', async () => {
    const cwd = project({ 'migrate-lint.config.json': '{ "pgVersion": "17", "failOn": "note", "preset": "all" }' })
    const flags = ['--pg-version', '13', '--fail-on', 'never', '--preset', 'strict', '--transaction', 'wrapped']
    const { config } = await printed(cwd, ...flags, '--max-warnings', '3', '--rule', 'drop-column=off')
    expect(config).toMatchObject({ pgVersion: '13', failOn: 'never', preset: 'strict', transaction: 'wrapped' })
    expect(config).toMatchObject({ maxWarnings: 3, rules: { 'drop-column': 'off' } })
  })

  it.each([
    ['{ "pgVersoin": "17" }', 'config.json:1:3: There is no key "pgVersoin". Did you mean "pgVersion"?'],
    [
      '{\n  "rules": {\n    "drop-colum": "off"\n  }\n}',
      'config.json:3:5: There is no rule "drop-colum". Did you mean',
    ],
    ['{ "rules": { "drop-column": "of" } }', 'config.json:1:29: "rules.drop-column" must be'],
    ['{ "pgVersion": "9.6" }', 'config.json:1:16: "pgVersion" must be'],
    ['{ "pgVersion": "17" ', 'config.json:1:21: This is not JSON'],
    ['', 'config.json:1:1: This is not JSON: a value is missing here.'],
    ['[]', 'config.json:1:1: The configuration must be an object'],
  ])('with a mistake is reported with its place: %j', async (text, message) => {
    const { code, stderr } = await printed(project({ 'migrate-lint.config.json': text }))
    expect(stderr).toContain(message)
    expect(code).toBe(2)
  })

  it('that throws is reported in one line', async () => {
    const cwd = project({ 'migrate-lint.config.mjs': 'throw new Error("no database here")' })
    const { code, stderr } = await printed(cwd)
    expect(stderr).toBe('migrate-lint: Cannot load the configuration migrate-lint.config.mjs: no database here\n')
    expect(code).toBe(2)
  })

  it('cannot exist twice', async () => {
    const cwd = project({ 'migrate-lint.config.json': '{}', 'migrate-lint.config.mjs': 'export default {}' })
    const { code, stderr } = await printed(cwd)
    expect(stderr).toContain('migrate-lint.config.json, migrate-lint.config.mjs. Keep one of them.')
    expect(code).toBe(2)
  })

  it('has paths and globs that are relative to it, wherever the program is started', async () => {
    const files = {
      ...blockingIndex,
      'migrations/003_index.sql': 'CREATE INDEX other ON orders (email);',
      'migrate-lint.config.json': JSON.stringify({
        paths: ['migrations'],
        overrides: [{ files: ['migrations/003_*'], rules: { 'blocking-index-build': 'off' } }],
      }),
      'deep/er/x': '',
    }
    const root = project(files)
    const run = async (cwd: string) => {
      const { stdout } = await migrateLint(['-f', 'json', '--only', 'blocking-index-build'], { cwd })
      return JSON.parse((await migrateLint(['-f', 'json'], { cwd })).stdout || stdout).findings.filter(
        (finding: { rule: string }) => finding.rule === 'blocking-index-build',
      )
    }
    const above = await run(root)
    const below = await run(join(root, 'deep/er'))
    expect(above.map((finding: { path: string }) => finding.path)).toEqual(['migrations/002_index.sql'])
    expect(below.map((finding: { path: string }) => finding.path)).toEqual(['../../migrations/002_index.sql'])
    expect(below[0].fingerprint).toBe(above[0].fingerprint)
  })
})

describe('flags about rules', () => {
  it('overrule overrides as well', async () => {
    const cwd = project({
      ...blockingIndex,
      'migrate-lint.config.json': JSON.stringify({
        overrides: [{ files: ['**/002_*'], rules: { 'blocking-index-build': 'error' } }],
      }),
    })
    const { code, stdout } = await migrateLint(['migrations', '--rule', 'blocking-index-build=off', '-f', 'gcc'], {
      cwd,
    })
    expect(stdout).not.toContain('blocking-index-build')
    expect(code).toBe(0)
  })

  it('--only runs nothing else', async () => {
    const cwd = project({ ...blockingIndex, 'migrations/003.sql': 'ALTER TABLE orders DROP COLUMN email;' })
    const all = await migrateLint(['migrations', '-f', 'gcc'], { cwd })
    expect(all.stdout).toContain('[drop-column]')
    const { stdout } = await migrateLint(['migrations', '-f', 'gcc', '--only', 'blocking-index-build'], { cwd })
    expect(stdout).toMatch(/^migrations\/002_index\.sql:1:1: error: .* \[blocking-index-build\]\n$/)
  })
})

describe('init', () => {
  it('writes a valid configuration that changes nothing', async () => {
    const cwd = project({ 'db/migrations/1.sql': '' })
    const before = (await printed(cwd)).config
    const { code, stdout, stderr } = await migrateLint(['init'], { cwd })
    expect([code, stdout]).toEqual([0, ''])
    expect(stderr).toContain('Wrote migrate-lint.config.jsonc')
    expect((await printed(cwd)).config).toEqual({ ...before, paths: ['db/migrations'] })
    const text = readFileSync(join(cwd, 'migrate-lint.config.jsonc'), 'utf8')
    // Taken at its word: everything that is commented out is a default, but for where an old project would start.
    const all = text.replace(/^ {2}\/\/ (?=")/gm, '  ')
    const whole = project({ 'migrate-lint.config.jsonc': all })
    // A version that is written there is no longer an assumption.
    const suggested = {
      paths: ['db/migrations'],
      startAfter: 'db/migrations/1.sql',
      server: { ...before.server, by: 'configuration' },
    }
    expect((await printed(whole)).config).toEqual({ ...before, ...suggested })
  })

  it('leaves an existing configuration unchanged', async () => {
    const cwd = project({ 'migrate-lint.config.json': '{}' })
    const { code, stderr } = await migrateLint(['init'], { cwd })
    expect(stderr).toContain('There is a configuration here already, migrate-lint.config.json')
    expect(code).toBe(2)
  })
})
