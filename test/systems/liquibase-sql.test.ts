import { describe, expect, test } from 'vitest'
import { changesets, downParts, remarks, upParts } from '../../src/systems/liquibase/sql.ts'

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
