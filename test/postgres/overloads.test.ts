import { expect, test } from 'vitest'
import { steps } from './kit/steps.ts'

const functions = (count: number) =>
  Array.from(
    { length: count },
    (_, i) =>
      `CREATE TABLE t${i} (id int); CREATE TYPE e${i} AS ENUM ();
       CREATE FUNCTION f(x e${i}) RETURNS void LANGUAGE sql AS 'DELETE FROM t${i}';`,
  ).join('\n')
const last = (count: number, sql: string) => {
  const step = steps(functions(count), sql).at(-1)
  return { locked: step?.effects.map(({ relation }) => relation), opaque: step?.opaque }
}

test('of a few functions of one name, all may be called', () => {
  expect(last(3, 'SELECT f(x) FROM unknown').locked).toEqual(expect.arrayContaining(['t0', 't1', 't2']))
})

test('of many, the one that takes what is given', () => {
  expect(last(30, 'SELECT f(NULL::e7)')).toEqual({ locked: ['t7'], opaque: null })
})

test('if any of many may be meant, no body is read, and that is reported', () => {
  expect(last(30, 'SELECT f(x) FROM unknown')).toEqual({
    locked: ['unknown'],
    opaque: 'it calls f(), and it is not known which of many functions that is',
  })
})
