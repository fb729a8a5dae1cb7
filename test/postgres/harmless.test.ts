import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { loadParser, parse } from '../../src/parse/index.ts'
import { harmless } from '../../src/postgres/alternative.ts'
import { blocksWrites } from '../../src/postgres/lock.ts'
import type { OracleCase } from './kit/oracle.ts'

await loadParser()

const folder = new URL('./cases/', import.meta.url)
const cases = readdirSync(folder)
  .filter(file => file.endsWith('.json'))
  .flatMap(file => (JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as { cases: OracleCase[] }).cases)

/** Measured cases of one statement of such a kind, other than DO, whose statements the server runs together. */
const measured = cases.filter(({ sql }) => {
  const { statements } = parse({ path: 'case.sql', text: sql })
  const [only] = statements
  return statements.length === 1 && only && only.kind !== 'DoStmt' && harmless.has(only.kind)
})

test('on servers, no statement of a harmless kind keeps others from writing', () => {
  const blocking = measured.flatMap(({ id, results }) =>
    results.flatMap(({ result: { locks = [] } }) => locks.filter(({ lock }) => blocksWrites(lock)).map(() => id)),
  )
  expect(blocking).toEqual([])
  expect(measured.length).toBeGreaterThan(50)
})
