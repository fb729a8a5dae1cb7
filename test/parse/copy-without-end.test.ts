import { beforeAll, expect, test } from 'vitest'
import { parse } from '../../src/parse/parse.ts'
import { loadParser } from '../../src/parse/parser.ts'

beforeAll(loadParser)

const read = (text: string) => {
  const { statements, problems, clientCommands } = parse({ path: 'm.sql', text })
  return [statements.map(({ kind }) => kind), problems.map(({ kind }) => kind), clientCommands.map(({ kind }) => kind)]
}

test('SQL after COPY FROM STDIN is read as SQL, and reported', () => {
  expect(read('COPY a FROM STDIN;\nDROP TABLE b;\nDROP TABLE c;\n')).toEqual([
    ['CopyStmt', 'DropStmt', 'DropStmt'],
    ['copy-without-end'],
    [],
  ])
  expect(read('COPY a FROM STDIN;\n\n-- and then\nDROP TABLE b;\nCOPY c FROM STDIN;\n1\n\\.\nDROP TABLE d;')).toEqual([
    ['CopyStmt', 'DropStmt', 'CopyStmt', 'DropStmt'],
    ['copy-without-end'],
    ['copy-data'],
  ])
})

test.each([
  'COPY a FROM STDIN WITH (FORMAT csv);\n1,2\nDROP TABLE b;\n',
  'COPY a FROM STDIN;\n1\t2\n \\.\n\nALTER TABLE b\n  DROP COLUMN c;\n-- done\n',
  'COPY a FROM STDIN;\n1\t2\nupdate b set c = 1;',
])('so is SQL after rows: %j', text => {
  expect(read(text)).toEqual([
    ['CopyStmt', expect.stringMatching(/DropStmt|AlterTableStmt|UpdateStmt/)],
    ['copy-without-end'],
    ['copy-data'],
  ])
})

test.each([
  'COPY a FROM STDIN;\n1\t2\nupdate\tb;\n',
  'COPY a FROM STDIN;\nfirst\nselect one\nlast\n',
  'COPY a FROM STDIN;\nfirst\nDROP TABLE b;\n\\.\n',
])('words of rows are not SQL: %j', text => {
  expect(read(text)).toEqual([['CopyStmt'], [], ['copy-data']])
})

test('rows are rows, with and without an end', () => {
  expect(read('COPY a FROM STDIN;\n1\tselect;\n')).toEqual([['CopyStmt'], [], ['copy-data']])
  expect(read('COPY a FROM STDIN;\nupdated\n\\.\nDROP TABLE b;')).toEqual([['CopyStmt', 'DropStmt'], [], ['copy-data']])
  expect(read('COPY a FROM STDIN;\n')).toEqual([['CopyStmt'], [], []])
})
