import { describe, expect, test } from 'vitest'
import type { Statement } from '../../src/parse/index.ts'
import { all, nodes, script, textAt, withParser } from './kit/sql.ts'

withParser()

/** What a DO block executes: text in the file, `?` before conditional statements; then opaque parts, then problems. */
function contents(text: string): string[] {
  const parsed = script(text)
  expect(parsed.problems).toEqual([])
  const lines = (statement: Statement): string[] => {
    const body = statement.body
    if (!body) return []
    return [
      ...body.statements.flatMap(inner => [
        `${inner.conditional ? '? ' : ''}${textAt(parsed, inner.span)}`,
        ...lines(inner),
      ]),
      ...body.opaque.map(({ span, reason }) => `opaque ${textAt(parsed, span).trim()}: ${reason}`),
      ...body.problems.map(({ span, message }) => `problem ${textAt(parsed, span)}: ${message}`),
    ]
  }
  return parsed.statements.flatMap(lines)
}

const block = (body: string): string =>
  `-- é😀\r\nDO $$\r\nDECLARE r record; x int; c refcursor;\r\nBEGIN\r\n${body}\r\nEND $$;`

describe('static SQL in DO blocks', () => {
  test.each<[string, string, string[]]>([
    ['statements', 'DROP TABLE a; /* é; */ ALTER TABLE b ADD c int; -- x', ['DROP TABLE a', 'ALTER TABLE b ADD c int']],
    ['the same statement twice on a line', 'DROP TABLE a;DROP TABLE a;', ['DROP TABLE a', 'DROP TABLE a']],
    ['the text of a statement in a comment before it', "/* DROP TABLE a; */ DROP TABLE a; -- 'DROP", ['DROP TABLE a']],
    [
      'INTO',
      "SELECT 'é', a INTO STRICT x FROM t WHERE b = '😀';",
      ["SELECT 'é', a INTO STRICT x FROM t WHERE b = '😀'"],
    ],
    ['RETURNING INTO', 'DELETE FROM t RETURNING a INTO x;', ['DELETE FROM t RETURNING a INTO x']],
    ['PERFORM', 'PERFORM f(1), g FROM t;', ['PERFORM f(1), g FROM t']],
    ['CALL', 'CALL p(1);', ['CALL p(1)']],
    ['transactions', 'COMMIT; ROLLBACK AND CHAIN;', ['COMMIT', 'ROLLBACK AND CHAIN']],
    [
      'IF',
      'IF x > 1 THEN DROP TABLE a; ELSIF x > 2 THEN DROP TABLE b; ELSE DROP TABLE c; END IF; DROP TABLE d;',
      ['? DROP TABLE a', '? DROP TABLE b', '? DROP TABLE c', 'DROP TABLE d'],
    ],
    [
      'CASE',
      'CASE x WHEN 1 THEN DROP TABLE a; WHEN 2 THEN DROP TABLE b; ELSE DROP TABLE c; END CASE;',
      ['? DROP TABLE a', '? DROP TABLE b', '? DROP TABLE c'],
    ],
    [
      'loops',
      'LOOP DROP TABLE a; EXIT; END LOOP; WHILE x < 1 LOOP DROP TABLE b; END LOOP; FOR i IN 1..2 LOOP DROP TABLE c; END LOOP;',
      ['? DROP TABLE a', '? DROP TABLE b', '? DROP TABLE c'],
    ],
    ['FOREACH', 'FOREACH x IN ARRAY ARRAY[1] LOOP DROP TABLE a; END LOOP;', ['? DROP TABLE a']],
    [
      'FOR … IN query',
      'FOR r IN SELECT a\n FROM t LOOP UPDATE u SET a = r.a; END LOOP;',
      ['SELECT a\n FROM t', '? UPDATE u SET a = r.a'],
    ],
    ['OPEN', 'OPEN c FOR SELECT 1 FROM t; CLOSE c;', ['SELECT 1 FROM t']],
    [
      'nested blocks',
      '<<l>> DECLARE y int; BEGIN BEGIN DROP TABLE a; END; DROP TABLE b; END;',
      ['DROP TABLE a', 'DROP TABLE b'],
    ],
    [
      'EXCEPTION',
      'BEGIN DROP TABLE a; EXCEPTION WHEN others THEN DROP TABLE b; END; DROP TABLE c;',
      ['? DROP TABLE a', '? DROP TABLE b', 'DROP TABLE c'],
    ],
    [
      'a function created in it',
      "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1; SELECT 2'; DROP TABLE a;",
      ["CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1; SELECT 2'", 'DROP TABLE a'],
    ],
    [
      'DO in DO',
      'DO $a$ BEGIN DO \'BEGIN DROP TABLE "a"; END\'; END $a$; DROP TABLE b;',
      [
        'DO $a$ BEGIN DO \'BEGIN DROP TABLE "a"; END\'; END $a$',
        'DO \'BEGIN DROP TABLE "a"; END\'',
        'DROP TABLE "a"',
        'DROP TABLE b',
      ],
    ],
    [
      'queries in conditions',
      'IF EXISTS (SELECT FROM a) THEN DROP TABLE b; ELSIF (SELECT é FROM c) THEN NULL; END IF; WHILE NOT EXISTS (\nSELECT FROM d) LOOP DROP TABLE e; END LOOP;',
      [
        'EXISTS (SELECT FROM a)',
        '? DROP TABLE b',
        '? (SELECT é FROM c)',
        'NOT EXISTS (\nSELECT FROM d)',
        '? DROP TABLE e',
      ],
    ],
    [
      'queries in values',
      'CASE (SELECT 1 FROM a) WHEN 1 THEN DROP TABLE b; END CASE; x := (SELECT 1 FROM c); r.y[1] = (SELECT 1 FROM d) + 1;',
      ['(SELECT 1 FROM a)', '? DROP TABLE b', ' (SELECT 1 FROM c)', ' (SELECT 1 FROM d) + 1'],
    ],
    ['expressions only', "x := 1; RAISE NOTICE '%', x; NULL; ASSERT true;", []],
  ])('%s', (_, body, expected) => {
    expect(contents(block(body))).toEqual(expected)
  })

  test('a handler of every failure catches those of its block', () => {
    const handled = (when: string) =>
      all(
        script(
          block(
            `BEGIN DROP TABLE a; IF x THEN DROP TABLE b; END IF; EXCEPTION WHEN ${when} THEN DROP TABLE c; END; DROP TABLE d;`,
          ),
        ).statements,
      )
        .filter(({ kind }) => kind === 'DropStmt')
        .map(({ conditional, caught }) => [conditional === true, caught === true])
    const [no, maybe, caught] = [
      [false, false],
      [true, false],
      [true, true],
    ]
    expect(handled('undefined_table OR OTHERS')).toEqual([caught, caught, maybe, no])
    expect(handled('undefined_table')).toEqual([maybe, maybe, maybe, no])
  })

  test('the text that PostgreSQL gets: INTO and its targets are blank, PERFORM is SELECT', () => {
    const text = block('SELECT a INTO "ü" FROM t;\n  PERFORM f(x);').replace(
      'x int',
      '"ü" int, x int'.replace(', x int', ''),
    )
    const [select, perform] = all(script(text).statements).slice(1)
    expect(select?.text).toBe('SELECT a          FROM t')
    expect(perform?.text).toBe('SELECT  f(x)')
  })

  test('names in the trees stand where the trees say', () => {
    const text = block("UPDATE é SET b = '😀' WHERE ç; PERFORM ß FROM ñ; EXECUTE 'DROP TABLE ö, \"a''b\"';")
    const found = all(script(text).statements).flatMap(({ node }) =>
      [...nodes(node)].flatMap(([, { relname, location }]) =>
        typeof relname === 'string' && typeof location === 'number'
          ? [text.slice(location, location + relname.length)]
          : [],
      ),
    )
    expect(found).toEqual(['é', 'ñ'])
  })

  test('comments in a body are comments of the file', () => {
    const parsed = script('-- a\nDO $$ BEGIN -- b\nDROP TABLE t; /* c */ END $$; -- d')
    expect(parsed.comments.map(({ text, span }) => [text, textAt(parsed, span)])).toEqual([
      ['a', '-- a'],
      ['b', '-- b'],
      ['c', '/* c */'],
      ['d', '-- d'],
    ])
  })
})

