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

test('rows are rows, with and without an end', () => {
  expect(read('COPY a FROM STDIN;\n1\tselect;\n')).toEqual([['CopyStmt'], [], ['copy-data']])
  expect(read('COPY a FROM STDIN;\nupdated\n\\.\nDROP TABLE b;')).toEqual([['CopyStmt', 'DropStmt'], [], ['copy-data']])
  expect(read('COPY a FROM STDIN;\n')).toEqual([['CopyStmt'], [], []])
})
