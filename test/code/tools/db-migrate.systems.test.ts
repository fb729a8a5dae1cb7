import { createRequire } from 'node:module'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dbMigrateCalls } from '../../../src/systems/db-migrate/calls.ts'
import '../../kit/grammars.ts'
import { sent } from '../kit/sent.ts'
import { options, source } from './kit/calls.ts'

// The tool's own driver is called with what a generator makes, on a connection that only listens, and so is the reader.

type Driver = Readonly<Record<string, (...args: unknown[]) => Promise<unknown>>>

const tool = createRequire(new URL('../../systems/tools/package.json', import.meta.url))
const { base: PgDriver } = tool('db-migrate-pg') as {
  base: new (connection: object, schema: string, intern: object) => Driver
}
const { dataType } = tool('db-migrate-shared') as { dataType: object }
const log = { verbose: () => {}, sql: () => {}, warn: () => {}, info: () => {} }

const yes = fc.boolean()
const word = fc.constantFrom('a', 'b_c', 'camelCase', 'with space')
const type = fc.constantFrom(
  'string',
  'int',
  'bigint',
  'text',
  'datetime',
  'timestamptz',
  'timetz',
  'blob',
  'jsonb',
  'uuid',
  'Point',
)
const value = fc.constantFrom('x', '', 0, 12.5, true, false, null)
const rules = options({}, { onDelete: fc.constantFrom('CASCADE', 'SET NULL'), onUpdate: fc.constant('RESTRICT') })
const mapping = fc.dictionary(word, word, { minKeys: 1, maxKeys: 2 })
const foreignKey = options({ name: word, table: word, mapping: fc.oneof(word, mapping) }, { rules })
const special = fc.oneof(options({ raw: fc.constant('now()') }), options({ special: fc.constant('CURRENT_TIMESTAMP') }))
const spec = options(
  { type },
  {
    ...{ primaryKey: yes, autoIncrement: yes, notNull: yes, unique: yes, length: fc.constantFrom(20, '10, 2', 0) },
    ...{ defaultValue: fc.oneof(value, special), timezone: yes, comment: fc.constantFrom('c', ''), foreignKey },
  },
)
const columns = fc.dictionary(word, fc.oneof(type, spec), { minKeys: 1, maxKeys: 3 })
const change = options(
  {},
  {
    ...{ type, notNull: yes, unique: yes, length: fc.constantFrom(20), defaultValue: value },
    using: fc.constant('USING a::int'),
  },
)
const list = fc.oneof(word, fc.array(word, { minLength: 1, maxLength: 3 }))
const row = fc.array(fc.tuple(word, value), { minLength: 1, maxLength: 3 })

const arguments_ = {
  createTable: [word, fc.oneof(columns, options({ columns }, { ifNotExists: yes }))],
  addColumn: [word, word, fc.oneof(type, spec)],
  changeColumn: [word, word, change],
  addIndex: [word, word, list, fc.option(yes, { nil: undefined })],
  dropTable: [word, fc.option(options({}, { ifExists: yes }), { nil: undefined })],
  renameTable: [word, word],
  removeColumn: [word, word],
  renameColumn: [word, word, word],
  removeIndex: [word, word],
  addForeignKey: [word, word, word, mapping, rules],
  removeForeignKey: [word, word],
  truncate: [word],
  runSql: [fc.constantFrom('SELECT 1', 'SELECT ?, ?'), fc.constantFrom([1, 2])],
  insert: [word, row],
}

const calls = Object.entries(arguments_).map(([call, args]) => fc.tuple(fc.constant(call), fc.tuple(...args)))

test('the driver of db-migrate sends what is read, call by call', async () => {
  const said = { same: 0, refused: 0, calls: new Set<string>() }
  await fc.assert(
    fc.asyncProperty(fc.oneof(...calls), async ([call, given]) => {
      const args = call === 'insert' ? inserted(given as unknown as [string, [string, unknown][]]) : given
      const made = `db.${call}(${args.map(source).join(', ')})`
      const read = await sent(dbMigrateCalls, `exports.up = db => ${made}`)
      const queries: string[] = []
      const connection = {
        query: (sql: string, ...rest: unknown[]) => {
          queries.push(sql)
          const done = rest.at(-1) as (error: null, data: object) => void
          done(null, { rows: [] })
        },
      }
      const driver = new PgDriver(connection, 'public', { mod: { log, type: dataType } })
      said.calls.add(call)
      try {
        // Undefined arguments at the end are none: the tool looks at how many there are.
        await new Function('db', `return ${made.replace(/(?:, undefined)+\)$/, ')')}`)(driver)
      } catch {
        said.refused++
        expect(read.unread, made).not.toEqual([])
        return
      }
      said.same++
      expect(read.unread, made).toEqual([])
      expect(read.sql.map(oneLine), made).toEqual(queries.map(oneLine))
    }),
    { numRuns: 3000, seed: 12 },
  )
  console.info(
    `db-migrate: ${said.same} calls the same, ${said.refused} refused by the tool, of ${said.calls.size} kinds`,
  )
}, 600_000)

function inserted([table, row]: [string, [string, unknown][]]): unknown[] {
  return [table, row.map(([name]) => name), row.map(([, each]) => each)]
}

function oneLine(sql: string): string {
  return sql.replace(/\s+/g, ' ').trim()
}
