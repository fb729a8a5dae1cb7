import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { checkout, hosted, pullRequest } from '../action/kit/checkouts.ts'
import { builtAction, definition, runStep } from '../action/kit/workflow.ts'
import { project } from '../node/kit/program.ts'
import { limited } from './kit/limited.ts'

const long = 'a'.repeat(60)
/** Patterns that take time without end where they are tried out, and texts that they nearly match. */
const weapons = [
  '*a*a*a*a*a*a*a*a*a*a*ab',
  '**/*a*a*a*a*a*a*a*a*a*a*a/b',
  '+(a|aa)b',
  '*(*(*(a)))b',
  `${'{a,aa}'.repeat(30)}b`,
  `${'?(a)'.repeat(60)}${'a'.repeat(60)}b`,
  `${'**/'.repeat(40)}b`,
  `${'[a-b]*'.repeat(20)}c`,
]
/** Patterns that stand for more than fits anywhere, and the problem of each. */
const bombs = [
  { what: 'a range', glob: '{1..99999999}', says: 'has {1..99999999}, of more than 1000 words' },
  { what: 'many ranges', glob: '{1..999}'.repeat(12), says: 'stands for too many characters and wildcards' },
  { what: 'brackets', glob: '{'.repeat(5_000), says: 'is longer than 1000 characters' },
  { what: 'braces in braces', glob: `${'{a,'.repeat(400)}${'}'.repeat(400)}`, says: 'is longer than 1000 characters' },
]

const files = {
  [`db/${long}/${'a/'.repeat(30)}${long}.sql`]: 'SELECT 1;\n',
  'db/1_index.sql': 'CREATE TABLE t (a int);\n',
  'db/2_index.sql': 'DROP TABLE t;\n',
}

/** The program, ended after a time in which it could do this many times over. */
function run(cwd: string, ...args: string[]) {
  const [program, given] = limited(args)
  const { status, signal, stdout, stderr } = spawnSync(program, given, {
    cwd,
    encoding: 'utf8',
    timeout: 110_000,
    killSignal: 'SIGKILL',
  })
  return { code: signal ?? status, output: stdout + stderr }
}

describe('a glob of a stranger ends', () => {
  const configurations = weapons.flatMap(glob => [
    { ignore: [glob] },
    { overrides: [{ files: [glob], rules: { 'drop-table': 'off' } }] },
    { allowEdit: [glob] },
    { tables: { [glob]: { size: 'small' } } },
    { paths: ['db', `db/${glob}`] },
  ])

  test('in a configuration, wherever one may stand, all at once and each by itself', () => {
    const all = {
      ignore: weapons,
      overrides: [{ files: weapons, rules: { 'drop-table': 'off' } }],
      allowEdit: weapons,
      tables: Object.fromEntries(weapons.map(glob => [glob, { size: 'small' }])),
    }
    const sql = { ...files, 'db/3_long.sql': `CREATE INDEX i ON ${long.slice(0, 59)} (a);\n` }
    const config = (value: unknown) => ({ ...sql, 'migrate-lint.config.json': JSON.stringify(value) })
    expect(run(project(config(all)), 'db').code).toBe(1)
    const slow = configurations
      .filter((_, i) => i % 4 === 0)
      .filter(value => {
        return (
          run(project(config(value)), '--no-error-on-unmatched-pattern', ...('paths' in value ? [] : ['db'])).code !== 1
        )
      })
    expect(slow).toEqual([])
  })

  test('on the command line', () => {
    const cwd = project(files)
    const globs = weapons.map(glob => `db/${glob}`)
    expect(run(cwd, ...globs, 'db/2_index.sql', '--no-error-on-unmatched-pattern').code).toBe(1)
    expect(run(cwd, 'db', '--allow-edit', weapons[0] ?? '', '--allow-edit', weapons[2] ?? '').code).toBe(1)
  })

  test.each(bombs)('one that stands for too much is one clear line: $what', ({ glob, says }) => {
    const root = project({ ...files, 'migrate-lint.config.json': JSON.stringify({ ignore: ['a', glob] }) })
    const { code, output } = run(root, 'db')
    const place = 'migrate-lint: migrate-lint.config.json:1:16: The glob "'
    expect([code, output.slice(0, place.length), output.trim().split('\n').length]).toEqual([2, place, 1])
    expect(output).toContain(` in "ignore[1]" ${says}.`)
    const typed = run(project(files), `x${glob}*`)
    expect([typed.code, typed.output]).toEqual([2, expect.stringMatching(/^migrate-lint: The glob "x[^\n]*\n$/)])
  })

  test('many of them together cost as much as one', () => {
    const many = Array.from({ length: 900 }, (_, i) => `*a*a*a*a*a*a*a*ab${i}`)
    const deep = Object.fromEntries(
      Array.from({ length: 60 }, (_, i) => [`db/${'a'.repeat(200)}${i}.sql`, 'SELECT 1;\n']),
    )
    const root = project({ ...deep, ...files, 'migrate-lint.config.json': JSON.stringify({ ignore: many }) })
    expect(run(root, 'db').code).toBe(1)
    const more = JSON.stringify({ ignore: [...many, ...many, ...many] })
    const { code, output } = run(project({ ...files, 'migrate-lint.config.json': more }), 'db')
    expect([code, output]).toEqual([
      2,
      'migrate-lint: migrate-lint.config.json:1:11: "ignore" has too many globs, or too long ones.\n',
    ])
  })
})

describe('in the Action, of a pull request from a fork', () => {
  const action = builtAction()

  test('the run ends, with the verdict on the migration that it should hide', async () => {
    const change = { ...files, 'migrate-lint.config.json': JSON.stringify({ ignore: weapons }) }
    const made = hosted({ 'db/0.sql': 'SELECT 1;\n' }, change)
    const workspace = checkout(made, 'refs/pull/7/merge')
    const { payload, env } = pullRequest(made, { fork: true })
    expect(Object.keys(definition.inputs)).toContain('paths')
    const ended = await Promise.race([
      runStep({
        workspace,
        event: 'pull_request',
        payload,
        env,
        inputs: { paths: `db\ndb/{${weapons[0]}/b,2_index.sql}`, comment: 'never' },
        main: action.main,
      }),
      new Promise<null>(resolve => setTimeout(resolve, 40_000, null)),
    ])
    expect(ended?.outputs.conclusion).toBe('fail')
  })
})
