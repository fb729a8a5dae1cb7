import { describe, expect, test } from 'vitest'
import { lintTree } from '../../src/index.ts'
import { liquibase } from '../../src/systems/liquibase/liquibase.ts'
import { changesets, downParts, remarks, upParts } from '../../src/systems/liquibase/sql.ts'
import { mapTree } from '../../src/systems/reading/tree.ts'

const options = { transaction: () => 'unknown' as const }
const texts = (text: string, parts: readonly { span: readonly [number, number] }[]) =>
  parts.map(({ span }) => text.slice(...span))

describe('change sets', () => {
  test('begin at their markers and have their attributes', () => {
    const text = `--liquibase formatted sql

--changeset jane:1
SELECT 1;
  -- ChangeSet "jane doe":"2 b" runInTransaction:false labels:x
SELECT 2;
--changeset jane:3 dbms:mysql
SELECT 3;
--changeset jane:4 dbms:postgresql,h2 splitStatements:false
SELECT 4;
--changeset jane:5 ignore:true
--changeset jane:6 dbms:!oracle
SELECT 6;
`
    const found = changesets(text)
    expect(
      found.map(({ line, execution, runs }) => [line.number, execution.inTransaction, execution.singleMessage, runs]),
    ).toEqual([
      [3, true, false, true],
      [5, false, false, true],
      [7, true, false, false],
      [9, true, true, true],
      [11, true, false, false],
      [12, true, false, true],
    ])
    expect(texts(text, upParts(text)).map(part => /SELECT \d/.exec(part)?.[0])).toEqual([
      'SELECT 1',
      'SELECT 2',
      'SELECT 4',
      'SELECT 6',
    ])
  })

  test('each has a transaction of its own', () => {
    const text = '--changeset a:1\nSELECT 1;\n--changeset a:2\nSELECT 2;\n'
    const [first, second] = upParts(text)
    expect(first?.execution).toEqual(second?.execution)
    expect(first?.execution).not.toBe(second?.execution)
  })

  test('leave out the lines that are ignored, within one transaction', () => {
    const text =
      '--changeset a:1\nSELECT 1;\n--ignoreLines:start\nSELECT 2;\n--changeset a:2\n--ignoreLines:end\nSELECT 3;\n--ignoreLines:1\nSELECT 4;\nSELECT 5;\n'
    const parts = upParts(text)
    expect(
      texts(text, parts)
        .join('')
        .match(/SELECT \d/g),
    ).toEqual(['SELECT 1', 'SELECT 3', 'SELECT 5'])
    expect(new Set(parts.map(({ execution }) => execution)).size).toBe(1)
  })

  test('are cut at their own delimiter', () => {
    const text = "--changeset a:1 endDelimiter:/\nSELECT '/'\n/\nSELECT $$ / $$ /\n"
    expect(texts(text, upParts(text))).toEqual(["--changeset a:1 endDelimiter:/\nSELECT '/'\n", '\nSELECT $$ / $$ '])
  })

  test('name their down files', () => {
    const text = `--changeset a:1
SELECT 1;
--rollback DROP TABLE a;
 -- ROLLBACK DROP TABLE b;
--rollback empty
--changeset a:2
SELECT 2;
/* liquibase rollback
DROP TABLE c;
*/
`
    expect(texts(text, downParts(text)).map(part => part.trim())).toEqual([
      'DROP TABLE a;',
      'DROP TABLE b;',
      'DROP TABLE c;',
    ])
  })
})

test.each([
  ['--liquibase formatted sql\n--changeset a:1\nSELECT 1;', []],
  ['--liquibase formatted sql\n--changeset a\nSELECT 1;', ['a change set is `--changeset author:id`']],
  ['--liquibase formatted sql\n-changeset a:1\nSELECT 1;', ['a change set is `--changeset author:id`']],
  [
    '--liquibase formatted sql\nSELECT 1;\n--changeset a:1\n',
    ['statements before the first `--changeset` are not run'],
  ],
])('remarks on %j', (text, expected) => {
  expect(remarks(text).map(remark => remark.kind === 'refused' && remark.why)).toEqual(expected)
})

