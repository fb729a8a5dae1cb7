import { describe, expect, test } from 'vitest'
import { lint } from '../../src/index.ts'
import { helpText } from '../../src/lint/help.ts'
import { said, told } from './kit/said.ts'

/** Each form of a placeholder: as a schema, and as another author would write it. */
const forms: readonly (readonly [written: string, same?: string])[] = [
  ['{{ index .Options "Namespace" }}', '{{index .Options "Namespace" }}'],
  ['{{ .Schema }}', '{{.Schema}}'],
  ['{{schema}}', '{{  schema\n}}'],
  [`\${schema}`, `\${ schema }`],
  [`\${flyway:defaultSchema}`],
  ['#{schema}', '#{ schema }'],
  ['<%= schema %>', '<%=schema%>'],
  [':schema'],
  [':"schema"'],
  ['@extschema@'],
  [`app_\${env}`, `app_\${ env }`],
  [`\${a}_x_\${b}`],
  [`\${Tenant}`],
  [':T'],
]

/** All texts of a report about findings. */
async function words(sql: string | readonly string[]): Promise<string> {
  const findings = await told(sql, { transaction: 'none' })
  return findings.map(({ message, help }) => `${message}\n${helpText(help ?? [])}`).join('\n')
}

const invented = /__|_schema|index__|___/

describe('R3: placeholders are shown as they are written', () => {
  test.each(forms)('%s as a schema, in messages and in advice', async written => {
    const said = await words([
      `CREATE TABLE ${written}.flow_state (id bigint PRIMARY KEY, state text);`,
      `CREATE INDEX flow_state_state ON ${written}.flow_state (state);
ALTER TABLE ${written}.flow_state ALTER COLUMN state SET NOT NULL;`,
    ])
    expect(said).toContain(`"${written}.flow_state"`)
    expect(said).toContain(`ON ${written}.flow_state (state)`)
    expect(said).toContain(`ALTER TABLE ${written}.flow_state `)
    expect(said).not.toMatch(invented)
  })

  test.each(forms)('%s as a table', async written => {
    const said = await words(`ALTER TABLE ${written} ADD COLUMN a uuid DEFAULT gen_random_uuid();`)
    expect(said).toContain(`"${written}"`)
    expect(said).not.toMatch(invented)
  })

  test.each(forms.filter(([written]) => !written.startsWith(':') && !written.startsWith('@')))(
    '%s as a part of a name',
    async written => {
      const said = await words(`DROP TABLE old_${written}_Rows; CREATE INDEX i ON orders (a_${written});`)
      expect(said).toContain(`"old_${written}_rows"`)
      expect(said).toContain(`(a_${written})`)
      expect(said).not.toMatch(invented)
    },
  )

  test('in a body of PL/pgSQL, and in one in SQL', async () => {
    const said = await words(`DO $$ BEGIN
  ALTER TABLE {{ .Schema }}.orders ADD COLUMN a uuid DEFAULT gen_random_uuid();
  PERFORM {{ .Schema }}.f(); DROP TABLE {{ .Schema }}.refunds;
END $$;`)
    expect(said).toContain('"{{ .Schema }}.orders"')
    expect(said).toContain('"{{ .Schema }}.refunds"')
    expect(said).not.toMatch(invented)
  })

  test('names without a placeholder stay in quotation marks', async () => {
    for (const name of ['x;y', `\${a}; DROP TABLE users; --`, `\${a; DROP TABLE users; --}`, `A\${a}`]) {
      const said = await words(`CREATE INDEX i ON "${name}" (a);`)
      expect(said).toContain(`ON "${name}" (a)`)
      expect(said.replaceAll(`"${name}"`, '')).not.toContain('DROP TABLE users')
    }
  })

  test('a long name is not cut within its placeholder', async () => {
    const name = `{{ index .Options "Namespace" }}_of_a_table_with_a_name_that_is_long_enough`
    expect(await words(`DROP TABLE ${name};`)).toContain(`"${name}"`)
  })

  test('letters of the private use area stay as they are', async () => {
    const said = await words(`DROP TABLE "\ue000".\${t}; DROP TABLE \ue000\ue001_\${u};`)
    expect(said).toContain(`"\ue000.\${t}"`)
    expect(said).toContain(`"\ue000\ue001_\${u}"`)
  })
})

