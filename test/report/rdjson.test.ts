import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import type { Report } from '../../src/lint/report.ts'
import { rdjson } from '../../src/report/rdjson.ts'
import { finding, plain, report, spanOf } from './kit/builder.ts'
import { hostileText, many, oddPaths, reportOf } from './kit/hostile.ts'

// The message types of reviewdog's proto/rdf/reviewdog.proto in JSON, with nothing that they do not have.
const object = (required: Record<string, unknown>, optional: Record<string, unknown> = {}) => ({
  type: 'object',
  properties: { ...required, ...optional },
  required: Object.keys(required),
  additionalProperties: false,
})
const text = { type: 'string', minLength: 1 }
const ordinal = { type: 'integer', minimum: 1 }
const range = object({
  start: object({ line: ordinal, column: ordinal }),
  end: object({ line: ordinal, column: ordinal }),
})
const location = object({ path: text, range })
const schema = object({
  source: object({ name: text }, { url: text }),
  diagnostics: {
    type: 'array',
    items: object(
      {
        message: text,
        location,
        severity: { enum: ['ERROR', 'WARNING', 'INFO'] },
        code: object({ value: text, url: text }),
      },
      {
        suggestions: { type: 'array', items: object({ range, text: { type: 'string' } }) },
        related_locations: { type: 'array', items: object({ message: { type: 'string' }, location }) },
      },
    ),
  },
})

interface Result {
  readonly diagnostics: readonly {
    readonly location: { readonly range: unknown }
    readonly suggestions?: readonly { readonly range: unknown; readonly text: string }[]
  }[]
}
const validate = new Ajv2020({ strictRequired: false }).compile<Result>(schema)

function result(given: Report): Result {
  const printed = rdjson(given, plain)
  const value: unknown = JSON.parse(printed)
  if (!validate(value)) throw new Error(JSON.stringify(validate.errors?.slice(0, 3)))
  // Go's protojson refuses surrogates without a partner.
  expect(printed).not.toMatch(/\\ud[89ab][\da-f]{2}(?!\\ud[c-f])|(?<!\\ud[89ab][\da-f]{2})\\ud[c-f]/)
  return value
}

const sql = 'BEGIN;\n  CREATE INDEX i ON orders (email);\n'

describe("reviewdog's diagnostics (OF-09)", () => {
  test('have the message, the place, the severity, the remedy and a link', () => {
    const given = report({ './db/a.sql': sql, 'b.sql': 'x' }, [
      finding({
        path: './db/a.sql',
        at: spanOf(sql, 'CREATE INDEX'),
        message: 'It blocks.',
        help: ['Instead:', { code: 'CREATE INDEX CONCURRENTLY i ON orders (email);', language: 'sql' }],
        related: [{ path: 'b.sql', at: [0, 1], message: 'created here' }],
        fix: { title: 'Build it concurrently', safety: 'safe', edits: [{ at: [21, 21], insert: ' CONCURRENTLY' }] },
      }),
    ])
    const range = (line: number, from: number, to: number) => ({
      start: { line, column: from },
      end: { line, column: to },
    })
    expect(result(given)).toEqual({
      source: { name: 'migrate-lint', url: 'https://example.org/migrate-lint' },
      diagnostics: [
        {
          message: 'It blocks.\nInstead:\n    CREATE INDEX CONCURRENTLY i ON orders (email);',
          location: { path: 'db/a.sql', range: range(2, 3, 15) },
          severity: 'ERROR',
          code: { value: 'blocking-index-build', url: 'https://example.org/rules/blocking-index-build.md' },
          suggestions: [{ range: range(2, 15, 15), text: ' CONCURRENTLY' }],
          related_locations: [{ message: 'created here', location: { path: 'b.sql', range: range(1, 1, 2) } }],
        },
      ],
    })
  })

  test('count columns in bytes of UTF-8', () => {
    // The example of reviewdog.proto: the column of b is 6.
    for (const [before, column] of [
      ['a𐐀', 6],
      ['é', 3],
      ['注文', 7],
      ['\ud800', 4],
      ['', 1],
    ] as const) {
      const text = `--é\n${before}b`
      const { diagnostics } = result(report({ a: text }, [finding({ path: 'a', at: spanOf(text, 'b') })]))
      expect(diagnostics[0]?.location.range).toEqual({
        start: { line: 2, column },
        end: { line: 2, column: column + 1 },
      })
    }
  })

  test('give the edits of a fix as one suggestion', () => {
    const text = 'ALTER TABLE a ADD b int;'
    const edits = [
      { at: [18, 19] as const, insert: 'c' },
      { at: [0, 5] as const, insert: 'alter' },
      { at: [24, 24] as const, insert: '\n' },
    ]
    const fix = { title: 't', safety: 'unsafe' as const, edits }
    const { diagnostics } = result(report({ a: text }, [finding({ path: 'a', at: [0, 5], fix })]))
    expect(diagnostics[0]?.suggestions).toEqual([
      { range: { start: { line: 1, column: 1 }, end: { line: 1, column: 25 } }, text: 'alter TABLE a ADD c int;\n' },
    ])
  })

  test('are an empty list without findings', () => {
    expect(result(report({})).diagnostics).toEqual([])
  })

  test('take any name and any text', () => {
    result(reportOf(oddPaths))
    result(reportOf(oddPaths, hostileText))
  })

  test('take 30,000 findings, also on one line of a megabyte', () => {
    expect(result(many()).diagnostics).toHaveLength(30_000)
    const text = '注SELECT 1;'.repeat(100_000)
    const findings = Array.from({ length: 30_000 }, (_, i) => finding({ path: 'a', at: [i * 11, i * 11 + 3] }))
    expect(result(report({ a: text }, findings)).diagnostics).toHaveLength(30_000)
  })
})
