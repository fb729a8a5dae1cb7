import { describe, expect, test } from 'vitest'
import type { Report } from '../../src/lint/report.ts'
import { text } from '../../src/report/text.ts'
import { effect, finding, plain, report, spanOf, withoutStyling } from './kit/builder.ts'

const path = 'db/migrations/20260301_orders_email.sql'
const sql = `-- migrate:up transaction:false
CREATE INDEX orders_email_idx ON orders (email);
ALTER TABLE orders
  ADD COLUMN token uuid DEFAULT gen_random_uuid();
`

const index = finding({
  path,
  at: spanOf(sql, 'CREATE INDEX'),
  why: '',
  effects: [effect({ relation: 'orders', lock: 'ShareLock', work: 'build' })],
  help: [
    'Instead, in a migration of its own that starts with `-- migrate:up transaction:false`:',
    { code: 'CREATE INDEX CONCURRENTLY orders_email_idx ON orders (email);', language: 'sql' },
  ],
})
const column = finding({
  path,
  at: spanOf(sql, 'ALTER TABLE orders\n  ADD COLUMN token uuid DEFAULT gen_random_uuid()'),
  rule: 'volatile-default',
  message: 'Adding "token" rewrites "orders": nobody can read or write it until every row has been copied.',
  why: 'gen_random_uuid() is volatile, so every row gets a value of its own.',
  effects: [
    effect({ relation: 'orders', lock: 'AccessExclusiveLock', work: 'rewrite' }),
    effect({ relation: 'audit.order_changes', lock: 'ShareRowExclusiveLock', work: 'scan', certain: false }),
  ],
  help: [
    'Add the column without a default, then fill it in batches, each in a transaction of its own:',
    { code: 'ALTER TABLE orders ADD COLUMN token uuid;', language: 'sql' },
    '\n- do not\n- hurry',
  ],
  related: [{ path: 'db/migrations/20260101_orders.sql', at: [3, 4], message: 'the table was created here' }],
})
const note = finding({ path, at: [0, 0], severity: 'note', rule: 'missing-lock-timeout', message: 'No lock_timeout.' })

/** With a line end before it, so that the expected text can begin on a line of its own. */
const print = (given: Report, style = plain) => `\n${text(given, style)}`

describe('a finding (OF-11)', () => {
  test('in a wide terminal', () => {
    const given = report({ [path]: sql }, [index], { system: 'dbmate', migrations: 12, statements: 34 })
    expect(print(given, { ...plain, width: 120 })).toBe(`
db/migrations/20260301_orders_email.sql  (dbmate)

  2 │ CREATE INDEX orders_email_idx ON orders (email);
    │ ^^^^^^^^^^^^ error  blocking-index-build

  Building "orders_email_idx" blocks writes to "orders" until it is done.
  orders   ShareLock   blocks INSERT, UPDATE, DELETE   for the whole build: longer the larger the table
  Instead, in a migration of its own that starts with \`-- migrate:up transaction:false\`:
      CREATE INDEX CONCURRENTLY orders_email_idx ON orders (email);

1 error in 1 of 12 migrations (34 statements, 38 ms)
`)
  })

  test('in eighty columns: prose is wrapped and SQL is not; findings of a file under one heading', () => {
    const given = report({ [path]: sql, 'db/migrations/20260101_orders.sql': '-- x\n' }, [index, note, column], {
      system: 'dbmate',
    })
    expect(print(given)).toBe(`
db/migrations/20260301_orders_email.sql  (dbmate)

  2 │ CREATE INDEX orders_email_idx ON orders (email);
    │ ^^^^^^^^^^^^ error  blocking-index-build

  Building "orders_email_idx" blocks writes to "orders" until it is done.
  orders   ShareLock   blocks INSERT, UPDATE, DELETE
           for the whole build: longer the larger the table
  Instead, in a migration of its own that starts with
  \`-- migrate:up transaction:false\`:
      CREATE INDEX CONCURRENTLY orders_email_idx ON orders (email);

  3 │ ALTER TABLE orders
    │ ^^^^^^^^^^^^^^^^^^
  4 │   ADD COLUMN token uuid DEFAULT gen_random_uuid();
    │   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error  volatile-default

  Adding "token" rewrites "orders": nobody can read or write it until every row
  has been copied.
  orders
      AccessExclusiveLock     blocks SELECT, INSERT, UPDATE, DELETE
                              while it is copied: longer the larger it is
  audit.order_changes
      ShareRowExclusiveLock   blocks INSERT, UPDATE, DELETE
                              perhaps while it is read: longer the larger it is
  gen_random_uuid() is volatile, so every row gets a value of its own.

  Add the column without a default, then fill it in batches, each in a
  transaction of its own:
      ALTER TABLE orders ADD COLUMN token uuid;

  - do not
  - hurry
  → db/migrations/20260101_orders.sql:1:4: the table was created here

2 errors in 1 of 2 migrations (3 statements, 38 ms); 1 note (see --notes)
`)
  })

  test('of many relations names the first eight', () => {
    const effects = Array.from({ length: 10 }, (_, i) => effect({ relation: `p${i}`, lock: 'ShareLock' }))
    expect(print(report({ [path]: sql }, [{ ...index, effects }]))).toContain(
      '  p7   ShareLock   blocks INSERT, UPDATE, DELETE   instant once it has the lock\n  and 2 more relations\n',
    )
  })

  test('about a table that is only locked during work on another does not say that this takes a moment', () => {
    const effects = [
      effect({ relation: 'events', lock: 'ShareLock' }),
      effect({ relation: 'events_1', lock: 'ShareLock', work: 'build' }),
    ]
    const printed = print(report({ [path]: sql }, [{ ...index, effects }]))
    expect(printed).toContain(
      '  events     ShareLock   blocks INSERT, UPDATE, DELETE\n             for as long as the rest takes\n',
    )
  })

  test('a command is never broken, because its first half may be another command', () => {
    const command = `git checkout main -- db/migrations/${'long/'.repeat(12)}a.sql`
    const help = [`Put the change into a new migration. Put this file back as it was: \`${command}\`. Then deploy.`]
    expect(print(report({ [path]: sql }, [{ ...index, help }]))).toContain(`\n  \`${command}\`.\n  Then deploy.\n`)
    const endless = [`Read \`${'word '.repeat(100)}\``]
    const lines = print(report({ [path]: sql }, [{ ...index, help: endless }])).split('\n')
    expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(80)
  })

  test('in a file without its text', () => {
    expect(print(report({}, [{ ...index, help: ['Do not.'] }], { migrations: 1 }))).toContain(
      '  1 │\n    │ ^ error  blocking-index-build\n',
    )
  })

  test('in ASCII', () => {
    const given = report({ [path]: sql }, [{ ...column, message: 'a\u001bb' }])
    expect(text(given, { ...plain, ascii: true })).toMatch(/^[\n -~]+$/)
  })
})

