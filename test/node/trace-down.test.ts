import { describe, expect, test } from 'vitest'
import { traced } from './kit/trace.ts'

// Each of these starts PostgreSQL in the program's own process, which takes seconds.

const orders = 'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, note varchar(20));\n'

describe('--down', () => {
  const dbmate = (up: string, down: string) => `-- migrate:up\n${up}\n-- migrate:down\n${down}\n`
  const files = {
    'db/migrations/20260101000000_a.sql': dbmate(orders, 'DROP TABLE orders;'),
    'db/migrations/20260102000000_b.sql': dbmate(
      "ALTER TABLE orders ADD COLUMN a int, ALTER COLUMN note SET NOT NULL;\nCREATE TYPE mood AS ENUM ('x');",
      'ALTER TABLE orders DROP COLUMN a;',
    ),
    'db/migrations/20260103000000_c.sql': dbmate('CREATE INDEX i ON orders (a);', 'DROP INDEX i;'),
  }
  const [first, second, third] = Object.keys(files)

  test('takes the migrations back, the last one first, and says what is left', async () => {
    const { code, trace } = await traced(files, '--down')
    expect(code).toBe(1)
    expect(trace.statements.map(({ path, takesBack }) => takesBack ?? path)).toEqual([
      ...[first, second, second, third],
      ...[third, second, first],
    ])
    expect(trace.takenBack).toEqual([
      { path: third, migration: third, notCompared: null, leaves: [] },
      {
        path: second,
        migration: second,
        notCompared: null,
        leaves: [
          {
            what: 'column note of table public.orders',
            before: 'character varying(20)',
            after: 'character varying(20), NOT NULL',
          },
          { what: 'type public.mood', before: null, after: "'x'" },
        ],
      },
      // What the second one has left is reported once.
      { path: first, migration: first, notCompared: null, leaves: [] },
    ])
    expect(trace.summary).toMatchObject({ migrations: 3, takenBack: 3, notUndone: 1, notCompared: 0, differences: 0 })
  })

  test('of a named migration takes back those after it, too, and shows that one', async () => {
    const fixed = {
      ...files,
      [second ?? '']: dbmate('ALTER TABLE orders ADD COLUMN a int;', 'ALTER TABLE orders DROP COLUMN a;'),
    }
    const { code, trace } = await traced(fixed, '--down', second ?? '')
    expect(code).toBe(0)
    expect(trace.statements.map(({ sql }) => sql)).toEqual([
      'ALTER TABLE orders ADD COLUMN a int',
      'ALTER TABLE orders DROP COLUMN a',
    ])
    expect(trace.takenBack).toEqual([{ path: second, migration: second, notCompared: null, leaves: [] }])
  })

  test('stops at one that fails', async () => {
    const failing = await traced(
      { ...files, [third ?? '']: dbmate('CREATE INDEX i ON orders (a);', 'DROP INDEX j;') },
      '--down',
    )
    expect(failing.code).toBe(1)
    expect(failing.trace.failures).toEqual([{ path: third, isDown: true }])
  })

  const pair = { 'migrations/1_a.up.sql': orders, 'migrations/1_a.down.sql': 'DROP TABLE orders;' }

  test('stops at one without a down migration', async () => {
    const single = await traced({ ...pair, 'migrations/2_b.up.sql': 'CREATE INDEX i ON orders (user_id);' }, '--down')
    expect(single.code).toBe(2)
    expect(single.trace.notTakenBack).toEqual([
      { path: 'migrations/2_b.up.sql', count: 2, why: 'it has no down migration' },
    ])
  })

  test('runs down migrations in files of their own', async () => {
    const both = await traced(
      { ...pair, 'migrations/2_b.up.sql': 'SELECT 1;', 'migrations/2_b.down.sql': 'SELECT 1;' },
      '--down',
    )
    expect(both.code).toBe(0)
    expect(both.trace.takenBack.map(({ path }) => path)).toEqual(['migrations/2_b.down.sql', 'migrations/1_a.down.sql'])
  })

  test('compares nothing where a part was not run', async () => {
    const { code, trace } = await traced(
      {
        'db/migrations/20260101000000_a.sql': dbmate(
          'COPY t FROM STDIN;\n1\n\\.\nCREATE TABLE t (a int);',
          'DROP TABLE t;',
        ),
      },
      '--down',
    )
    expect(trace.takenBack.map(({ notCompared }) => notCompared)).toEqual(['not all of the two could be run'])
    expect(code).toBe(2)
  })
})

test('--catalog shows what each statement changes', async () => {
  const sql = `${orders}BEGIN;\nSET TRANSACTION ISOLATION LEVEL SERIALIZABLE;\nALTER TABLE orders ADD COLUMN a int, ALTER note SET NOT NULL;\nROLLBACK;\nDROP TABLE orders;`
  const { code, trace } = await traced({ 'migrations/1.sql': sql }, '--catalog')
  expect(code).toBe(0)
  const note = {
    what: 'column note of table public.orders',
    before: 'character varying(20)',
    after: 'character varying(20), NOT NULL',
  }
  const a = { what: 'column a of table public.orders', before: null, after: 'integer' }
  const table = { what: 'table public.orders', before: null, after: '' }
  const back = ({ what, before, after }: typeof a) => ({ what, before: after, after: before })
  expect(trace.statements.map(({ changes }) => changes)).toEqual([
    [table],
    [],
    [],
    expect.arrayContaining([note, a]),
    expect.arrayContaining([{ ...note, before: note.after, after: note.before }, back(a)]),
    [{ ...table, before: '', after: null }],
  ])
})
