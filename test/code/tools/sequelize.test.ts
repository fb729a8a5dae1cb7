import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { loadGrammar } from '../../../src/code/grammar.ts'
import { readCode } from '../../../src/code/read.ts'
import { sequelizeCalls } from '../../../src/systems/sequelize/calls.ts'
import { sent } from '../kit/sent.ts'

const recorded = (name: string) => readFileSync(new URL(`recorded/${name}`, import.meta.url), 'utf8')
/** White space in a row is one space: Sequelize leaves more where it took words away. */
const oneSpace = (sql: string) =>
  sql
    .replace(/\s+/g, ' ')
    .replace(/ (?=[,);])/g, '')
    .trim()

test('the statements that a server logged, one by one', async () => {
  const lines = recorded('sequelize.sql')
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('--'))
  const read = await sent(sequelizeCalls, recorded('sequelize.js'), 'up', '1.js')
  expect(read.sql.map(oneSpace)).toEqual(lines.map(oneSpace))
  // It depends on what the database has.
  expect(read.unread).toEqual(['q.dropAllEnums?.(): `dropAllEnums` of queryInterface is not read yet'])
})

test('a call beside an open transaction runs on another connection, and says so', async () => {
  const code = `module.exports = { async up(q) {
    await q.removeColumn('before', 'a')
    await q.sequelize.transaction(async transaction => {
      await q.removeColumn('inside', 'a', { transaction })
      await q.removeColumn('beside', 'a')
    })
    await q.removeColumn('after', 'a')
    const t = await q.sequelize.transaction()
    await q.sequelize.query('select 1', { transaction: t })
    await q.sequelize.query('select 2')
    await t.commit()
    await q.sequelize.query('select 3')
  } }`
  await loadGrammar('typescript')
  const read = readCode('1.js', code, sequelizeCalls, () => {})
  if ('unread' in read) throw new Error(read.unread)
  expect(
    read.up.map(({ span, execution }) => [
      /before|inside|beside|after|select \d/.exec(read.text.slice(...span))?.[0],
      execution?.inTransaction,
      read.places.noteAt(span[0])?.slice(0, 40) ?? null,
    ]),
  ).toEqual([
    ['before', false, null],
    ['inside', true, null],
    ['beside', false, 'It is not given the open transaction, so'],
    ['after', false, null],
    ['select 1', true, null],
    ['select 2', false, 'It is not given the open transaction, so'],
    ['select 3', false, null],
  ])
})

test('an unknown replacement is data: a parameter stands for it where there can be one', async () => {
  const read = await sent(
    sequelizeCalls,
    `module.exports = { async up(q) {
    const [rows] = await q.sequelize.query('SELECT id FROM a')
    await q.sequelize.query("UPDATE a SET b = :b, d = $1 WHERE id = :id AND c IN (:c)", { replacements: { b: 'x', id: rows[0].id, c: ['y', rows[1].id] } })
    await q.sequelize.query('DELETE FROM a WHERE (b, c) IN (?)', { replacements: [[[1, 'z'], [2, null]]] })
    await q.sequelize.query('ALTER TABLE a ALTER b SET DEFAULT :b', { replacements: { b: rows[0].id } })
  } }`,
    'up',
    '1.js',
  )
  expect(read.sql.slice(1, 3)).toEqual([
    "UPDATE a SET b = 'x', d = $1 WHERE id = $2 AND c IN ('y', $3)",
    "DELETE FROM a WHERE (b, c) IN ((1, 'z'), (2, null))",
  ])
  expect(read.unread).toEqual([expect.stringContaining('is the database')])
})
