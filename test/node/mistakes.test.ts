import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { rules } from '../../rules/index.ts'
import { tool } from '../../src/lint/tool.ts'
import { blockingIndex, cli, migrateLint, project } from './kit/program.ts'

// What people type before they know the program, and the sentence that helps them.

const said = async (args: readonly string[], files = {}) => {
  const { code, stdout, stderr } = await migrateLint(args, { cwd: project(files) })
  return { code, text: stdout + stderr }
}

describe('a command that does not exist', () => {
  test.each([
    [['lint', 'db'], 'There is no command "lint", because linting needs none. Run: migrate-lint db'],
    [['check'], 'There is no command "check", because linting needs none. Run: migrate-lint'],
    [['lock', 'db'], 'Did you mean: migrate-lint locks db'],
    [['rule', 'drop-column'], 'Did you mean: migrate-lint rules drop-column'],
    [['explain', 'drop-column'], 'Did you mean: migrate-lint rules drop-column'],
    [['fix', 'db'], 'Did you mean: migrate-lint --fix db'],
    [['version'], 'Did you mean: migrate-lint --version'],
    [['captur', 'make'], 'Did you mean: migrate-lint capture make'],
    [['constructor'], 'No such file or directory, and no match: "constructor".'],
    [['db/migrations'], 'No such file or directory, and no match: "db/migrations".'],
  ])('%j', async (args, sentence) => {
    const { code, text } = await said(args)
    expect(text).toContain(sentence)
    expect(text.trim().split('\n')).toHaveLength(1)
    expect(code).toBe(2)
  })

  test('a folder of that name is linted', async () => {
    const { code, text } = await said(['check'], { 'check/1.sql': 'DROP TABLE orders;' })
    expect(text).toContain('drop-table')
    expect(code).toBe(1)
  })
})

test.each([
  [['db', '--json'], '--format json'],
  [['db', '--exclude', 'drop-column'], '--rule <id>=off'],
  [['-c', 'my.json'], '--config'],
  [['locks', '--reporter', 'json'], '--format'],
  [['--pgversion', '16'], '--pg-version'],
])('the flag of another linter in %j is answered with ours', async (args, ours) => {
  const { code, text } = await said(args)
  expect(text).toContain(`(Did you mean ${ours}?)`)
  expect(code).toBe(2)
})

test('help and -V are understood', async () => {
  expect((await said(['help'])).text).toContain('Usage: migrate-lint [options] [command] [paths...]')
  expect((await said(['help', 'locks'])).text).toContain('Usage: migrate-lint locks')
  expect(await said(['-V'])).toEqual({ code: 0, text: `${tool.version}\n` })
})

test('-q prints errors only', async () => {
  const { text } = await said(['migrations', '-q', '--rule', 'blocking-index-build=warning'], blockingIndex)
  expect(text).not.toContain('ShareLock')
})

test.each([
  [['--fail-on', 'warn'], 'Did you mean "warning"?'],
  [['--preset', 'stict'], 'Did you mean "strict"?'],
  [['--transaction', 'x'], 'Allowed choices are wrapped, none, unknown.'],
  [['rules', '-f', 'yaml'], 'Allowed choices are text, json.'],
])('the value of %j is answered with those that exist', async (args, sentence) => {
  const { code, text } = await said(args)
  expect(text).toContain(sentence)
  expect(code).toBe(2)
})

test.each(['migrate-lint.config.yaml', '.migrate-lintrc', 'migrate-lint.toml'])(
  'a configuration called %s',
  async name => {
    const { code, text } = await said(['migrations'], { ...blockingIndex, [name]: '' })
    expect(text).toBe(
      `migrate-lint: ${name} is not read: no configuration has this name. The configuration is called migrate-lint.config.json or migrate-lint.config.jsonc, or one of the other names in README.\n`,
    )
    expect(code).toBe(2)
  },
)

// A shell makes a pipe of the operating system, which the pipes of Node are not; Windows has no such shell.
test.skipIf(process.platform === 'win32')('SQL that is piped in without being named, in an empty folder', () => {
  const { status, stderr } = spawnSync('sh', ['-c', `echo 'DROP TABLE a;' | '${process.execPath}' '${cli}'`], {
    cwd: project({}),
    encoding: 'utf8',
  })
  expect(stderr).toContain('To lint standard input, name "-".')
  expect(status).toBe(2)
})

test('the rules as JSON', async () => {
  const all = JSON.parse((await said(['rules', '-f', 'json'])).text)
  expect(all.map(({ id }: { id: string }) => id).sort()).toEqual(rules.map(({ id }) => id).sort())
  const one = JSON.parse((await said(['rules', 'drop-column', '-f', 'json'])).text)
  expect(one).toMatchObject({
    id: 'drop-column',
    severity: { recommended: 'error' },
    page: expect.stringMatching(/^# /),
  })
})

describe('completion', () => {
  test.each(['bash', 'zsh', 'fish', 'powershell'])('has a script for %s', async shell => {
    const { code, text } = await said(['complete', shell])
    expect(text).toContain('migrate-lint')
    expect(code).toBe(0)
  })

  test.each([
    [['--fail-on', ''], 'never'],
    [['--for'], '--format'],
    [['his'], 'history'],
    [['rules', 'drop-co'], 'drop-column'],
    [['--system', 'pris'], 'prisma'],
  ])('of %j', async (words, found) => {
    const { text } = await said(['complete', '--', ...words])
    expect(text).toContain(found)
  })
})
