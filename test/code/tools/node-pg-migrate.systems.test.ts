import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nodePgMigrateCalls } from '../../../src/systems/node-pg-migrate/calls.ts'
import '../../kit/grammars.ts'
import { sent } from '../kit/sent.ts'
import { func, options, source } from './kit/calls.ts'

// The tool's own builder is called with what a generator makes, and so is the reader: the SQL is the same, call by call.

interface Builder {
  _steps: string[]
  func: (sql: string) => unknown
}

const tool = createRequire(new URL('../../systems/tools/package.json', import.meta.url))
const path = tool.resolve('node-pg-migrate/migrationBuilder')
const { MigrationBuilder } = (await import(pathToFileURL(path).href)) as {
  MigrationBuilder: new (db: object, shorthands: object, decamelize: boolean, logger: object) => Builder
}

const shorthands = { cash: { type: 'numeric(10,2)', notNull: true }, many: { type: 'cash', default: 0 } }
const yes = fc.boolean()
const word = fc.constantFrom('a', 'b_c', 'camelCase', 'URLOfX', 'we"ird', 'with space', 'x1')
const name = fc.oneof({ weight: 6, arbitrary: word }, options({ name: word }, { schema: word }), func(word))
const sql = fc.constantFrom('a > 1', "b = 'x'", 'lower(a)', 'a\n  + b', 'a -> 1')
const value = fc.oneof(
  fc.constantFrom('x', "it's", '$pga$', '', 0, 12.5, true, false, null),
  func(fc.constant('now()')),
  fc.array(fc.constantFrom(1, 'ARRAY', 'b'), { maxLength: 2 }),
)
const comment = fc.constantFrom('c', "it's", null)
const type = fc.constantFrom('int', 'string', 'id', 'text', 'cash', 'many', 'datetime', 'varchar(10)', 'bool', 'double')
const action = fc.constantFrom('CASCADE', 'SET NULL')
const sequence = {
  type,
  increment: fc.constantFrom(2, 0),
  minvalue: fc.constantFrom(1, null, false, 0),
  maxvalue: fc.constantFrom(9, null, false),
  start: fc.constantFrom(5, 0),
  cache: fc.constantFrom(3),
  cycle: yes,
  owner: fc.constantFrom('a.b', null, false),
}
const identity = options({ precedence: fc.constantFrom('ALWAYS', 'BY DEFAULT') }, sequence)
const reference = { references: fc.oneof(name, fc.constantFrom('"t"(id)', 't(id)')) }
const reaction = { onDelete: action, onUpdate: action, match: fc.constantFrom('FULL') }
const named = { referencesConstraintName: word, referencesConstraintComment: comment }
const columnOptions = {
  ...{ collation: fc.constantFrom('"C"'), default: value, unique: yes, primaryKey: yes, notNull: yes, check: sql },
  ...{ ...reference, ...reaction, ...named, deferrable: yes, deferred: yes, comment },
  ...{ expressionGenerated: sql, sequenceGenerated: identity, array: fc.constantFrom(true, 3, false) },
}
const column = fc.oneof(
  type,
  options({ type: fc.oneof(type, options({ name: word }, { schema: word })) }, columnOptions),
)
const columns = fc.dictionary(word, column, { minKeys: 1, maxKeys: 4 })
const list = fc.oneof(word, fc.array(word, { minLength: 1, maxLength: 3 }))
const foreignKey = options({ columns: list, ...reference }, { ...reaction, ...named })
const constraint = {
  ...{ check: fc.oneof(sql, fc.array(sql, { maxLength: 2 })), primaryKey: list, exclude: fc.constant('(a WITH =)') },
  unique: fc.oneof(list, fc.array(fc.array(word, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 2 })),
  foreignKeys: fc.oneof(foreignKey, fc.array(foreignKey, { minLength: 1, maxLength: 2 })),
  ...{ deferrable: yes, deferred: yes, comment },
}
const like = fc.oneof(word, options({ table: name }, { options: options({}, { including: list, excluding: list }) }))
const partition = options({
  strategy: fc.constantFrom('RANGE', 'HASH'),
  columns: fc.oneof(list, options({ name: word }, { collate: word, opclass: word })),
})
const dropping = options({}, { ifExists: yes, cascade: yes })
const indexColumn = fc.oneof(
  word,
  sql,
  options({ name: fc.oneof(word, sql) }, { opclass: name, sort: fc.constant('DESC') }),
)
const indexColumns = fc.oneof(indexColumn, fc.array(indexColumn, { minLength: 1, maxLength: 3 }), func(sql))
const index = {
  ...{ name: word, unique: yes, concurrently: yes, ifNotExists: yes, method: fc.constant('gin'), where: sql },
  ...{ include: list, nulls: fc.constantFrom('distinct', 'not distinct') },
}
const parameter = fc.oneof(type, options({ type }, { mode: fc.constantFrom('IN', 'OUT'), name: word, default: value }))
const parameters = fc.array(parameter, { maxLength: 2 })
const set = options({ configurationParameter: word, value: fc.constantFrom('FROM CURRENT', 'x') })
const routine = {
  ...{ returns: fc.constantFrom('int', 'trigger'), replace: yes, window: yes, onNull: yes },
  behavior: fc.constantFrom('IMMUTABLE', 'STABLE'),
  ...{
    security: fc.constantFrom('INVOKER', 'DEFINER'),
    parallel: fc.constant('SAFE'),
    set: fc.array(set, { maxLength: 2 }),
  },
}
const language = fc.constantFrom('sql', 'plpgsql')
const trigger = {
  ...{ when: fc.constantFrom('BEFORE', 'AFTER', 'INSTEAD OF'), level: fc.constantFrom('ROW'), condition: sql },
  ...{ constraint: yes, deferrable: yes, deferred: yes, functionParams: fc.array(value, { maxLength: 2 }), language },
  function: name,
}
const operation = fc.oneof(fc.constantFrom('INSERT', 'UPDATE OF a'), fc.constant(['INSERT', 'DELETE']))
const settings = fc.dictionary(fc.constantFrom('security_barrier', 'fillfactor'), fc.constantFrom(true, 70, 'on', null))
const roles = fc.oneof(fc.constantFrom('PUBLIC', 'app'), fc.array(fc.constantFrom('PUBLIC', 'app'), { minLength: 1 }))
const privilege = fc.oneof(fc.constantFrom('ALL', 'SELECT'), fc.constant(['SELECT', 'INSERT']))
const policy = { role: list, using: sql, check: sql }
const role = {
  ...{ superuser: yes, createdb: yes, createrole: yes, inherit: yes, login: yes, replication: yes, bypassrls: yes },
  ...{ limit: fc.constantFrom(3, 0), password: fc.constantFrom('p', "it's", null), encrypted: yes },
  ...{ valid: fc.constantFrom('2030-01-01', null), inRole: list, role: list, admin: list },
}
const member = options(
  { type: fc.constantFrom('function', 'operator'), number: fc.constantFrom(1, 2), name },
  { params: parameters },
)
const domain = { default: value, collation: word, notNull: yes, allowNull: yes, check: sql, constraintName: word }

