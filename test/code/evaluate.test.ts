import { describe, expect, test } from 'vitest'
import { typeormCalls } from '../../src/systems/typeorm/calls.ts'
import { sent } from './kit/sent.ts'

// The facts about a program that are known without running it.

function up(body: string, before = ''): Promise<Awaited<ReturnType<typeof sent>>> {
  return sent(typeormCalls, `${before}\nexport class A1 {\n  async up(q) {\n${body}\n  }\n}\n`)
}

const values: readonly (readonly [string, string, readonly string[]])[] = [
  ['a sum', "await q.query('a' + 1 + 'b' + true)", ['a1btrue']],
  ['a difference of texts', "await q.query('a' + ('5' - '3'))", ['a2']],
  ['a constant of the file', `await q.query(\`a \${name}\`)`, ['a b']],
  ['methods of texts', "await q.query(' A,b '.trim().toLowerCase().replace(',', ';').concat('!'))", ['a;b!']],
  ['a list that is gone through', "for (const t of ['a', 'b']) await q.query(t)", ['a', 'b']],
  ['its entries', "for (const [i, t] of ['a', 'b'].entries()) await q.query(i + t)", ['0a', '1b']],
  ['an object that is taken apart', "const { a, b = 'x' } = { a: 'y' }; await q.query(a + b)", ['yx']],
  [
    'map, filter and join',
    `await q.query(['a', '', 'b'].filter(x => x !== '').map(x => \`(\${x})\`).join(', '))`,
    ['(a), (b)'],
  ],
  ['reduce', "await q.query(['a', 'b'].reduce((all, x) => all + x, '>'))", ['>ab']],
  ['forEach, in order', "['a', 'b'].forEach(async x => { await q.query(x) })", ['a', 'b']],
  ['Promise.all', "await Promise.all(['a', 'b'].map(x => q.query(x)))", ['a', 'b']],
  ['a counted loop', `for (let i = 0; i < 3; i++) await q.query(\`p\${i}\`)`, ['p0', 'p1', 'p2']],
  ['a loop that is left', "for (const x of ['a', 'b', 'c']) { if (x === 'b') break; await q.query(x) }", ['a']],
  ['keys of an object', 'for (const k of Object.keys({ a: 1, b: 2 })) await q.query(k)', ['a', 'b']],
  ['a condition that is known', "if (name === 'b') await q.query('yes'); else await q.query('no')", ['yes']],
  [
    'a switch',
    "switch (name) { case 'a': await q.query('1'); break; case 'b': await q.query('2'); default: await q.query('3') }",
    ['2', '3'],
  ],
  ['a function of the file', "await twice(q, 'a')", ['a', 'a']],
  ['a return before the end', "if (name) return q.query('a'); await q.query('b')", ['a']],
  ['try and finally', "try { await q.query('a') } finally { await q.query('b') }", ['a', 'b']],
  [
    'a list that grows',
    "const all = []; all.push('a'); all.push('b'); for (const x of all) await q.query(x)",
    ['a', 'b'],
  ],
  ['a name that gets another value', "let x = 'a'; x += 'b'; x = x + 'c'; await q.query(x)", ['abc']],
  ['a method of the class', 'await this.more(q)', ['more']],
]

const before = `const name = 'b'
async function twice(runner, sql) { for (const each of [1, 2]) await runner.query(sql) }`

test.each(values)('%s', async (_, body, sql) => {
  const code = `${before}\nexport class A1 {\n  async up(q) { ${body} }\n  async more(q) { await q.query('more') }\n}`
  expect(await sent(typeormCalls, code)).toEqual({ sql, unread: [], doubts: [] })
})

describe('unknown parts are reported, and the rest is read', () => {
  test('a function of another file that gets an object of the tool', async () => {
    const { sql, unread } = await up(
      "await q.query('a'); await helper(q); await q.query('b')",
      "import { helper } from './helper'",
    )
    expect(sql).toEqual(['a', 'b'])
    expect(unread).toEqual(['helper(q): `helper`: it comes from another file'])
  })

  test('a model that the program waits for', async () => {
    const { unread } = await up('const all = await User.findAll()', "import { User } from '../models'")
    expect(unread).toHaveLength(1)
  })

  test('a text with an unknown part is kept if the part is a quoted name', async () => {
    const { sql, unread } = await up(
      `await q.query(\`DROP TABLE "\${process.env.T}"\`); await q.query(\`DROP \${process.env.W}\`)`,
    )
    expect(sql).toEqual([`DROP TABLE "\${process.env.T}"`])
    expect(unread).toEqual([
      'process.env.T: it comes from the environment',
      'process.env.W: it comes from the environment',
    ])
  })

  test('a condition: both branches are read', async () => {
    const { sql, unread, doubts } = await up("if (process.env.X) await q.query('a'); else await q.query('b')")
    expect([sql, unread]).toEqual([['a', 'b'], []])
    expect(doubts).toEqual(['(process.env.X): it comes from the environment'])
  })

  test('a condition without an effect causes no doubt', async () => {
    expect((await up("if (process.env.X) console.log('a'); await q.query('b')")).doubts).toEqual([])
  })

  test('the code after a return that may have happened', async () => {
    const { sql, doubts } = await up("if (await q.hasTable('a')) return; await q.query('b')")
    expect(sql).toEqual(['b'])
    expect(doubts).toHaveLength(1)
  })

  test('a name that may have got another value', async () => {
    const { sql, unread } = await up("let x = 'a'; if (process.env.X) x = 'b'; await q.query(x)")
    expect(sql).toEqual([])
    expect(unread).toHaveLength(1)
  })

  test('a loop over the answers of the database', async () => {
    const { sql, doubts } = await up("for (const row of await q.query('SELECT 1')) await q.query('DELETE FROM a')")
    expect(sql).toEqual(['SELECT 1', 'DELETE FROM a'])
    expect(doubts[0]).toContain("it is the database's answer")
  })

  test('a place that could not be parsed', async () => {
    const { sql, unread } = await up("await q.query('a')\n const = = 5\n await q.query('b')")
    expect(sql).toContain('a')
    expect(unread.some(each => each.includes('line 5 could not be parsed'))).toBe(true)
  })
})

describe('exports', () => {
  const forms = [
    'export async function up(q) { await q.query("x") }',
    'export const up = async q => q.query("x")',
    'const up = q => q.query("x"); export { up }',
    'const go = q => q.query("x"); export { go as up }',
    'export default { up: q => q.query("x") }',
    'export default class { up(q) { return q.query("x") } }',
    'module.exports = { async up(q) { return q.query("x") } }',
    'module.exports.up = function (q) { return q.query("x") }',
    'exports.up = q => [q.query("x")]',
    'module.exports = class A { async up(q) { await q.query("x") } }',
    'class A { static async up(q) { await q.query("x") } }\nmodule.exports = A',
    'const m = {}; m.up = q => q.query("x"); module.exports = m',
    'async function up(q: Q): Promise<void> { await (q as any)!.query(<string>"x") }\nmodule.exports = { up }',
  ]
  test.each(forms)('%s', async code => {
    expect((await sent({ ...typeormCalls, entry: 'exports' }, code)).sql).toEqual(['x'])
  })
})
