import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { changesetsIn } from '../../../src/systems/liquibase/document.ts'
import { sent } from '../kit/sent.ts'

const files = new Map([['f.sql', 'select 5;\nselect 6;\n']])
const reader = changesetsIn(() => ({
  included: { context: '', isConditional: false },
  properties: new Map([['now', 'now()']]),
  schema: 'public',
  file: path => (files.has(path) ? { text: files.get(path) ?? '', problem: null } : null),
}))

function recorded(name: string): string {
  return readFileSync(new URL(`recorded/liquibase/${name}`, import.meta.url), 'utf8')
}

/** White space, quotes of names that need none, and the case of words are the only differences that are allowed. */
function normal(sql: string): string {
  return sql
    .replace(/"([a-z_][a-z0-9_]*)"/g, '$1')
    .replace(/\s+/g, ' ')
    .replace(/\s*([(),])\s*/g, '$1')
    .trim()
    .toLowerCase()
}

test('the read SQL is what a server logged for Liquibase 4.33', async () => {
  const read = await sent(reader, recorded('changelog.xml'), 'up', 'changelog.xml')
  expect(read).toMatchObject({ unread: [], doubts: [] })
  // The driver cuts apart what Liquibase sends as one message.
  const statements = read.sql.flatMap(sql => sql.split(';'))
  expect(statements.map(normal)).toEqual(recorded('sent.sql').trim().split('\n').map(normal))
})

const xml = (inside: string) =>
  `<databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog">${inside}</databaseChangeLog>`

/** One change in a change set of its own. */
const change = (inside: string, more = '') => xml(`<changeSet id="1" author="a"${more}>${inside}</changeSet>`)

test.each<[string, string, string[]]>([
  ['a database that it is not for', change('<sql>a</sql>', ' dbms="mysql, oracle"'), []],
  ['all databases but one', change('<sql>a</sql>', ' dbms="!mysql"'), ['a']],
  ['a context of PostgreSQL, too', change('<sql>a</sql>', ' context="mysql or postgresql"'), ['a']],
  [
    'a parameter of the run in a value, defaults, and what the database counts',
    change(
      `<insert tableName="t"><column name="a" value="it's \${later}"/><column name="b" defaultValueComputed="NULL"/><column name="c" autoIncrement="true" valueNumeric="3"/></insert>`,
    ),
    [`INSERT INTO public.t (a, b) VALUES ('it''s \${later}', NULL)`],
  ],
  [
    'the current time, whatever follows it',
    change(
      '<addDefaultValue tableName="t" columnName="a" columnDataType="timestamp" defaultValueComputed="current_timestamp()"/><update tableName="t"><column name="a" valueDate="CURRENT_TIMESTAMP(3)"/><column name="b" valueComputed="current_date"/></update>',
    ),
    ['ALTER TABLE public.t ALTER COLUMN a SET DEFAULT NOW()', 'UPDATE public.t SET a = NOW(), b = current_date'],
  ],
  [
    'names with a comma at their end',
    change('<addUniqueConstraint tableName="t" columnNames="a, b,"/>'),
    ['ALTER TABLE public.t ADD UNIQUE (a, b)'],
  ],
  [
    'an index of columns with defaults',
    change('<createIndex tableName="t" indexName="i"><column name="a" defaultValueNumeric="0"/></createIndex>'),
    ['CREATE INDEX i ON public.t(a)'],
  ],
  ['ignore', change('<sql>a</sql>', ' ignore="true"'), []],
  ['a change for another database', change('<sql dbms="mysql">a</sql><sql dbms="postgresql">b</sql>'), ['b']],
  ['a property', change(`<sql>a \${NOW}</sql>`), ['a now()']],
  ['a property that is escaped', change(`<sql>a \${:now}</sql>`), [`a \${now}`]],
  ['a body with semicolons', change("<sql>DO $$ a; b; $$; SELECT ';'</sql>"), ['DO $$ a; b; $$', " SELECT ';'"]],
  ['CDATA', change('<sql><![CDATA[SELECT 1 < 2]]></sql>'), ['SELECT 1 < 2']],
  ['a schema', change('<dropTable tableName="t" schemaName="s"/>'), ['DROP TABLE s.t']],
  [
    'all in quotes',
    change('<dropTable tableName="T"/>', ' objectQuotingStrategy="QUOTE_ALL_OBJECTS"'),
    ['DROP TABLE "public"."T"'],
  ],
  ['upper case alone', change('<dropTable tableName="USERS"/>'), ['DROP TABLE public.USERS']],
  [
    'append',
    change('<dropTable tableName="t"/><modifySql dbms="postgresql"><append value=" CASCADE"/></modifySql>'),
    ['DROP TABLE public.t CASCADE'],
  ],
  [
    'a primary key of two columns',
    change(
      '<createTable tableName="t"><column name="a" type="int"><constraints primaryKey="true"/></column><column name="b" type="int"><constraints primaryKey="true" nullable="false"/></column></createTable>',
    ),
    ['CREATE TABLE public.t (a INTEGER NOT NULL, b INTEGER NOT NULL, CONSTRAINT t_pkey PRIMARY KEY (a, b))'],
  ],
  [
    'an identity with options',
    change(
      '<addColumn tableName="t"><column name="a" type="bigint" autoIncrement="true" startWith="5" generationType="ALWAYS"/></addColumn>',
    ),
    ['ALTER TABLE public.t ADD a BIGINT GENERATED ALWAYS AS IDENTITY (START WITH 5)'],
  ],
])('reads %s', async (_, source, sql) => {
  const read = await sent(reader, source, 'up', 'a.xml')
  expect(read).toEqual({ sql, unread: [], doubts: [] })
})

