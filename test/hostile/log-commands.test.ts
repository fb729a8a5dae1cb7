import { describe, expect, test } from 'vitest'
import { reporters } from '../../src/report/index.ts'
import { migrateLint, project } from '../node/kit/program.ts'

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

test('the configuration is printed without what acts on a terminal, and is the same', async () => {
  const ignore = ['a\u009b31m\u202e.sql', '##[add-mask]e']
  const directory = project({ 'migrate-lint.config.json': JSON.stringify({ ignore }) })
  const { code, stdout } = await migrateLint(['--print-config'], { cwd: directory })
  expect(code).toBe(0)
  expect(stdout).not.toMatch(/[\u009b\u202e]|##\[/)
  expect(JSON.parse(stdout).ignore).toEqual(ignore)
})
