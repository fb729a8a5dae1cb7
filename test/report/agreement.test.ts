import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Report, ReportedFinding } from '../../src/lint/report.ts'
import type { Format } from '../../src/report/formats.ts'
import { locksReporters, reporters } from '../../src/report/index.ts'
import type { Style } from '../../src/report/reporter.ts'
import { effect, finding, plain, report, rule, withoutStyling } from './kit/builder.ts'

// Any text of a file, a name or a path, often with hostile pieces.
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '\u001b[2J',
        '\u009b31m',
        '\u001b]8;;x\u001b\\',
        '\u202e',
        '\u200b',
        '\ud800',
        '\0',
        '\u007f',
        '\u2028',
      ),
      fc.constantFrom(
        '\n',
        '\r',
        '\r\n',
        '\t',
        ' ',
        'ALTER TABLE orders',
        '📦',
        '注文',
        'e\u0301',
        '⚠️',
        '`',
        '::',
        '%0A',
        '](1)',
      ),
      fc.string({ unit: 'binary', maxLength: 8 }),
    ),
    { maxLength: 20 },
  )
  .map(parts => parts.join(''))

const found = fc.record({
  path: fc.constantFrom('a.sql', 'b.sql'),
  from: fc.nat(120),
  length: fc.nat(60),
  severity: fc.constantFrom('error' as const, 'warning' as const, 'note' as const),
  text: hostile,
})

const reports = fc
  .record({ a: hostile, b: hostile, odd: hostile, findings: fc.array(found, { minLength: 1, maxLength: 6 }) })
  .map(({ a, b, odd, findings }): Report => {
    const files: Record<string, string> = { 'a.sql': a, 'b.sql': b, [`odd${odd}`]: odd }
    const paths = { 'a.sql': 'a.sql', 'b.sql': `odd${odd}` }
    return report(
      files,
      findings.map(({ path, from, length, severity, text }, i): ReportedFinding => {
        const size = (files[paths[path]] ?? '').length
        const start = Math.min(from, size)
        return finding({
          path: paths[path],
          at: [start, Math.min(start + length, size)],
          severity,
          rule: `rule-${i}`,
          message: `m${text}`,
          why: text,
          help: [text, { code: text, language: 'sql' }],
          url: `https://example.org/${text}`,
          effects: [effect({ relation: `r${text}`, lock: 'ShareLock', work: 'scan', because: text, certain: false })],
          related: [{ path: paths[path], at: [start, size], message: text }],
        })
      }),
      { system: odd, rules: [rule({ id: 'rule-0', title: odd, why: odd, page: odd })], notices: [odd] },
    )
  })

const styles = fc.record({
  color: fc.boolean(),
  links: fc.boolean(),
  ascii: fc.boolean(),
  notes: fc.boolean(),
  verbose: fc.boolean(),
  width: fc.integer({ min: 20, max: 140 }),
})

