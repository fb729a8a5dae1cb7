import { PGlite } from '@electric-sql/pglite'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  help,
  plain,
  quoted,
  quotedList,
  quoteIdentifier,
  quoteLiteral,
  raw,
  say,
  sql,
} from '../../src/lint/advice/sql.ts'
import { helpText, sqlOf } from '../../src/lint/help.ts'
import { reservedWords } from '../../src/parse/reserved.ts'

describe('as PostgreSQL does it', () => {
  let database: PGlite
  beforeAll(async () => {
    database = await PGlite.create()
  })
  afterAll(() => database.close())

  test('the words that need quotes are those of the server', async () => {
    const { rows } = await database.query<{ word: string }>(
      'SELECT word FROM pg_get_keywords() WHERE quote_ident(word) <> word',
    )
    expect([...reservedWords].sort()).toEqual(rows.map(({ word }) => word).sort())
  })

  test('identifiers and constants are quoted as quote_ident and quote_literal do', async () => {
    const texts = [
      'users',
      'Users',
      'a b',
      'a"b',
      '1a',
      'a$b',
      '_x',
      'é',
      'order',
      'between',
      'name',
      '',
      "it's",
      'a\\b',
      'a\nb',
    ]
    const result = await database.query<{ ident: string; literal: string }>(
      'SELECT quote_ident(t) AS ident, quote_literal(t) AS literal FROM unnest($1::text[]) WITH ORDINALITY AS u (t, i) ORDER BY i',
      [texts],
    )
    expect(texts.map(quoteIdentifier)).toEqual(result.rows.map(({ ident }) => ident))
    expect(texts.map(quoteLiteral)).toEqual(result.rows.map(({ literal }) => literal.trim()))
  })
})

test('names in SQL are quoted where needed, part by part', () => {
  expect(sql`ALTER TABLE ${'app.user'} DROP COLUMN ${'Note'};`.sql).toBe('ALTER TABLE app."user" DROP COLUMN "Note";')
  expect(sql`SELECT ${raw('1 + 1')}, ${2};`.sql).toBe('SELECT 1 + 1, 2;')
})

test('names in prose stand in double quotes', () => {
  expect(say`Dropping ${'note'} of ${'Orders'} breaks ${3} things.`).toBe(
    'Dropping "note" of "Orders" breaks 3 things.',
  )
  expect(quotedList(['a'])).toBe('"a"')
  expect(quotedList(['a', 'b', 'c'])).toBe('"a", "b" and "c"')
  expect(quotedList(['a', 'b', 'c', 'd', 'e'])).toBe('"a", "b", "c" and 2 more')
  expect(quoted('x'.repeat(500)).length).toBeLessThan(140)
})

test('help has prose, and SQL that is indented by four spaces', () => {
  const text = help(
    'First:',
    sql`
      CREATE TABLE a (
        id bigint
      );
    `,
    false,
    null,
    'Then:',
    sql`DROP TABLE a;`,
    sql`DROP TABLE b;`,
  )
  expect(helpText(text)).toBe(
    'First:\n    CREATE TABLE a (\n      id bigint\n    );\nThen:\n    DROP TABLE a;\n    DROP TABLE b;',
  )
  expect(sqlOf(text)).toEqual(['CREATE TABLE a (\n  id bigint\n);', 'DROP TABLE a;\nDROP TABLE b;'])
})

test('nothing that steers a terminal gets through', () => {
  expect(plain('a\u001b[31mb')).toBe('a\\u{1b}[31mb')
  expect(say`${'a\u0007\nb'}`).toBe('"a\\u{7}\\nb"')
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      for (const written of [plain(text), say`${text}`, helpText(help(text, raw(text))), sql`SELECT ${text}`.sql]) {
        expect(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(written.replace(/[\n\t]/g, ''))).toBe(false)
      }
    }),
  )
})
