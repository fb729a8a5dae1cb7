import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { migrateLint, project } from '../node/kit/program.ts'

// A file of `capture --save` that a stranger has written: it is data, and what is wrong with it is one line.

const kept = (migrations: unknown, more: object = {}) =>
  JSON.stringify({ migrateLintCapture: 1, exitCode: 0, refused: 0, left: 0, ...more, migrations })

async function linted(text: string, ...flags: readonly string[]) {
  const cwd = project({ 'sent.json': text })
  return { ...(await migrateLint(['sent.json', ...flags], { cwd })), cwd }
}

const acting = '\u001b[2J\u202e'

describe('a capture that is damaged', () => {
  const list = 'entry 1 of its "migrations" has no name and SQL as the schema says'
  test.each([
    ['cut', kept([{ name: '1', sql: 'SELECT 1' }]).slice(0, -10), 'it is not JSON'],
    ['nested too deeply', `{"migrateLintCapture":1,"migrations":${'['.repeat(200_000)}`, 'it is not JSON'],
    ['of another version', '{"migrateLintCapture":2}', 'its "migrateLintCapture" is not 1'],
    ['without a list', kept({ length: 3 }), 'its "migrations" are not a list'],
    ['with other things in the list', kept(['SELECT 1']), list],
    ['with SQL of another type', kept([{ name: null, sql: { toString: 'x' } }]), list],
    ['with a name of another type', kept([{ name: ['a'], sql: '' }]), list],
    ['with a count below 0', kept([], { left: -1 }), 'its "left" is not a whole number, 0 or more'],
    ['of a command without a code', kept([], { exitCode: acting }), 'its "exitCode" is not a whole number'],
    ['of too many migrations', kept(Array.from({ length: 100_001 }, () => 0)), 'it has more than 100000 migrations'],
  ])('%s is one line', async (_, text, why) => {
    const { code, stdout, stderr } = await linted(text)
    expect([code, stdout, stderr.trimEnd().split('\n').length]).toEqual([2, '', 1])
    expect(stderr).toContain(`migrate-lint: The capture sent.json cannot be used: ${why}`)
    expect(stderr).not.toContain(acting)
  })
})

test('its names lead nowhere, its text reaches no terminal, and its SQL and commands do not run', async () => {
  const marker = 'marker'
  const { code, stdout, stderr, cwd } = await linted(
    kept([
      { name: `../../${acting}::error::x`, sql: 'CREATE TABLE a (id bigint, email text);' },
      { name: '__proto__', sql: `CREATE INDEX ON a (email); -- ${acting}\n\\! touch ${marker}\n` },
      { name: null, sql: `COPY (SELECT 1) TO PROGRAM 'touch ${marker}';` },
    ]),
  )
  expect(code).toBe(1)
  expect(stdout).toContain('captured/2___proto__.sql')
  expect(stdout).toContain('blocking-index-build')
  expect(stdout + stderr).not.toContain(acting)
  expect(stdout).not.toMatch(/^::|\.\.\//m)
  expect(existsSync(join(cwd, marker))).toBe(false)
})

test('what it says was left out keeps the run from passing', async () => {
  const { code, stderr } = await linted(kept([{ name: '1', sql: 'SELECT 1;' }], { left: 3, refused: 1 }))
  expect(code).toBe(2)
  expect(stderr).toContain('Left out, because too much was sent before: 3 messages.')
})
