import { describe, expect, test } from 'vitest'
import { lintTree } from '../../src/index.ts'
import { mapTree } from '../../src/systems/reading/tree.ts'

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