describe('EXECUTE', () => {
  const dynamic = 'it is dynamic SQL, whose text is computed at run time'
  test.each<[string, string, string[]]>([
    ['a literal', "EXECUTE 'DROP TABLE a';", ['DROP TABLE a']],
    [
      'doubled quotes',
      "EXECUTE 'COMMENT ON TABLE a IS ''b''; DROP TABLE c';",
      ["COMMENT ON TABLE a IS ''b''", 'DROP TABLE c'],
    ],
    ['escapes', "EXECUTE E'DROP\\tTABLE \\u00e9; DROP TABLE b';", ['DROP\\tTABLE \\u00e9', 'DROP TABLE b']],
    ['dollar quotes', 'EXECUTE $q$DROP TABLE é$q$ USING x;', ['DROP TABLE é']],
    ['joined literals', "EXECUTE 'DROP ' ||\n 'TABLE a';", ["DROP ' ||\n 'TABLE a"]],
    ['a continued literal', "EXECUTE 'DROP '\n 'TABLE a';", ["DROP '\n 'TABLE a"]],
    ['format without arguments', "EXECUTE format('DROP TABLE a');", ['DROP TABLE a']],
    ['in a branch', "IF x = 1 THEN EXECUTE 'DROP TABLE a'; END IF;", ['? DROP TABLE a']],
    ['a computed text', "EXECUTE 'DROP TABLE ' || x;", [`opaque EXECUTE 'DROP TABLE ' || x: ${dynamic}`]],
    [
      'format with arguments',
      "EXECUTE format('DROP TABLE %I', x);",
      [`opaque EXECUTE format('DROP TABLE %I', x): ${dynamic}`],
    ],
    ['FOR … IN EXECUTE', "FOR r IN EXECUTE 'SELECT 1' LOOP DROP TABLE a; END LOOP;", ['SELECT 1', '? DROP TABLE a']],
    ['OPEN … FOR EXECUTE', 'OPEN c FOR EXECUTE x;', [`opaque EXECUTE x: ${dynamic}`]],
    [
      'broken SQL',
      "EXECUTE 'DROP TABEL a; DROP TABLE b';",
      ['DROP TABLE b', 'problem TABEL: syntax error at or near "TABEL"'],
    ],
  ])('%s', (_, body, expected) => {
    expect(contents(block(body))).toEqual(expected)
  })

  test('positions inside a literal in a literal', () => {
    const text = "DO 'BEGIN EXECUTE ''DROP TABLE \"ä\", \"b\"; SELECT ''''é'''', c''; END'"
    const [, drop, select] = all(script(text).statements)
    expect(drop && text.slice(...drop.span)).toBe('DROP TABLE "ä", "b"')
    expect(select && text.slice(...select.span)).toBe("SELECT ''''é'''', c")
    const column = [...nodes(select?.node)].find(([key]) => key === 'ColumnRef')?.[1]
    expect(column?.location).toBe(text.indexOf("c''; END"))
  })
})