describe('R3: equal placeholders are one name', () => {
  test.each(forms.filter(([, same]) => same !== undefined))('%s and %s', async (written, same) => {
    const found = await told(
      [
        `CREATE TABLE ${written}.a (id bigint PRIMARY KEY, t text);`,
        `ALTER TABLE ${same}.a ADD COLUMN u text;`,
        `CREATE TABLE ${same}.b (id bigint PRIMARY KEY);
ALTER TABLE ${written}.b ADD COLUMN c text; CREATE INDEX b_c ON ${same}.b (c);
UPDATE "${same}".a SET u = 'x' WHERE id = 1; DROP INDEX ${same}.b_c;`,
      ],
      { transaction: 'none' },
    )
    expect(found.filter(({ rule }) => rule === 'certain-failure' || rule === 'possible-failure')).toEqual([])
    const failing = await told([`CREATE TABLE ${written}.a (id int);`, `ALTER TABLE ${same}.a DROP COLUMN other;`])
    expect(failing.map(({ rule }) => rule)).toContain('certain-failure')
  })

  test('other placeholders are other names', async () => {
    const found = await told([`CREATE TABLE \${a}.t (id int);`, `ALTER TABLE \${b}.t DROP COLUMN other;`])
    expect(found.map(({ rule }) => rule)).not.toContain('certain-failure')
  })

  test.each(['{{ .Column }}', `\${column}`, ':column', ':"column"', `prefix_\${column}`])(
    '%s may be any column',
    async column => {
      const found = await told([
        'CREATE TABLE t (id int PRIMARY KEY, a int);',
        `ALTER TABLE t ALTER COLUMN ${column} SET NOT NULL; CREATE INDEX ON t (${column}); UPDATE t SET ${column} = 1 WHERE ${column} = 2;
COMMENT ON COLUMN t.${column} IS 'x'; ALTER TABLE t RENAME COLUMN ${column} TO b; ALTER TABLE t DROP COLUMN ${column};
INSERT INTO t (${column}) VALUES (1); SELECT ${column} FROM t; SELECT t.${column} FROM t; DELETE FROM t WHERE id = ${column};`,
      ])
      expect(found.filter(({ rule }) => rule === 'certain-failure').map(({ message }) => message)).toEqual([])
    },
  )

  test('fingerprints do not depend on the spaces in them', async () => {
    const print = async (written: string) => {
      const migrations = [{ path: 'm/1.sql', content: `DROP TABLE ${written}.t;` }]
      return (await lint({ migrations })).findings.map(({ rule, fingerprint }) => `${rule} ${fingerprint}`)
    }
    expect(await print('{{ .Schema }}')).toEqual(await print('{{.Schema}}'))
    expect(await print('{{ .Schema }}')).not.toEqual(await print('{{ .Other }}'))
  })
})

describe("psql's ways to insert one variable are one name", () => {
  const failing = async (sql: string) =>
    (await told(sql, { transaction: 'none' }))
      .filter(({ rule }) => rule === 'certain-failure')
      .map(({ message }) => message)

  test.each([
    ['a name', `CREATE TABLE :"s".t (id int); ALTER TABLE :s.t ADD COLUMN b int; CREATE INDEX i ON :"s".t (b);`],
    ['a name first', `CREATE TABLE :s.t (id int); ALTER TABLE :"s".t ADD COLUMN b int; CREATE INDEX i ON :s.t (b);`],
    [
      'the search path',
      `SET search_path TO :'s'; CREATE TABLE t (id int); ALTER TABLE :s.t ADD COLUMN b int; ALTER TABLE t DROP COLUMN b;`,
    ],
    [
      'the search path as a name',
      `SET search_path = :"s", public; CREATE TABLE t (id int); ALTER TABLE :s.t ADD COLUMN b int; ALTER TABLE t DROP COLUMN b;`,
    ],
    ['a table', `CREATE TABLE :t (id int); ALTER TABLE :"t" ADD COLUMN b int; CREATE INDEX i ON :t (b);`],
    ['a column', `CREATE TABLE t (:c int); CREATE INDEX i ON t (:"c");`],
  ])('%s', async (_, sql) => {
    expect(await failing(sql)).toEqual([])
    expect(await failing(`${sql} ALTER TABLE :s.t ALTER COLUMN none SET NOT NULL;`)).toHaveLength(
      sql.includes(':s') || sql.includes(':"s"') ? 1 : 0,
    )
  })

  test('another variable is another name, and a text is not one', async () => {
    const two = `CREATE TABLE :s.t (id int); ALTER TABLE :"S".t ADD COLUMN b int; CREATE INDEX i ON :s.t (b);`
    // Both may be set to the same name.
    expect(await failing(two)).toEqual([])
    expect(await said(two, { transaction: 'none' })).toContain('note possible-failure')
    expect(
      await failing(
        `CREATE TABLE t (a text DEFAULT :'s'); INSERT INTO t VALUES (:'s'); ALTER TABLE :s.t ADD COLUMN b int;`,
      ),
    ).toEqual([])
  })
})

