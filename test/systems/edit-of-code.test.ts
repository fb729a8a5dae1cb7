import { afterEach, expect, test } from 'vitest'
import { useParsedAhead } from '../../src/code/grammar.ts'
import { withParsers } from '../../src/systems/reading/on-demand.ts'
import '../kit/grammars.ts'
import { changes } from './kit/changes.ts'

// None of these tools compares what its files say, so an edit that sends the same statements has no effect at all, and is not told.

const knex = (up: string, { before = '', down = "await knex.schema.dropTable('a')" } = {}) =>
  `${before}exports.up = async knex => {\n  ${up}\n}\nexports.down = async knex => {\n  ${down}\n}\n`
const table = "await knex.schema.createTable('a', t => { t.integer('b') })"

const of = (
  system: string,
  path: string,
  before: string,
  after: string,
  others: Readonly<Record<string, string>> = {},
) => withParsers(() => changes(system, { ...others, [path]: before }, { ...others, [path]: after }))

test.each([
  ['a comment', knex(`// why\n  ${table}`), []],
  ['white space', knex(table.replaceAll(' ', '\n    ')), []],
  ['a constant for a name', knex(table.replace("'a'", 'name'), { before: "const name = 'a'\n" }), []],
  ['a module that sends nothing', knex(table, { before: "const path = require('node:path')\n" }), []],
  ['another way to the same SQL', knex('await knex.schema.raw(\'create table "a" ("b" integer)\')'), []],
  ['another name', knex(table.replace("'b'", "'c'")), ['1.js edited statements error']],
  ['another type', knex(table.replace('integer', 'text')), ['1.js edited statements error']],
  ['one statement more', knex(`${table}\n  await knex.raw('select 1')`), ['1.js edited statements error']],
  ['a condition', knex(`if (process.env.X) ${table}`), ['1.js edited statements error']],
  ['its transaction', `${knex(table)}exports.config = { transaction: false }\n`, ['1.js edited statements error']],
  ['what takes it back', knex(table, { down: "await knex.schema.dropTableIfExists('a')" }), ['1.js edited down note']],
])('Knex: %s', async (_, after, expected) => {
  expect(await of('knex', '1.js', knex(table), after)).toEqual(expected)
})

test.each([
  ['a comment', '/* why */ helper(knex, 1)', []],
  ['white space', 'helper( knex,\n 1 )', []],
  ['an argument', 'helper(knex, 2)', ['1.js edited statements error']],
  ['white space in a text', "helper(knex, 1); log('a  b')", ['1.js edited statements error']],
])('unread parts are compared word by word: %s', async (_, call, expected) => {
  const before = { before: "const { helper } = require('./helper')\n" }
  expect(await of('knex', '1.js', knex('helper(knex, 1)', before), knex(call, before))).toEqual(expected)
})

test('an unread part depends on where it comes from', async () => {
  const from = (path: string) => knex('helper(knex)', { before: `const { helper } = require('${path}')\n` })
  expect(await of('knex', '1.js', from('./a'), from('./b'))).toEqual(['1.js edited statements error'])
})

test('TypeORM: types and imports are not statements', async () => {
  const code = (head: string, type: string, sql = 'DROP TABLE a') =>
    `${head}\nexport class A1700000000000 { async up(q${type}) { await q.query(\`${sql}\`) } async down(q) {} }\n`
  const before = code('', '')
  const path = '1700000000000-A.ts'
  expect(
    await of('typeorm', path, before, code("import type { QueryRunner } from 'typeorm'", ': QueryRunner')),
  ).toEqual([])
  expect(await of('typeorm', path, before, code('', '', 'DROP  TABLE a /* b */'))).toEqual([])
  expect(await of('typeorm', path, before, code('', '', 'DROP TABLE b'))).toEqual([`${path} edited statements error`])
})

test('Rails: what a migration sends may depend on those before it', async () => {
  const code = (body: string) => `class A < ActiveRecord::Migration[7.1]\n  def change\n    ${body}\n  end\nend\n`
  const path = 'db/migrate/20240102000000_a.rb'
  const earlier = {
    'db/migrate/20240101000000_b.rb': code('create_table(:b) { |t| t.string :c }').replace('A <', 'B <'),
  }
  const change = (after: string) => of('rails', path, code('remove_column :b, :c, :string'), code(after), earlier)
  expect(await change('# gone\n    remove_column(:b, :c, :string)')).toEqual([])
  expect(await change('remove_column :b, :d, :string')).toEqual([`${path} edited statements error`])
})

