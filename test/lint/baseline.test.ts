import { describe, expect, test } from 'vitest'
import { lint } from '../../src/index.ts'
import {
  type Accepted,
  applyBaseline,
  type Baseline,
  type BaselineScope,
  prunedBaseline,
  updatedBaseline,
} from '../../src/lint/baseline/baseline.ts'
import { parseBaseline, printBaseline } from '../../src/lint/baseline/baseline-file.ts'
import { findRule, type Registry } from '../../src/lint/registry.ts'
import { defineRule } from '../../src/lint/rule.ts'

const table = { path: 'db/1.sql', content: 'CREATE TABLE t (a int, b int, c int);' }
const drop = (column: string) => `ALTER TABLE t DROP COLUMN ${column};\n`
const told = { why: 'It is gone.', severity: 'error', category: 'data loss' } as const

/** This test uses two rules; findings of other rules about the same statements do not matter here. */
const registry: Registry = {
  rules: [
    {
      ...defineRule({
        ...told,
        title: 'Dropped column',
        on: ['drop-column'],
        check: ({ operation }) => ({
          at: operation.keyword,
          message: `${operation.column} is dropped.`,
          help: 'Do not.',
        }),
      }),
      id: 'drop-column',
    },
    {
      ...defineRule({
        ...told,
        title: 'Emptied table',
        on: ['truncate'],
        check: ({ operation }) => ({ at: operation.keyword, message: 'The table is emptied.', help: 'Do not.' }),
      }),
      id: 'truncate-table',
    },
  ],
  pages: {},
  trackingTables: [],
}

const severities = new Set(['error', 'warning'] as const)
const scope: BaselineScope = {
  pathOf: ({ path }) => path,
  ruleOf: id => findRule(registry, id)?.id ?? id,
  covers: () => true,
}
const read = (content: string, path = 'db/2.sql') => lint({ migrations: [table, { path, content }], registry })
const accept = async (content: string) => updatedBaseline(await read(content), [], scope, severities)
/** `rule line` of what is left, and what is stale. */
async function judged(content: string, baseline: Baseline, path?: string) {
  const before = await read(content, path)
  const { report, stale } = applyBaseline(before, baseline, scope)
  expect(report.summary.errors + report.summary.warnings + report.summary.notes).toBe(report.findings.length)
  expect(report.summary.suppressed).toBe(report.suppressed.length)
  expect(report.findings.length + report.suppressed.length).toBe(before.findings.length + before.suppressed.length)
  const line = (at: number) => content.slice(0, at).split('\n').length
  return { left: report.findings.map(({ rule, at }) => `${rule} ${line(at[0])}`), stale }
}

