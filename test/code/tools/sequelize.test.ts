import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
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
