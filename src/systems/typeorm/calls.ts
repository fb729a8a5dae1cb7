import { reads } from '../../code/given/call.ts'
import { NotRead } from '../../code/given/not-read.ts'
import { sqlAt } from '../../code/given/sql.ts'
import { listIn } from '../../code/given/value.ts'
import { answerOf, functionOf, host, sends } from '../../code/host.ts'
import type { CodeReader } from '../../code/reader.ts'
import type { Run } from '../../code/run.ts'
import { noted, ofKind, type Text, textAt } from '../../code/text.ts'
import { type Call, type Host, nothing, unknown } from '../../code/value.ts'
import type { ConstraintKind } from '../../parse/constraint-kind.ts'
import { typeormAdvice } from './advice.ts'
import { check, constraintName, dropIndex, exclusion, foreignKey, index, unique } from './constraint.ts'
import { described } from './described.ts'
import { columnList, columnsIn, inQuotes, madeName, path, tableIn } from './name.ts'
import type { Settings } from './settings.ts'
import {
  addColumn,
  clearTable,
  createSchema,
  createTable,
  dropColumn,
  dropSchema,
  dropTable,
  isAsked,
  isMadeAgain,
  renameColumn,
  renameTable,
} from './table.ts'

/** What TypeORM gives to `up` and `down`: src/query-runner/QueryRunner.ts. */
export function typeormReader({ names, uuid = 'uuid_generate_v4()' }: Settings = {}): CodeReader {
  return {
    entry: 'class',
    args: run => [queryRunner(run, uuid)],
    modules: () => new Map([['typeorm', library]]),
    advice: typeormAdvice,
    ...(names && { names }),
  }
}

const library: Host = {
  kind: 'host',
  name: 'typeorm',
  get: (name, at) => described.get(name) ?? unknown('it comes from typeorm', at, true, name),
}

/** The settings of a project that changes nothing. */
export const typeormCalls = typeormReader()

type Build = (call: Call, uuid: string) => Text[]

/** Calls whose SQL does not depend on the content of the database, or has the same effect. */
const builders: ReadonlyMap<string, Build> = new Map<string, Build>([
  ['addColumn', (call, uuid) => addColumn(call, uuid)],
  ['addColumns', (call, uuid) => each(call, (value, at) => addColumn(call, uuid, value, at))],
  ['dropColumn', call => dropColumn(call)],
  ['dropColumns', call => each(call, value => dropColumn(call, value))],
  ['dropTable', dropTable],
  ['clearTable', clearTable],
  ['createSchema', createSchema],
  ['dropSchema', dropSchema],
  ['createIndex', call => [index(call.args[1], tableIn(call.args[0], call.at), place(call))]],
  ['createIndices', call => each(call, (value, at) => [index(value, tableIn(call.args[0], call.at), at)])],
  ['dropIndex', call => [indexDropped(call, call.args[1])]],
  ['dropIndices', call => each(call, value => [indexDropped(call, value)])],
  ['createPrimaryKey', createPrimaryKey],
  ...constraints('UniqueConstraint', 'UniqueConstraints', 'UQ_', unique),
  ...constraints('CheckConstraint', 'CheckConstraints', 'CHK_', check),
  ...constraints('ExclusionConstraint', 'ExclusionConstraints', 'XCL_', exclusion),
  ...constraints('ForeignKey', 'ForeignKeys', 'FK_', foreignKey),
])

function place(call: Call): Call['at'] {
  return call.argsAt[1] ?? call.at
}

function each(call: Call, write: (value: Call['args'][number], at: Call['at']) => Text[]): Text[] {
  return listIn(call.args[1], place(call), 'its argument').flatMap(value => write(value, place(call)))
}

function indexDropped(call: Call, value: Call['args'][number] | undefined): Text {
  return dropIndex(value, tableIn(call.args[0], call.at), isAsked(call, 2), call.nameAt)
}

function createPrimaryKey({ args, at, nameAt }: Call): Text[] {
  const table = tableIn(args[0], at)
  const columns = columnsIn(args[1], at)
  const name = args[2]?.kind === 'text' ? args[2] : madeName('PK_', table, null, columns, nameAt)
  return [
    sqlAt(
      nameAt,
    )`ALTER TABLE ${path(table, nameAt)} ADD CONSTRAINT ${inQuotes(name, nameAt)} PRIMARY KEY (${columnList(columns, nameAt)})`,
  ]
}

const kinds: ReadonlyMap<string, ConstraintKind> = new Map([
  ['FK_', 'foreign key'],
  ['UQ_', 'unique'],
  ['CHK_', 'check'],
  ['XCL_', 'exclusion'],
])

