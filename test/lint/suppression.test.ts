import { describe, expect, test } from 'vitest'
import { lint, type Report } from '../../src/index.ts'
import { allowHelp } from '../../src/lint/advice/applied.ts'
import type { PartialConfig } from '../../src/lint/config/config-file.ts'

const setup = 'CREATE TABLE orders (id bigint PRIMARY KEY, a text, b text, c text, d text);'

async function run(sql: string, config: PartialConfig = {}): Promise<Report> {
  const migrations = [
    { path: '1.sql', content: setup },
    { path: '2.sql', content: sql },
  ]
  // Timeouts are another matter.
  const timeouts = { setBy: 'role' } as const
  const report = await lint({ migrations, config: { timeouts, ...config }, report: path => path === '2.sql' })
  expect(report.internalErrors).toEqual([])
  return report
}

/** `rule:line` of everything that stands, and of everything that was silenced. */
async function outcome(sql: string, config?: PartialConfig) {
  const { findings, suppressed } = await run(sql, config)
  const place = ({ rule, at }: { rule: string; at: readonly [number, number] }) =>
    `${rule}:${sql.slice(0, at[0]).split('\n').length}`
  return { stands: findings.map(place), silenced: suppressed.map(place) }
}

const drop = (column: string) => `ALTER TABLE orders DROP COLUMN ${column};`

describe('next-statement (OF-35)', () => {
  test.each([
    ['above', `-- migrate-lint-disable-next-statement drop-column -- why\n${drop('a')}\n${drop('b')}`],
    [
      'above, with blank lines and other comments between',
      `-- migrate-lint-disable-next-statement drop-column\n\n-- more\n${drop('a')}\n${drop('b')}`,
    ],
    [
      'above, in a block comment',
      `/* migrate-lint-disable-next-statement drop-column -- why */ ${drop('a')}\n${drop('b')}`,
    ],
    [
      'inside',
      `ALTER TABLE orders\n  -- migrate-lint-disable-next-statement drop-column\n  DROP COLUMN a;\n${drop('b')}`,
    ],
    [
      'inside, at the end of a line',
      `ALTER TABLE orders -- migrate-lint-disable-next-statement drop-column\n  DROP COLUMN a;\n${drop('b')}`,
    ],
    ['for all rules', `-- migrate-lint-disable-next-statement\n${drop('a')}\n${drop('b')}`],
  ])('%s', async (_, sql) => {
    const { stands, silenced } = await outcome(sql)
    expect(silenced).toEqual([expect.stringMatching(/^drop-column:/)])
    expect(stands).toEqual([`drop-column:${sql.split('\n').length}`])
  })

  test('above a statement in a DO block means that statement', async () => {
    const sql = `DO $$\nBEGIN\n  -- migrate-lint-disable-next-statement drop-column\n  ${drop('a')}\n  ${drop('b')}\nEND\n$$;\n${drop('c')}`
    expect(await outcome(sql)).toEqual({ stands: ['drop-column:5', 'drop-column:8'], silenced: ['drop-column:4'] })
  })

  test('above a DO block means all of it', async () => {
    const sql = `-- migrate-lint-disable-next-statement drop-column\nDO $$\nBEGIN\n  ${drop('a')}\n  ${drop('b')}\nEND\n$$;\n${drop('c')}`
    expect(await outcome(sql)).toEqual({ stands: ['drop-column:8'], silenced: ['drop-column:4', 'drop-column:5'] })
  })

  test('above a statement that does not parse means that one', async () => {
    const sql = `-- migrate-lint-disable-next-statement syntax-error, drop-column\nALTER TABEL x;\n${drop('a')}`
    const { stands, silenced } = await outcome(sql)
    expect(silenced).toEqual(['syntax-error:2'])
    expect(stands).toEqual(['unused-suppression:1', 'drop-column:3'])
  })
})

