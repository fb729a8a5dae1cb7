import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { knexCalls } from '../../../src/systems/knex/calls.ts'
import { sent } from '../kit/sent.ts'

// What Knex 3.3 compiled of each schema builder (`toSQL()`), recorded: a line with the name, the code, and the statements.

const recorded = readFileSync(new URL('recorded/knex.txt', import.meta.url), 'utf8')
  .split(/^### /m)
  .slice(1)
  .map(each => {
    const [head = '', statements = ''] = each.split('\n---\n')
    const [name = '', ...code] = head.split('\n')
    return { name, code: code.join('\n'), sql: statements.trim().split('\n') }
  })

const same = (sql: string) => sql.replace(/\s+/g, ' ').trim()

describe('what Knex was recorded to send', () => {
  test.each(recorded)('$name', async ({ code, sql }) => {
    const read = await sent(knexCalls, `exports.up = knex => ${code}`)
    expect(read.unread).toEqual([])
    expect(read.sql.map(same)).toEqual(sql.map(same))
  })
})

// PostgreSQL 17: there is no parameter $1.
test('a predicate with values is not read: Knex sends none of them', async () => {
  const of = (predicate: string) =>
    sent(knexCalls, `exports.up = knex => knex.schema.table('t', t => t.index('a', 'i', { predicate: ${predicate} }))`)
  expect(await of("knex.where('a', '>', 1)")).toMatchObject({ sql: [], unread: [expect.stringContaining('loses')] })
  expect(await of("knex.whereRaw('a > 1')")).toMatchObject({ sql: ['create index "i" on "t" ("a") where a > 1'] })
})