test.each<[string, string, string]>([
  ['an unknown change', change('<loadData file="a.csv"/>'), '`loadData` is not read yet'],
  ['an unknown attribute', change('<dropTable tableName="t" other="x"/>'), '`other` is not read'],
  ['a parameter', change(`<sql>SELECT \${x}</sql>`), '`x` is a parameter of the run'],
  [
    'a type that is a parameter',
    change(`<addColumn tableName="t"><column name="a" type="\${x}"/></addColumn>`),
    'its type is not known: `x` is a parameter of the run',
  ],
  [
    'another end of statements',
    change('<sql endDelimiter="/">a / b</sql>'),
    'its statements do not end with semicolons',
  ],
  ['a class', change('<customChange class="a.B"/>'), '`customChange` is not read yet'],
  [
    'a name that is asked of the database',
    change('<dropPrimaryKey tableName="t"/>'),
    'the database gives the name of the primary key',
  ],
])('says that it does not read %s', async (_, source, why) => {
  const read = await sent(reader, source, 'up', 'a.xml')
  expect(read.unread).toHaveLength(1)
  expect(read.unread[0]).toMatch(`: ${why}`)
})

test('SQL that a precondition may skip is conditional', async () => {
  const conditions = '<preConditions onFail="MARK_RAN"><not><tableExists tableName="t"/></not></preConditions>'
  const read = await sent(reader, change(`${conditions}<sql>a</sql>`), 'up', 'a.xml')
  expect(read.sql).toEqual(['a'])
})

test('a rollback is the down direction', async () => {
  const source = xml(
    '<changeSet id="1" author="a"><sql>a</sql><rollback>b; c</rollback></changeSet><changeSet id="2" author="a"><sql>d</sql><rollback><dropTable tableName="t"/></rollback></changeSet>',
  )
  const read = await sent(reader, source, 'down', 'a.xml')
  expect(read.sql).toEqual(['DROP TABLE public.t', 'b', ' c'])
})

const yaml = `databaseChangeLog:
  - property: {name: x, value: y}
  - changeSet:
      id: 1
      author: a
      changes:
        - createTable:
            tableName: users
            columns:
              - column:
                  name: id
                  type: int
                  autoIncrement: true
                  constraints: {primaryKey: true, nullable: false}
              - column: {name: name, type: varchar(10), defaultValue: x}
        - sql:
            sql: |
              CREATE INDEX i
                ON users (name);
              SELECT 1
        - sql: {splitStatements: false, sql: "a; b"}
        - update:
            tableName: users
            columns:
              - column: {name: name, value: z}
            where: id = 1
      rollback:
        - dropTable: {tableName: users}
`
const expected = [
  "CREATE TABLE public.users (id INTEGER GENERATED BY DEFAULT AS IDENTITY NOT NULL, name VARCHAR(10) DEFAULT 'x', CONSTRAINT users_pkey PRIMARY KEY (id))",
  'CREATE INDEX i\n  ON users (name)',
  '\nSELECT 1\n',
  'a; b',
  "UPDATE public.users SET name = 'z' WHERE id = 1",
]

test('reads the same in YAML, and in JSON', async () => {
  const read = await sent(reader, yaml, 'up', 'a.yaml')
  expect(read).toEqual({ sql: expected, unread: [], doubts: [] })
  expect((await sent(reader, yaml, 'down', 'a.yaml')).sql).toEqual(['DROP TABLE public.users'])
  const json = JSON.stringify({
    databaseChangeLog: [
      {
        changeSet: {
          id: '1',
          author: 'a',
          changes: [
            { addColumn: { tableName: 'users', columns: [{ column: { name: 'a', type: 'int', valueNumeric: 5 } }] } },
          ],
        },
      },
    ],
  })
  expect((await sent(reader, json, 'up', 'a.json')).sql).toEqual([
    'ALTER TABLE public.users ADD a INTEGER',
    'UPDATE public.users SET a = 5',
  ])
})

test('a changelog with more in one place than anybody writes is not read, and does not end the run', async () => {
  const source = xml(`<changeSet id="1" author="a"><sql>${'&lt;'.repeat(40_000)}</sql></changeSet>`)
  await expect(sent(reader, source, 'up', 'a.xml')).rejects.toThrow('it could not be read')
})

test('a change set with a context of other databases is reported as unread', async () => {
  const read = await sent(reader, change('<sql>a</sql>', ' context="mysql or oracle"'), 'up', 'a.xml')
  expect(read).toMatchObject({
    sql: [],
    doubts: ['changeSet: its context, mysql or oracle, names only another database'],
  })
})

test.each(['dbms', 'context', 'runInTransaction', 'ignore'])(
  'a change set with an unknown %s is unread, and the others are read',
  async name => {
    const sets = `<changeSet id="1" author="a" ${name}="\${later}"><sql>a</sql></changeSet><changeSet id="2" author="a"><sql>b</sql></changeSet>`
    const read = await sent(reader, xml(sets), 'up', 'a.xml')
    expect(read).toMatchObject({ sql: ['b'], unread: ['changeSet: `later` is a parameter of the run'] })
  },
)