describe('colour and links', () => {
  const given = report({ [path]: sql }, [index])

  test('are only escape sequences around the same text', () => {
    const painted = text(given, { ...plain, color: true, links: true })
    expect(painted).toContain(
      '\u001b]8;;https://example.org/rules/blocking-index-build.md\u001b\\blocking-index-build\u001b]8;;\u001b\\',
    )
    expect(painted).toContain('\u001b[1m\u001b[31merror')
    expect(withoutStyling(painted)).toBe(text(given, plain))
  })

  test('an address that could end its sequence is not a link', () => {
    const hostile = report({ [path]: sql }, [{ ...index, url: 'https://example.org/\u001b\\\u001b[2J' }])
    expect(text(hostile, { ...plain, links: true })).toBe(text(hostile, plain))
  })
})

describe('the last line', () => {
  const warning = { ...index, severity: 'warning' } as const
  const files = { [path]: sql, 'b.sql': 'SELECT 1;' }
  const last = (given: Report, style = plain) => text(given, style).trimEnd().split('\n').at(-1)

  test('is the only one of a safe run', () => {
    expect(text(report(files), plain)).toBe('No dangers in 2 migrations (3 statements, 38 ms)\n')
    expect(text(report(files, [note]), plain)).toBe(
      'No dangers in 2 migrations (3 statements, 38 ms); 1 note (see --notes)\n',
    )
    expect(text(report({}, [], { statements: 0 }), plain)).toBe('No migrations (0 statements, 38 ms)\n')
  })

  test.each([
    ['2 errors, 1 warning in 1 of 2 migrations (3 statements, 38 ms)', report(files, [index, index, warning])],
    ['1 error in 1 migration (1 statement)', report({ [path]: sql }, [index], { statements: 1, milliseconds: null })],
    ['1 warning in 1 of 2 migrations (3 statements, 1.5 s)', report(files, [warning], { milliseconds: 1501 })],
    [
      '1 error in 1 of 2 migrations (3 statements, 38 ms); 1 suppressed',
      report(files, [index], { suppressed: [{ ...index, reason: null }] }),
    ],
  ])('%s', (expected, given) => {
    expect(last(given)).toBe(expected)
  })

  test('counts notes where they are printed', () => {
    const given = report(files, [index, note])
    expect(last(given, { ...plain, notes: true })).toBe('1 error, 1 note in 1 of 2 migrations (3 statements, 38 ms)')
    expect(text(given, { ...plain, notes: true })).toContain('note  missing-lock-timeout')
  })

  test('is broken where it does not fit', () => {
    expect(
      print(report({}, [], { migrations: 1200, statements: 34000, suppressed: [{ ...index, reason: null }] }), {
        ...plain,
        width: 50,
      }),
    ).toBe(`
No dangers in 1200 migrations (34000 statements, 38 ms)
1 suppressed
`)
  })
})