test('Python: white space alone may say what belongs to what', async () => {
  const code = (body: string) =>
    `from alembic import op\nfrom helpers import work\nrevision = "a"\ndown_revision = None\ndef upgrade():\n${body}\ndef downgrade():\n    pass\n`
  const [inside, behind] = [
    '    if work(op):\n        work(op)\n        work(op, 2)',
    '    if work(op):\n        work(op)\n    work(op, 2)',
  ]
  const change = (after: string) => of('alembic', 'versions/a.py', code(inside), code(after))
  expect(await change(behind)).toEqual(['versions/a.py edited statements error'])
  expect(await change(inside.replace('work(op, 2)', 'work( op, 2 )  # why'))).toEqual([])
})

test('an edit of a file of SQL is one of the migration that loads it', () => {
  const path = 'db/migrate/20240101000000_a.rb'
  const code =
    "class A < ActiveRecord::Migration[7.1]\n  def up\n    execute File.read(Rails.root.join('db/a.sql'))\n  end\nend\n"
  const change = (before: string, after: string) =>
    withParsers(() => changes('rails', { [path]: code, 'db/a.sql': before }, { [path]: code, 'db/a.sql': after }))
  return Promise.all([
    expect(change('SELECT 1', 'SELECT 2')).resolves.toEqual([`${path} edited statements error`]),
    expect(change('SELECT 1', 'SELECT  1 -- why')).resolves.toEqual([]),
    expect(change('SELECT 1', 'SELECT 1')).resolves.toEqual([]),
  ])
})

test('also where something else of the migration is not read', async () => {
  const code = `const fs = require('fs')\nconst { helper } = require('./helper')\nexports.up = async knex => { await helper(knex); await knex.raw(fs.readFileSync(__dirname + '/a.sql', 'utf8')); await knex.raw('select 1') }\n`
  const change = (before: string, after: string) =>
    withParsers(() => changes('knex', { '1.js': code, 'a.sql': before }, { '1.js': code, 'a.sql': after }))
  expect(await change('SELECT 1', 'SELECT 2')).toEqual(['1.js edited statements error'])
  expect(await change('SELECT 1', 'SELECT 1')).toEqual([])
})

const importing = (more = '') =>
  `import { name } from '../lib/names'\nexport const up = async knex => {\n  await knex.schema.dropTable(name)\n  ${more}\n}\nexport const down = async () => {}\n`

test.each([
  ['another constant', "export const name = 'b'\n", ['migrations/1.ts edited statements error']],
  ['another constant that nobody imports', "export const name = 'a'\nexport const other = 2\n", []],
  ['another way to the same constant', "import { first } from './first'\nexport const name = first\n", []],
])('what a migration imports: %s', async (_, names, expected) => {
  for (const more of ['', 'await helper(knex)']) {
    const tree = (text: string) => ({
      'migrations/1.ts': importing(more),
      'lib/names.ts': text,
      'lib/first.ts': "export const first = 'a'\n",
      'outside.ts': '',
    })
    expect(
      await withParsers(() => changes('knex', tree("export const name = 'a'\n"), tree(names), 'migrations')),
    ).toEqual(expected)
  }
})

/** Counts programs that are parsed. */
function counted(): { parsed: number } {
  const count = { parsed: 0 }
  useParsedAhead({
    begin: () => {},
    take: () => {
      count.parsed++
      return null
    },
  })
  return count
}

afterEach(() => useParsedAhead({ begin: () => {}, take: () => null }))

// Each of them depends on all before it, so that reading these again for every edit would take hours in a long history.
test.each([
  ['each is written in another way', 'create_table(:a0)', 'create_table :a0', 4],
  ['each loads the same file', "execute File.read('db/a.sql')", "execute File.read('db/a.sql')", 4],
])('Rails: migrations are read once on each side: %s', async (_, was, is, most) => {
  const history = (code: string) => ({
    'db/a.sql': 'SELECT 1',
    ...Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [
        `db/migrate/202401010000${i + 10}_a${i}.rb`,
        `class A${i} < ActiveRecord::Migration[7.1]\n  def change\n    ${code.replace('a0', `a${i}`)}\n  end\nend\n`,
      ]),
    ),
  })
  await withParsers(() => changes('rails', history(was), history(is)))
  const count = counted()
  expect(await withParsers(() => changes('rails', history(was), history(is)))).toEqual([])
  expect(count.parsed).toBeGreaterThanOrEqual(20)
  expect(count.parsed).toBeLessThanOrEqual(20 * most)
})
