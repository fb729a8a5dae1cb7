import { describe, expect, test } from 'vitest'
import { completeConfig, defaultConfig, type Input, lint as lintAll, registry, steps } from '../../src/index.ts'
import type { Preset } from '../../src/lint/config/config.ts'
import type { PartialConfig } from '../../src/lint/config/config-file.ts'
import { onlyRules } from '../../src/lint/config/only-rules.ts'
import type { OperationRule, Rule } from '../../src/lint/rule.ts'
import { registryOf } from './kit/rules.ts'

const setup = { path: '1.sql', content: 'CREATE TABLE orders (id bigint PRIMARY KEY, a text, b text, c text);' }
const second = (content: string | Uint8Array) => [setup, { path: '2.sql', content }]
/** What these tests are written with: four rules of the program. */
const few = registryOf('blocking-index-build', 'drop-column', 'invalid-encoding', 'syntax-error')
/** Lints with these rules, where a test brings no others. */
const lint = (input: Input) => lintAll({ registry: few, ...input })
const rules = async (input: Input) =>
  (await lint(input)).findings.map(({ path, rule, severity }) => `${path} ${rule} ${severity}`)

function withRules(...own: Rule[]) {
  return { rules: own, pages: {}, trackingTables: [] }
}

type TableRule = OperationRule<'create-table'> & { readonly id: string }

const tableRule: TableRule = {
  id: 'table',
  title: 'Table',
  why: 'It is a table.',
  severity: 'error',
  category: 'schema',
  on: ['create-table'],
  check: ({ operation, options }) => ({
    at: operation.keyword,
    message: `${options.word} ${operation.name}.`,
    help: 'Help.',
  }),
  options: { word: { type: 'string', description: 'A word.', default: 'Table' } },
  formerly: ['old-table'],
}

describe('what is reported', () => {
  const migrations = ['a', 'b', 'c'].map((column, i) => ({
    path: `db/${i + 1}_x.sql`,
    content: `ALTER TABLE orders DROP COLUMN ${column};`,
  }))
  const paths = async (input: Partial<Input>) =>
    (await lint({ migrations: [setup, ...migrations], ...input })).findings.map(({ path }) => path)

  test('every file, in the order of application', async () => {
    expect(await paths({})).toEqual(['db/1_x.sql', 'db/2_x.sql', 'db/3_x.sql'])
  })

  test('the files that were asked for; the others are history', async () => {
    const report = await lint({ migrations: [setup, ...migrations], report: path => path === 'db/2_x.sql' })
    expect(report.findings.map(({ path }) => path)).toEqual(['db/2_x.sql'])
    expect(report.summary).toMatchObject({ migrations: 1, statements: 1, errors: 1 })
  })

  test.each(['2_x', '2_x.sql', 'db/2_x.sql', './db/2_x.sql', '2'])(
    'what comes after startAfter %s',
    async startAfter => {
      expect(await paths({ config: { startAfter } })).toEqual(['db/3_x.sql'])
    },
  )

  test('startAfter may be a number between two migrations, and is reported if it has no effect (OF-34)', async () => {
    const dated = [20250101, 20260101].map(n => ({
      path: `${n}_x.sql`,
      content: 'ALTER TABLE orders DROP COLUMN IF EXISTS z;',
    }))
    const report = await lint({ migrations: [setup, ...dated], config: { startAfter: '20250601' } })
    expect(report.summary.migrations).toBe(1)
    const lost = await lint({ migrations: [setup], config: { startAfter: 'nothing' } })
    expect(lost.summary.migrations).toBe(1)
    expect(lost.notices).toEqual(['startAfter: no migration is called "nothing", so all are reported'])
  })

  test('a small table causes no alarm', async () => {
    const input = { migrations: second('CREATE INDEX orders_a_idx ON orders (a);') }
    expect(await rules(input)).toEqual(['2.sql blocking-index-build error'])
    expect(await rules({ ...input, config: { tables: { orders: { size: 'small' } } } })).toEqual([])
    expect(await rules({ ...input, config: { tables: { 'public.*': { size: 'small' } } } })).toEqual([])
    const but = { 'ord*': { size: 'small' }, orders: { size: 'large' } } as const
    expect(await rules({ ...input, config: { tables: but } })).toEqual(['2.sql blocking-index-build error'])
  })
})

