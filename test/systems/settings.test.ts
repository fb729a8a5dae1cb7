import { expect, test } from 'vitest'
import { noticeText } from '../../src/migration/notice.ts'
import { discover } from '../../src/systems/discover.ts'
import { configparser, configparserProblem } from '../../src/systems/reading/configparser.ts'
import { properties } from '../../src/systems/reading/properties.ts'
import { mapTree } from '../../src/systems/reading/tree.ts'
import { scalars, yaml, yamlProblem } from '../../src/systems/reading/yaml.ts'
import { gitConfig, gitConfigProblem } from '../../src/systems/sqitch/git-config.ts'

test("Python's configparser: values of several lines, delimiters, text that only looks like a comment", () => {
  const text = `# x = 1
[DEFAULT]
a = 1
[alembic]
Script_Location: %(here)s/db ; no comment
version_locations = one
  two
  # left out

  three
sqlalchemy.url = postgresql://u:p#ss@h/db
`
  expect(Object.fromEntries(configparser(text))).toEqual({
    'DEFAULT.a': '1',
    'alembic.script_location': '%(here)s/db ; no comment',
    'alembic.version_locations': 'one\ntwo\nthree',
    'alembic.sqlalchemy.url': 'postgresql://u:p#ss@h/db',
  })
  expect(configparserProblem(text)).toBeNull()
  expect(configparserProblem('a = 1')).toEqual({ line: 1, what: 'no section before it' })
  expect(configparserProblem('[a]\nb')).toEqual({ line: 2, what: 'neither a section nor a value' })
})

test("git's syntax: subsections, quotes, escapes, comments, continued lines", () => {
  const text = `[Core] Engine = pg ; said
; x = 1
[engine "pg \\"x\\""]
  top_dir = "a # b" # comment
  note = one \\
two
  flag
  tab = a\\tb
`
  expect(Object.fromEntries(gitConfig(text))).toEqual({
    'core.engine': 'pg',
    'engine.pg "x".top_dir': 'a # b',
    'engine.pg "x".note': 'one two',
    'engine.pg "x".flag': 'true',
    'engine.pg "x".tab': 'a\tb',
  })
  expect(gitConfigProblem(text)).toBeNull()
  expect(gitConfigProblem('[core\n')).toEqual({ line: 1, what: 'a section without its end' })
  expect(gitConfigProblem('[a]\n\n= 1')).toEqual({ line: 3, what: 'neither a section nor a value' })
  expect(gitConfigProblem('[a]\nb = "c')).toEqual({ line: 2, what: 'a quote without its end' })
})

test('properties: separators, escapes, continued lines', () => {
  expect(
    Object.fromEntries(properties('A.b=1\n! no\n c : 2 \nd\\:e 3\nf = a\\\n   b\n__proto__ = x\nu=\\u0041')),
  ).toEqual(
    Object.fromEntries([
      ['a.b', '1'],
      ['c', '2'],
      ['d:e', '3'],
      ['f', 'ab'],
      ['__proto__', 'x'],
      ['u', 'A'],
    ]),
  )
})

test('YAML: scalars have full names, however they are nested', () => {
  const [document] = yaml('a:\n  b: 1\n  c: [x, "y"]\nd: {e: true}\nf: null\n')
  expect(Object.fromEntries(scalars(document))).toEqual({ 'a.b': '1', 'a.c': 'x,y', 'd.e': 'true' })
  expect(yamlProblem('a: 1\nb: [')).toMatchObject({ line: 2 })
  // A document that would be larger than any memory.
  const aliases = Array.from({ length: 60 }, (_, i) => `a${i + 1}: &a${i + 1} {x: *a${i}, y: *a${i}}`).join('\n')
  expect(scalars(yaml(`a0: &a0 {z: 1}\n${aliases}\n`)[0]).size).toBeLessThan(10_000)
})

test.each([
  ['refinery.toml', 'a = 1\n[[', 'refinery.toml, line 2: this is not TOML'],
  ['diesel.toml', `a = ${'['.repeat(100_000)}`, 'diesel.toml, line 1: this is not TOML'],
  ['alembic.ini', '[alembic]\nnonsense\n', 'alembic.ini, line 2: this is not an INI file of Python'],
  ['sqitch.conf', '[core', 'sqitch.conf, line 1: this is not a configuration of Sqitch'],
  ['config.yaml', 'metadata_directory: [', 'config.yaml, line 1: this is not YAML'],
  ['x/config.yaml', `metadata_directory: ${'['.repeat(100_000)}`, 'x/config.yaml, line 1: this is not YAML'],
  [
    'src/main/resources/application.yml',
    'spring:\n flyway: "',
    'src/main/resources/application.yml, line 2: this is not YAML',
  ],
])('broken %s is one notice with its line', (path, text, expected) => {
  const { notices } = discover(mapTree({ [path]: text }), [''], { transaction: () => 'unknown' })
  const told = notices.filter(notice => noticeText(notice).startsWith(`${path}, line`))
  expect(told).toHaveLength(1)
  expect(told[0]).toContain(expected)
  expect(told[0]).not.toContain('\n')
})
