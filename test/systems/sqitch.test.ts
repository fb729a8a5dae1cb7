import { describe, expect, test } from 'vitest'
import { mapTree } from '../../src/systems/reading/tree.ts'
import { planOf } from '../../src/systems/sqitch/plan.ts'
import { sqitch } from '../../src/systems/sqitch/sqitch.ts'

const options = { transaction: () => 'unknown' as const }
const by = '2026-01-01T00:00:00Z Jane Doe <jane@example.com>'

const plan = `%syntax-version=1.0.0
%project=shop
%uri=https://example.com/shop

# the beginning
users ${by} # The people.
+orders [users other:thing !old] ${by}  # Theirs.
@v1.0 ${by} # First release.
\treports/totals [orders] ${by}
@v1.1 ${by}
users [users@v1.0] ${by} # Reworked.
`

test('the plan gives the order; dependencies, notes, tags and blank lines do not matter', () => {
  expect(planOf(plan.replaceAll('\n', '\r\n')).changes.map(({ name, tags }) => ({ name, tags }))).toEqual([
    { name: 'users', tags: ['v1.1', 'v1.0'] },
    { name: 'orders', tags: [] },
    { name: 'reports/totals', tags: [] },
    { name: 'users', tags: [] },
  ])
})

describe('a project', () => {
  const tree = mapTree({
    'sqitch.conf': '[core]\n\tengine = pg\n\t# top_dir = .\n\ttop_dir = db\n[deploy]\n\tverify = true\n',
    'db/sqitch.plan': plan,
    'db/deploy/users.sql': 'BEGIN; SELECT 2; COMMIT;',
    'db/deploy/users@v1.0.sql': 'BEGIN; SELECT 1; COMMIT;',
    'db/deploy/orders.sql': 'SELECT 1;',
    'db/revert/orders.sql': 'SELECT 1;',
    'db/deploy/forgotten.sql': 'SELECT 1;',
    'db/verify/orders.sql': 'SELECT 1;',
  })

  test('is found by its configuration and its plan', () => {
    const found = { directory: 'db', sign: 'file' }
    expect(sqitch.detect(tree, '')).toEqual({ ...found, because: 'sqitch.conf' })
    expect(sqitch.detect(tree, 'db')).toEqual({ ...found, because: 'db/sqitch.plan' })
    expect(sqitch.detect(tree, 'db/deploy')).toBeNull()
  })

  test('runs in the order of the plan; a reworked change has its old script under a tag', () => {
    const { migrations, asides, notices } = sqitch.migrations(tree, 'db', options)
    expect(migrations.map(({ id, path, downPath }) => [id, path, downPath])).toEqual([
      ['users@v1.1', 'db/deploy/users@v1.0.sql', undefined],
      ['orders', 'db/deploy/orders.sql', 'db/revert/orders.sql'],
      ['users', 'db/deploy/users.sql', undefined],
    ])
    expect(migrations[0]?.execution).toEqual({ inTransaction: false, singleMessage: false, spansFiles: false })
    expect(asides).toEqual([
      { path: 'db/deploy/forgotten.sql', kind: 'never-runs', why: 'db/sqitch.plan does not list it' },
    ])
    expect(notices).toEqual([])
    const [file] = sqitch.integrity?.(tree, 'db') ?? []
    expect(file?.discrepancies.map(({ what }) => what)).toEqual([
      'the plan lists it, but there is no db/deploy/reports/totals.sql',
    ])
  })

  test('may be in the top folder', () => {
    expect(
      sqitch.migrations(mapTree({ 'sqitch.plan': plan, 'deploy/orders.sql': '' }), '', options).migrations,
    ).toHaveLength(1)
  })
})

test('ignores plans other than the configured one', () => {
  const tree = mapTree({ 'sqitch.conf': '[core]\nplan_file = shop.plan\n', 'shop.plan': plan, 'sqitch.plan': plan })
  expect(sqitch.migrations(tree, '', options).asides).toEqual([
    { path: 'sqitch.plan', kind: 'never-runs', why: 'sqitch.conf names shop.plan as the plan' },
  ])
})

test('engines have projects of their own; those for other databases are reported', () => {
  const tree = mapTree({
    'sqitch.conf':
      '[core]\n  engine = mysql\n[engine "mysql"]\n  top_dir = mysql\n[engine "pg"]\n  top_dir = pg\n  extension = ddl\n',
    'mysql/sqitch.plan': plan,
    'pg/sqitch.plan': plan,
    'pg/deploy/orders.ddl': '',
  })
  expect(sqitch.detect(tree, '')).toMatchObject({ directory: 'mysql', dialect: 'mysql' })
  expect(sqitch.detect(tree, 'pg')).toEqual({ directory: 'pg', sign: 'file', because: 'pg/sqitch.plan' })
  expect(sqitch.migrations(tree, 'pg', options).migrations.map(({ path }) => path)).toEqual(['pg/deploy/orders.ddl'])
})