const tables = {
  createTable: [
    name,
    columns,
    options(
      {},
      {
        ...{ temporary: yes, ifNotExists: yes, unlogged: yes, inherits: name, like, comment, partition },
        constraints: options({}, constraint),
      },
    ),
  ],
  dropTable: [name, dropping],
  renameTable: [name, name],
  alterTable: [name, options({}, { levelSecurity: fc.constantFrom('ENABLE', 'FORCE'), unlogged: yes })],
  addColumns: [name, columns, options({}, { ifNotExists: yes })],
  dropColumns: [name, fc.oneof(list, columns), dropping],
  renameColumn: [name, word, word],
  alterColumn: [
    name,
    word,
    options(
      {},
      {
        ...{ default: value, type, collation: word, using: sql, notNull: yes, allowNull: yes, comment },
        ...{ sequenceGenerated: fc.oneof(identity, fc.constantFrom(null, false)) },
        expressionGenerated: fc.constantFrom('a * 2', null),
      },
    ),
  ],
  addConstraint: [name, fc.option(word), fc.oneof(sql, options({}, constraint))],
  dropConstraint: [name, word, options({}, { ifExists: yes, ifTableExists: yes, cascade: yes })],
  renameConstraint: [name, word, word],
  createIndex: [name, indexColumns, options({}, index)],
  dropIndex: [name, indexColumns, options({}, { ...index, ifExists: yes, cascade: yes })],
  renameIndex: [name, name],
}