describe('bodies that cannot be read', () => {
  test.each<[string, string, string[]]>([
    [
      'another language',
      'DO LANGUAGE plpython3u $$ x $$',
      ['opaque x: a DO block in plpython3u: only PL/pgSQL and SQL are read'],
    ],
    ['a syntax error', 'DO $$ BEGIN x y z; END $$', ['problem x: syntax error at or near "x"']],
    ['a body that ends early', 'DO $$ BEGIN $$', ['problem BEGIN: syntax error at end of input']],
    ['SQL', "DO LANGUAGE 'sql' $$ DROP TABLE a; DROP TABLE b $$", ['DROP TABLE a', 'DROP TABLE b']],
    ['the language last', 'DO $$ BEGIN DROP TABLE a; END $$ LANGUAGE PLpgSQL', ['DROP TABLE a']],
    [
      'a template',
      'DO $$ BEGIN DROP TABLE {{ .s }}.a; DROP TABLE @b@.c; END $$',
      ['DROP TABLE {{ .s }}.a', 'DROP TABLE @b@.c'],
    ],
  ])('%s', (_, text, expected) => {
    expect(contents(text)).toEqual(expected)
  })

  test('bodies of functions that are only created are left alone', () => {
    expect(contents('CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN DROP TABLE a; END $$')).toEqual([])
  })
})
