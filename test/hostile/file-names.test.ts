import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkout, git, hosted, pullRequest } from '../action/kit/checkouts.ts'
import { builtAction, runStep } from '../action/kit/workflow.ts'
import { commit, lastCommit, repository, temporary, write } from '../kit/git.ts'
import { migrateLint, project } from '../node/kit/program.ts'
import { hostileRun } from './kit/running.ts'

const table = { 'db/1.sql': 'CREATE TABLE orders (id bigint PRIMARY KEY);\n' }

/** Of bytes, as Windows and macOS have none. */
function put(root: string, name: readonly (string | number)[], content: string): void {
  const bytes = name.map(part => (typeof part === 'string' ? Buffer.from(part) : Buffer.from([part])))
  writeFileSync(Buffer.concat([Buffer.from(`${root}/`), ...bytes]), content)
}

// Windows and macOS have no such names: their file systems keep names as Unicode.
describe.skipIf(process.platform !== 'linux')('a name that is not UTF-8', () => {
  const names: Readonly<Record<string, readonly (string | number)[]>> = {
    'Latin-1': ['db/2_caf', 0xe9, '.sql'],
    'a byte that no encoding has': ['db/2', 0xff, '.sql'],
    'half of a pair of surrogates': ['db/2', 0xed, 0xa0, 0x80, '.sql'],
    'one that looks like another once it is decoded': ['db/2', 0xff, '.sql'],
  }

  test.each(Object.entries(names))(
    '(%s) is not read: it is reported, and the run does not pass',
    async (what, name) => {
      const root = repository(table)
      put(root, name, 'DROP TABLE orders;\n')
      if (what.startsWith('one that')) put(root, ['db/2\ufffd.sql'], 'SELECT 1;\n')
      for (const args of [['db'], [], ['.'], ['db/*.sql'], ['locks', 'db'], ['history', 'db']]) {
        const { code, stdout, stderr } = await hostileRun(args.length > 0 ? args : ['db', '--notes'], root)
        expect([code, stderr], args.join(' ')).toEqual([
          2,
          expect.stringMatching(/db\/2.*\.sql could not be read: its name is not UTF-8\n/),
        ])
        expect(stdout).not.toMatch(/^No dangers/)
      }
      git(root, 'add', '-A')
      const staged = await hostileRun(['db', '--staged'], root)
      expect([staged.code, staged.stderr]).toEqual([2, expect.stringContaining('its name is not UTF-8')])
    },
  )

  test('of a folder closes it', async () => {
    const root = repository(table)
    const folder = Buffer.concat([Buffer.from(join(root, 'db/more')), Buffer.from([0xff])])
    mkdirSync(folder)
    writeFileSync(Buffer.concat([folder, Buffer.from('/2.sql')]), 'DROP TABLE orders;\n')
    for (const flags of [[], ['--staged']]) {
      if (flags.length > 0) git(root, 'add', '-A')
      const { code, stderr } = await hostileRun(['db', ...flags], root)
      expect([code, stderr]).toEqual([
        2,
        expect.stringMatching(/db\/more.* could not be read: its name is not UTF-8\n/),
      ])
    }
  })

  builtAction()

  test.each(['pull_request', 'pull_request_target'])('in a pull request fails the step (%s)', async event => {
    const made = hosted(table, { 'db/3.sql': 'SELECT 1;\n' })
    git(made.root, 'switch', '-q', 'work')
    put(made.root, ['db/2', 0xff, '.sql'], 'DROP TABLE orders;\n')
    commit(made.root)
    const head = lastCommit(made.root)
    git(made.root, 'update-ref', 'refs/pull/7/head', head)
    git(made.root, 'update-ref', 'refs/pull/7/merge', head)
    const workspace = checkout(made, event === 'pull_request' ? 'refs/pull/7/merge' : 'refs/heads/main', null)
    const given = pullRequest({ ...made, head, merge: head }, { fork: true })
    const ended = await runStep({ workspace, event, ...given, inputs: { paths: 'db', comment: 'never' } })
    expect(ended.outputs).toMatchObject({ conclusion: 'error', 'unread-count': '1' })
    expect(ended.summary).toMatch(/^### ⚠️ migrate-lint: 1 file or folder could not be read; /m)
    expect(ended.stdout).toContain('its name is not UTF-8')
  })
})

// Windows refuses such names, and macOS some of them.
describe.skipIf(process.platform !== 'linux')('a name that acts on a terminal', () => {
  test('is shown escaped, in one line', async () => {
    const root = repository(table)
    // Each is a link to nowhere, so that it is named in a notice.
    for (const name of [
      '2\nmigrate-lint: all is well.sql',
      '3\u001b[2J.sql',
      '4\u202elqs.sql',
      '5\r.sql',
      '6\u2028.sql',
    ])
      symlinkSync('nowhere', join(root, 'db', name))
    const { code, stderr } = await hostileRun(['db'], root)
    expect(code).toBe(2)
    expect(stderr.split('\n').filter(line => line !== '')).toHaveLength(5)
    for (const line of stderr.split('\n').slice(0, 5))
      expect(line).toMatch(/^migrate-lint: db\/\d.*\.sql could not be read: no such file/)
    for (const character of ['\u001b', '\r', '\u202e', '\u2028']) expect(stderr).not.toContain(character)
  })
})

// Windows has no such permissions.
describe.skipIf(process.platform === 'win32')('a folder that nobody may enter', () => {
  test('is one line', async () => {
    const root = temporary()
    chmodSync(root, 0o755)
    write(root, {
      ...table,
      'package.json': '{}\n',
      'locked/migrations/1.sql': 'SELECT 1;\n',
      'open/locked/db/1.sql': '',
    })
    chmodSync(join(root, 'locked'), 0)
    // To root all doors are open.
    const user = process.getuid?.() === 0 ? 65_534 : undefined
    for (const args of [['.'], ['db', 'locked'], ['locked']]) {
      const { code, stderr } = await hostileRun(args, root, '', user)
      expect([code, stderr], args.join(' ')).toEqual([2, 'migrate-lint: locked could not be read: permission denied\n'])
    }
    const { code, stderr } = await hostileRun([], root, '', user)
    expect(code).toBe(2)
    expect(stderr.match(/could not be read/g)).toHaveLength(1)
    chmodSync(join(root, 'locked'), 0o755)
  })
})

// pre-commit and lefthook put the names of committed files behind their own flags.
describe('a file whose name is a flag', () => {
  const drop = { 'migrations/1.sql': 'DROP TABLE orders;\n' }

  test.each(['--baseline=a.sql', '--config=a.sql', '--output=migrations/2.sql', '--fix', '-o'])(
    '%s is named, and nothing is run',
    async name => {
      const cwd = project({ ...drop, [name]: 'SELECT 1;\n' })
      const { code, stdout, stderr } = await migrateLint([name, 'migrations/1.sql'], { cwd })
      expect([code, stdout, stderr]).toEqual([
        2,
        '',
        `migrate-lint: "${name}" is a flag, and there is a file of that name: write it as "./${name}", or put "--" before the names of files.\n`,
      ])
      const named = await migrateLint(['--', name, 'migrations/1.sql'], { cwd })
      expect([named.code, named.stdout]).toEqual([1, expect.stringContaining('migrations/1.sql')])
    },
  )

  test('the complaint about an unknown flag has nothing that acts on a terminal', async () => {
    const name = '--a\u001b[31m\u202e##[add-mask]b.sql'
    const { code, stderr } = await migrateLint([name], { cwd: project(drop) })
    expect([code, stderr]).toEqual([2, "error: unknown option '--a␛[31m\\u{202e}\\u{23}#[add-mask]b.sql'\n"])
  })
})

test('nor does the stack that --debug shows, and it has no password', async () => {
  const key = 'a\u001b[31m'
  const cwd = project({ 'a.json': JSON.stringify({ [key]: 1 }), 'migrations/1.sql': 'SELECT 1;\n' })
  const { code, stderr } = await migrateLint(['--config', 'a.json', '--debug'], { cwd })
  expect([code, stderr]).toEqual([2, expect.stringMatching(/\n\s+at /)])
  expect(stderr.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
  const server = 'postgres://u:hunter2@127.0.0.1:1/x'
  const away = await migrateLint(['status', '--database-url', server, '--debug'], {
    cwd: project({ 'migrations/1.sql': '' }),
  })
  expect([away.code, away.stderr]).toEqual([2, expect.not.stringContaining('hunter2')])
  const since = await migrateLint(['--since', server, '--debug'], { cwd: repository(table) })
  expect([since.code, since.stderr]).toEqual([2, expect.stringMatching(/u:…@127[\s\S]*\n\s+at /)])
  expect(since.stderr).not.toContain('hunter2')
})
