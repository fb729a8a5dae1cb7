import { describe, expect, test } from 'vitest'
import { liquibase } from '../../src/systems/liquibase/liquibase.ts'
import { mapTree } from '../../src/systems/reading/tree.ts'

const options = { transaction: () => 'unknown' as const }

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
