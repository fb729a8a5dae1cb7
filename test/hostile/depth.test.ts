import { describe, expect, test } from 'vitest'
import { upwards } from '../../src/systems/reading/files.ts'
import { migrateLint, project } from '../node/kit/program.ts'
import { chains } from '../parse/kit/chains.ts'

const table = 'CREATE TABLE t (x int NOT NULL, a int[]);\n'

interface Found {
  readonly findings: readonly { readonly rule: string; readonly path: string }[]
  readonly summary: { readonly statements: number }
}

/** Lints the files; returns the rules that found something in each, and the rest of what the program said. */
async function linted(files: Readonly<Record<string, string>>) {
  const cwd = project(
    Object.fromEntries(
      Object.entries(files).map(([name, sql]) => [`migrations/${name}.sql`, `${sql};\nDROP TABLE gone${name};\n`]),
    ),
  )
  const { stdout, stderr, code } = await migrateLint(['migrations', '--format', 'json'], { cwd })
  const { findings, summary } = JSON.parse(stdout) as Found
  const rules = (name: string) =>
    findings.filter(({ path }) => path === `migrations/${name}.sql`).map(({ rule }) => rule)
  return { rules, statements: summary.statements, stderr, code }
}

const lost = ['syntax-error', 'beyond-limits', 'opaque-sql']

// Each of them was a syntax error, "nested too deeply for the parser", or the end of the run. PostgreSQL runs all of them.
describe('valid SQL of any length is read', () => {
  const flat = {
    'OR in a row': 2500,
    'AND in a row': 2500,
    'branches of CASE': 2500,
    'AND of a CHECK': 1300,
    'UNION ALL in a row': 2500,
    'INTERSECT in a row': 2500,
    'concatenated strings': 4000,
    'one sum': 4000,
    'casts in a row': 12_000,
    'subscripts in a row': 5000,
    COLLATE: 12_000,
    'NOT of NOT': 8000,
    'a default': 3500,
    'a policy': 5000,
    'joins in a row': 1500,
    'a list of IN': 100_000,
    'rows of VALUES': 100_000,
    'columns of a view': 1600,
    'bounds of a partition': 20_000,
  }
  test('in a row', { timeout: 300_000 }, async () => {
    const files = Object.entries(flat).map(([name, n], i) => [`${i + 1}`, chains[name]?.(n) ?? ''] as const)
    const { rules, stderr, statements } = await linted({ '0': table, ...Object.fromEntries(files) })
    expect(stderr).toBe('')
    for (const [i, name] of Object.keys(flat).entries())
      expect([name, rules(String(i + 1)).filter(rule => lost.includes(rule))]).toEqual([name, []])
    expect(statements).toBe(2 * (files.length + 1))
  })

  const nested = {
    'calls in calls': 4000,
    parentheses: 9000,
    'CASE in CASE': 1900,
    'arrays in arrays': 4500,
    'AND in OR': 1600,
    'UNION of UNION': 2300,
    'sub-selects in sub-selects': 250,
    'FROM in FROM': 250,
  }
  test('one in another', { timeout: 300_000 }, async () => {
    const files = Object.entries(nested).map(([name, n], i) => [`${i + 1}`, chains[name]?.(n) ?? ''] as const)
    const { rules, stderr, statements } = await linted({ '0': table, ...Object.fromEntries(files) })
    expect(stderr).toBe('')
    for (const [i, name] of Object.keys(nested).entries())
      expect([name, rules(String(i + 1)).filter(rule => lost.includes(rule))]).toEqual([name, []])
    expect(statements).toBe(2 * (files.length + 1))
  })

  test('in PL/pgSQL', { timeout: 300_000 }, async () => {
    const branches = Array.from({ length: 2000 }, (_, i) => `ELSIF ${i} > 1 THEN PERFORM ${i};`).join('\n')
    const blocks = `${'BEGIN '.repeat(200)}DROP TABLE y;${' END;'.repeat(200)}`.slice(0, -1)
    const { rules, stderr } = await linted({
      '0': table,
      '1': `DO $$ BEGIN IF false THEN NULL;\n${branches}\nELSE DROP TABLE x; END IF; END $$`,
      '2': `DO $$ ${blocks} $$`,
    })
    expect(stderr).toBe('')
    for (const name of ['1', '2']) expect(rules(name).filter(rule => rule === 'drop-table')).toHaveLength(2)
  })
})

// Each body was read for its own bodies, on the stack: the end was an internal error. PostgreSQL checks the outermost only.
test('functions in functions are read as PostgreSQL checks them', { timeout: 300_000 }, async () => {
  const inside = (innermost: string) =>
    Array.from({ length: 1600 }, (_, i) => i).reduce(
      (sql, i) => `CREATE FUNCTION f${i}() RETURNS void LANGUAGE sql AS $t${i}$ ${sql} $t${i}$`,
      innermost,
    )
  const { rules, stderr, code } = await linted({ '1': inside('SELECT 1'), '2': inside('SELEC 1'), '3': inside('x $$') })
  expect([stderr, code]).toEqual(['', 1])
  for (const name of ['1', '2', '3']) {
    expect(rules(name)).toContain('drop-table')
    expect(rules(name).filter(rule => lost.includes(rule))).toEqual([])
  }
})

test('nesting beyond all bounds is one honest finding, and the rest is read', { timeout: 300_000 }, async () => {
  const { rules, stderr, code } = await linted({
    '1': `SELECT ${'1 + '.repeat(300_000)}1`,
    '2': `SELECT ${'(SELECT '.repeat(2200)}1${')'.repeat(2200)}`,
    '3': `DO $$ BEGIN ${'IF true THEN '.repeat(3000)}NULL; ${'END IF; '.repeat(3000)}END $$`,
  })
  expect([stderr, code]).toEqual(['', 1])
  expect(rules('1')).toEqual(expect.arrayContaining(['beyond-limits', 'drop-table']))
  expect(rules('1')).not.toContain('syntax-error')
  // It is parsed, and not walked down to its end.
  expect(rules('2')).toEqual(expect.arrayContaining(['opaque-sql', 'drop-table']))
  expect(rules('3')).toContain('drop-table')
})

// A call for each segment overflowed the stack.
test('a path of 100,000 segments has as many directories around it', () => {
  const found = upwards('a/'.repeat(99_999).concat('a'))
  expect([found.length, found.at(-2), found.at(-1)]).toEqual([100_001, 'a', ''])
})
