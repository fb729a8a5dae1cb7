import { describe, expect, test } from 'vitest'
import { github } from '../../src/report/github.ts'
import { effect, finding, plain, report, spanOf } from './kit/builder.ts'

const sql = 'BEGIN;\n  DROP TABLE orders;\nALTER TABLE a\n  ADD b int;\n'
const url = 'https://example.org/rules/drop-table.md'
const drop = finding({
  path: './db/a.sql',
  at: spanOf(sql, 'DROP'),
  rule: 'drop-table',
  message: 'Dropping "orders" loses 100% of its rows.',
  help: ['Rename it first:', { code: 'ALTER TABLE orders RENAME TO orders_old;', language: 'sql' }],
  effects: [effect({ relation: 'orders', lock: 'AccessExclusiveLock' })],
})
const print = (findings: Parameters<typeof report>[1]) => github(report({ './db/a.sql': sql }, findings), plain)
const lines = (findings: Parameters<typeof report>[1]) => print(findings).trimEnd().split('\n')

describe('workflow commands', () => {
  test('have the place, the message, the severity, the remedy, and a link (GA-24)', () => {
    expect(print([drop])).toBe(
      '::error file=db/a.sql,line=2,endLine=2,col=3,endColumn=7,title=drop-table::' +
        'Dropping "orders" loses 100%25 of its rows.%0A' +
        'orders: AccessExclusiveLock blocks SELECT, INSERT, UPDATE, DELETE, instant once it has the lock%0A' +
        `Rename it first:%0A    ALTER TABLE orders RENAME TO orders_old;%0A${url}\n`,
    )
  })

  test('have columns only on one line: the runner deletes them otherwise (GA-22)', () => {
    const [line] = lines([{ ...drop, at: spanOf(sql, 'ALTER TABLE a\n  ADD b int') }])
    expect(line).toMatch(/^::error file=db\/a.sql,line=3,endLine=4,title=drop-table::/)
  })

  test('escape what separates properties, and show what acts (GA-20)', () => {
    const path = 'a:b,c%d\r\n::warning::x.sql'
    expect(github(report({ [path]: '' }, [{ ...drop, path, message: '\u001b\n::stop-commands::x' }]), plain)).toMatch(
      /^::error file=a%3Ab%2Cc%25d␍␊\\u\{3a\}%3Awarning%3A%3Ax.sql,line=1,endLine=1,col=1,endColumn=1,title=drop-table::␛␊\\u\{3a\}:stop-commands::x%0A[^\n]*\n$/,
    )
  })

  test('are ordered by severity, and one for a rule and line (GA-25)', () => {
    const given = lines([
      { ...drop, severity: 'note', at: [0, 1] },
      { ...drop, severity: 'warning', at: [0, 1], rule: 'other' },
      drop,
      { ...drop, at: spanOf(sql, 'orders') },
    ])
    expect(given.map(line => line.split(' ')[0])).toEqual(['::error', '::warning', '::notice'])
  })

  test('are cut to what GitHub keeps, never within a character, and the link is spared (GA-24)', () => {
    for (const start of ['', 'x']) {
      const [line = ''] = lines([{ ...drop, message: start + '📦'.repeat(3000), effects: [] }])
      const message = line.slice(line.indexOf('::', 2) + 2).replaceAll('%0A', '\n')
      expect(message.length).toBeLessThanOrEqual(4096)
      expect(message.length).toBeGreaterThan(4090)
      expect(message).toMatch(/📦…\nhttps:\/\/example.org\/rules\/drop-table.md$/u)
    }
  })

  test('come with a notice when GitHub will drop some, before the notices that it counts', () => {
    const many = Array.from({ length: 11 }, (_, i) => ({ ...drop, rule: `r${i}` }))
    const given = lines([...many, { ...drop, severity: 'note', rule: 'n' }])
    expect(given).toHaveLength(13)
    expect(given[11]).toBe(
      '::notice title=migrate-lint::GitHub shows 10 annotations of a level; this step has 11 errors. All of them are in its log.',
    )
    expect(lines(many.slice(1))).toHaveLength(10)
  })

  test('are absent without findings', () => {
    expect(print([])).toBe('')
  })
})
