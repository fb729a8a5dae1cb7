import { expect, test } from 'vitest'
import { mapTree } from '../../src/systems/reading/tree.ts'
import { sequelize } from '../../src/systems/sequelize/sequelize.ts'

const options = { transaction: () => 'unknown' as const }
const code = (body: string) =>
  `'use strict';\n\nmodule.exports = {\n  async up(queryInterface, Sequelize) {\n    ${body}\n  },\n  async down(queryInterface) {},\n};\n`

const files = {
  'migrations/20260102000000-b.js': code('await queryInterface.sequelize.transaction(async t => {})'),
  'migrations/20260101000000-a.js': code('await queryInterface.addIndex("t", ["a"])'),
  'migrations/20260103000000-c.ts': `const sql = readFileSync(resolve(__dirname, './sql/c.sql'))\n${code('await queryInterface.sequelize.query(sql)')}`,
  'migrations/sql/c.sql': 'SELECT 1;',
  'migrations/types.d.ts': '',
  'seeders/20260101000000-s.js': code('await queryInterface.bulkInsert("t", [])'),
}

test('migrations are ordered by file name, without a transaction; one that runs a file is a program that loads it', () => {
  const { migrations } = sequelize.migrations(mapTree(files), 'migrations', options)
  expect(
    migrations.map(({ path, execution, opaque }) => [path, execution.inTransaction, execution.singleMessage, opaque]),
  ).toEqual([
    ['migrations/20260101000000-a.js', false, false, 'it is written in JavaScript'],
    ['migrations/20260102000000-b.js', 'unknown', false, 'it is written in JavaScript'],
    ['migrations/20260103000000-c.ts', false, false, 'it is written in TypeScript'],
  ])
})

test('is recognised by .sequelizerc or its modules; the configuration names the database', () => {
  const rc =
    "const path = require('path');\nmodule.exports = {\n  'config': path.resolve('config', 'config.json'),\n  'migrations-path': path.resolve(__dirname, 'migrations'),\n};\n"
  const config = (dialect: string) => ({ 'config/config.json': `{ "development": { "dialect": "${dialect}" } }` })
  expect(sequelize.detect(mapTree({ ...files, '.sequelizerc': rc }), '')).toEqual({
    directory: 'migrations',
    sign: 'file',
    because: '.sequelizerc',
  })
  expect(sequelize.detect(mapTree({ ...files, ...config('postgres') }), 'migrations')).toEqual({
    directory: 'migrations',
    sign: 'marker',
    because: 'queryInterface in migrations/20260101000000-a.js',
  })
  expect(sequelize.detect(mapTree({ ...files, ...config('mysql') }), 'migrations')).toMatchObject({ dialect: 'mysql' })
  expect(sequelize.detect(mapTree(files), 'seeders')).toBeNull()
})
