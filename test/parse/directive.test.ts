import { describe, expect, test } from 'vitest'
import { allowedEdits } from '../../src/parse/directive.ts'
import { directives } from '../../src/parse/index.ts'
import { script, textAt, withParser } from './kit/sql.ts'

withParser()

const read = (text: string, compat = false) => {
  const parsed = script(text)
  return directives(parsed, { compat }).map(directive => {
    expect(directive.ruleSpans.length).toBe(directive.rules.length)
    directive.ruleSpans.forEach((span, i) => {
      expect(textAt(parsed, span)).toContain(directive.rules[i])
    })
    expect(textAt(parsed, directive.span).startsWith(directive.name)).toBe(true)
    const { kind, rules, reason, tool } = directive
    return [tool ? `${tool} ${kind}` : kind, rules, reason]
  })
}

describe('our directives', () => {
  test.each<[string, unknown]>([
    ['-- migrate-lint-disable-next-statement drop-column', ['disable-next-statement', ['drop-column'], null]],
    [
      '--migrate-lint-disable-next-statement a,b , c -- é, why -- not',
      ['disable-next-statement', ['a', 'b', 'c'], 'é, why -- not'],
    ],
    ['/* migrate-lint-disable-line a */', ['disable-line', ['a'], null]],
    ['/* migrate-lint-disable a -- because */', ['disable', ['a'], 'because']],
    ['-- migrate-lint-enable', ['enable', [], null]],
    ['-- migrate-lint-disable-file -- all of it', ['disable-file', [], 'all of it']],
    ['-- migrate-lint-disable-file — all of it', ['disable-file', [], 'all of it']],
    ['-- migrate-lint-disable-nxt-statement a', ['unknown', ['a'], null]],
    ['-- migrate-lint-ignore', ['unknown', [], null]],
    ['-- migrate-lint-disable-line: a, b -- why', ['disable-line', ['a', 'b'], 'why']],
    ['-- migrate-lint-disable-- why', ['disable', [], 'why']],
    ['-- MIGRATE-LINT-Disable-Line a', ['disable-line', ['a'], null]],
  ])('%s', (text, expected) => {
    expect(read(text)).toEqual([expected])
  })

  const why = 'it was never deployed'
  test.each([
    `-- migrate-lint-allow-edit: ${why}`,
    `--migrate-lint-allow-edit:${why}`,
    `-- migrate-lint-allow-edit ${why}`,
    `-- migrate-lint-allow-edit -- ${why}`,
    `-- migrate-lint-allow-edit-- ${why}`,
    `-- migrate-lint-allow-edit — ${why}`,
    `-- migrate-lint-allow-edit : ${why}`,
    `-- MIGRATE-LINT-ALLOW-EDIT: ${why}\r`,
    `/* migrate-lint-allow-edit: ${why} */`,
    `/* migrate-lint-allow-edit ${why}*/ SELECT 1`,
    `SELECT 1; -- migrate-lint-allow-edit: ${why}`,
    `/*\r\n * Words.\r\n * migrate-lint-allow-edit: ${why}\r\n */`,
    `DO $$ BEGIN\n  -- migrate-lint-allow-edit: ${why}\n  NULL; END $$`,
    `SELECT E'it\\'s'; -- migrate-lint-allow-edit: ${why}`,
    `/* a /* b */ migrate-lint-allow-edit: c */ -- migrate-lint-allow-edit: ${why}`,
  ])('an edit is allowed by what lint and history both read: %s', text => {
    expect(read(text)).toEqual([['allow-edit', [], why]])
    expect(allowedEdits(text, true)).toEqual([why])
  })

  test.each([
    '-- migrate-lint-allow-edit',
    '-- migrate-lint-allow-edit:  ',
    '-- migrate-lint-allow-edit --',
    '/* migrate-lint-allow-edit: */',
  ])('no edit is allowed without a reason: %s', text => {
    expect(read(text)).toEqual([['allow-edit', [], null]])
    expect(allowedEdits(text, true)).toEqual([])
  })

  test.each([
    "SELECT '\n-- migrate-lint-allow-edit: it is a string\n'",
    "SELECT E'\\'\n-- migrate-lint-allow-edit: it is a string\n'",
    'SELECT "\n-- migrate-lint-allow-edit: it is a name\n" FROM t',
    '-- Write migrate-lint-allow-edit: with a reason',
  ])('text outside of comments allows no edit: %s', text => {
    expect(read(text)).toEqual([])
    expect(allowedEdits(text, true)).toEqual([])
  })

  test.each([
    `export const up = 1\n  // migrate-lint-allow-edit: ${why}\n`,
    `# migrate-lint-allow-edit: ${why}\r\nrevision = 1`,
    `/**\n * migrate-lint-allow-edit: ${why}\n */`,
    `/* migrate-lint-allow-edit: ${why} */`,
    `<!-- migrate-lint-allow-edit: ${why} -->`,
    `sql: |\n  -- migrate-lint-allow-edit ${why}`,
  ])('in a migration of another language: %s', text => {
    expect(allowedEdits(text, false)).toEqual([why])
  })

  test('in a block comment of several lines, with CRLF', () => {
    expect(read('/*\r\n * Words.\r\n * migrate-lint-disable a\r\n * migrate-lint-disable b -- c\r\n */')).toEqual([
      ['disable', ['a'], null],
      ['disable', ['b'], 'c'],
    ])
  })

  test('inside statements, at their end and in bodies of DO blocks', () => {
    const text = `ALTER TABLE t -- migrate-lint-disable-line a
      DROP COLUMN c; /* migrate-lint-disable-line b */
      DO $$ BEGIN
        -- migrate-lint-disable-next-statement c
        DROP TABLE t;
      END $$`
    expect(read(text).map(([, rules]) => rules)).toEqual([['a'], ['b'], ['c']])
  })

  test('not in strings, nor in the middle of a sentence', () => {
    expect(read("SELECT '-- migrate-lint-disable a'; -- see migrate-lint-disable\n-- migrate-lint is good")).toEqual([])
  })
})

