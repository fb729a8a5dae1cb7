import { expect, test } from 'vitest'
import { checkPlugin, lint, withPlugins } from '../../src/index.ts'
import type { RuleDefinition } from '../../src/lint/rule.ts'
import { registryOf } from './kit/rules.ts'

const registry = registryOf('drop-table', 'unknown-rule-in-suppression')

const rule: RuleDefinition = {
  title: 'Table',
  why: 'A table is a table.',
  severity: 'warning',
  category: 'schema',
  on: ['create-table'],
  check: () => ({ at: [0, 6], message: 'Here is a table.', help: 'Leave it.' }),
}

const plugins = { acme: './rules.js' }
const one = { path: '1.sql', content: "SET lock_timeout = '1s';\nCREATE TABLE a (id bigint PRIMARY KEY);\n" }

/** What a plugin with this rule is refused for. */
function refusal(change: Readonly<Record<string, unknown>>): string {
  try {
    withPlugins(registry, { acme: { rules: { table: { ...rule, ...change } } } })
    return ''
  } catch (error) {
    return error instanceof Error ? error.message : ''
  }
}

test('a rule of a plugin has its prefix in reports, comments and the configuration', async () => {
  const all = withPlugins(registry, { acme: { rules: { table: { ...rule, formerly: ['relation'] } } } })
  const rules = async (content: string, config = {}) => {
    const report = await lint({
      migrations: [{ path: '1.sql', content }],
      registry: all,
      config: { plugins, ...config },
    })
    expect(report.internalErrors).toEqual([])
    return report.findings.map(({ rule, severity, url }) => `${severity} ${rule} ${url}`)
  }
  expect(await rules(one.content)).toEqual(['warning acme/table '])
  expect(await rules(one.content, { rules: { 'acme/table': 'error' } })).toEqual(['error acme/table '])
  expect(await rules(one.content, { rules: { 'acme/relation': 'off' } })).toEqual([])
  expect(await rules(`-- migrate-lint-disable-file acme/table -- we know\n${one.content}`)).toEqual([])
})

test.each([
  [{ title: '' }, 'its rule "table" has no "title"'],
  [{ why: 3 }, 'its rule "table" has no "why"'],
  [{ severity: 'eror' }, 'must have as "severity" "error", "warning" or "note": did you mean "error"'],
  [{ category: 'style' }, 'must have as "category"'],
  [{ check: undefined }, 'must have one of check, checkStep, checkMigration or checkSuppressions'],
  [{ checkStep: () => undefined }, 'must have one of'],
  [{ check: 'x' }, 'has "check", which is not a function'],
  [{ on: [] }, 'no list "on"'],
  [{ on: undefined }, 'no list "on"'],
  [{ formerly: 'x' }, 'has "formerly"'],
  [{ url: 'javascript:alert(1)' }, 'is not a web address'],
  [{ options: { a: { type: 'any' } } }, 'has "options"'],
  [{ fallback: true }, 'has "fallback"'],
])('a rule with %j is refused', (change, said) => {
  expect(refusal({})).toBe('')
  expect(refusal(change)).toContain(said)
})

test.each([
  [null, 'no default export'],
  [[], 'no default export'],
  [{}, 'has no "rules"'],
  [{ rules: {} }, 'it has no rules'],
  [{ rules: { Table: rule } }, 'must have an id in lower case'],
  [{ rules: { 'a/b': rule } }, 'must have an id in lower case'],
  [{ rules: { table: rule }, pages: { other: '' } }, 'a page "other" without a rule'],
  [{ rules: { table: rule }, pages: { table: 1 } }, 'is not text'],
])('the plugin %j is refused', (plugin, said) => {
  expect(() => withPlugins(registry, { acme: plugin })).toThrow(said)
})