describe('the master changelog gives the order', () => {
  const sql = '--liquibase formatted sql\n--changeset a:1\nSELECT 1;'
  const files = {
    'res/db/changelog/sql/2.sql': sql,
    'res/db/changelog/sql/10.sql': sql,
    'res/db/changelog/sql/left.sql': sql,
    'res/db/changelog/more/b.sql': sql,
    'res/db/changelog/more/a/c.sql': 'SELECT 1;',
  }
  const expected = [
    'res/db/changelog/sql/2.sql',
    'res/db/changelog/sql/10.sql',
    'res/db/changelog/more/a/c.sql',
    'res/db/changelog/more/b.sql',
  ]

  test.each([
    [
      'db.changelog-master.yaml',
      'databaseChangeLog:\n  - include:\n      file: db/changelog/sql/2.sql\n  # - include:\n  #     file: db/changelog/sql/left.sql\n  - include:\n      file: sql/10.sql\n      relativeToChangelogFile: true\n  - includeAll:\n      path: classpath:/db/changelog/more/\n',
    ],
    [
      'changelog.xml',
      '<databaseChangeLog>\n<include file="db/changelog/sql/2.sql"/>\n<!-- <include file="sql/left.sql"/> -->\n<include relativeToChangelogFile="true" file="sql/10.sql"/>\n<includeAll path="db/changelog/more"/>\n</databaseChangeLog>',
    ],
    [
      'changelog.json',
      '{ "databaseChangeLog": [ { "include": { "file": "db/changelog/sql/2.sql" } }, { "include": { "file": "sql/10.sql", "relativeToChangelogFile": true } }, { "includeAll": { "path": "db/changelog/more" } } ] }',
    ],
  ])('%s', (name, text) => {
    const tree = mapTree({ ...files, [`res/db/changelog/${name}`]: text })
    const path = `res/db/changelog/${name}`
    expect(liquibase.detect(tree, 'res/db/changelog')).toEqual({
      directory: 'res/db/changelog',
      sign: 'file',
      because: path,
    })
    const { migrations, asides, notices } = liquibase.migrations(tree, 'res/db/changelog', options)
    expect(migrations.map(({ path }) => path)).toEqual(expected)
    expect(asides).toEqual([
      { path: 'res/db/changelog/sql/left.sql', kind: 'never-runs', why: `${path} does not include it` },
    ])
    expect(notices).toEqual([])
  })

  test('XML is read as XML: namespaces, entities, attributes in any order, names in text', () => {
    const text = `<?xml version='1.0' encoding='UTF-8'?>
<!DOCTYPE lb:databaseChangeLog [<!ENTITY folder "db/changelog/sql">]>
<lb:databaseChangeLog xmlns:lb="http://www.liquibase.org/xml/ns/dbchangelog">
  <lb:include
      context = "a > b" file='&folder;/2.sql'/>
  <lb:modifyChangeSets runWith="psql"><lb:include relativeToChangelogFile="TRUE" file="sql&#47;10.sql"/></lb:modifyChangeSets>
  <lb:property name="x" value="&lt;include file='sql/left.sql'/&gt;"/>
  <lb:property name="y"><![CDATA[<include file="db/changelog/sql/left.sql"/>]]></lb:property>
  <lb:includeAll path='db\\changelog\\more'></lb:includeAll>
</lb:databaseChangeLog>`
    const tree = mapTree({ ...files, 'res/db/changelog/main.xml': text })
    expect(liquibase.detect(tree, 'res/db/changelog')?.because).toBe('res/db/changelog/main.xml')
    const { migrations, notices } = liquibase.migrations(tree, 'res/db/changelog', options)
    expect(migrations.map(({ path }) => path)).toEqual(expected)
    expect(notices).toEqual([])
  })

  test('YAML may wrap included files, too', () => {
    const text =
      'databaseChangeLog:\n- modifyChangeSets: {runWith: psql, include: {file: sql/2.sql}}\n- modifyChangeSets:\n  - include: {file: sql/10.sql}\n'
    const tree = mapTree({ ...files, 'res/db/changelog/main.yaml': text })
    const { migrations } = liquibase.migrations(tree, 'res/db/changelog', options)
    expect(migrations.map(({ path }) => path)).toEqual(expected.slice(0, 2))
  })

  test.each([
    ['xml', '<databaseChangeLog>\n<include file="1.sql"/>\n</databaseChangelog>', 3, 'unexpected close tag', 'XML'],
    ['yaml', 'databaseChangeLog:\n- include: {file: 1.sql}\n- include: {file: 1.sql\n', 4, expect.any(String), 'YAML'],
  ])(
    'a broken changelog in %s is reported with its place, and is counted as not read',
    (end, text, line, what, format) => {
      const master = `<databaseChangeLog><include file="sql/2.sql"/><include file="part.${end}"/></databaseChangeLog>`
      const tree = mapTree({ 'changelog.xml': master, 'sql/2.sql': sql, '1.sql': sql, [`part.${end}`]: text })
      const { migrations, notices } = liquibase.migrations(tree, '', options)
      const [told = ''] = notices.map(String)
      const [, why = '', at = ''] = /^part\.\w+ cannot be read: (.+) \(line (\d+)\)\.$/.exec(told) ?? []
      expect([notices.length, why, Number(at)]).toEqual([1, what, line])
      expect(migrations.map(({ path, opaque }) => [path, opaque])).toEqual([
        ['sql/2.sql', undefined],
        [`part.${end}`, `it is broken ${format}, line ${at}: ${why}`],
      ])
    },
  )

  test('its own content is not SQL; missing files are reported', () => {
    const xml =
      '<databaseChangeLog><include file="x.sql"/><changeSet id="1"/><changeSet id="2"/><include file="sql/2.sql"/></databaseChangeLog>'
    const { migrations, notices } = liquibase.migrations(
      mapTree({ 'changelog.xml': xml, 'sql/2.sql': sql }),
      '',
      options,
    )
    expect(migrations.map(({ path, opaque }) => [path, opaque])).toEqual([
      ['changelog.xml', 'it is written in XML'],
      ['sql/2.sql', undefined],
    ])
    expect(notices).toEqual(['changelog.xml includes x.sql, which does not exist.'])
  })
})

