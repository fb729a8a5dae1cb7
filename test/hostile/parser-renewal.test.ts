import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { builtAction, runStep } from '../action/kit/workflow.ts'
import { migrateLint, project } from '../node/kit/program.ts'

/** PL/pgSQL that is too deep for a stack of the usual length: the parser's instance is left in the middle of its work. */
const overflow = (i: number) =>
  `DO $$ BEGIN ${'IF true THEN '.repeat(2400)}PERFORM ${i}; ${'END IF; '.repeat(2400)}END $$;\n`

const files = {
  ...Object.fromEntries(
    Array.from({ length: 40 }, (_, i) => [`migrations/${100 + i}.sql`, overflow(2 * i) + overflow(2 * i + 1)]),
  ),
  'migrations/200.sql': 'CREATE TABLE t (id int);\n',
  'migrations/201.sql': 'DO $$ BEGIN DROP TABLE orders; END $$;\nDROP TABLE customers;\n',
}

// After 56 of them no later file was read, or the parser never ended.
test('a parser that was left in the middle of its work is renewed', { timeout: 400_000 }, async () => {
  const cwd = project(files)
  const { stdout, stderr, code } = await migrateLint(['migrations', '--format', 'json'], { cwd })
  const { findings, summary } = JSON.parse(stdout)
  const of = (name: string) => findings.filter(({ path }: { path: string }) => path === `migrations/${name}.sql`)
  expect([stderr, code]).toEqual(['', 1])
  expect(of('201').filter(({ rule }: { rule: string }) => rule === 'drop-table')).toHaveLength(2)
  expect(findings.filter(({ rule }: { rule: string }) => rule === 'syntax-error')).toEqual([])
  expect(summary.migrations).toBe(42)
})

/**
 * A parse tree too deep for a stack of the usual length that a look at the text did not show: commas between its operators. It ends in
 * the middle of writing the tree.
 */
const unions = (i: number) => `SELECT ${i}, 2${' UNION SELECT 1, 2'.repeat(12_000)};\n`

// Every statement of every later file was "nested too deeply", `CREATE TABLE t (id int)` as well.
test('fifty-eight statements that are too deep harm no other', { timeout: 600_000 }, async () => {
  const deep = Array.from({ length: 58 }, (_, i) => [`migrations/${100 + i}.sql`, unions(i)])
  const cwd = project({
    ...Object.fromEntries(deep),
    'migrations/200.sql': 'CREATE TABLE t (id int);\n',
    'migrations/201.sql': 'DROP TABLE customers;\n',
  })
  const { stdout, stderr, code } = await migrateLint(['migrations', '--format', 'json'], { cwd })
  const found: { rule: string; path: string; severity: string }[] = JSON.parse(stdout).findings
  const errors = found.filter(({ severity }) => severity === 'error').map(({ rule, path }) => `${rule} in ${path}`)
  expect(errors).toEqual(['drop-table in migrations/201.sql'])
  expect([stderr, code]).toEqual(['', 1])
})

builtAction()

test('also in the action', { timeout: 400_000 }, async () => {
  const workspace = project({ ...files, 'migrations/202.sql': `SELECT ${"'a' || ".repeat(4000)}'a';\nDROP TABLE t;\n` })
  rmSync(join(workspace, '.git'), { recursive: true })
  for (const args of [
    ['init', '--quiet'],
    ['add', '.'],
    ['-c', 'user.name=a', '-c', 'user.email=a@b.c', 'commit', '--quiet', '--message', 'migrations'],
  ])
    execFileSync('git', args, { cwd: workspace })
  const inputs = { 'changed-only': 'false', comment: 'never', summary: 'false' }
  const { code, stderr, annotations } = await runStep({ workspace, event: 'workflow_dispatch', inputs })
  expect([stderr, code]).toEqual(['', 1])
  expect(annotations.filter(line => /20[12]\.sql/.test(line))).toEqual([
    expect.stringMatching(/^error migrations\/201\.sql:1 drop-table/),
    expect.stringMatching(/^error migrations\/201\.sql:2 drop-table/),
    expect.stringMatching(/^error migrations\/202\.sql:2 drop-table/),
  ])
})
