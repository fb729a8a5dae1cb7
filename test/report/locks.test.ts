import { describe, expect, test } from 'vitest'
import type { Statement } from '../../src/parse/script.ts'
import { type LockedFile, type LockingStep, locksJson, locksText } from '../../src/report/locks.ts'
import { effect, plain, spanOf } from './kit/builder.ts'

const sql = `CREATE INDEX orders_email_idx ON orders (email);
ALTER TABLE orders
  ADD FOREIGN KEY (customer_id) REFERENCES sales.customers (id);
DO $$ BEGIN EXECUTE command; END $$;
CREATE TABLE invoices (id int);
ALTER TABLE nowhere ADD COLUMN a_column_whose_name_does_not_fit_on_the_line text DEFAULT 'a';
`

/** The step of the statement that starts with these words. */
function step(words: string, part: Partial<LockingStep> = {}): LockingStep {
  const start = sql.indexOf(words)
  const span = [start, sql.indexOf(words === 'DO' ? ';\nCREATE' : ';', start)] as const
  const statement: Statement = {
    kind: 'IndexStmt',
    node: {},
    span,
    keyword: spanOf(sql, words),
    text: sql.slice(...span),
  }
  const transaction = { id: null }
  return { statement, transaction, effects: [], error: null, opaque: null, ...part }
}

const file: LockedFile = {
  source: { path: 'db/1.sql', text: sql },
  steps: [
    step('CREATE INDEX', {
      effects: [effect({ relation: 'orders', lock: 'ShareLock', work: 'build', because: 'the index is built' })],
      transaction: { id: 4 },
    }),
    step('ALTER TABLE orders', {
      effects: [
        effect({ relation: 'orders', lock: 'ShareRowExclusiveLock', work: 'scan' }),
        effect({
          relation: 'sales.customers',
          kind: 'partitioned table',
          lock: 'RowShareLock',
          certain: false,
          because: 'the constraint may be there already, and then nothing is done at all to either of the tables',
        }),
      ],
    }),
    step('DO', { opaque: 'it is dynamic SQL, whose text is computed at run time' }),
    step('CREATE TABLE'),
    step('ALTER TABLE nowhere', { error: { sqlstate: '42P01', message: 'relation "nowhere" does not exist' } }),
  ],
}

describe('the locks of migrations, for people', () => {
  test('in eighty columns', () => {
    expect(`\n${locksText([file], plain, { all: true })}`).toBe(`
db/1.sql
  1  CREATE INDEX orders_email_idx ON orders (email)
      ShareLock               for the whole build             orders
  2  ALTER TABLE orders …
      ShareRowExclusiveLock   while it is read                orders
      RowShareLock            for as long as the rest takes   sales.customers (partitioned table) ?
      ? sales.customers: the constraint may be there already, and then nothing
        is done at all to either of the tables
  4  DO $$ BEGIN EXECUTE command; END $$
      not known: it is dynamic SQL, whose text is computed at run time
  5  CREATE TABLE invoices (id int)
      locks nothing that was there before
  6  ALTER TABLE nowhere ADD COLUMN a_column_whose_name_does_not_fit_on_the_lin…
      fails: relation "nowhere" does not exist (SQLSTATE 42P01)

  ShareRowExclusiveLock  blocks INSERT, UPDATE, DELETE
  ShareLock              blocks INSERT, UPDATE, DELETE
  RowShareLock           blocks neither reads nor writes
  for, while …           longer the larger the table
  ?                      depends on what the migrations do not show
  Queries that a lock blocks wait from the moment in which it is asked for,
  until the transaction that has it ends.

5 statements in 1 migration
`)
  })

  test('without those that lock nothing, which are counted', () => {
    const printed = locksText([file], plain, { all: false })
    expect(printed).not.toContain('CREATE TABLE invoices')
    expect(printed).toContain(
      '1 more statement locks nothing that was there before (--all shows them).\n5 statements in 1 migration\n',
    )
    // The JSON is for programs, which choose themselves.
    expect(JSON.parse(locksJson([file], plain, { all: false })).statements).toHaveLength(5)
    const quiet = { ...file, steps: [step('CREATE TABLE'), step('CREATE TABLE')] }
    expect(locksText([quiet], plain, { all: false })).toBe(
      '2 more statements lock nothing that was there before (--all shows them).\n2 statements in 1 migration\n',
    )
  })

  test('have the same columns in all statements and files, and a legend with what occurs', () => {
    const other = {
      source: { path: 'db/2.sql', text: 'VACUUM orders;' },
      steps: [
        {
          ...step('CREATE INDEX', { effects: [effect({ relation: 'orders', lock: 'ShareUpdateExclusiveLock' })] }),
          statement: { span: [0, 13] as const },
        },
      ],
    }
    const printed = locksText([file, other], plain, { all: false })
    const starts = printed.split('\n').flatMap(line => {
      const [, before] = /^( {6}\w+Lock +\S.*? {3})(?:orders|sales\.customers)/.exec(line) ?? []
      return before?.length ?? []
    })
    expect([starts.length, new Set(starts).size]).toEqual([4, 1])
    expect(printed).toContain('ShareUpdateExclusiveLock  blocks neither reads nor writes')
    expect(printed).not.toContain('AccessExclusiveLock ')
  })

  test('of no migrations', () => {
    expect(locksText([], plain, { all: false })).toBe('0 statements in 0 migrations\n')
  })
})

test('the locks of migrations, for programs: the contract', () => {
  const document = JSON.parse(locksJson([file], plain, { all: false }))
  expect(document.schemaVersion).toBe(1)
  expect(document.statements.map(({ sql }: { sql: string }) => sql.slice(0, 14))).toEqual([
    'CREATE INDEX o',
    'ALTER TABLE or',
    'DO $$ BEGIN EX',
    'CREATE TABLE i',
    'ALTER TABLE no',
  ])
  expect(document.statements[0]).toEqual({
    path: 'db/1.sql',
    start: { line: 1, column: 1, offset: 0 },
    end: { line: 1, column: 48, offset: 47 },
    sql: 'CREATE INDEX orders_email_idx ON orders (email)',
    transaction: 4,
    opaque: false,
    effects: [
      {
        relation: 'orders',
        kind: 'table',
        lock: 'ShareLock',
        work: 'build',
        blocks: { reads: false, writes: true },
        certain: true,
        because: 'the index is built',
      },
    ],
  })
  expect(document.statements[2]).toMatchObject({ opaque: true, transaction: null, effects: [] })
  expect(document.statements[4]).toMatchObject({
    error: { sqlstate: '42P01', message: 'relation "nowhere" does not exist' },
  })
  expect(locksJson([], plain, { all: false })).toBe('{\n  "schemaVersion": 1,\n  "statements": []\n}\n')
})