describe('a baseline', () => {
  test('accepts existing findings, wherever they are and in any layout', async () => {
    const baseline = await accept(drop('a'))
    expect(baseline).toMatchObject([{ path: 'db/2.sql', rule: 'drop-column', count: 1 }])
    expect(await judged(drop('a'), baseline)).toEqual({ left: [], stale: [] })
    const moved = '-- a comment\nSELECT 1;\nALTER TABLE t\n  DROP COLUMN a -- at last\n;'
    expect(await judged(moved, baseline)).toEqual({ left: [], stale: [] })
  })

  test('accepts nothing else: another statement, another file, one more of the same', async () => {
    const baseline = await accept(drop('a'))
    expect((await judged(drop('a') + drop('b'), baseline)).left).toEqual(['drop-column 2'])
    expect((await judged(drop('a'), baseline, 'db/3.sql')).left).toEqual(['drop-column 1'])
    const twice = `SELECT 1;\n${'TRUNCATE u;\n'.repeat(2)}`
    const once = await accept('TRUNCATE u;\n')
    expect(once).toMatchObject([{ rule: 'truncate-table', count: 1 }])
    expect((await judged(twice, once)).left).toEqual(['truncate-table 3'])
    expect(await accept(twice)).toEqual(once.map(entry => ({ ...entry, count: 2 })))
  })

  test('reports entries that no longer occur; pruning removes exactly those', async () => {
    const baseline = await accept(`${drop('a')}TRUNCATE u;\nTRUNCATE u;\n`)
    const { left, stale } = await judged(`TRUNCATE u;\n${drop('b')}`, baseline)
    expect(left).toEqual(['drop-column 2'])
    expect(stale).toMatchObject([
      { rule: 'drop-column', count: 1 },
      { rule: 'truncate-table', count: 1 },
    ])
    const pruned = prunedBaseline(baseline, stale, scope)
    expect(pruned).toMatchObject([{ rule: 'truncate-table', count: 1 }])
    expect(await judged(`TRUNCATE u;\n${drop('b')}`, pruned)).toEqual({ left: ['drop-column 2'], stale: [] })
  })

  test('is unchanged where the run does not look', async () => {
    const other: Accepted = { path: 'db/9.sql', rule: 'drop-column', statement: '0'.repeat(16), count: 3 }
    const here: BaselineScope = { ...scope, covers: ({ path }) => path === 'db/2.sql' }
    const report = await read(drop('a'))
    const updated = updatedBaseline(report, [other, { ...other, path: 'db/2.sql' }], here, severities)
    expect(updated).toMatchObject([{ path: 'db/2.sql', count: 1 }, other])
    expect(applyBaseline(report, updated, here)).toMatchObject({ stale: [], report: { findings: [] } })
  })

  test('knows rules by their former names', async () => {
    const renamed: BaselineScope = { ...scope, ruleOf: id => (id === 'old-name' ? 'drop-column' : id) }
    const known = (await accept(drop('a'))).map(entry => ({ ...entry, rule: 'old-name' }))
    expect(applyBaseline(await read(drop('a')), known, renamed)).toMatchObject({ stale: [], report: { findings: [] } })
    expect(prunedBaseline(known, [], renamed)).toMatchObject([{ rule: 'drop-column' }])
    expect((await judged(drop('a'), known)).left).toEqual(['drop-column 1'])
  })

  test('counts down migrations separately', async () => {
    const execution = { inTransaction: true, singleMessage: false, spansFiles: false }
    const back = { path: 'db/2.sql', content: drop('a'), execution, down: 'db/2.sql' }
    const report = await lint({
      migrations: [table, { path: 'db/2.sql', content: 'SELECT 1;' }, back],
      registry,
    })
    const baseline = updatedBaseline(report, [], scope, severities)
    expect(baseline.map(({ statement }) => statement)).toEqual([expect.stringMatching(/^down:[0-9a-f]{16}$/)])
    expect((await judged(drop('a'), baseline)).left).toEqual(['drop-column 1'])
  })

  test('ignores changes to applied migrations, and notes', async () => {
    const base = await read(drop('a'))
    const [finding] = base.findings
    if (!finding) throw new Error('there is no finding')
    const report = { ...base, findings: [{ ...finding, rule: 'edited-migration' }] }
    expect(updatedBaseline(report, [], scope, severities)).toEqual([])
    const entry = { path: finding.path, rule: 'edited-migration', statement: finding.statement, count: 1 }
    expect(applyBaseline(report, [entry], scope).report.findings).toHaveLength(1)
    const note = { ...base, findings: [{ ...finding, severity: 'note' as const }] }
    expect(updatedBaseline(note, [], scope, severities)).toEqual([])
  })
})

describe("a baseline's file", () => {
  const entry = (path: string, rule: string, statement: string, count = 1) => ({ path, rule, statement, count })
  const baseline = [entry('a.sql', 'x', 'f1'), entry('a.sql', 'y', 'f1', 2), entry('é/__proto__', 'x', '10', 3)]

  test('is the same for the same findings in any order', () => {
    const reordered = prunedBaseline([...baseline].reverse(), [], scope)
    expect(printBaseline(reordered)).toBe(printBaseline(baseline))
    expect(printBaseline(baseline)).toBe(
      `${JSON.stringify(
        { version: 2, findings: { 'a.sql': { x: { f1: 1 }, y: { f1: 2 } }, 'é/__proto__': { x: { 10: 3 } } } },
        null,
        2,
      )}\n`,
    )
  })

  test('is read back unchanged', () => {
    expect(parseBaseline(printBaseline(baseline))).toEqual({ baseline, isOlder: false })
    expect(parseBaseline(`\ufeff${printBaseline([])}`)).toEqual({ baseline: [], isOlder: false })
    const odd = [entry('__proto__', '__proto__', '__proto__')]
    expect(parseBaseline(printBaseline(odd))).toEqual({ baseline: odd, isOlder: false })
    const older = printBaseline(baseline).replace('"version": 2', '"version": 1')
    expect(parseBaseline(older)).toEqual({ baseline, isOlder: true })
  })

  test.each([
    ['', 'It is not JSON.'],
    ['{\n<<<<<<< HEAD\n', 'It has the marks of a merge conflict.'],
    ['[]', 'It must be an object, not a list.'],
    ['{ "version": 1 }', 'It needs "findings".'],
    ['{ "version": 3, "findings": {} }', '"version" must be 2, the version of the format, not 3.'],
    ['{ "version": 1, "findings": { "a": { "b": { "c": 0 } } } }', '"findings.a.b.c" must be a whole number, not 0.'],
    // Taking one away would change nothing of it.
    [
      '{ "version": 1, "findings": { "a": { "b": { "c": 1e300 } } } }',
      '"findings.a.b.c" must be a whole number, not 1e+300.',
    ],
  ])('%j is not a baseline: %s', (text, problem) => {
    expect(parseBaseline(text)).toEqual({ problem })
  })
})
