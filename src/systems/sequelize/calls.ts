import { reads } from '../../code/given/call.ts'
import { answer, answerOf, functionOf, host, textGiven } from '../../code/host.ts'
import type { CodeReader } from '../../code/reader.ts'
import type { Run, Sending } from '../../code/run.ts'
import { noted, replaced, type Text, textAt } from '../../code/text.ts'
import { type Call, entry, type Host, nothing, unknown, type Value } from '../../code/value.ts'
import type { Execution } from '../../migration/execution.ts'
import { autocommit, inTransaction } from '../reading/execution.ts'
import { sequelizeAdvice } from './advice.ts'
import { deferrables } from './deferrable.ts'
import { addConstraint, addIndex, removeConstraint, removeIndex } from './indexes.ts'
import { withReplacements } from './replacements.ts'
import { createFunction, dropFunction, renameFunction } from './routine.ts'
import { bulkDelete, bulkInsert, bulkUpdate } from './rows.ts'
import {
  addColumn,
  changeColumn,
  createSchema,
  createTable,
  dropEnum,
  dropSchema,
  dropTable,
  removeColumn,
  renameColumn,
  renameTable,
} from './table.ts'
import { typeNamed } from './type.ts'
import { expressionMakers } from './value.ts'
import { operators } from './where.ts'

const besideTransaction =
  'It is not given the open transaction, so Sequelize sends it on another connection: it is not rolled back with it, and where it needs a lock that the transaction holds, the migration waits for ever.'

const perhaps: Execution = { inTransaction: 'unknown', singleMessage: false, spansFiles: false }

/** What sequelize-cli and Umzug give to `up` and `down`: src/dialects/abstract/query-interface.js. */
export const sequelizeCalls: CodeReader = {
  advice: sequelizeAdvice,
  entry: 'exports',
  args: run => [interfaceOf(run), library],
  modules: () => new Map([['sequelize', library]]),
}

/** The exports of the package: types of columns, operators, and functions that make expressions. */
const library: Host = {
  kind: 'host',
  name: 'Sequelize',
  get: (name, at) => {
    if (name === 'Sequelize' || name === 'DataTypes' || name === 'default') return library
    if (name === 'Op') return operators
    if (name === 'Deferrable') return deferrables
    return expressionMakers.get(name) ?? typeNamed(name, at) ?? unknown(`\`${name}\` of Sequelize is not read yet`, at)
  },
}

/** Calls of `queryInterface`: the index of their options, and the SQL that they send. */
const builders: readonly (readonly [name: string, options: number, build: (call: Call) => Text[]])[] = [
  ['createTable', 2, createTable],
  ['dropTable', 1, dropTable],
  ['renameTable', 2, renameTable],
  ['addColumn', 3, addColumn],
  ['removeColumn', 2, removeColumn],
  ['changeColumn', 3, changeColumn],
  ['renameColumn', 3, renameColumn],
  ['addIndex', 2, addIndex],
  ['removeIndex', 2, removeIndex],
  ['addConstraint', 1, addConstraint],
  ['removeConstraint', 2, removeConstraint],
  ['createSchema', 1, createSchema],
  ['dropSchema', 1, dropSchema],
  ['dropEnum', 1, dropEnum],
  ['bulkInsert', 2, bulkInsert],
  ['bulkUpdate', 3, bulkUpdate],
  ['bulkDelete', 2, bulkDelete],
  ['createFunction', 6, createFunction],
  ['dropFunction', 2, dropFunction],
  ['renameFunction', 3, renameFunction],
]

function interfaceOf(run: Run): Host {
  const transactions = new Map<Value, { isBegun: boolean; isOpen: boolean }>()
  /** A call is in a transaction when it is given one; all others go to the server on another connection. */
  const way = (options: Value | undefined): Omit<Sending, 'at'> => {
    const given = entry(options, 'transaction')
    const own = given && transactions.get(given)
    const isOpen = options?.kind === 'unknown' || (options?.kind === 'record' && options.isOpen)
    if (!own) return { execution: given?.kind === 'unknown' || (isOpen && !given) ? perhaps : autocommit }
    const isFirst = !own.isBegun
    own.isBegun = true
    return { execution: inTransaction, ...(isFirst && { apart: true }) }
  }
  /** Sends it, and says so where it is not in the transaction around it. */
  const send = (sql: Text, options: Value | undefined, at: Call['at']) => {
    const how = way(options)
    const isBeside =
      how.execution === autocommit && [...transactions.values()].some(({ isBegun, isOpen }) => isBegun && isOpen)
    run.send(isBeside ? noted(sql, besideTransaction) : sql, { at, ...how })
  }
  const query = functionOf('sequelize.query', call => {
    const [, options] = call.args
    const filled = withReplacements(textGiven(call), entry(options, 'replacements'))
    send(entry(options, 'bind') === undefined ? filled : withNumbers(filled), options, call.at)
    return answer(call.at)
  })
  const transaction = functionOf('sequelize.transaction', ({ args, at }: Call) => {
    const state = { isBegun: false, isOpen: true }
    const ends = (name: string) =>
      functionOf(name, call => {
        state.isOpen = false
        return nothing(call.at)
      })
    const own = host('transaction', { commit: ends('commit'), rollback: ends('rollback') })
    transactions.set(own, state)
    const work = args.at(-1)
    if (work?.kind !== 'callable') return own
    const value = run.settle(run.invoke(work, [own], at), at)
    state.isOpen = false
    return value
  })
  const built = ([name, place, build]: (typeof builders)[number]) =>
    [
      name,
      reads(run, `queryInterface.${name}`, call => {
        const options = name === 'addIndex' && call.args[1]?.kind !== 'list' ? call.args[1] : call.args[place]
        for (const text of build(call)) send(text, options, call.at)
        return undefined
      }),
    ] as const
  const dialect = functionOf('getDialect', ({ at }) => textAt('postgres', at))
  const members: Record<string, Value> = {
    sequelize: host('sequelize', { ...Object.fromEntries(expressionMakers), query, transaction, getDialect: dialect }),
    ...Object.fromEntries(builders.map(built)),
    showAllTables: answerOf('showAllTables', 'it depends on the content of the database'),
    describeTable: answerOf('describeTable', 'it depends on the content of the database'),
    tableExists: answerOf('tableExists', 'it depends on the content of the database'),
  }
  const made = host('queryInterface', members)
  // Umzug: `({ context })`.
  return { ...made, get: (name, at) => (name === 'context' ? made : made.get?.(name, at)) }
}

/** `formatBindParameters`: PostgreSQL knows parameters by numbers (`$name` becomes `$1`), and `$$` is a dollar sign. */
function withNumbers(sql: Text): Text {
  const names = new Map<string, number>()
  return replaced(sql, /\B\$(\$|\w+)/g, ({ 1: name = '' }, found) => {
    const at = found.pieces[0]?.at ?? ([0, 0] as const)
    if (name === '$') return textAt('$', at)
    if (/^\d+$/.test(name)) return found
    names.set(name, names.get(name) ?? names.size + 1)
    return textAt(`$${names.get(name)}`, at)
  })
}
