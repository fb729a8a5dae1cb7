import { spawnSync } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { printable } from '../../src/node/commands/unified-diff.ts'
import { reporters } from '../../src/report/index.ts'
import { repository, write } from '../kit/git.ts'
import { cli, migrateLint, project } from '../node/kit/program.ts'

/**
 * A workflow that runs the program itself, and not the Action: the runner reads all that it prints, and takes lines for commands.
 * `##[` and `##vso[` count anywhere in a line, `::` behind white space at its start, where a help text has it, or a message that is wrapped.
 */
const attacks = [
  'DROP TABLE "##[set-output name=a]b"; -- ##vso[task.setvariable variable=a]b\n',
  'DROP TABLE "\n::set-output name=a::b";\n',
  `${Array.from({ length: 40 }, (_, i) => `DROP TABLE "${'x'.repeat(i + 20)} ::add-mask::e";`).join('\n')}\n`,
]

describe.each(Object.keys(reporters))('%s has no command of a log in it', format => {
  test.each(attacks.map((sql, i) => [i, sql] as const))('attack %i', async (_, sql) => {
    const directory = project({ 'migrations/1.sql': sql })
    const { stdout, stderr } = await migrateLint(['--format', format, 'migrations'], { cwd: directory })
    expect(stdout).toContain('drop-table')
    for (const line of `${stdout}\n${stderr}`.split('\n')) {
      expect(line).not.toMatch(/^\s*::(?:set-output|add-mask)[ :]/)
      expect(line).not.toMatch(/##\w*\[/)
    }
  })
})

describe('a patch', () => {
  const before = { 'migrate-lint.config.json': '{"transaction":"none"}', 'db/1.sql': 'CREATE TABLE a (b int);\n' }
  const made = (lines: string) => project({ ...before, 'db/2.sql': `${lines}CREATE INDEX i ON a (b);\n` })
  const commands = '-- ##[add-mask]e\n::set-output name=a::b\n'
  const isInert = (text: string) => {
    for (const line of text.split('\n')) {
      expect(line).not.toMatch(/^\s*::(?:set-output|add-mask)[ :]/)
      expect(line).not.toMatch(/##\w*\[/)
    }
  }

  test.each([{ CI: 'true' }, { GITHUB_ACTIONS: 'true' }, { TF_BUILD: 'True' }])('in a log: %j (OF-30)', async env => {
    const cwd = made(`/*\n${commands}*/\n`)
    const ran = await migrateLint(['db', '--diff'], { cwd, env })
    expect(ran.stdout).toContain('+CREATE INDEX CONCURRENTLY')
    isInert(ran.stdout)
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringContaining('The patch cannot be applied as it is shown')])
    // Nothing else is altered.
    const honest = await migrateLint(['db', '--diff'], { cwd: made('-- \ta\r\n'), env })
    expect([honest.code, honest.stdout]).toEqual([1, expect.stringContaining(' -- \ta\r\n')])
  })

  test('for a program or a file is as it is', async () => {
    const cwd = made(`/*\n${commands}*/\n`)
    const ran = await migrateLint(['db', '--diff'], { cwd, env: { CI: '' } })
    expect([ran.code, ran.stdout]).toEqual([1, expect.stringContaining(' ::set-output name=a::b\n')])
    const file = openSync(join(cwd, 'fixes.patch'), 'w')
    const env = { ...process.env, CI: 'true', GITHUB_ACTIONS: 'true' }
    spawnSync(process.execPath, [cli, 'db', '--diff'], { cwd, env, stdio: ['ignore', file, 'ignore'] })
    closeSync(file)
    expect(readFileSync(join(cwd, 'fixes.patch'), 'utf8')).toBe(ran.stdout)
  })

  test('on a terminal has nothing that acts on it', () => {
    const { text, isAltered } = printable(' -- \u001b[31m\t##[x]\n ::error::x\n', 'terminal')
    expect([text, isAltered]).toEqual([' -- ␛[31m\t\\u{23}#[x]\n \\u{3a}:error::x\n', true])
    expect(printable('+a\n', 'terminal')).toEqual({ text: '+a\n', isAltered: false })
  })

  test.skipIf(process.platform === 'win32')(
    'has no name in it that is a line of its own, and git takes it',
    async () => {
      const name = 'db/2 $& "x\n::set-output name=a::b\t.sql'
      const cwd = repository(before)
      write(cwd, { [name]: 'CREATE INDEX i ON a (b);\n' })
      const ran = await migrateLint(['db', '--diff'], { cwd, env: { CI: '', GITHUB_ACTIONS: '' } })
      isInert(ran.stdout)
      const applied = spawnSync('git', ['apply'], { cwd, input: ran.stdout, encoding: 'utf8' })
      expect([applied.status, applied.stderr]).toEqual([0, ''])
      expect(readFileSync(join(cwd, name), 'utf8')).toContain('CONCURRENTLY')
    },
  )
})

test('the configuration is printed without what acts on a terminal, and is the same', async () => {
  const ignore = ['a\u009b31m\u202e.sql', '##[add-mask]e']
  const directory = project({ 'migrate-lint.config.json': JSON.stringify({ ignore }) })
  const { code, stdout } = await migrateLint(['--print-config'], { cwd: directory })
  expect(code).toBe(0)
  expect(stdout).not.toMatch(/[\u009b\u202e]|##\[/)
  expect(JSON.parse(stdout).ignore).toEqual(ignore)
})