test('is recognised by its properties, which name the database, or by the head of its files', () => {
  const tree = (url: string) =>
    mapTree({
      'liquibase.properties': `changeLogFile=db/main.sql\nurl=${url}\n`,
      'db/main.sql': '\n-- Liquibase Formatted SQL\n--changeset a:1\n',
      'other/x.sql': 'SELECT 1;\n--liquibase formatted sql',
    })
  const found = { directory: 'db', sign: 'file', because: 'liquibase.properties' }
  expect(liquibase.detect(tree('jdbc:postgresql://h/d'), '')).toEqual(found)
  expect(liquibase.detect(tree('jdbc:mysql://h/d'), '')).toEqual({ ...found, dialect: 'mysql' })
  expect(liquibase.detect(tree('jdbc:postgresql://h/d'), 'db')).toMatchObject({ directory: 'db', sign: 'marker' })
  expect(liquibase.detect(tree('jdbc:postgresql://h/d'), 'other')).toBeNull()
})

describe('change sets whose context names only other databases', () => {
  const set = (id: number, more: string) =>
    `<changeSet id="${id}" author="a" ${more}><sql>SELECT ${id}</sql></changeSet>`
  const reportOf = (sets: readonly string[]) =>
    lintTree(
      mapTree({
        'liquibase.properties': 'changeLogFile=changelog.xml\nurl=jdbc:postgresql://h/d\n',
        'changelog.xml': `<databaseChangeLog>${sets.map((more, i) => set(i, more)).join('')}</databaseChangeLog>`,
      }),
    )

  test('are counted as not read', async () => {
    const { unread, summary } = await reportOf([
      '',
      'context="mysql"',
      'contextFilter="Oracle or mssql"',
      'context="mysql,test"',
    ])
    expect(unread.map(({ extent, why }) => [extent, why])).toEqual([
      ['part', 'its context, mysql, names only another database'],
      ['part', 'its context, oracle or mssql, names only another database'],
    ])
    expect(summary.statements).toBe(2)
  })

  test('are not counted if they never run on PostgreSQL, or are read', async () => {
    const { unread } = await reportOf([
      'dbms="mysql" context="mysql"',
      'ignore="true" context="mysql"',
      'context="test"',
      'context="postgresql"',
      '',
    ])
    expect(unread).toEqual([])
  })
})