test.each([
  ['a text', 'not a finding'],
  [{ at: [0, 1], help: 'x' }, 'without a "message"'],
  [{ at: [0, 1], message: 'x' }, 'without "help"'],
  [{ at: [0, 1], message: 'x', help: [1] }, 'without "help"'],
  [{ at: [2, 1], message: 'x', help: 'x' }, 'not a place'],
  [{ at: [0, 1e9], message: 'x', help: 'x' }, 'not a place'],
  [{ at: [0, 1], message: 'x', help: 'x', severity: 'fatal' }, 'unknown "severity"'],
  [
    { at: [0, 1], message: 'x', help: 'x', fix: { title: 'x', safety: 'safe', edits: [{ at: [0, 1e9], insert: '' }] } },
    '"fix"',
  ],
  [{ at: [0, 1], message: 'x', help: 'x', related: [{}] }, '"related"'],
  [Promise.resolve(), 'asynchronous'],
])('a check that returns %j is an error of that rule, and all others go on', async (result, said) => {
  const check = () => result as never
  const all = withPlugins(registry, { acme: { rules: { table: { ...rule, check } } } })
  const content = `${one.content}DROP TABLE elsewhere;\n`
  const report = await lint({ migrations: [{ path: '1.sql', content }], registry: all })
  expect(report.internalErrors.map(({ part }) => part)).toEqual(['acme/table'])
  expect(report.internalErrors[0]?.message).toContain(said)
  expect(report.findings.length).toBeGreaterThan(0)
})

test('a check that returns nothing, or null, finds nothing, and keeps its own "this"', async () => {
  const own = {
    ...rule,
    word: 'Table',
    check(this: { word: string }) {
      return { at: [0, 1] as const, message: `${this.word}.`, help: 'x' }
    },
  }
  const all = withPlugins(registry, { acme: { rules: { none: { ...rule, check: () => null as never }, own } } })
  const report = await lint({ migrations: [one], registry: all })
  expect(report.internalErrors).toEqual([])
  expect(report.findings.map(({ rule, message }) => [rule, message])).toEqual([['acme/own', 'Table.']])
})

test('a plugin that was not loaded is named, and comments about its rules are not called unknown', async () => {
  const content = `-- migrate-lint-disable-file acme/table, other/table -- we know\n${one.content}`
  const { findings, notices } = await lint({ migrations: [{ path: '1.sql', content }], registry, config: { plugins } })
  expect(notices).toEqual(['The plugin "acme" (./rules.js) is code and was not loaded: its rules were not checked.'])
  expect(findings.map(({ message }) => message)).toEqual(['There is no rule "other/table".'])
})

test('the pages of a plugin are its tests', async () => {
  const page = (sql: string) =>
    `# table\n\n## Bad\n\n\`\`\`sql bad\n${sql}\n\`\`\`\n\n## Good\n\n\`\`\`sql good\nSELECT 1;\n\`\`\`\n`
  const mistakes = async (text: string) =>
    (await checkPlugin({ rules: { table: rule }, pages: { table: text } }))[0]?.mistakes
  expect(await mistakes(page('CREATE TABLE a ();\n-- ^^ Here is a table.'))).toEqual([
    'line 5: the marker "Here is a table." does not fit what is found: "Here is a table." at "CREATE".',
    'line 5: found, but not marked: "Here is a table." at "CREATE".',
  ])
  expect(await mistakes(page('CREATE TABLE a ();\n-- ^^^ Here is a table.'))).toEqual([])
  expect(await mistakes(page('SELECT 1;'))).toEqual(['line 5: nothing is found in a bad block.'])
  expect(await mistakes('# table\n\n```sql good\nCREATE TABLE a ();\n```\n')).toEqual([
    'The page has no block that begins with ```sql bad.',
    'line 3: a good block has a finding: "Here is a table." at "CREATE".',
  ])
  expect((await mistakes('```sql bad options={\nCREATE TABLE a ();\n```\n'))?.[0]).toContain('is not JSON')
  expect((await mistakes('```sql bad system=goose\nCREATE TABLE a ();\n```\n'))?.[1]).toContain(
    '"system" is only for pages',
  )
  expect(await checkPlugin({ rules: { table: rule } })).toEqual([{ id: 'table', mistakes: ['The rule has no page.'] }])
})
