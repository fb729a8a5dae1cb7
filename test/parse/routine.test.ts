import { beforeAll, describe, expect, it } from 'vitest'
import { loadParser } from '../../src/parse/parser.ts'
import { routineBody } from '../../src/parse/routine.ts'

describe('the body of a PL/pgSQL routine', () => {
  beforeAll(loadParser)

  it('may return a value, nothing or a set, and assign to its parameters', () => {
    for (const text of [
      'BEGIN prefix := upper(prefix); RETURN prefix; END',
      'BEGIN IF prefix IS NULL THEN RETURN; END IF; UPDATE orders SET code = prefix; END',
      'BEGIN RETURN QUERY SELECT 1; END',
    ]) {
      expect(routineBody(text, ['prefix']).opaque, text).toEqual([])
    }
  })

  it('tells what its expressions call, but not what its statements do', () => {
    const text = `BEGIN
      -- not("this")
      RETURN new_code('and(not this)') || app."Other"(lower(prefix));
    END`
    expect(routineBody(text, ['prefix']).calls).toEqual([['new_code'], ['app', 'Other'], ['lower']])
    expect(routineBody('BEGIN PERFORM new_code(1); END', []).calls).toEqual([])
  })

  it('has an expression with a query in it as a statement', () => {
    const { statements, calls } = routineBody('BEGIN RETURN new_code((SELECT count(*) FROM orders)); END', [])
    expect(statements.map(({ kind, text }) => [kind, text])).toEqual([
      ['SelectStmt', 'SELECT new_code((SELECT count(*) FROM orders))'],
    ])
    expect(calls).toEqual([])
  })

  it('is opaque where its SQL is put together when it runs', () => {
    expect(routineBody("BEGIN EXECUTE 'DROP TABLE ' || name; RETURN 1; END", ['name']).opaque).toHaveLength(1)
  })

  it('is opaque when it does not parse', () => {
    expect(routineBody('BEGIN RETURN', []).opaque).toHaveLength(1)
  })
})