describe('R3: a placeholder may stand for a name that the migrations use elsewhere', () => {
  test.each([
    [
      'the schema',
      ['CREATE TABLE ${s}.t (id int);', 'ALTER TABLE app.t ADD COLUMN x int;'],
      'CREATE INDEX i ON ${s}.t (x);',
    ],
    [
      'the schema of the path',
      ['SET search_path = ${s}; CREATE TABLE t (id int);', 'ALTER TABLE app.t ADD COLUMN x int;'],
      'SET search_path = ${s}; CREATE INDEX i ON t (x);',
    ],
    [
      'a table',
      ['CREATE TABLE ${s}.t (id int);', 'ALTER TABLE ${s}.${t} ADD COLUMN x int;'],
      'CREATE INDEX i ON ${s}.t (x);',
    ],
    [
      'a part of a name',
      ['CREATE TABLE ${p}_t (id int);', 'ALTER TABLE my_t ADD COLUMN x int;'],
      'CREATE INDEX i ON ${p}_t (x);',
    ],
    ['a column', ['CREATE TABLE t (id int);', 'ALTER TABLE t ADD COLUMN ${c} int;'], 'CREATE INDEX i ON t (x);'],
    ['a dropped table', ['CREATE TABLE ${s}.t (id int);', 'DROP TABLE app.t;'], 'CREATE TABLE ${s}.t (id int, x int);'],
    [
      'a table that is made again',
      ['CREATE TABLE app.t (id int); DROP TABLE app.t;', 'CREATE TABLE ${s}.t (id int);'],
      'ALTER TABLE app.t ADD COLUMN x int;',
    ],
    [
      'a variable of psql',
      ['CREATE TABLE :s.t (id int);', 'ALTER TABLE app.t ADD COLUMN x int;'],
      'CREATE INDEX i ON :"s".t (x);',
    ],
    [
      'a table that is perhaps another one',
      ['CREATE TABLE t (id int);', 'CREATE TABLE IF NOT EXISTS ${x} (id int);', 'ALTER TABLE ${x} ADD COLUMN y int;'],
      'CREATE INDEX i ON t (y);',
    ],
    ['IF NOT EXISTS', ['CREATE TABLE IF NOT EXISTS ${s}.t (id int);'], 'CREATE INDEX i ON ${s}.t (x);'],
    [
      'SQL that is not read',
      ['CREATE TABLE ${s}.t (id int);', "DO $$ BEGIN EXECUTE current_setting('a.b'); END $$;"],
      'CREATE INDEX i ON ${s}.t (x);',
    ],
  ])('so nothing is certain: %s', async (_, before, last) => {
    const all = await said([...before, last], { transaction: 'none' })
    expect(all).not.toContain('error certain-failure')
    expect(all).toContain('note possible-failure')
    if (last.includes('INDEX')) expect(all).toContain('error blocking-index-build')
  })

  test.each([
    [['CREATE TABLE ${s}.t (id int);'], 'CREATE INDEX i ON ${s}.t (x);'],
    [
      ['CREATE TABLE ${s}.t (id int); CREATE TABLE ${s}.u (x int); CREATE TABLE app.v (x int);'],
      'CREATE INDEX i ON ${s}.t (x);',
    ],
    [['CREATE TABLE ${s}.t (id int);'], 'CREATE TABLE ${ s }.t (id int);'],
    [['CREATE TABLE ${s} (id int); CREATE TABLE t (id int);'], 'CREATE TABLE t (id int);'],
    [['CREATE TABLE app.t (id int); CREATE TABLE ${s}.u (id int);'], 'ALTER TABLE app.t DROP COLUMN x;'],
  ])('but equal placeholders are one name, and other names are others: %j', async (before, last) => {
    expect(await said([...before, last], { transaction: 'none' })).toContain('error certain-failure')
  })
})