describe('over any report', () => {
  test('nothing that acts on a terminal, or hides, is printed', () => {
    fc.assert(
      fc.property(reports, styles, fc.constantFrom(...(Object.keys(reporters) as Format[])), (given, style, format) => {
        const lines = withoutStyling(reporters[format](given, style)).split('\n')
        for (const line of lines) expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
      }),
      { numRuns: 500 },
    )
  })

  test('the text report has no line that ends in spaces', () => {
    fc.assert(
      fc.property(reports, styles, (given, style) => {
        expect(reporters.text(given, { ...style, color: false, links: false })).not.toMatch(/[^\S\n]\n/)
      }),
    )
  })

  test('positions are the same in every format (OF-03, SA-04)', () => {
    fc.assert(
      fc.property(reports, given => {
        const places = placesByFormat(given)
        const starts = places.json.map(([line, column]) => [line, column])
        const lines = places.json.map(([line, , endLine]) => [line, endLine])
        // Every other format has the line and the column where a finding begins.
        const expected: Partial<Record<Format, readonly Place[]>> = {
          json: places.json,
          jsonl: places.json,
          sarif: places.json,
          // The workflow commands leave columns out where the runner would delete them.
          github: places.json.map(([line, column, endLine, endColumn]) =>
            line === endLine ? [line, column, endLine, endColumn] : [line, endLine],
          ),
          gitlab: lines,
          // Its columns count bytes.
          rdjson: lines,
          markdown: places.json.map(([line]) => [line]),
        }
        for (const format of Object.keys(places) as (keyof typeof places)[]) {
          expect(places[format], format).toEqual(expected[format] ?? starts)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('the locks of any SQL are shown safely', () => {
    fc.assert(
      fc.property(
        hostile,
        hostile,
        styles,
        fc.constantFrom('text' as const, 'json' as const),
        (sql, name, style, format) => {
          const statement = { kind: 'DoStmt', node: {}, span: [0, sql.length], keyword: [0, 0], text: sql } as const
          const transaction = { id: null, kind: 'unknown', held: [], openedBy: null } as const
          const effects = [effect({ relation: `r${name}`, lock: 'ShareLock', certain: false, because: name })]
          const step = { statement, transaction, effects, error: null, opaque: null }
          const steps = [step, { ...step, opaque: name }, { ...step, error: { sqlstate: 'XX000', message: name } }]
          const printed = locksReporters[format]([{ source: { path: name, text: sql }, steps }], style, { all: true })
          for (const line of withoutStyling(printed).split('\n')) {
            expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
          }
        },
      ),
    )
  })
})

type Place = readonly (number | undefined)[]

/** Lines and columns of every finding as each format has them, in the order of the report. */
function placesByFormat(given: Report): Record<Exclude<Format, 'text'>, Place[]> {
  const print = (format: Format) => reporters[format](given, plain satisfies Style)
  const { findings } = JSON.parse(print('json')) as { findings: { start: Spot; end: Spot }[] }
  const { runs } = JSON.parse(print('sarif')) as {
    runs: [{ results: { locations: [{ physicalLocation: { region: Region } }] }[] }]
  }
  const commands = print('github').split('\n')
  const byRule = (printed: string, pattern: (rule: string) => RegExp) =>
    given.findings.map(({ rule: id }) => pattern(id).exec(printed)?.slice(1).map(Number) ?? [])
  const issues = JSON.parse(print('gitlab')) as { location: { lines: { begin: number; end: number } } }[]
  const { diagnostics } = JSON.parse(print('rdjson')) as { diagnostics: { location: { range: Lines } }[] }
  return {
    json: findings.map(({ start, end }) => [start.line, start.column, end.line, end.column]),
    jsonl: print('jsonl')
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as { start: Spot; end: Spot })
      .map(({ start, end }) => [start.line, start.column, end.line, end.column]),
    gitlab: issues.map(({ location: { lines } }) => [lines.begin, lines.end]),
    rdjson: diagnostics.map(({ location: { range } }) => [range.start.line, range.end.line]),
    compact: reporters
      .compact(given, { ...plain, notes: true })
      .split('\n')
      .slice(0, given.findings.length)
      .map(line => /:(\d+):(\d+) {2}(?:error|warning|note) {2}m/.exec(line)?.slice(1).map(Number) ?? []),
    markdown: byRule(
      reporters.markdown(given, { ...plain, notes: true }),
      id => new RegExp(`\\| (?:\\[)?<code>${id}</code>[^\\n]*? \\| <code>[^\\n]*?:(\\d+)</code> \\|`),
    ),
    html: byRule(print('html'), id => new RegExp(`</span>line (\\d+), column (\\d+) · <code>${id}</code></span>`)),
    junit: byRule(print('junit'), id => new RegExp(`name="${id} \\(line (\\d+), column (\\d+)\\)"`)),
    checkstyle: byRule(
      print('checkstyle'),
      id => new RegExp(`line="(\\d+)" column="(\\d+)" severity="\\w+" message="[^"]*" source="migrate-lint.${id}"`),
    ),
    sarif: runs[0].results.map(({ locations: [{ physicalLocation }] }) => {
      const { startLine, startColumn, endLine, endColumn } = physicalLocation.region
      return [startLine, startColumn, endLine, endColumn]
    }),
    gcc: print('gcc')
      .trimEnd()
      .split('\n')
      .map(line => /:(\d+):(\d+): (?:error|warning|note): m/.exec(line)?.slice(1).map(Number) ?? []),
    github: given.findings.map(({ rule: id }) => {
      const command = commands.find(line => line.includes(`,title=${id}::`)) ?? ''
      const [, line, endLine, col, endColumn] =
        /,line=(\d+),endLine=(\d+)(?:,col=(\d+),endColumn=(\d+))?,title=/.exec(command) ?? []
      return (col === undefined ? [line, endLine] : [line, col, endLine, endColumn]).map(Number)
    }),
  }
}

interface Spot {
  readonly line: number
  readonly column: number
}
interface Lines {
  readonly start: { readonly line: number }
  readonly end: { readonly line: number }
}
interface Region {
  readonly startLine: number
  readonly startColumn: number
  readonly endLine: number
  readonly endColumn: number
}
