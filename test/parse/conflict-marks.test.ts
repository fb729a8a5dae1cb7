import { expect, test } from 'vitest'
import { blanked, conflictMarks } from '../../src/parse/conflict-marks.ts'

const conflict = `SELECT 1;
<<<<<<< HEAD
SELECT 2;
||||||| merged common ancestors
SELECT 0;
=======
SELECT 3;
>>>>>>> branch
SELECT 4;`

test('the lines that git leaves in a file that it could not merge', () => {
  const marks = conflictMarks(conflict)
  expect(marks.map(([start, end]) => conflict.slice(start, end))).toEqual([
    '<<<<<<< HEAD',
    '||||||| merged common ancestors',
    '=======',
    '>>>>>>> branch',
  ])
  expect(blanked(conflict, marks)).toHaveLength(conflict.length)
  expect(blanked(conflict, marks).split(/\s*\n\s*/)).toEqual([
    'SELECT 1;',
    'SELECT 2;',
    'SELECT 0;',
    'SELECT 3;',
    'SELECT 4;',
  ])
  expect(conflictMarks(conflict.replaceAll('\n', '\r\n'))).toHaveLength(4)
})

test.each([
  ['a string', `SELECT '\n${conflict}\n'`],
  ['a comment', `/*\n${conflict}\n*/`],
  ['a dollar-quoted body', `DO $$\n${conflict}\n$$`],
  ['only one of the marks', 'SELECT 1;\n=======\nSELECT 2;'],
  ['operators', 'SELECT 1 <<<<<<< 2\n>>>>>>> 3'],
])('are not %s', (_, text) => {
  expect(conflictMarks(text)).toEqual([])
})
