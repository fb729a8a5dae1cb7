import { createRequire } from 'node:module'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CodeReader } from '../../src/code/reader.ts'
import { sequelizeCalls } from '../../src/systems/sequelize/calls.ts'
import { typeormCalls } from '../../src/systems/typeorm/calls.ts'
import { sent } from '../code/kit/sent.ts'
import '../kit/grammars.ts'
import { sequelizeCall } from './kit/sequelize-calls.ts'
import { typeormCall } from './kit/typeorm-calls.ts'

// Generated calls for the real tool and for the reader, which must send the same messages. The tools make their SQL without a server;
// their queries get empty answers.

const load = createRequire(new URL('tools/package.json', import.meta.url))
type Given = (queryInterface: unknown, library: unknown) => Promise<void>
const asFunction = (code: string): Given =>
  Object.getPrototypeOf(async () => {}).constructor(
    'q',
    'S',
    `const { Op, literal, fn, col, cast, Table, TableColumn, TableIndex, TableForeignKey, TableUnique, TableCheck } = S; ${code}`,
  )

/** The tool leaves several spaces where it removes words. */
const oneSpace = (sql: string) =>
  sql
    .replace(/\s+/g, ' ')
    .replace(/ (?=[,);])/g, '')
    .trim()

async function compare(
  call: fc.Arbitrary<string>,
  reader: CodeReader,
  written: (code: string) => string,
  real: (run: Given) => Promise<string[]>,
  runs: number,
): Promise<number> {
  let count = 0
  await fc.assert(
    fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 3 }), async calls => {
      const code = calls.map(each => `await ${each}`).join('\n')
      const wanted = await real(asFunction(code))
      const read = await sent(reader, written(code))
      expect(read.unread).toEqual([])
      expect(read.sql.map(oneSpace)).toEqual(wanted.map(oneSpace).filter(text => text !== ''))
      count += calls.length
    }),
    { numRuns: runs, seed: 12, endOnFailure: false },
  )
  return count
}

test('Sequelize', async () => {
  const library = load('sequelize')
  const count = await compare(
    sequelizeCall,
    sequelizeCalls,
    code => `module.exports = { async up(q, S) { const { Op, literal, fn, col, cast } = S\n${code} } }`,
    async given => {
      const sequelize = new library.Sequelize('postgres://nobody@127.0.0.1:1/none', { databaseVersion: '17.0.0' })
      const all: string[] = []
      sequelize.query = async (sql: string | { query: string }) => {
        const text = typeof sql === 'string' ? sql : sql.query
        if (!text.startsWith('SELECT')) all.push(text)
        return null
      }
      sequelize.dialect.connectionManager._refreshDynamicOIDs = async () => {}
      const queryInterface = sequelize.getQueryInterface()
      queryInterface.assertTableHasColumn = async (_: unknown, name: string) => ({
        [name]: { type: 'TEXT', allowNull: true, defaultValue: null },
      })
      queryInterface.bulkInsert = async (...args: unknown[]) =>
        sequelize.query(queryInterface.queryGenerator.bulkInsertQuery(...args))
      await given(queryInterface, library)
      return all
    },
    400,
  )
  console.info(`Sequelize: ${count} calls send what is read.`)
})

test('TypeORM', async () => {
  const library = load('typeorm')
  const count = await compare(
    typeormCall,
    typeormCalls,
    code => `import { Table, TableColumn, TableIndex, TableForeignKey, TableUnique, TableCheck } from 'typeorm'
export class A1700000000000 { async up(q) { ${code} } }`,
    async given => {
      const source = new library.DataSource({ type: 'postgres' })
      // The values that they have while it is connected.
      source.driver.searchSchema = 'public'
      source.driver.schema = 'public'
      const runner = source.createQueryRunner()
      const all: string[] = []
      runner.query = async (sql: string) => {
        if (!sql.startsWith('SELECT')) all.push(sql)
        return []
      }
      runner.getCachedTable = async (name: string) => {
        const parts = name.split('.')
        const columns = ['id', 'userId', 'created_at', 'Name', 'order', 'a b'].map(each => ({
          name: each,
          type: 'int',
        }))
        return new library.Table({ name, schema: parts.length > 1 ? parts[0] : 'public', columns })
      }
      await given(runner, library)
      return all
    },
    400,
  )
  console.info(`TypeORM: ${count} calls send what is read.`)
})