describe('line (OF-35)', () => {
  test.each([
    ['at its end', `${drop('a')} -- migrate-lint-disable-line drop-column\n${drop('b')}`],
    [
      'of a statement of several lines, on its last',
      `ALTER TABLE orders\n  DROP COLUMN a; -- migrate-lint-disable-line drop-column\n${drop('b')}`,
    ],
    [
      'of a statement of several lines, on its first',
      `ALTER TABLE orders -- migrate-lint-disable-line drop-column\n  DROP COLUMN a;\n${drop('b')}`,
    ],
    [
      'of a statement of several lines, in the middle',
      `ALTER TABLE orders\n -- migrate-lint-disable-line drop-column\n  DROP COLUMN a;\n${drop('b')}`,
    ],
  ])('%s', async (_, sql) => {
    const { stands, silenced } = await outcome(sql)
    expect(silenced).toEqual([expect.stringMatching(/^drop-column:/)])
    expect(stands).toEqual([`drop-column:${sql.split('\n').length}`])
  })

  test('with several statements means all of them', async () => {
    const sql = `${drop('a')} ${drop('b')} -- migrate-lint-disable-line drop-column\n${drop('c')}`
    expect(await outcome(sql)).toEqual({ stands: ['drop-column:2'], silenced: ['drop-column:1', 'drop-column:1'] })
  })

  test('in a DO block means the statement, not the block', async () => {
    const sql = `DO $$\nBEGIN\n  ${drop('a')} -- migrate-lint-disable-line drop-column\n  ${drop('b')}\nEND\n$$;`
    expect(await outcome(sql)).toEqual({ stands: ['drop-column:4'], silenced: ['drop-column:3'] })
  })
})

describe('blocks and files (OF-35)', () => {
  test('from disable to enable', async () => {
    const sql = `${drop('a')}\n-- migrate-lint-disable drop-column\n${drop('b')}\n-- migrate-lint-enable drop-column\n${drop('c')}`
    expect(await outcome(sql)).toEqual({ stands: ['drop-column:1', 'drop-column:5'], silenced: ['drop-column:3'] })
  })

  test('disable without enable goes on to the end', async () => {
    const sql = `${drop('a')}\n-- migrate-lint-disable\n${drop('b')}\n${drop('c')}`
    expect(await outcome(sql)).toEqual({ stands: ['drop-column:1'], silenced: ['drop-column:3', 'drop-column:4'] })
  })

  test('enable for one rule leaves the others disabled', async () => {
    const index = 'CREATE INDEX i ON orders (id);'
    const sql = `-- migrate-lint-disable\n${drop('a')}\n-- migrate-lint-enable drop-column\n${drop('b')}\n${index}`
    expect(await outcome(sql)).toEqual({
      stands: ['drop-column:4'],
      silenced: ['drop-column:2', 'blocking-index-build:5'],
    })
  })

  test('the file, wherever the comment stands', async () => {
    const sql = `${drop('a')}\n${drop('b')}\n-- migrate-lint-disable-file drop-column -- old`
    expect(await outcome(sql)).toEqual({ stands: [], silenced: ['drop-column:1', 'drop-column:2'] })
  })
})