describe('directives of other linters', () => {
  test.each<[string, unknown]>([
    [
      '-- squawk-ignore ban-drop-column, renaming-column',
      ['squawk disable-next-statement', ['ban-drop-column', 'renaming-column'], null],
    ],
    ['/* squawk-ignore ban-drop-column -- why */', ['squawk disable-next-statement', ['ban-drop-column'], 'why']],
    ['-- squawk-ignore-file', ['squawk disable-file', [], null]],
    ['-- squawk-ignore-file ban-drop-column', ['squawk disable-file', ['ban-drop-column'], null]],
    [
      '-- pgls-ignore lint/safety/banDropTable: no users yet',
      ['pgls disable-next-statement', ['banDropTable'], 'no users yet'],
    ],
    ['-- pgls-ignore banDropColumn', ['pgls disable-next-statement', ['banDropColumn'], null]],
    ['-- pgls-ignore lint: all', ['pgls disable-next-statement', [], 'all']],
    ['-- pgls-ignore-all lint/safety/banDropTable', ['pgls disable-file', ['banDropTable'], null]],
    ['-- pgls-ignore-start banDropTable: x', ['pgls disable', ['banDropTable'], 'x']],
    ['-- pgls-ignore-end banDropTable', ['pgls enable', ['banDropTable'], null]],
    ['-- pgt-ignore lint/safety/banDropTable', ['pgls disable-next-statement', ['banDropTable'], null]],
    ['-- eugene: ignore E5, E4', ['eugene disable-next-statement', ['E5', 'E4'], null]],
    ['-- eugene: ignore', ['eugene disable-next-statement', [], null]],
    [
      '-- pgfence-ignore: create-index-not-concurrent',
      ['pgfence disable-next-statement', ['create-index-not-concurrent'], null],
    ],
    ['-- pgfence-ignore', ['pgfence disable-next-statement', [], null]],
    ['-- pgfence: ignore', ['pgfence disable-next-statement', [], null]],
    ['-- migrationpilot-disable MP001', ['migrationpilot disable-next-statement', ['MP001'], null]],
    ['/* migrationpilot-disable-file */', ['migrationpilot disable-file', [], null]],
    ['-- migrationpilot-disable-file MP026', ['migrationpilot disable-file', ['MP026'], null]],
    ['-- atlas:nolint destructive', ['atlas disable-next-statement', ['destructive'], null]],
    ['--atlas:nolint DS103\nDROP TABLE t', ['atlas disable-next-statement', ['DS103'], null]],
    ['-- atlas:nolint\n\nDROP TABLE t', ['atlas disable-file', [], null]],
    ['DROP TABLE a;\n-- atlas:nolint\n\nDROP TABLE t', ['atlas disable-next-statement', [], null]],
  ])('%s', (text, expected) => {
    expect(read(text, true)).toEqual([expected])
    expect(read(text, false)).toEqual([])
  })

  test('words that only look like them', () => {
    expect(
      read(
        '-- squawk-ignored\n-- squawk-ignore-files\n-- pgls-ignorant\n-- atlas:nolinter\n-- migrationpilot-disabled',
        true,
      ),
    ).toEqual([])
  })
})
