import { expect, test } from 'vitest'
import { json } from '../../src/report/json.ts'
import { effect, finding, plain, report, spanOf } from './kit/builder.ts'

const sql = 'BEGIN;\n  CREATE INDEX i ON orders (email);\n'

test('the contract, to the letter (OF-05)', () => {
  const given = report({ 'a.sql': sql }, [
    finding({
      path: 'a.sql',
      at: spanOf(sql, 'CREATE INDEX'),
      message: 'm',
      why: 'w',
      help: ['h'],
      effects: [effect({ relation: 'orders', lock: 'ShareLock', work: 'build', because: 'b' })],
      related: [{ path: 'a.sql', at: [0, 5], message: 'here' }],
      fix: { title: 'Build it concurrently', safety: 'safe', edits: [{ at: [21, 21], insert: ' CONCURRENTLY' }] },
    }),
    finding({ path: 'gone.sql', at: [3, 9], severity: 'note', rule: 'r', message: 'm', why: 'w', help: ['h'] }),
  ])
  expect(`\n${json(given, plain)}`).toBe(`
{
  "schemaVersion": 1,
  "tool": {
    "name": "migrate-lint",
    "version": "0.1.0"
  },
  "summary": {
    "migrations": 1,
    "read": 1,
    "readInPart": 0,
    "notRead": 0,
    "earlierNotRead": 0,
    "unread": 0,
    "statements": 3,
    "errors": 1,
    "warnings": 0,
    "notes": 1,
    "suppressed": 0
  },
  "servers": [
    {
      "versions": [
        "16"
      ],
      "by": "configuration",
      "places": []
    }
  ],
  "findings": [
    {
      "rule": "blocking-index-build",
      "severity": "error",
      "message": "m",
      "why": "w",
      "help": "h",
      "url": "https://example.org/rules/blocking-index-build.md",
      "path": "a.sql",
      "start": {
        "line": 2,
        "column": 3,
        "offset": 9
      },
      "end": {
        "line": 2,
        "column": 15,
        "offset": 21
      },
      "effects": [
        {
          "relation": "orders",
          "kind": "table",
          "lock": "ShareLock",
          "work": "build",
          "blocks": {
            "reads": false,
            "writes": true
          },
          "certain": true,
          "because": "b"
        }
      ],
      "related": [
        {
          "path": "a.sql",
          "start": {
            "line": 1,
            "column": 1,
            "offset": 0
          },
          "end": {
            "line": 1,
            "column": 6,
            "offset": 5
          },
          "message": "here"
        }
      ],
      "fix": {
        "title": "Build it concurrently",
        "safety": "safe",
        "edits": [
          {
            "start": {
              "line": 2,
              "column": 15,
              "offset": 21
            },
            "end": {
              "line": 2,
              "column": 15,
              "offset": 21
            },
            "insert": " CONCURRENTLY"
          }
        ]
      },
      "fingerprint": "0123456789abcdef"
    },
    {
      "rule": "r",
      "severity": "note",
      "message": "m",
      "why": "w",
      "help": "h",
      "url": "https://example.org/rules/r.md",
      "path": "gone.sql",
      "start": {
        "line": 1,
        "column": 1,
        "offset": 0
      },
      "end": {
        "line": 1,
        "column": 1,
        "offset": 0
      },
      "fingerprint": "0123456789abcdef"
    }
  ],
  "unread": []
}
`)
})

test('a run without findings has an empty list', () => {
  expect(JSON.parse(json(report({}), plain))).toMatchObject({ schemaVersion: 1, findings: [] })
})
