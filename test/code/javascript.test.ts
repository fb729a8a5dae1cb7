import { expect, test } from 'vitest'
import { loadGrammar } from '../../src/code/grammar.ts'
import { readCode } from '../../src/code/read.ts'
import type { CodeReader } from '../../src/code/reader.ts'
import { sequelizeCalls } from '../../src/systems/sequelize/calls.ts'
import { typeormReader } from '../../src/systems/typeorm/calls.ts'

await loadGrammar('typescript')

/** What a migration sends, in order; a place that is unread is its reason between question marks. */
function sent(program: string, reader: CodeReader = typeormReader({})): string[] {
  const found = readCode('1-a.ts', program, reader, () => {}, null, false)
  if ('unread' in found) throw new Error(found.unread)
  return found.up.map(({ opaque, span }) => (opaque === undefined ? found.text.slice(...span) : `?${opaque}?`))
}

const up = (body: string, before = '', members = '') =>
  `${before}\nexport class A1 { ${members} async up(q) { ${body} }\n async down() {} }`

test.each<[string, string, string[]]>([
  ['an enumeration', up('await q.query(`SELECT ${E.B}`)', 'const enum E { A, B }'), ['SELECT 1']],
  [
    'a generator that sends SQL',
    up('for (const a of g(q)) await a', 'function* g(q) { yield q.query("SELECT 1") }'),
    ['?a generator is not evaluated?'],
  ],
  [
    'a block that sets up a class',
    up(
      'await q.query(A1.a + A1.b)',
      '',
      'static a = "SELECT 0"; static b = ""; static { A1.a = "SELECT "; this.b = "1" }',
    ),
    ['SELECT 1'],
  ],
  [
    'the exported class, not one that it inherits from',
    `class B { async up(q) { await q.query('SELECT 1') } }\nexport class A1 extends B { async up(q) { await q.query('SELECT 2') } }`,
    ['SELECT 2'],
  ],
  [
    'a name that is taken away',
    up('const o = { a: "SELECT 1" }; delete o.a; await q.query(o.a ?? "SELECT 2")'),
    ['SELECT 2'],
  ],
  [
    'what TypeScript compiles to',
    'Object.defineProperty(exports, "__esModule", { value: true }); class A1 { async up(q) { await q.query("SELECT 1") } } exports.A1 = A1',
    ['SELECT 1'],
  ],
  [
    'a property that is defined',
    up('const o = {}; Object.defineProperty(o, "a", { value: "SELECT 1" }); await q.query(o.a)'),
    ['SELECT 1'],
  ],
])('%s', (_, program, sql) => {
  expect(sent(program)).toEqual(sql)
})

test('parameters that Sequelize binds by name are numbers to the server', () => {
  const query = `SELECT $a, '$$', $b, $a`
  const program = `module.exports = { up: (q, S) => q.sequelize.query("${query}", { bind: { a: x, b: 1 } }), down() {} }`
  expect(sent(program, sequelizeCalls)).toEqual([`SELECT $1, '$', $2, $1`])
  const list = `module.exports = { up: (q, S) => q.sequelize.query("SELECT $1", { bind: [1] }), down() {} }`
  expect(sent(list, sequelizeCalls)).toEqual(['SELECT $1'])
})
