import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fingerprints, withoutLayout } from '../../src/lint/fingerprint.ts'
import { tokens } from '../../src/parse/lexer.ts'

const keyOf = (sql: string) => fingerprints()('1.sql', 'rule', sql).statement

describe('statements that differ are known by different keys', () => {
  test.each([
    ['a backslash in an E string', "SELECT E'it\\'s -- x', 1", "SELECT E'it\\'s -- x', 2"],
    ['an E string in lower case', "SELECT e'\\'/*', 1 /*", "SELECT e'\\'/*', 2 /*"],
    ['a comment in a comment', '/* a /* b */ c */ DROP TABLE t', '/* a /* b */ d */ DROP TABLE u'],
    ['a body with two dashes', 'DO $$ -- a\n DROP TABLE t; $$', 'DO $$ -- a\n DROP TABLE u; $$'],
    ['two dashes in a body', 'DO $$ DROP TABLE t; -- a $$', 'DO $$ DROP TABLE t; -- b $$'],
    ['a quote in a body', "DO $a$ it's $a$; SELECT 1 -- '", "DO $a$ it's $a$; SELECT 2 -- '"],
    ['the opening of a comment in a body', 'SELECT $$ /* $$, 1', 'SELECT $$ /* $$, 2'],
    ['blanks in a string', "SELECT 'a  b'", "SELECT 'a b'"],
    ['a line break in a string', "SELECT 'a\nb'", "SELECT 'a b'"],
    ['blanks in a name', 'SELECT "a  b"', 'SELECT "a b"'],
    ['dashes in a name', 'SELECT "a--b", 1', 'SELECT "a--c", 1'],
    ['Unicode escapes', "SELECT U&'d\\0061 -- x', 1", "SELECT U&'d\\0061 -- x', 2"],
    ['names of Unicode escapes', 'SELECT U&"d --a", 1', 'SELECT U&"d --a", 2'],
    ['doubled quotes', "SELECT 'it''s -- ', 1", "SELECT 'it''s -- ', 2"],
  ])('%s', (_, one, other) => {
    expect(keyOf(one)).not.toBe(keyOf(other))
  })
})

describe('statements that are laid out differently are known by one key', () => {
  test.each([
    ['white space', 'DROP  TABLE\n\tt', 'DROP TABLE t'],
    ['comments', 'DROP /* why */ TABLE -- really\n t', 'DROP TABLE t'],
    ['comments in comments', 'DROP /* a /* b */ c */ TABLE t', 'DROP TABLE t'],
    ['comments around it', '-- a\n/* b */ DROP TABLE t -- c', 'DROP TABLE t'],
    ['line ends in strings', "SELECT 'a\r\nb'", "SELECT 'a\nb'"],
  ])('%s', (_, one, other) => {
    expect(keyOf(one)).toBe(keyOf(other))
  })
})

test('the normal form of any text has the same tokens, except comments', () => {
  const piece = fc.constantFrom(
    ...[
      "'",
      '"',
      '$$',
      '$a$',
      '\\',
      '--',
      '/*',
      '*/',
      '\n',
      '\r\n',
      '  ',
      ' ',
      "E'",
      "U&'",
      'a',
      'B',
      '1',
      ';',
      '(',
      '+',
    ],
  )
  const words = (sql: string) => tokens(sql).filter(({ kind }) => kind !== 'comment')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), pieces => {
      const sql = pieces.join('')
      const kept = words(withoutLayout(sql)).map(({ text }) => text)
      expect(kept).toEqual(words(sql).map(({ text }) => text.replace(/\r\n?/g, '\n')))
    }),
    { numRuns: 2000 },
  )
})
