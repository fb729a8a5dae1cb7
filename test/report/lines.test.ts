import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import type { Report } from '../../src/lint/report.ts'
import { compact } from '../../src/report/compact.ts'
import { json } from '../../src/report/json.ts'
import { jsonl } from '../../src/report/jsonl.ts'
import { finding, plain, report, spanOf } from './kit/builder.ts'
import { hostileText, many, oddPaths, reportOf } from './kit/hostile.ts'

const sql = 'BEGIN;\n  CREATE INDEX i ON orders (email);\n'
const index = finding({ path: 'db/a.sql', at: spanOf(sql, 'CREATE INDEX'), message: 'It blocks.' })
const note = { ...index, severity: 'note' as const, rule: 'wide-index' }

describe('compact', () => {
  test('has a line per finding, and the sum', () => {
    expect(compact(report({ 'db/a.sql': sql }, [index, note]), plain)).toBe(
      'db/a.sql:2:3  error  It blocks.  blocking-index-build\n' +
        '1 error in 1 migration (3 statements, 38 ms); 1 note (see --notes)\n',
    )
    expect(compact(report({ 'db/a.sql': sql }, [note]), { ...plain, notes: true })).toBe(
      'db/a.sql:2:3  note  It blocks.  wide-index\n1 note in 1 migration (3 statements, 38 ms)\n',
    )
  })

  test('says so when nothing was found', () => {
    expect(compact(report({ 'a.sql': sql }), plain)).toBe('No dangers in 1 migration (3 statements, 38 ms)\n')
  })

  test('has one line for each of any findings', () => {
    expect(compact(reportOf(oddPaths, hostileText), plain).split('\n')).toHaveLength(oddPaths.length + 2)
    expect(compact(many(), { ...plain, notes: true }).split('\n')).toHaveLength(30_002)
  })
})

describe('jsonl', () => {
  const schema = JSON.parse(readFileSync(new URL('../../schema/report.json', import.meta.url), 'utf8')) as object
  const ajv = new Ajv2020({ strict: false }).addSchema(schema, 'report')
  const validate = ajv.compile({ $ref: 'report#/$defs/finding' })
  const lines = (given: Report) => {
    const printed = jsonl(given, plain)
    expect(printed === '' || printed.endsWith('\n')).toBe(true)
    return printed.split('\n').slice(0, -1)
  }

  test.each([
    ['odd paths', reportOf(oddPaths)],
    ['hostile text', reportOf(oddPaths, hostileText)],
    ['30,000 findings', many()],
    ['nothing', report({})],
  ])('is the findings of json, one a line: %s', (_, given) => {
    const { findings } = JSON.parse(json(given, plain)) as { findings: unknown[] }
    const parsed = lines(given).map(line => JSON.parse(line) as unknown)
    expect(parsed).toEqual(findings)
    for (const each of parsed) if (!validate(each)) throw new Error(JSON.stringify(validate.errors))
  })
})
