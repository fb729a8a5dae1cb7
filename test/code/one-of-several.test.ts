import { expect, test } from 'vitest'
import { knexCalls } from '../../src/systems/knex/calls.ts'
import { kyselyCalls } from '../../src/systems/kysely/calls.ts'
import { sent } from './kit/sent.ts'

// A value that may be one of several objects of the tool is never silent: everything done with it is reported as unread.

const ways: readonly (readonly [string, string])[] = [
  ['a variable', 'let t = a; if (process.env.X) t = b; await t.execute()'],
  ['a choice', 'const t = process.env.X ? a : b; await t.execute()'],
  ['a choice of nothing', 'const t = process.env.X ? a : null; await t?.execute()'],
  ['and', 'const t = process.env.X && a; await t.execute()'],
  ['a function that returns', 'const f = () => { if (process.env.X) return a; return b }; await f().execute()'],
  ['a function that is chosen', 'const f = process.env.X ? () => a.execute() : () => b.execute(); await f()'],
  ['a name that is computed', "await db.schema[process.env.X]('t').execute()"],
  ['an entry of an object', 'const o = { t: a }; if (process.env.X) o.t = b; await o.t.execute()'],
  ['a list that may have more', 'const l = []; if (process.env.X) l.push(a); for (const t of l) await t.execute()'],
  ['a part of such a list', 'const l = [a]; if (process.env.X) l.push(b); const [t] = l; await t.execute()'],
  ['its functions', 'const l = [a]; if (process.env.X) l.push(b); await Promise.all(l.map(t => t.execute()))'],
  ['a chain', "let t = a; if (process.env.X) t = b; t.dropColumn('e').execute()"],
]

test.each(ways)('%s', async (_, body) => {
  const code = `export async function up(db) {
  const a = db.schema.alterTable('t').dropColumn('c')
  const b = db.schema.alterTable('t').dropColumn('d')
  ${body}
}`
  const { unread } = await sent(kyselyCalls, code)
  expect(unread).not.toEqual([])
})

test('a query that is sent when the program waits for it', async () => {
  const code = "exports.up = knex => (process.env.X ? knex.raw('SELECT 1') : knex.raw('SELECT 2'))"
  expect((await sent(knexCalls, code)).unread).not.toEqual([])
})

test.each([
  ['names.splice(0, 1)', []],
  ['names.sort()', []],
])('a list that a method may have changed is unknown: %s', async (call, wanted) => {
  const { sql, unread } = await sent(
    knexCalls,
    `exports.up = async knex => { const names = ['b', 'a']; ${call}; for (const name of names) await knex.schema.dropTable(name) }`,
  )
  expect(sql.filter(each => /"[ab]"/.test(each))).toEqual(wanted)
  expect(unread).not.toEqual([])
})

test('a function that a method of a list gets may run, and may reach the database', async () => {
  const code =
    "exports.up = async knex => { await [1].reduceRight((_, x) => knex.raw('DROP TABLE a'), null); [1].fancy(knex) }"
  const { sql, unread } = await sent(knexCalls, code)
  expect([...sql, ...unread].join('\n')).toMatch(/reduceRight|DROP TABLE a/)
  expect(unread.join('\n')).toContain('`fancy` of a list is not evaluated')
})

test('the list itself is turned round', async () => {
  const code =
    "exports.up = async knex => { const names = ['a', 'b']; names.reverse(); for (const name of names) await knex.schema.dropTable(name) }"
  expect((await sent(knexCalls, code)).sql).toEqual(['drop table "b"', 'drop table "a"'])
})
