import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Report } from '../../src/lint/report.ts'
import { tokens } from '../../src/parse/lexer.ts'
import { brokenAtClauses, brokenAtStatements } from '../../src/report/clauses.ts'
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
db/migrations/20260301_orders_email.sql:2:1  error  blocking-index-build  (dbmate)
  2 │ CREATE INDEX orders_email_idx ON orders (email);
    │ ^^^^^^^^^^^^
  Building "orders_email_idx" blocks writes to "orders" until it is done.
  orders   ShareLock   blocks INSERT, UPDATE, DELETE   for the whole build: longer the larger the table
  Instead, in a migration of its own that starts with \`-- migrate:up transaction:false\`:
      CREATE INDEX CONCURRENTLY orders_email_idx ON orders (email);

1 error in 1 of 12 migrations (34 statements, 38 ms)
`)
  })

  test('in eighty columns: prose is wrapped; the system is named once for a file', () => {
    const given = report({ [path]: sql, 'db/migrations/20260101_orders.sql': '-- x\n' }, [index, note, column], {
      system: 'dbmate',
    })
    expect(print(given)).toBe(`
db/migrations/20260301_orders_email.sql:2:1  error  blocking-index-build
  (dbmate)
  2 │ CREATE INDEX orders_email_idx ON orders (email);
    │ ^^^^^^^^^^^^
  Building "orders_email_idx" blocks writes to "orders" until it is done.
  orders   ShareLock   blocks INSERT, UPDATE, DELETE
           for the whole build: longer the larger the table
  Instead, in a migration of its own that starts with
  \`-- migrate:up transaction:false\`:
      CREATE INDEX CONCURRENTLY orders_email_idx ON orders (email);

db/migrations/20260301_orders_email.sql:3:1  error  volatile-default
  3 │ ALTER TABLE orders
    │ ^^^^^^^^^^^^^^^^^^
  4 │   ADD COLUMN token uuid DEFAULT gen_random_uuid();
    │   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
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
      'db/migrations/20260301_orders_email.sql:1:1  error  blocking-index-build\n  (plain SQL)\n  1 │\n    │ ^\n',
    )
  })

  test('in ASCII', () => {
    const given = report({ [path]: sql }, [{ ...column, message: 'a\u001bb' }])
    expect(text(given, { ...plain, ascii: true })).toMatch(/^[\n -~]+$/)
  })
})

describe('a second finding of a rule', () => {
  const other = 'db/migrations/20260302_users.sql'
  const long = `DO $$\nBEGIN\n  PERFORM 1;\n  COMMIT;\nEND $$;`
  const second = {
    ...index,
    path: other,
    at: spanOf(sql, 'CREATE INDEX'),
    message: 'Building "users_email_idx" blocks writes to "users" until it is done.',
    why: 'Because.',
    help: [
      'Instead:',
      { code: 'CREATE INDEX CONCURRENTLY users_email_idx ON users (email);', language: 'sql' },
      { code: long, language: 'sql' },
    ],
    related: [
      { path, at: [3, 4], message: 'under the lock, too' },
      { path, at: [50, 51], message: 'under the lock, too' },
    ],
  } as const
  const given = report({ [path]: sql, [other]: sql }, [index, second, second])

  test('has its line and its short SQL, and its message where that names what is not in sight; nothing is repeated', () => {
    const printed = text(given, plain)
    expect(
      printed.slice(printed.indexOf(other)),
    ).toBe(`db/migrations/20260302_users.sql:2:1  error  blocking-index-build
  2 │ CREATE INDEX orders_email_idx ON orders (email);
      CREATE INDEX CONCURRENTLY users_email_idx ON users (email);
  → db/migrations/20260301_orders_email.sql:1:4, 2:19: under the lock, too
db/migrations/20260302_users.sql:2:1  error  blocking-index-build
  Building "users_email_idx" blocks writes to "users" until it is done.
  → db/migrations/20260301_orders_email.sql:1:4, 2:19: under the lock, too

Each rule is explained once; --verbose repeats it.
3 errors in 2 of 2 migrations (3 statements, 38 ms)
`)
  })

  test('has a message that says something else, whatever names are in sight', () => {
    const message = 'Building "orders_email_idx" blocks writes to "orders" until 4 others are done.'
    expect(text(report({ [path]: sql }, [index, { ...index, message }]), plain)).toContain(`  ${message}\n`)
  })

  test('says how many statements work under its locks once, because their places are shown', () => {
    const told = (count: number, of = 'orders') =>
      ({
        ...index,
        message: `Building "orders_email_idx" blocks "${of}". The transaction keeps its locks while ${count} later statements work.`,
        goesOn: true,
      }) as const
    const printed = text(report({ [path]: sql }, [told(8), told(7), told(6, 'a. b')]), plain)
    expect(printed.match(/while 8 later/g)).toHaveLength(1)
    expect(printed).not.toMatch(/7 later|6 later/)
    expect(printed).toContain('  Building "orders_email_idx" blocks "a. b".\n')
  })

  test('has code of another shape, also if it is long, and statements share lines', () => {
    const code = (...lines: string[]) => [{ code: lines.join('\n'), language: 'sql' }]
    const first = { ...index, help: code('BEGIN;', 'ALTER TYPE a RENAME TO b;', 'COMMIT;') }
    const again = { ...index, help: code('BEGIN;', 'ALTER TYPE c RENAME TO d;', 'COMMIT;') }
    const another = { ...index, help: code('BEGIN;', 'DROP TYPE c;', "COMMENT ON SCHEMA a IS '", "';") }
    const printed = text(report({ [path]: sql }, [first, again, another]), plain)
    expect(printed).toContain('\n      BEGIN;\n      ALTER TYPE a RENAME TO b;\n      COMMIT;\n')
    expect(printed).toContain('\n      BEGIN; ALTER TYPE c RENAME TO d; COMMIT;\n')
    // Text that goes over lines is not touched.
    expect(printed).toContain("\n      BEGIN;\n      DROP TYPE c;\n      COMMENT ON SCHEMA a IS '\n      ';\n")
  })

  test('has no code that the statement is already', () => {
    const help = [{ code: `SET lock_timeout = '2s';\n${sql.trim().split('\n').at(-1)}`, language: 'sql' }]
    const printed = text(
      report({ [path]: sql }, [
        { ...index, help },
        { ...index, at: [0, 3], help: [{ ...help[0], code: `${help[0]?.code} ` }] as never },
      ]),
      plain,
    )
    expect(printed.split('lock_timeout')).toHaveLength(2)
  })

  test('names the migration system only where it is another one', () => {
    const goose = { ...second, system: 'goose' }
    const printed = text(report({ [path]: sql, [other]: sql }, [index, second, goose, goose]), plain)
    expect(printed.split('(plain SQL)')).toHaveLength(2)
    expect(printed.split('(goose)')).toHaveLength(2)
  })

  test('is explained again with --verbose', () => {
    const printed = text(given, { ...plain, verbose: true })
    expect(printed.split('Because.')).toHaveLength(3)
    expect(printed.split('  PERFORM 1;')).toHaveLength(3)
    expect(printed).not.toContain('--verbose')
  })
})

test('many findings are counted by rule and by table, errors first', () => {
  const effects = [effect({ relation: 'orders' }), effect({ relation: 'orders_idx', kind: 'index' })]
  const warnings = Array.from({ length: 9 }, () => ({ ...column, severity: 'warning' as const, effects }))
  const printed = text(report({ [path]: sql }, [...warnings, index, index]), plain)
  expect(printed).toContain(`
By rule:   blocking-index-build 2, volatile-default 9
By table:  orders 11

`)
  expect(text(report({ [path]: sql }, [index, column]), plain)).not.toContain('By rule')
})

describe('long SQL', () => {
  test.each([
    [
      'is broken before clauses',
      'ALTER TABLE a ADD CONSTRAINT b FOREIGN KEY (c) REFERENCES d (e) NOT VALID;',
      ['ALTER TABLE a ADD CONSTRAINT b', '  FOREIGN KEY (c) REFERENCES d (e)', '  NOT VALID;'],
    ],
    [
      'is not broken within quotes, or before the rest of a clause',
      `SELECT ' WHERE a AND b OR c WHERE d AND e ' AS "x FROM y WHERE z";`,
      [`SELECT ' WHERE a AND b OR c WHERE d AND e ' AS "x FROM y WHERE z";`],
    ],
    [
      'keeps its own lines',
      'SELECT 1;\n\n  SELECT a, b, c FROM d WHERE e = 1 AND f = 2;',
      ['SELECT 1;', '', '  SELECT a, b, c FROM d', '    WHERE e = 1 AND f = 2;'],
    ],
    [
      'keeps comments whole',
      'SELECT 1; -- FROM this WHERE everything is a comment',
      ['SELECT 1; -- FROM this WHERE everything is a comment'],
    ],
  ])('%s', (_, long, lines) => {
    expect(brokenAtClauses(long, 34)).toEqual(lines)
  })

  test('has the same tokens as before, whatever it is', () => {
    const words = fc.constantFrom(
      'SELECT',
      'FROM',
      'a',
      '"b WHERE"',
      "'c AND'",
      '--d\n',
      '/* OR */',
      '$$ ON $$',
      ';',
      '(',
      '1',
      '\n',
    )
    fc.assert(
      fc.property(fc.array(words, { maxLength: 40 }), fc.integer({ min: 1, max: 40 }), (all, width) => {
        const code = all.join(' ')
        // No line of a report ends in spaces, not even between the two halves of a continued literal.
        const texts = (of: string) => tokens(of).map(({ text: each }) => each.replace(/[^\S\n]+$/gm, ''))
        expect(texts(brokenAtClauses(code, width).join('\n'))).toEqual(texts(code))
        expect(texts(brokenAtStatements(code, width).join('\n'))).toEqual(texts(code))
      }),
    )
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
