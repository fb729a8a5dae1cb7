import { expect, test } from 'vitest'
import { gcc } from '../../src/report/gcc.ts'
import { finding, plain, report, spanOf } from './kit/builder.ts'

const sql = 'BEGIN;\n  DROP TABLE orders;\n'

test('one line per finding (OF-04)', () => {
  const given = report({ 'a.sql': sql }, [
    finding({
      path: 'a.sql',
      at: spanOf(sql, 'DROP'),
      rule: 'drop-table',
      message: 'Dropping "orders" loses its rows.',
    }),
    finding({ path: 'a.sql', at: [0, 5], rule: 'transaction-nesting', severity: 'note', message: 'x\ny' }),
  ])
  expect(`\n${gcc(given, plain)}`).toBe(`
a.sql:2:3: error: Dropping "orders" loses its rows. [drop-table]
a.sql:1:1: note: x␊y [transaction-nesting]
`)
})

test('nothing at all without findings', () => {
  expect(gcc(report({}), plain)).toBe('')
})
