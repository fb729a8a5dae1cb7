import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import type { Report } from '../../src/lint/report.ts'
import { gitlab } from '../../src/report/gitlab.ts'
import { finding, plain, report, spanOf } from './kit/builder.ts'
import { hostileText, many, oddPaths, reportOf } from './kit/hostile.ts'

// As GitLab's documentation describes it ("Code Quality report format"), nothing more and nothing less.
const position = { type: 'integer', minimum: 1 }
const schema = {
  type: 'array',
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['description', 'check_name', 'fingerprint', 'severity', 'location'],
    properties: {
      description: { type: 'string', minLength: 1 },
      check_name: { type: 'string', minLength: 1 },
      fingerprint: { type: 'string', pattern: '^[0-9a-f]{16}$' },
      severity: { enum: ['info', 'minor', 'major', 'critical', 'blocker'] },
      location: {
        type: 'object',
        additionalProperties: false,
        required: ['path', 'lines'],
        properties: {
          path: { type: 'string', pattern: '^(?!\\./).' },
          lines: {
            type: 'object',
            additionalProperties: false,
            required: ['begin'],
            properties: { begin: position, end: position },
          },
        },
      },
    },
  },
}
const validate = new Ajv2020().compile<Issue[]>(schema)

interface Issue {
  readonly description: string
  readonly fingerprint: string
  readonly location: { readonly path: string }
}

function issues(given: Report): Issue[] {
  const printed = gitlab(given, plain)
  expect(printed.endsWith(']\n')).toBe(true)
  const value: unknown = JSON.parse(printed)
  if (!validate(value)) throw new Error(JSON.stringify(validate.errors?.slice(0, 3)))
  // GitLab takes equal fingerprints for the same issue.
  expect(new Set(value.map(({ fingerprint }) => fingerprint)).size).toBe(value.length)
  return value
}

const sql = 'BEGIN;\n  CREATE INDEX i\n  ON orders (email);\n'
const index = finding({ path: './db/a.sql', at: spanOf(sql, 'CREATE INDEX i\n  ON'), message: 'It blocks.' })

describe("GitLab's code quality report (OF-06)", () => {
  test('has the message, the place and the severity', () => {
    expect(issues(report({ './db/a.sql': sql }, [index]))).toEqual([
      {
        description: 'It blocks.',
        check_name: 'blocking-index-build',
        fingerprint: '0123456789abcdef',
        severity: 'critical',
        location: { path: 'db/a.sql', lines: { begin: 2, end: 3 } },
      },
    ])
  })

  test('is an empty list when nothing was found', () => {
    expect(gitlab(report({}), plain)).toBe('[]\n')
  })

  test('distinguishes findings with equal fingerprints, always in the same way', () => {
    const given = report({ './db/a.sql': sql }, [index, index, { ...index, fingerprint: 'fedcba9876543210' }, index])
    const fingerprints = issues(given).map(({ fingerprint }) => fingerprint)
    expect(fingerprints[0]).toBe('0123456789abcdef')
    expect(fingerprints[2]).toBe('fedcba9876543210')
    expect(issues(given).map(({ fingerprint }) => fingerprint)).toEqual(fingerprints)
  })

  test('takes any name and any text', () => {
    expect(issues(reportOf(oddPaths)).map(({ location }) => location.path)).toContain('db/<b>&"\'.sql')
    issues(reportOf(oddPaths, hostileText))
  })

  test('takes 30,000 findings', () => {
    expect(issues(many())).toHaveLength(30_000)
  })
})