describe('severities', () => {
  const input = { migrations: [setup], registry: withRules(tableRule) }

  test.each([
    [{ table: 'warning' }, ['1.sql table warning']],
    [{ table: 'off' }, []],
    [{ 'old-table': 'note' }, ['1.sql table note']],
  ] as const)('by the configuration: %j', async (set, expected) => {
    expect(await rules({ ...input, config: { rules: set } })).toEqual(expected)
  })

  test('by overrides, the last that matches', async () => {
    const overrides = [
      { files: ['*.sql'], rules: { table: 'warning' } },
      { files: ['1.sql'], rules: { table: ['note', { word: 'Relation' }] } },
      { files: ['other/**'], rules: { table: 'off' } },
    ] as const
    const report = await lint({ ...input, config: { overrides } })
    expect(report.findings.map(({ severity, message }) => `${severity} ${message}`)).toEqual(['note Relation orders.'])
  })

  test('by a former name of the rule, which a notice mentions (OF-32)', async () => {
    const overrides = [{ files: ['1.sql'], rules: { 'old-table': 'note' } }] as const
    for (const config of [{ rules: { 'old-table': 'note' } }, { overrides }] as const) {
      const report = await lint({ ...input, config })
      expect(report.findings.map(({ rule, severity }) => `${rule} ${severity}`)).toEqual(['table note'])
      expect(report.notices).toEqual(['The rule "old-table" is now called "table": change the configuration.'])
    }
    expect((await lint({ ...input, config: { rules: { table: 'note' } } })).notices).toEqual([])
  })

  test('by presets', async () => {
    const quiet: Rule = {
      ...tableRule,
      id: 'quiet',
      severity: 'warning',
      presets: { recommended: 'off', strict: 'note' },
    }
    const never: Rule = { ...tableRule, id: 'never', presets: { recommended: 'off', strict: 'off' } }
    const of = (preset: Preset) => rules({ migrations: [setup], registry: withRules(quiet, never), config: { preset } })
    expect(await of('recommended')).toEqual([])
    expect(await of('strict')).toEqual(['1.sql quiet note'])
    expect(await of('all')).toEqual(['1.sql never error', '1.sql quiet note'])
  })

  test('a case that a rule calls milder is milder, unless the configuration names the rule', async () => {
    const mild: TableRule = {
      ...tableRule,
      id: 'mild',
      check: ({ operation }) => ({ at: operation.keyword, message: 'Maybe.', help: 'Help.', severity: 'warning' }),
    }
    const noted: TableRule = { ...mild, presets: { recommended: 'note' } }
    expect(await rules({ migrations: [setup], registry: withRules(mild) })).toEqual(['1.sql mild warning'])
    expect(await rules({ migrations: [setup], registry: withRules(noted) })).toEqual(['1.sql mild note'])
    expect(
      await rules({ migrations: [setup], registry: withRules(mild), config: { rules: { mild: 'error' } } }),
    ).toEqual(['1.sql mild error'])
  })

  test('rules that are on for some files only are listed', async () => {
    const config = { rules: { table: 'off' }, overrides: [{ files: ['1.sql'], rules: { table: 'note' } }] } as const
    const report = await lint({ ...input, config })
    expect(report.rules.map(({ id, severity }) => `${id} ${severity}`)).toEqual(['table note'])
  })
})