describe('change sets of formatted SQL that a run may leave out', () => {
  const reportOf = (files: Record<string, string>) =>
    lintTree(mapTree({ 'liquibase.properties': 'changeLogFile=changelog.xml\nurl=jdbc:postgresql://h/d\n', ...files }))
  const sql = (...sets: readonly string[]) =>
    `--liquibase formatted sql\n${sets.map((more, i) => `--changeset a:${i} ${more}\nDROP TABLE t;\n`).join('')}`
  const master = (...includes: readonly string[]) => `<databaseChangeLog>${includes.join('')}</databaseChangeLog>`
  const failures = (report: Awaited<ReturnType<typeof reportOf>>) =>
    report.findings.filter(({ rule }) => rule === 'certain-failure').length

  test.each([
    ['', 1],
    ['dbms:postgresql', 1],
    ['context:test', 0],
    ['contextFilter:"a and b"', 0],
    ['labels:later', 0],
    ['\n--preconditions onFail:MARK_RAN\n--precondition-sql-check expectedResult:1 SELECT 1', 0],
    ['\n--preconditions onFail:HALT onError:CONTINUE', 1],
    ['context:', 1],
    ['context:""', 1],
    ['dbms:mysql', 0],
  ])('%j: a certain failure %d', async (more, count) => {
    const report = await reportOf({
      'changelog.xml': master('<include file="1.sql"/>'),
      '1.sql': sql('', more),
    })
    expect(failures(report)).toBe(count)
  })

  test.each([
    ['CREATE INDEX CONCURRENTLY i ON t (a)', 'concurrently-in-transaction'],
    ['VACUUM t', 'non-transactional-statement'],
  ])('%s fails in a transaction whenever it runs', async (statement, rule) => {
    const report = await reportOf({
      'changelog.xml': master('<include file="1.sql"/>'),
      '1.sql': `--liquibase formatted sql\n--changeset a:1 context:test\n${statement};\n--changeset a:2 context:test runInTransaction:false\n${statement};\n`,
    })
    const found = report.findings.filter(each => each.rule === rule)
    expect(found.map(({ severity, message }) => [severity, / fails if it runs: /.test(message)])).toEqual([
      ['error', true],
    ])
  })

  test('are counted as not read where their context names only other databases', async () => {
    const report = await reportOf({
      'changelog.xml': master('<include file="1.sql"/>'),
      '1.sql': sql(
        'context:mysql',
        'contextFilter:"Oracle or mssql" context:test',
        'context:mysql dbms:mysql',
        'context:h2,test',
      ),
    })
    expect(report.unread.map(({ why }) => why)).toEqual([
      'its context, mysql, names only another database',
      'its context, oracle or mssql, names only another database',
    ])
    expect(report.summary.statements).toBe(1)
  })

  test.each([
    ['<include file="1.sql"/>', 1, 0],
    ['<include file="1.sql" context="test"/>', 0, 0],
    ['<include file="1.sql" labels="a"/>', 0, 0],
    ['<include file="1.sql" contextFilter="mysql"/>', 0, 2],
    ['<include file="1.xml" context="test"/>', 0, 0],
    ['<include file="1.xml" context="mysql"/>', 0, 2],
    ['<include file="2.xml" context="mysql"/>', 0, 2],
  ])('%s: failures %d, not read %d', async (include, failing, unread) => {
    const set = (id: number) => `<changeSet id="${id}" author="a"><dropTable tableName="t"/></changeSet>`
    const report = await reportOf({
      'changelog.xml': master(include),
      '1.sql': sql('', ''),
      '1.xml': master(set(1), set(2)),
      '2.xml': master('<include file="1.sql"/>'),
    })
    expect(failures(report)).toBe(failing)
    expect(report.unread.length).toBe(unread)
  })
})

describe('includeAll', () => {
  const set = '--liquibase formatted sql\n--changeset a:1\nSELECT 1;\n'
  const listOf = (attributes: string) =>
    liquibase.migrations(
      mapTree({
        'changelog.xml': `<databaseChangeLog><includeAll path="sql" relativeToChangelogFile="true" ${attributes}/></databaseChangeLog>`,
        'sql/1.sql': set,
        'sql/2_TEST.sql': set,
        'sql/a/3.sql': set,
        'sql/a/b/4_test.sql': set,
      }),
      '',
      options,
    )

  // AbstractPathResourceAccessor.search: a file in the folder itself has the depth 1.
  test.each([
    ['', ['1', '2_TEST', 'a/3', 'a/b/4_test']],
    ['maxDepth="1"', ['1', '2_TEST']],
    ['minDepth="2" maxDepth="2"', ['a/3']],
    ['minDepth="2"', ['a/3', 'a/b/4_test']],
    ['endsWithFilter="_test.sql"', ['2_TEST', 'a/b/4_test']],
    ['ignore="true"', []],
  ])('%s', (attributes, names) => {
    expect(listOf(attributes).migrations.map(({ path }) => path)).toEqual(names.map(name => `sql/${name}.sql`))
  })

  test('names the classes of the project that choose and order its files', () => {
    const { notices, migrations } = listOf('filter="com.Own" resourceComparator="com.Order"')
    expect(notices).toEqual([
      'The class com.Own chooses which files of sql run, so any of them may be left out.',
      'The class com.Order orders the files of sql: they are read in the order of their paths.',
    ])
    expect(migrations[0]?.parts?.(set)[0]?.isConditional).toBe(true)
  })

  test('does not miss what it does not need', () => {
    const xml = (more: string) =>
      `<databaseChangeLog><includeAll path="no" ${more}/><include file="1.sql"/></databaseChangeLog>`
    const noticesOf = (more: string) =>
      liquibase.migrations(mapTree({ 'changelog.xml': xml(more), '1.sql': set }), '', options).notices
    expect(noticesOf('')).toEqual(['changelog.xml includes no, which does not exist.'])
    expect(noticesOf('errorIfMissingOrEmpty="false"')).toEqual([])
  })
})