describe('comments are checked (OF-35)', () => {
  test('a comment that silences nothing is reported at the name', async () => {
    const sql = `-- migrate-lint-disable-next-statement drop-column, blocking-index-build\n${drop('a')}`
    const { findings } = await run(sql)
    expect(findings.map(({ message }) => message)).toEqual([
      'There is no finding of "blocking-index-build" here to suppress.',
    ])
    expect(sql.slice(...(findings[0]?.at ?? [0, 0]))).toBe('blocking-index-build')
  })

  test('two comments for one finding are both of use', async () => {
    const sql = `-- migrate-lint-disable-file drop-column\n-- migrate-lint-disable-next-statement drop-column\n${drop('a')}`
    expect(await outcome(sql)).toEqual({ stands: [], silenced: ['drop-column:3'] })
  })

  test('the name of a rule that is off is not reported as unused, nor is a comment for all rules then', async () => {
    const config: PartialConfig = { rules: { 'drop-column': 'off' } }
    expect((await outcome(`-- migrate-lint-disable-next-statement drop-column\n${drop('a')}`, config)).stands).toEqual(
      [],
    )
    expect((await outcome(`-- migrate-lint-disable-next-statement\n${drop('a')}`, config)).stands).toEqual([])
    expect((await outcome('-- migrate-lint-disable-next-statement\nSELECT 1;')).stands).toEqual([
      'unused-suppression:1',
    ])
  })

  test('they cannot be silenced themselves', async () => {
    const sql = '-- migrate-lint-disable-file\n-- migrate-lint-disable-next-statement drop-colum\nSELECT 1;'
    expect((await outcome(sql)).stands).toEqual(['unused-suppression:1', 'unknown-rule-in-suppression:2'])
  })

  test('a reason is required if the configuration says so, and kept', async () => {
    const config: PartialConfig = { requireReason: true }
    const without = `-- migrate-lint-disable-next-statement drop-column\n${drop('a')}`
    expect((await outcome(without, config)).stands).toEqual(['suppression-without-reason:1'])
    const { findings, suppressed } = await run(without.replace('drop-column', 'drop-column -- nobody reads it'), config)
    expect(findings).toEqual([])
    expect(suppressed.map(({ reason }) => reason)).toEqual(['nobody reads it'])
  })
})

describe('an allowed edit', () => {
  const advised = [...allowHelp('2.sql').matchAll(/`([^`]+)`/g)].map(([, code = '']) =>
    code.replace('<reason>', 'it never ran'),
  )

  test.each([
    ...advised,
    '/* migrate-lint-allow-edit: it was never deployed */',
    '-- migrate-lint-allow-edit -- drop-column was never deployed',
    '-- migrate-lint-allow-edit it was never deployed',
  ])('is not a suppression, and its reason names no rules: %s', async comment => {
    for (const config of [{}, { requireReason: true }, { preset: 'all' }] as const) {
      const { stands } = await outcome(`${comment}\n${drop('a')}`, { ...config, rules: { 'drop-column': 'off' } })
      expect(stands.filter(found => /suppression|directive/.test(found))).toEqual([])
    }
  })

  test('without a reason is reported to allow nothing', async () => {
    const { findings } = await run('-- migrate-lint-allow-edit:\nSELECT 1;')
    expect(findings).toEqual([
      expect.objectContaining({ rule: 'suppression-without-reason', why: expect.stringContaining('has no effect') }),
    ])
  })
})

describe('comments of other linters (OF-36)', () => {
  const sql = `-- squawk-ignore ban-drop-column\n${drop('a')}\n-- squawk-ignore no-such-rule\n${drop('b')}`

  test('are honoured by their own names when compat is on, and are not checked', async () => {
    expect(await outcome(sql, { compat: true, requireReason: true })).toEqual({
      stands: ['drop-column:4'],
      silenced: ['drop-column:2'],
    })
  })

  test.each([
    ['-- atlas:nolint destructive', true],
    ['-- atlas:nolint data_depend destructive', true],
    ['-- atlas:nolint DS103', true],
    ['-- atlas:nolint data_depend', false],
    ['-- atlas:nolint concurrent_index', false],
    ['-- migrationpilot-disable MP017', true],
    ['-- migrationpilot-disable mp001, mp017', true],
    ['-- migrationpilot-disable MP001', false],
    ['/* migrationpilot-disable-file MP017 */', true],
  ])('of Atlas name analyzers, those of MigrationPilot numbers, too: %s', async (comment, silences) => {
    const { stands } = await outcome(`${comment}\n${drop('a')}`, { compat: true })
    expect(stands).toEqual(silences ? [] : ['drop-column:2'])
  })

  test('mean nothing otherwise', async () => {
    expect(await outcome(sql)).toEqual({ stands: ['drop-column:2', 'drop-column:4'], silenced: [] })
  })

  test('their names do not work in our comments', async () => {
    const mixed = `-- migrate-lint-disable-next-statement ban-drop-column\n${drop('a')}`
    expect((await outcome(mixed, { compat: true })).stands).toEqual(['unknown-rule-in-suppression:1', 'drop-column:2'])
  })
})
