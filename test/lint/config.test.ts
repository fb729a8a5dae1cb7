import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { defaultConfig } from '../../src/lint/config/config.ts'
import { checkConfig, completeConfig, parseConfig } from '../../src/lint/config/config-file.ts'
import type { Vocabulary } from '../../src/lint/config/config-schema.ts'
import { configSchema } from '../../src/lint/config/config-schema.ts'
import { configTemplate } from '../../src/lint/config/config-template.ts'
import { toJsonSchema } from '../../src/lint/config/schema.ts'
import { defineRule, type Rule } from '../../src/lint/rule.ts'
import { unnamedServer } from '../../src/lint/server.ts'
import { oldestVersion, upcomingVersion } from '../../src/postgres/version.ts'

const rule = (id: string, more: Pick<Rule, 'formerly'> = {}): Rule => ({
  ...defineRule({
    title: 'A rule',
    why: 'It hurts.',
    severity: 'error',
    category: 'schema',
    on: ['select'],
    check: () => undefined,
    options: { columns: { type: 'number', description: 'How many.', default: 3 } },
  }),
  ...more,
  id,
})

const vocabulary: Vocabulary = {
  rules: [rule('drop-column', { formerly: ['ban-drop-column'] }), rule('drop-table')],
}
const problems = (text: string) =>
  parseConfig(text, vocabulary).problems.map(({ line, column, message }) => `${line}:${column} ${message}`)