describe('findings', () => {
  test('are in the order of place, then rule; equal ones are one (OF-14)', async () => {
    const twice: TableRule = {
      ...tableRule,
      id: 'a-rule',
      check: ({ operation }) => [
        { at: operation.keyword, message: 'First.', help: 'Help.', severity: 'warning' },
        { at: operation.keyword, message: 'Second.', help: 'Help.' },
      ],
    }
    const migrations = [{ path: '1.sql', content: 'CREATE TABLE b ();\nCREATE TABLE a ();' }]
    const { findings } = await lint({ migrations, registry: withRules(tableRule, twice) })
    expect(findings.map(({ rule, at, message, severity }) => `${at[0]} ${rule} ${severity} ${message}`)).toEqual([
      '0 a-rule error Second.',
      '0 table error Table b.',
      '19 a-rule error Second.',
      '19 table error Table a.',
    ])
  })

  test('about several relations at one place are reported for each', async () => {
    const each: TableRule = {
      ...tableRule,
      id: 'each',
      check: ({ operation, step }) =>
        step.effects.flatMap(effect => {
          const one = { at: operation.keyword, message: `Locks ${effect.relation}.`, help: 'Help.', effects: [effect] }
          return [one, one]
        }),
    }
    const migrations = [
      { path: '1.sql', content: 'CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY);' },
      { path: '2.sql', content: 'CREATE TABLE c (a int REFERENCES a, b int REFERENCES b);' },
    ]
    const { findings } = await lint({ migrations, registry: withRules(each) })
    const told = findings.filter(({ path }) => path === '2.sql')
    expect(told.map(({ message, effects }) => [message, effects?.length])).toEqual(
      expect.arrayContaining([
        ['Locks a.', 1],
        ['Locks b.', 1],
      ]),
    )
    expect(new Set(told.map(({ message }) => message)).size).toBe(told.length)
    expect(new Set(told.map(({ fingerprint }) => fingerprint)).size).toBe(told.length)
  })

  test('have the locked relations, if they are about locks', async () => {
    const { findings } = await lint({
      migrations: second('CREATE INDEX orders_a_idx ON orders (a); ALTER TABLE orders DROP COLUMN b;'),
    })
    expect(
      findings.map(({ effects }) => effects?.map(({ relation, lock, work }) => `${relation} ${lock} ${work}`)),
    ).toEqual([['orders ShareLock build'], undefined])
  })

  test('keep their fingerprints when other lines move, and tell equals apart (OF-06)', async () => {
    const prints = async (sql: string) =>
      (await lint({ migrations: second(sql) })).findings.map(({ fingerprint }) => fingerprint)
    const drop = 'ALTER TABLE orders DROP COLUMN a;'
    const [first] = await prints(drop)
    expect(first).toMatch(/^[0-9a-f]{16}$/)
    expect(await prints(`-- more\n\nSELECT 1;\nALTER TABLE orders\n  DROP COLUMN a; -- now`)).toEqual([first])
    const many = await prints(
      'DROP INDEX x; ALTER TABLE orders DROP COLUMN b; CREATE INDEX ON orders (c); CREATE INDEX ON orders (c);',
    )
    expect(new Set([...many, first]).size).toBe(many.length + 1)
    const silenced = await lint({
      migrations: second(`${drop.replace(' a', ' c')}\n-- migrate-lint-disable-next-statement\n${drop}`),
    })
    expect(silenced.suppressed.map(({ fingerprint }) => fingerprint)).toEqual([first])
  })

  test('of a statement that does not parse are one (OF-21)', async () => {
    const report = await lint({
      migrations: second(
        'SELECT 1;\nALTER TABLE orders DROP COLUMN a, DROP COLUM b;\nALTER TABLE orders DROP COLUMN b;',
      ),
    })
    expect(report.findings.map(({ rule }) => rule)).toEqual(['syntax-error', 'drop-column'])
    expect(report.findings[0]?.message).toContain('syntax error at or near "b"')
  })

  test('come with the text of all files that are reported on', async () => {
    const { sources } = await lint({ migrations: second('ALTER TABLE orders DROP COLUMN a;') })
    expect([...sources.keys()]).toEqual(['1.sql', '2.sql'])
  })
})

describe('a rule that throws', () => {
  const broken: TableRule = {
    ...tableRule,
    id: 'broken',
    check: ({ operation }) => {
      if (operation.name === 'b') throw new Error('no table b')
      return { at: operation.keyword, message: 'Fine.', help: 'Help.' }
    },
  }

  test('is reported with file and line; it and the others go on (OF-26)', async () => {
    const migrations = [{ path: '1.sql', content: 'CREATE TABLE a ();\n\nCREATE TABLE b ();\nCREATE TABLE c ();' }]
    const report = await lint({ migrations, registry: withRules(broken, tableRule) })
    expect(report.internalErrors).toMatchObject([{ part: 'broken', path: '1.sql', line: 3, message: 'no table b' }])
    expect(report.findings.map(({ rule }) => rule)).toEqual(['broken', 'table', 'table', 'broken', 'table'])
  })
})