const others = {
  createType: [name, fc.oneof(fc.array(fc.constantFrom('a', "it's")), fc.dictionary(word, type))],
  dropType: [name, dropping],
  renameType: [name, name],
  renameTypeAttribute: [name, word, word],
  renameTypeValue: [name, word, word],
  addTypeAttribute: [name, word, type],
  dropTypeAttribute: [name, word, options({}, { ifExists: yes })],
  setTypeAttribute: [name, word, type],
  addTypeValue: [name, word, options({}, { before: word, after: word, ifNotExists: yes })],
  createRole: [name, options({}, role)],
  alterRole: [name, options({}, role)],
  dropRole: [name, options({}, { ifExists: yes })],
  renameRole: [name, name],
  createFunction: [name, parameters, options({}, { ...routine, language }), sql],
  dropFunction: [name, parameters, dropping],
  renameFunction: [name, parameters, name],
  createTrigger: [name, name, options({ operation }, trigger), fc.option(sql, { nil: undefined })],
  dropTrigger: [name, name, dropping],
  renameTrigger: [name, name, name],
  createSchema: [name, options({}, { ifNotExists: yes, authorization: word })],
  dropSchema: [name, dropping],
  renameSchema: [name, name],
  createDomain: [name, type, options({}, domain)],
  alterDomain: [name, options({}, domain)],
  dropDomain: [name, dropping],
  renameDomain: [name, name],
  createSequence: [name, options({}, { ...sequence, temporary: yes, ifNotExists: yes })],
  alterSequence: [name, options({}, { ...sequence, restart: fc.constantFrom(true, 7, false) })],
  dropSequence: [name, dropping],
  renameSequence: [name, name],
  createExtension: [list, options({}, { ifNotExists: yes, schema: name })],
  dropExtension: [list, dropping],
  createOperator: [
    name,
    options(
      { procedure: name },
      {
        left: name,
        right: name,
        commutator: name,
        negator: name,
        restrict: name,
        join: name,
        hashes: yes,
        merges: yes,
      },
    ),
  ],
  dropOperator: [name, options({}, { left: name, right: name, ifExists: yes, cascade: yes })],
  createOperatorClass: [
    name,
    type,
    word,
    fc.array(member, { minLength: 1, maxLength: 2 }),
    options({}, { default: yes, family: word }),
  ],
  dropOperatorClass: [name, word, dropping],
  renameOperatorClass: [name, word, name],
  createOperatorFamily: [name, word],
  dropOperatorFamily: [name, word, dropping],
  renameOperatorFamily: [name, word, name],
  addToOperatorFamily: [name, word, fc.array(member, { minLength: 1, maxLength: 2 })],
  removeFromOperatorFamily: [name, word, fc.array(member, { minLength: 1, maxLength: 2 })],
  createPolicy: [name, word, options({}, { ...policy, command: fc.constantFrom('SELECT', 'UPDATE') })],
  dropPolicy: [name, word, options({}, { ifExists: yes })],
  alterPolicy: [name, word, options({}, policy)],
  renamePolicy: [name, word, word],
  createView: [
    name,
    options(
      {},
      {
        ...{ temporary: yes, replace: yes, recursive: yes, columns: list, options: settings },
        checkOption: fc.constantFrom('LOCAL', 'CASCADED'),
      },
    ),
    sql,
  ],
  dropView: [name, dropping],
  alterView: [name, options({}, { options: settings, checkOption: fc.constantFrom('local') })],
  alterViewColumn: [name, word, options({}, { default: value })],
  renameView: [name, name],
  createMaterializedView: [
    name,
    options({}, { ifNotExists: yes, columns: list, tablespace: word, storageParameters: settings, data: yes }),
    sql,
  ],
  dropMaterializedView: [name, dropping],
  alterMaterializedView: [
    name,
    options(
      {},
      { cluster: fc.oneof(word, fc.constantFrom(null, false)), extension: word, storageParameters: settings },
    ),
  ],
  renameMaterializedView: [name, name],
  renameMaterializedViewColumn: [name, word, word],
  refreshMaterializedView: [name, options({}, { concurrently: yes, data: yes })],
  grantRoles: [list, list, options({}, { withAdminOption: yes })],
  revokeRoles: [list, list, options({}, { onlyAdminOption: yes, cascade: yes })],
  grantOnSchemas: [options({ privileges: privilege, schemas: list, roles }, { withGrantOption: yes })],
  revokeOnSchemas: [options({ privileges: privilege, schemas: list, roles }, { onlyGrantOption: yes, cascade: yes })],
  grantOnTables: [options({ privileges: privilege, tables: list, roles }, { withGrantOption: yes, schema: word })],
  revokeOnTables: [options({ privileges: privilege, tables: list, roles }, { onlyGrantOption: yes, cascade: yes })],
  createCast: [
    type,
    type,
    options({}, { functionName: name, argumentTypes: fc.array(type), inout: yes, as: fc.constant('ASSIGNMENT') }),
  ],
  dropCast: [type, type, options({}, { ifExists: yes })],
  sql: [
    fc.constantFrom('SELECT {a}, {b}', "DROP TABLE {a}; SELECT '{c}'"),
    fc.dictionary(fc.constantFrom('a', 'b'), fc.oneof(word, value, options({ name: word }, { schema: word }))),
  ],
}

