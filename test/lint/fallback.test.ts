import { beforeAll, describe, expect, test } from 'vitest'
import { completeConfig, defineRule, lint } from '../../src/index.ts'
import { onlyRules } from '../../src/lint/config/only-rules.ts'
import type { Category, Rule } from '../../src/lint/rule.ts'
import type { Severity } from '../../src/migration/severity.ts'
import { loadParser } from '../../src/parse/parser.ts'

beforeAll(loadParser)

const net: Rule = {
  ...defineRule({
    title: 'Net',
    why: 'Nobody else has said it.',
    severity: 'error',
    category: 'locking',
    fallback: true,
    checkStep: ({ step }) => ({ at: step.statement.keyword, message: 'Something is wrong.', help: 'Help.' }),
  }),
  id: 'the-net',
}

/** Reports every DROP COLUMN. */
function specific(severity: Severity, category: Category, rest: Partial<Rule> = {}): Rule {
  return {
    ...defineRule({
      title: 'Specific',
      why: 'It is known what is wrong.',
      severity,
      category,
      on: ['drop-column'],
      check: ({ operation }) => ({ at: operation.keyword, message: 'This is wrong.', help: 'Help.' }),
    }),
    ...rest,
    id: 'specific-one',
  } as Rule
}

const migrations = [
  { path: '1.sql', content: 'CREATE TABLE orders (id bigint, a text, b text);' },
  { path: '2.sql', content: 'ALTER TABLE orders DROP COLUMN a;\nALTER TABLE orders ADD COLUMN c text;' },
]

async function found(rule: Rule, config = {}): Promise<string[]> {
  const registry = { rules: [net, rule], pages: {}, trackingTables: [] }
  const report = await lint({ migrations, config, registry, report: path => path === '2.sql' })
  expect(report.internalErrors).toEqual([])
  return report.findings.map(({ rule, at }) => `${rule} in line ${at[0] < 34 ? 1 : 2}`)
}

describe('a rule that is a fallback', () => {
  test('is silent about statements of which another rule reports an error', async () => {
    expect(await found(specific('error', 'locking'))).toEqual(['specific-one in line 1', 'the-net in line 2'])
  })

  test.each(['data loss', 'breaking change'] as const)('speaks beside %s, which is another matter', async category => {
    expect(await found(specific('error', category))).toEqual([
      'the-net in line 1',
      'specific-one in line 1',
      'the-net in line 2',
    ])
  })

  test('reports if the other rule only warns', async () => {
    expect(await found(specific('warning', 'locking'))).toContain('the-net in line 1')
  })

  test.each(['off', 'note'])('does not say again what the user has set to %s', async setting => {
    const findings = await found(specific('error', 'locking'), { rules: { 'specific-one': setting } })
    expect(findings).not.toContain('the-net in line 1')
    expect(findings).toContain('the-net in line 2')
  })

  test('reports if the preset leaves out the other rule', async () => {
    const rule = specific('error', 'locking', { presets: { recommended: 'off' } })
    expect(await found(rule)).toEqual(['the-net in line 1', 'the-net in line 2'])
  })

  test('reports the same if it is the only selected rule', async () => {
    const rule = specific('error', 'locking')
    expect(await found(rule, onlyRules(completeConfig({}), ['the-net'], [net, rule]))).toEqual(['the-net in line 2'])
  })

  test('gives way to a finding about a whole migration, at that place', async () => {
    const rule: Rule = {
      ...defineRule({
        title: 'Whole',
        why: 'The migration is wrong.',
        severity: 'error',
        category: 'transaction',
        checkMigration: ({ migration }) => ({
          at: migration[1]?.statement.keyword ?? [0, 0],
          message: 'This is wrong.',
          help: 'Help.',
        }),
      }),
      id: 'whole-one',
    }
    expect(await found(rule)).toEqual(['the-net in line 1', 'whole-one in line 2'])
  })
})

test('a statement that certainly fails loses no data and breaks no code', async () => {
  const content = 'ALTER TABLE orders DROP COLUMN a, DROP COLUMN nowhere;'
  const report = await lint({ migrations: [...migrations.slice(0, 1), { path: '2.sql', content }] })
  expect(report.findings.filter(({ rule }) => rule === 'drop-column')).toEqual([])
})
