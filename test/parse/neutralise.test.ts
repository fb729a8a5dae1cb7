import { describe, expect, test } from 'vitest'
import { neutralise } from '../../src/parse/neutralise.ts'
import { parseText } from '../../src/parse/parser.ts'
import { spellings } from '../../src/parse/placeholder.ts'
import { problems, script, withParser, written } from './kit/sql.ts'

withParser()

/** Original text, and what PostgreSQL is taken to be sent: as long, so that no offset moves. */
const CASES: readonly (readonly [name: string, text: string, sent: string])[] = [
  ['psql variable as a name', 'ALTER TABLE :t ADD c int', 'ALTER TABLE •  ADD c int'],
  ['psql variable as a literal', "SELECT :'v'", "SELECT '•' "],
  ['psql variable as an identifier', 'SELECT * FROM :"v"', 'SELECT * FROM "•" '],
  ['psql variable and schema', 'DROP TABLE :schema.t', 'DROP TABLE •      .t'],
  ['psql variable as a number', 'SELECT 1 LIMIT :n', 'SELECT 1 LIMIT • '],
  ['psql variable in a typmod', 'CREATE TABLE t (c varchar(:n))', 'CREATE TABLE t (c varchar(1 ))'],
  ['psql variable that must be a literal', 'COMMENT ON TABLE t IS :text', "COMMENT ON TABLE t IS '•'  "],
  ['psql variable with the name of a keyword', 'DROP TABLE :table', 'DROP TABLE •     '],
  ['psql variable holding a query', 'CREATE VIEW v AS :query', 'CREATE VIEW v AS SELECT'],
  ['psql variable that prefixes', ':prefix SELECT 1', '        SELECT 1'],
  ['psql test of a variable', 'SELECT :{?a}', 'SELECT true '],
  ['Go template as a schema', 'CREATE TABLE {{ .Schema }}.t ()', 'CREATE TABLE •            .t ()'],
  [
    'Go template with quotes',
    'CREATE TABLE {{ index .Options "Namespace" }}.users ()',
    'CREATE TABLE •                               .users ()',
  ],
  [
    'Go template with quotes in an identifier',
    'DROP TABLE "{{ index .Options "Namespace" }}"."users"',
    'DROP TABLE "•"                               ."users"',
  ],
  ['Flyway placeholder', `GRANT SELECT ON t TO \${role}`, 'GRANT SELECT ON t TO •      '],
  ['placeholder in a name', `DROP TABLE app_\${env}_users`, 'DROP TABLE app_•_users     '],
  ['placeholder behind a dollar', 'DROP TABLE a$${b}', 'DROP TABLE a$•   '],
  ['ERB', 'DROP TABLE <%= table %>', 'DROP TABLE •           '],
  ['Ruby', 'DROP TABLE #{table}', 'DROP TABLE •       '],
  ['extension macro', 'CREATE TABLE @extschema@.t ()', 'CREATE TABLE •          .t ()'],
  ['Jinja control', 'SELECT 1 {% if a %} + 2 {% endif %} + 3', 'SELECT 1            + 2             + 3'],
  ['semicolons and quotes in a template', "SELECT {{ a ';' }} + 1", 'SELECT •           + 1'],
  ['untouched: a cast', 'SELECT a::text', 'SELECT a::text'],
  ['untouched: a slice', 'SELECT a[1:n]', 'SELECT a[1:n]'],
  ['untouched: an operator', 'SELECT a <% b, @ -5, @a', 'SELECT a <% b, @ -5, @a'],
  ['untouched: a named argument', 'SELECT f(a := 1)', 'SELECT f(a := 1)'],
  ['untouched: in a literal', `SELECT '\${a}', ':b', '{{c}}'`, `SELECT '\${a}', ':b', '{{c}}'`],
  ['slice and variable', 'SELECT a[1:n], :v', 'SELECT a[1:n], • '],
]

/** What the parser gets, with a dot for each character that stands for a placeholder. */
function sentFor(text: string): string {
  const reached = (sql: string) => {
    const parsed = parseText(sql, offset => offset)
    return 'error' in parsed ? parsed.error.offset : Number.POSITIVE_INFINITY
  }
  if (reached(text) === Number.POSITIVE_INFINITY) return text
  const neutral = neutralise(text, reached, spellings())?.text ?? text
  expect(neutral).toHaveLength(text.length)
  return neutral.replace(/[\ue000-\uf8ff]/g, '•')
}