const calls = [...Object.entries(tables), ...Object.entries(others)].map(([call, args]) =>
  fc.tuple(fc.constant(call), fc.tuple(...args)),
)

test('the builder of node-pg-migrate makes what is read, call by call', async () => {
  const said = { same: 0, refused: 0, calls: new Set<string>() }
  await fc.assert(
    fc.asyncProperty(fc.oneof(...calls), fc.boolean(), async ([call, args], decamelize) => {
      const made = `pgm.${call}(${args.map(source).join(', ')})`
      const code = `exports.shorthands = ${source(shorthands)}\nexports.up = pgm => { ${made} }`
      const read = await sent(nodePgMigrateCalls({ decamelize }), code)
      const builder = new MigrationBuilder({}, shorthands, decamelize, console)
      said.calls.add(call)
      let steps: readonly string[]
      try {
        new Function('pgm', made)(builder)
        steps = builder._steps
      } catch {
        said.refused++
        expect(read.sql, made).toEqual([])
        expect(read.unread, made).not.toEqual([])
        return
      }
      said.same++
      expect(read.unread, made).toEqual([])
      expect(read.sql.map(ended), made).toEqual(steps.filter(step => step !== '').map(ended))
    }),
    { numRuns: 6000, seed: 12 },
  )
  console.info(
    `node-pg-migrate: ${said.same} calls the same, ${said.refused} refused by the tool, of ${said.calls.size} kinds`,
  )
}, 600_000)

function ended(sql: string): string {
  return sql.replace(/\s+/g, ' ').trim().replace(/ ?;$/, '')
}
