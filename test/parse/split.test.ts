import fc from 'fast-check'
import { loadModule, parseSync } from 'libpg-query'
import { beforeAll, describe, expect, test } from 'vitest'
import { problems, script, withParser, written } from './kit/sql.ts'

withParser()
// The parser as it is, without ours around it.
beforeAll(loadModule)

describe('splitting into statements', () => {
  test.each<[string, string, string[]]>([
    ['nothing', '', []],
    ['comments only', '-- a;\n/* b; */ ;;', []],
    [
      'strings',
      `SELECT ';', E'\\';', U&';', $$;$$, $a$;$$;$a$, ";"; SELECT 2`,
      [`SELECT ';', E'\\';', U&';', $$;$$, $a$;$$;$a$, ";"`, 'SELECT 2'],
    ],
    [
      'a literal that goes on in the next line',
      "SELECT E'a'\n  '\\';'; SELECT 2",
      ["SELECT E'a'\n  '\\';'", 'SELECT 2'],
    ],
    ['nested comments', 'SELECT /* /* ; */ ; */ 1; SELECT 2', ['SELECT /* /* ; */ ; */ 1', 'SELECT 2']],
    ['a comment in an operator', 'SELECT 1+--;\n2; SELECT 3/*;*/', ['SELECT 1+--;\n2', 'SELECT 3']],
    ['dollars in names', 'SELECT a$b$; SELECT c$b$', ['SELECT a$b$', 'SELECT c$b$']],
    [
      'a rule',
      'CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); SELECT 3',
      ['CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)', 'SELECT 3'],
    ],
    [
      'the last rule of a file',
      'CREATE OR REPLACE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)',
      ['CREATE OR REPLACE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)'],
    ],
    [
      'a function with an SQL-standard body',
      'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END; SELECT 3',
      ['CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END', 'SELECT 3'],
    ],
    ['BEGIN as a statement', 'BEGIN; SELECT 1; END; SELECT 2', ['BEGIN', 'SELECT 1', 'END', 'SELECT 2']],
    ['line breaks of three kinds', 'SELECT 1;\r\nSELECT 2;\rSELECT 3;\n', ['SELECT 1', 'SELECT 2', 'SELECT 3']],
  ])('%s', (_, text, expected) => {
    const parsed = script(text)
    expect(written(parsed)).toEqual(expected)
    expect(parsed.problems).toEqual([])
  })

  test('finds what libpg-query finds in the whole text', () => {
    const sql = fc.constantFrom(
      'SELECT 1',
      "INSERT INTO t VALUES (';', $x$ ; $x$)",
      "CREATE TABLE \"a;b\" (c text DEFAULT E'\\';')",
      'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE 1 WHEN 1 THEN 2 END; END',
      'CREATE OR REPLACE PROCEDURE p() BEGIN ATOMIC INSERT INTO t VALUES (1); END',
      'CREATE RULE r AS ON UPDATE TO t DO ALSO (SELECT 1; SELECT 2)',
      'DO $$ BEGIN NULL; END $$',
      "COMMENT ON TABLE t IS U&'d\\0061t;a'",
      'SELECT a[1:2], b::text, :: FROM t'.replace(', ::', ''),
      'ALTER TABLE é ADD "😀" int /* ; */',
      'SELECT a --;\n + 1',
    )
    const between = fc.constantFrom(';', ' ; ', ';\r\n', ';-- ;\n', ';;', '; /* é; */ ')
    fc.assert(
      fc.property(fc.array(fc.tuple(sql, between), { maxLength: 12 }), parts => {
        const text = parts.flat().join('')
        const bytes = new TextEncoder().encode(text)
        const whole = text === '' ? [] : (parseSync(text).stmts ?? [])
        const theirs = whole.map(({ stmt_location: start = 0, stmt_len: length }) =>
          new TextDecoder().decode(bytes.subarray(start, length ? start + length : undefined)),
        )
        const ours = script(text).statements
        expect(ours.length).toBe(theirs.length)
        ours.forEach((statement, i) => {
          expect(theirs[i]).toContain(text.slice(...statement.span))
        })
      }),
      { numRuns: 300 },
    )
  })
})