describe('neutralising', () => {
  test.each(CASES)('%s', (_, text, sent) => {
    const parsed = script(`DROP TABLE a; ${text}; DROP TABLE z`)
    expect(problems(parsed)).toEqual([])
    expect(parsed.statements.map(statement => statement.text)).toEqual([
      'DROP TABLE a',
      text.replace(/\{%.*?%\}/g, part => ' '.repeat(part.length)),
      'DROP TABLE z',
    ])
    expect(sentFor(text)).toBe(sent)
    expect(written(parsed)).toEqual(['DROP TABLE a', text, 'DROP TABLE z'])
  })

  test('two hundred placeholders in a statement', () => {
    const columns = Array.from({ length: 200 }, (_, i) => `\${column${i}}`).join(', ')
    expect(script(`INSERT INTO \${t} (${columns}) VALUES (:a)`).problems).toEqual([])
  })

  test('mistakes stay: message and place are those of the text', () => {
    const parsed = script(`SELECT \${a} FROM t WHERE x y; DROP TABLE t`)
    expect(problems(parsed)).toEqual(['syntax-error: syntax error at or near "y" @ y'])
    expect(written(parsed)).toEqual(['DROP TABLE t'])
  })

  test('control lines of templates are not SQL', () => {
    const parsed = script(
      '{{ if .A }}\nDROP TABLE a;\n{{- else }}\nDROP TABLE b;\n{{ end }}\n{% set x = "it\'s;" %}\n{# ; #}',
    )
    expect(written(parsed)).toEqual(['DROP TABLE a', 'DROP TABLE b'])
    expect(parsed.clientCommands.map(({ kind, text }) => `${kind} ${text}`)).toEqual([
      'template {{ if .A }}',
      'template {{- else }}',
      'template {{ end }}',
      'template {% set x = "it\'s;" %}',
      'template {# ; #}',
    ])
    expect(parsed.problems).toEqual([])
  })
})

describe('psql', () => {
  test.each<[string, string, string[], string[]]>([
    ['a command', "\\set a 'b;c'\nDROP TABLE t;", ['DROP TABLE t'], ["psql \\set a 'b;c'"]],
    ['CRLF', '\\restrict x\r\nDROP TABLE t;\r\n', ['DROP TABLE t'], ['psql \\restrict x']],
    [
      'commands that send',
      'SELECT 1 \\g\nSELECT 2 \\gexec\nSELECT 3',
      ['SELECT 1', 'SELECT 2', 'SELECT 3'],
      ['psql \\g', 'psql \\gexec'],
    ],
    ['a backslash and a semicolon', 'SELECT 1\\; SELECT 2;', ['SELECT 1', 'SELECT 2'], ['psql \\;']],
    ['two commands on a line', '\\t \\\\ SELECT 1;', ['SELECT 1'], ['psql \\t \\\\']],
    ['backslashes in an argument', "\\set a '\\\\copy t' ;\nSELECT 1", ['SELECT 1'], ["psql \\set a '\\\\copy t' ;"]],
    ['\\copy from a file', '\\copy t from x.csv\nSELECT 1', ['SELECT 1'], ['psql \\copy t from x.csv']],
    [
      '\\COPY from stdin',
      '\\COPY t FROM STDIN\n;\n\\.\nSELECT 1',
      ['SELECT 1'],
      ['psql \\COPY t FROM STDIN', 'copy-data ;\n\\.'],
    ],
    [
      'COPY data',
      "COPY t (a) FROM stdin;\nit's;\n\\N\n\\.\n\nSELECT 1;",
      ['COPY t (a) FROM stdin', 'SELECT 1'],
      ["copy-data it's;\n\\N\n\\."],
    ],
    [
      'COPY data with CRLF',
      'COPY t FROM STDIN;\r\na\r\n\\.\r\nSELECT 1',
      ['COPY t FROM STDIN', 'SELECT 1'],
      ['copy-data a\r\n\\.'],
    ],
    [
      'COPY data to the end of the file',
      "COPY t FROM stdin WITH (FORMAT csv);\n'",
      ['COPY t FROM stdin WITH (FORMAT csv)'],
      ["copy-data '"],
    ],
    [
      'COPY without data of its own',
      "COPY t FROM '/a'; COPY t TO stdout;\nSELECT 1",
      ["COPY t FROM '/a'", 'COPY t TO stdout', 'SELECT 1'],
      [],
    ],
  ])('%s', (_, text, statements, commands) => {
    const parsed = script(text)
    expect(written(parsed)).toEqual(statements)
    expect(parsed.clientCommands.map(({ kind, text }) => `${kind} ${text}`)).toEqual(commands)
    expect(parsed.problems).toEqual([])
  })

  test('a command inside a statement is blanked', () => {
    const parsed = script('SELECT a\n\\echo x;y\n, b FROM t;')
    expect(parsed.statements.map(({ text }) => text)).toEqual(['SELECT a\n         \n, b FROM t'])
  })
})