describe('input', () => {
  test('of any encoding (OF-25)', async () => {
    const utf16 = new Uint8Array([0xff, 0xfe, ...[...'DROP TABLE 1;'].flatMap(c => [c.charCodeAt(0), 0])])
    expect(await rules({ migrations: second(utf16) })).toEqual(['2.sql syntax-error error'])
    expect(await rules({ migrations: second(new Uint8Array([0x2d, 0x2d, 0xff])) })).toEqual([
      '2.sql invalid-encoding error',
    ])
    expect(await rules({ migrations: second('SELECT 1;\0ALTER TABLE orders DROP COLUMN a;') })).toEqual([
      '2.sql invalid-encoding error',
      '2.sql drop-column error',
    ])
  })

  test('of no length', async () => {
    expect((await lint({ migrations: [] })).summary).toEqual({
      earlierNotRead: 0,
      migrations: 0,
      statements: 0,
      errors: 0,
      warnings: 0,
      notes: 0,
      suppressed: 0,
    })
    expect(await rules({ migrations: [{ path: '1.sql', content: '' }] })).toEqual([])
  })

  test('twice gives the same report twice', async () => {
    const migrations = second(
      'CREATE INDEX ON orders (a);\nALTER TABLE orders DROP COLUMN b, ALTER COLUMN c SET NOT NULL;\nDROP TABL;',
    )
    expect(await lint({ migrations, registry })).toEqual(await lint({ migrations, registry }))
  })

  test('of which the steps can be had', async () => {
    const { files } = await steps({ migrations: second('CREATE INDEX ON orders (a);') })
    expect(files.map(({ path, steps }) => `${path} ${steps.length}`)).toEqual(['1.sql 1', '2.sql 1'])
    expect(files[1]?.steps[0]?.effects.map(({ relation, work }) => `${relation} ${work}`)).toEqual(['orders build'])
  })
})

test('the report says who made it, of what', async () => {
  const given = { migrations: [setup], registry, config: defaultConfig, system: 'dbmate', notices: ['left out: x'] }
  const report = await lint(given)
  expect(report).toMatchObject({
    tool: { name: 'migrate-lint' },
    system: 'dbmate',
    notices: ['left out: x'],
    milliseconds: null,
  })
  expect(report.rules.map(({ id }) => id)).toEqual(
    registry.rules.map(({ id }) => id).filter(id => report.rules.some(rule => rule.id === id)),
  )
  for (const { page, url, id } of report.rules) {
    expect(page).toContain(`# ${id}`)
    expect(url).toMatch(new RegExp(`^https://.*/${id}\\.md$`))
  }
})

describe('only', () => {
  const other: TableRule = { ...tableRule, id: 'other', formerly: [] }
  const { rules: all } = withRules(tableRule, other)
  const shown = async (config: PartialConfig, ids: string[]) =>
    rules({ migrations: [setup], registry: withRules(...all), config: onlyRules(completeConfig(config), ids, all) })

  test('the named rules are on, as they are set, also where they are overridden', async () => {
    expect(await shown({}, ['table'])).toEqual(['1.sql table error'])
    expect(await shown({}, ['old-table'])).toEqual(['1.sql table error'])
    expect(await shown({ rules: { table: 'note' } }, ['table'])).toEqual(['1.sql table note'])
    expect(await shown({ rules: { table: 'off' } }, ['table'])).toEqual(['1.sql table error'])
    const overrides = [{ files: ['1.sql'], rules: { table: 'warning', other: 'warning' } }] as const
    expect(await shown({ overrides }, ['table'])).toEqual(['1.sql table warning'])
  })

  test('a rule that the configuration does not name keeps its milder cases', async () => {
    const mild: TableRule = {
      ...other,
      id: 'mild',
      check: ({ operation }) => ({ at: operation.keyword, message: 'Maybe.', help: 'Help.', severity: 'note' }),
    }
    const config = onlyRules(defaultConfig, ['mild'], [mild, tableRule])
    expect(await rules({ migrations: [setup], registry: withRules(mild, tableRule), config })).toEqual([
      '1.sql mild note',
    ])
  })
})