/** `createForeignKey`, `createForeignKeys`, `dropForeignKey` and `dropForeignKeys`, and those of other constraints. */
function constraints(
  one: string,
  many: string,
  prefix: string,
  write: typeof unique,
): [string, (call: Call) => Text[]][] {
  const add = (call: Call, value: Call['args'][number] | undefined): Text[] => {
    const table = tableIn(call.args[0], call.at)
    return [sqlAt(call.nameAt)`ALTER TABLE ${path(table, call.nameAt)} ADD ${write(value, table, place(call))}`]
  }
  const drop = (call: Call, value: Call['args'][number] | undefined): Text[] => {
    const table = tableIn(call.args[0], call.at)
    const name = inQuotes(constraintName(value, prefix, table, place(call)), call.nameAt)
    const exists = textAt(isAsked(call, 2) ? 'IF EXISTS ' : '', call.nameAt)
    const sql = sqlAt(call.nameAt)`ALTER TABLE ${path(table, call.nameAt)} DROP CONSTRAINT ${exists}${name}`
    return [ofKind(sql, kinds.get(prefix))]
  }
  return [
    [`create${one}`, call => add(call, call.args[1])],
    [`create${many}`, call => each(call, value => add(call, value))],
    [`drop${one}`, call => drop(call, call.args[1])],
    [`drop${many}`, call => each(call, value => drop(call, value))],
  ]
}

const again = 'TypeORM drops a column whose type, length or array changes, with all of its data, and adds it again.'

function queryRunner(run: Run, uuid: string): Host {
  const control = (name: string, sql: string) =>
    functionOf(`queryRunner.${name}`, ({ at }) => {
      run.send(textAt(sql, at), { at })
      return nothing(at)
    })
  const exists = 'it depends on the content of the database'
  const query = sends(run, 'queryRunner.query')
  const options = host('the options of the data source', { type: textAt('postgres', [0, 0]) })
  const readBy = (name: string, read: (call: Call) => void) =>
    [
      name,
      reads(run, `queryRunner.${name}`, call => {
        read(call)
        return nothing(call.at)
      }),
    ] as const
  const send = (texts: readonly Text[], { at }: Call) => {
    for (const text of texts) run.send(text, { at })
  }
  const members = [
    ...[...builders].map(([name, build]) => readBy(name, call => send(build(call, uuid), call))),
    readBy('createTable', call => {
      const { before, table, after } = createTable(call, uuid)
      // TypeORM first asks whether a table with this name exists, and then sends nothing.
      const rest = isAsked(call, 1) ? (work: () => void) => run.perhaps(work) : (work: () => void) => work()
      rest(() => send(before, call))
      send([table], call)
      rest(() => send(after, call))
    }),
    readBy('changeColumn', call => changed(call, call.args[1], call.args[2])),
    readBy('renameColumn', call => {
      send(renameColumn(call), call)
      run.unread(call.nameAt, 'it may also rename constraints and indexes that are named after the column')
    }),
    readBy('renameTable', call => {
      send(renameTable(call), call)
      run.unread(call.nameAt, 'it may also rename constraints, sequences and types that are named after the table')
    }),
  ]
  /** TypeORM drops a column whose type, length or kind changes, with its data, and adds it again. It compares the rest with the database. */
  function changed(
    call: Call,
    before: Call['args'][number] | undefined,
    after: Call['args'][number] | undefined,
  ): void {
    const isAgain = isMadeAgain(before, after, call.at)
    const texts = [
      ...dropColumn({ ...call, args: [call.args[0] ?? nothing(call.at)] }, before),
      ...addColumn(call, uuid, after),
    ].map(text => noted(text, again))
    if (isAgain === true) return send(texts, call)
    if (isAgain === false) throw new NotRead('its effect depends on the content of the database', call.at)
    run.unread(call.nameAt, 'it compares the column with the database, and may drop and add it again')
    run.perhaps(() => send(texts, call))
  }
  return host('queryRunner', {
    query,
    manager: host('queryRunner.manager', { query }),
    connection: host('the data source', { query, options }),
    dataSource: host('the data source', { query, options }),
    startTransaction: control('startTransaction', 'START TRANSACTION'),
    commitTransaction: control('commitTransaction', 'COMMIT'),
    rollbackTransaction: control('rollbackTransaction', 'ROLLBACK'),
    hasTable: answerOf('queryRunner.hasTable', exists),
    hasColumn: answerOf('queryRunner.hasColumn', exists),
    getTable: answerOf('queryRunner.getTable', exists),
    ...Object.fromEntries(members),
  })
}