describe('recovery', () => {
  test.each<[string, string, string[], string[]]>([
    ['a misspelt word', 'SELEC 1; SELECT 2', ['SELECT 2'], ['syntax-error: syntax error at or near "SELEC" @ SELEC']],
    ['an early end', 'SELECT (1; SELECT 2', ['SELECT 2'], ['syntax-error: syntax error at or near ";" @ ;']],
    ['the end of the file', 'SELECT 1; DROP', ['SELECT 1'], ['syntax-error: syntax error at end of input @ ']],
    [
      'a parenthesis that is never closed',
      'CREATE TABLE a (x int;\nCREATE TABLE b ();\nDROP TABLE c;',
      ['CREATE TABLE b ()', 'DROP TABLE c'],
      ['syntax-error: syntax error at or near ";" @ ;'],
    ],
    [
      'a function body that is never closed',
      'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1;\nDROP TABLE b;\nDROP TABLE c',
      ['DROP TABLE b', 'DROP TABLE c'],
      ['syntax-error: syntax error at end of input @ '],
    ],
    [
      'an open quote',
      "DROP TABLE a; SELECT 'abc; DROP TABLE b;",
      ['DROP TABLE a'],
      ["unterminated: unterminated quoted string: it is never closed, and nothing after it can be read @ '"],
    ],
    [
      'an open identifier',
      'SELECT "abc',
      [],
      ['unterminated: unterminated quoted identifier: it is never closed, and nothing after it can be read @ "'],
    ],
    [
      'an open dollar quote',
      'DO $body$ BEGIN END $bod$;',
      [],
      [
        'unterminated: unterminated dollar-quoted string: it is never closed, and nothing after it can be read @ $body$',
      ],
    ],
    [
      'an open comment',
      'SELECT 1; /* /* */ x',
      ['SELECT 1'],
      ['unterminated: unterminated /* comment: it is never closed, and nothing after it can be read @ /*'],
    ],
  ])('%s', (_, text, statements, found) => {
    const parsed = script(text)
    expect(written(parsed)).toEqual(statements)
    expect(problems(parsed)).toEqual(found)
  })
})

describe('hostile input', () => {
  test('long and wide is not deep', () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => `(${i}, -${i}, 'a' || 'b', f(${i}))`).join(', ')
    expect(script(`INSERT INTO t VALUES ${rows}`).problems).toEqual([])
    expect(script(`SELECT ${'(1), '.repeat(20_000)}1; SELECT a${' OR a'.repeat(20_000)}`).problems).toEqual([])
  })

  test('no text makes it throw, and every place is in the text', () => {
    const piece = fc.constantFrom(
      ...[
        "'",
        '"',
        '$$',
        '$a$',
        '/*',
        '*/',
        '--',
        '\n',
        '\r',
        '\\',
        '\\.',
        '\\gexec',
        ';',
        '(',
        ')',
        ':',
        ":'a'",
        '{{',
        '}}',
      ],
      ...[
        '${',
        '}',
        '<%=',
        '%>',
        '{%',
        '%}',
        '@a@',
        'E',
        'U&',
        'COPY t FROM stdin',
        'DO',
        'BEGIN',
        'END',
        'EXECUTE',
        'LOOP',
      ],
      ...[
        'CREATE',
        'FUNCTION',
        'RULE',
        'ATOMIC',
        'CASE',
        'a',
        '1',
        '1.',
        '.',
        '..',
        '::',
        '\0',
        '\ud800',
        '😀',
        'é',
        ' ',
        '[',
        ']',
      ],
    )
    const text = fc.oneof(
      fc.array(piece, { maxLength: 40 }).map(pieces => pieces.join('')),
      fc.array(piece, { maxLength: 40 }).map(pieces => pieces.join(' ')),
      fc.string({ unit: 'binary', maxLength: 100 }),
      fc.array(piece, { maxLength: 30 }).map(pieces => `DO $x$ BEGIN ${pieces.join(' ')} END $x$`),
    )
    fc.assert(
      fc.property(text, input => {
        const { statements, comments, problems: found, clientCommands } = script(input)
        for (const { span } of [...statements, ...comments, ...found, ...clientCommands]) {
          expect(span[0]).toBeGreaterThanOrEqual(0)
          expect(span[1]).toBeGreaterThanOrEqual(span[0])
          expect(span[1]).toBeLessThanOrEqual(input.length)
        }
        for (const { text, span } of statements) expect(text.length).toBe(span[1] - span[0])
      }),
      { numRuns: 1000 },
    )
  })

  // `bench/growth` measures what they cost.
  test('many openings that are never closed are not passed over in silence', () => {
    for (const opening of [
      '{{',
      '${',
      '<%=',
      '$a$ ',
      "E'",
      '/*',
      '(',
      ':a ',
      'CREATE FUNCTION f() BEGIN;',
      '"{{',
      '@a@',
    ]) {
      const { statements, comments, problems: found, clientCommands } = script(opening.repeat(8_000))
      const told = statements.length + comments.length + found.length + clientCommands.length
      expect([opening, told > 0]).toEqual([opening, true])
    }
  })
})
