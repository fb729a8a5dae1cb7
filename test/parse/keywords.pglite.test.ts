import { PGlite } from '@electric-sql/pglite'
import { expect, test } from 'vitest'
import { reservedWords } from '../../src/parse/reserved.ts'
import { unreservedWords } from '../../src/parse/unreserved.ts'

test('all keywords of PostgreSQL are known, with whether they may be names', async () => {
  const server = await PGlite.create()
  const { rows } = await server.query<{ word: string; catcode: string }>('SELECT word, catcode FROM pg_get_keywords()')
  await server.close()
  const words = (isUnreserved: boolean) =>
    rows.filter(({ catcode }) => (catcode === 'U') === isUnreserved).map(({ word }) => word)
  expect([...unreservedWords].sort()).toEqual(words(true).sort())
  expect([...reservedWords].sort()).toEqual(words(false).sort())
}, 120_000)
