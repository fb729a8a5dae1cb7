import { answer, answerOf, functionOf, host, silent, textGiven } from '../../code/host.ts'
import type { CodeReader } from '../../code/reader.ts'
import type { Run, Sending } from '../../code/run.ts'
import { hole, quoted, replaced, type Text, textAt } from '../../code/text.ts'
import { type Call, entry, type Host, unknown, type Value } from '../../code/value.ts'
import { autocommit, inTransaction } from '../reading/execution.ts'

/** What sequelize-cli and Umzug give to `up` and `down`: src/dialects/abstract/query-interface.js. */
export const sequelizeCalls: CodeReader = {
  entry: 'exports',
  args: run => {
    const queryInterface = interfaceOf(run)
    return [queryInterface, types]
  },
  modules: () => ({ sequelize: types }),
}

const types: Host = {
  kind: 'host',
  name: 'Sequelize',
  get: (name, at) => unknown(`\`${name}\` of Sequelize is not read yet`, at),
}

function interfaceOf(run: Run): Host {
  const transactions = new Map<Value, { isBegun: boolean }>()
  /** A call is in a transaction when it is given one; all others go to the server on another connection. */
  const way = (options: Value | undefined): Omit<Sending, 'at'> => {
    const given = entry(options, 'transaction')
    const own = given && transactions.get(given)
    if (!own) return { execution: autocommit }
    const isFirst = !own.isBegun
    own.isBegun = true
    return { execution: inTransaction, ...(isFirst && { apart: true }) }
  }
  const query = functionOf('sequelize.query', call => {
    const [, options] = call.args
    run.send(withReplacements(textGiven(call), entry(options, 'replacements')), { at: call.at, ...way(options) })
    return answer(call.at)
  })
  const transaction = functionOf('sequelize.transaction', ({ args, at }: Call) => {
    const own = host('transaction', { commit: silent('commit'), rollback: silent('rollback') })
    transactions.set(own, { isBegun: false })
    const work = args.at(-1)
    return work?.kind === 'callable' ? run.settle(run.invoke(work, [own], at), at) : own
  })
  const dialect = functionOf('getDialect', ({ at }) => textAt('postgres', at))
  const members: Record<string, Value> = {
    sequelize: host('sequelize', { query, transaction, getDialect: dialect }),
    showAllTables: answerOf('showAllTables', 'it depends on what the database has'),
    describeTable: answerOf('describeTable', 'it depends on what the database has'),
    tableExists: answerOf('tableExists', 'it depends on what the database has'),
  }
  const made = host('queryInterface', members)
  // Umzug: `({ context })`.
  return { ...made, get: (name, at) => (name === 'context' ? made : made.get?.(name, at)) }
}

/** `:name` and `?` stand for values, which are written into the text (src/utils/sql.js, `injectReplacements`). */
function withReplacements(sql: Text, values: Value | undefined): Text {
  if (values?.kind === 'record')
    return replaced(sql, /(?<!:):([A-Za-z_]\w*)/g, ([, name = ''], found) => {
      const value = entry(values, name)
      return value === undefined ? found : literalOf(value, found)
    })
  if (values?.kind !== 'list') return sql
  let next = 0
  return replaced(sql, /\?/g, (_, found) => {
    const value = values.items[next++]
    return value === undefined ? found : literalOf(value, found)
  })
}

function literalOf(value: Value, found: Text): Text {
  const at = found.pieces[0]?.at ?? [0, 0]
  if (value.kind === 'text') return quoted(value, "'")
  if (value.kind === 'plain') return textAt(value.value === undefined ? 'NULL' : String(value.value), at)
  return hole(at, value.kind === 'unknown' ? value.why : 'its value is not known')
}