describe('a configuration file (OF-31)', () => {
  test('may have comments, trailing commas and a byte order mark', () => {
    const text =
      '\uFEFF{\n  // why\n  "preset": "strict", /* and */ "rules": { "drop-column": ["warning", { "columns": 2 }], },\n}'
    expect(parseConfig(text, vocabulary)).toEqual({
      config: { preset: 'strict', rules: { 'drop-column': ['warning', { columns: 2 }] } },
      problems: [],
    })
  })

  test.each([
    ['{\n  "rulse": {}\n}', ['2:3 There is no key "rulse". Did you mean "rules"?']],
    ['{ "rules": {\n "drop-colum": "off" } }', ['2:2 There is no rule "drop-colum". Did you mean "drop-column"?']],
    [
      '{ "rules": { "drop-table": "of" } }',
      ['1:28 "rules.drop-table" must be "error", "warning", "note" or "off", not "of". Did you mean "off"?'],
    ],
    [
      '{ "rules": { "drop-table": ["error", { "colums": 1 }] } }',
      ['1:40 There is no option "colums" in "rules.drop-table[1]". Did you mean "columns"?'],
    ],
    [
      '{ "rules": { "drop-table": ["error", { "columns": "1" }] } }',
      ['1:51 "rules.drop-table[1].columns" must be a number, not "1".'],
    ],
    [
      '{ "pgVersion": 11 }',
      [
        `1:16 "pgVersion" must be a PostgreSQL version from "${oldestVersion}" to "${upcomingVersion}", or with a minor version such as "14.2", not 11.`,
      ],
    ],
    ['{ "overrides": [{ "rules": {} }] }', ['1:17 "overrides[0]" needs "files".']],
    [
      '{ "preset": "stict" }',
      ['1:13 "preset" must be "recommended", "strict" or "all", not "stict". Did you mean "strict"?'],
    ],
    ['{ "paths": "db" }', ['1:12 "paths" must be a list of up to 1000 paths, not "db".']],
    [
      '{ "paths": [{}, []] }',
      ['1:13 "paths[0]" must be a string, not an object.', '1:17 "paths[1]" must be a string, not a list.'],
    ],
    ['{ "maxWarnings": -1 }', ['1:18 "maxWarnings" must be a whole number or null, not -1.']],
    ['{ "preset": "all", "preset": "all" }', ['1:20 The key "preset" is written twice.']],
    [
      '{ "compat": 1,\n "requireReason": "x" }',
      ['1:13 "compat" must be true or false, not 1.', '2:19 "requireReason" must be true or false, not "x".'],
    ],
    ['[]', ['1:1 The configuration must be an object, not a list.']],
    ['', ['1:1 This is not JSON: a value is missing here.']],
    ['{ "paths" ["a"] }', ['1:11 This is not JSON: a colon is missing here.']],
    ['{ "__proto__": {} }', ['1:3 There is no key "__proto__".']],
  ])('%s', (text, expected) => {
    expect(problems(text)).toEqual(expected)
  })

  test('thousands of mistakes have their places, in time that grows as they do', () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => `    "rule-${i}": "off"`)
    const found = parseConfig(`{\n  "rules": {\n${lines.join(',\n')}\n  }\n}\n`, vocabulary).problems
    expect(found.map(({ line, column }) => [line, column])).toEqual(lines.map((_, i) => [i + 3, 5]))
  })

  test('takes a version as a number, and a rule by its former name', () => {
    expect(parseConfig('{ "pgVersion": 16, "rules": { "ban-drop-column": "off" } }', vocabulary).config).toEqual({
      pgVersion: '16',
      rules: { 'ban-drop-column': 'off' },
    })
  })

  test('that init writes is valid, even with everything in it uncommented', () => {
    const text = configTemplate(vocabulary, { paths: ['db/migrations'] })
    expect(parseConfig(text, vocabulary)).toEqual({ config: { paths: ['db/migrations'] }, problems: [] })
    const all = parseConfig(text.replace(/^( *)\/\/ (?=")/gm, '$1'), vocabulary)
    const pgVersion = unnamedServer.versions.join(',')
    expect(all).toEqual({ config: { ...defaultConfig, pgVersion, paths: ['db/migrations'] }, problems: [] })
    expect(text.match(/^ *\/\/ [A-Z]/gm)?.length).toBe(Object.keys(defaultConfig).length)
  })

  test('that init writes knows the newest migration: as a comment, or in force', () => {
    const migrations = ['db/migrations/0500_x.sql']
    const found = { paths: ['db/migrations'] }
    const offered = configTemplate(vocabulary, { ...found, startAfter: { migrations, isSet: false } })
    expect(parseConfig(offered, vocabulary).config).toEqual(found)
    expect(offered).toContain('  // "startAfter": "db/migrations/0500_x.sql",')
    const set = configTemplate(vocabulary, { ...found, startAfter: { migrations, isSet: true } })
    expect(parseConfig(set, vocabulary).config).toEqual({ ...found, startAfter: 'db/migrations/0500_x.sql' })
    const several = configTemplate(vocabulary, {
      ...found,
      startAfter: { migrations: [...migrations, 'b/2.sql'], isSet: true },
    })
    expect(parseConfig(several, vocabulary).config).toMatchObject({ startAfter: [...migrations, 'b/2.sql'] })
  })
})

test('a value that came from a module is checked the same, without places', () => {
  expect(checkConfig({ presets: 'all' }, vocabulary)).toEqual({
    config: null,
    problems: [{ message: 'There is no key "presets". Did you mean "preset"?', line: null, column: null }],
  })
  expect(completeConfig(checkConfig({ preset: 'all' }, vocabulary).config ?? {})).toEqual({
    ...defaultConfig,
    server: unnamedServer,
    preset: 'all',
  })
})

test('the defaults are a valid configuration', () => {
  expect(checkConfig(defaultConfig, vocabulary).problems).toEqual([])
})

describe('the schema that is shipped (OF-31)', () => {
  const validate = new Ajv2020({ strict: false }).compile(toJsonSchema(configSchema(vocabulary)))

  test('has the settings of a rule once, for "rules" and for "overrides"', () => {
    const shipped = JSON.stringify(toJsonSchema(configSchema(vocabulary)))
    expect(shipped.split('"drop-table":')).toHaveLength(2)
    expect(validate({ overrides: [{ files: ['a'], rules: { 'drop-tabel': 'off' } }] })).toBe(false)
    expect(validate({ overrides: [{ files: ['a'], rules: { 'drop-table': 'off' } }] })).toBe(true)
  })

  test.each([
    { preset: 'strict' },
    { rules: { 'drop-table': 'off', 'drop-column': ['note', { columns: 1 }] } },
    { rules: { 'drop-tables': 'off' } },
    { rules: { 'drop-table': ['note', { rows: 1 }] } },
    { overrides: [{ files: ['a/**'], transaction: 'none' }] },
    { overrides: [{ files: [] }] },
    { tables: { a: { size: 'tiny' } } },
    { startAfter: null, maxWarnings: 3, pgVersion: '14.2' },
    { pgVersion: '9.6' },
    { timeouts: {} },
  ])('accepts the same values as the program: %j', value => {
    expect(validate(value)).toBe(checkConfig(value, vocabulary).problems.length === 0)
  })

  test('is valid JSON Schema, also in the file', () => {
    const file = JSON.parse(readFileSync(new URL('../../schema/config.json', import.meta.url), 'utf8'))
    expect(new Ajv2020({ strict: false }).validateSchema(file)).toBe(true)
  })
})
