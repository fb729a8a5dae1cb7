import { functionOf, host } from '../../code/host.ts'
import type { CodeReader } from '../../code/reader.ts'
import type { Run } from '../../code/run.ts'
import { type Text, textAt } from '../../code/text.ts'
import { type Host, known, type Value } from '../../code/value.ts'
import { inTransaction } from '../reading/execution.ts'
import { knexAdvice } from './advice.ts'
import type { TypeContext } from './column-type.ts'
import { nameOf } from './name.ts'
import { newQuery, queryStart } from './query.ts'
import { rawFunction, rawOf } from './raw.ts'
import { schemaBuilder } from './schema.ts'
import type { Settings } from './settings.ts'

/** What Knex gives to `up` and `down`: lib/knex-builder/make-knex.js. */
export function knexReader({ names, dateTimePrecision = null }: Settings = {}): CodeReader {
  return {
    entry: 'exports',
    args: run => [knexOf(run, dateTimePrecision)],
    advice: knexAdvice,
    ...(names && { names }),
  }
}

/** The settings of a project that changes nothing. */
export const knexCalls = knexReader()

function knexOf(run: Run, dateTimePrecision: TypeContext['dateTimePrecision']): Host {
  const members = new Map<string, Value>([
    ['raw', rawFunction(run, 'knex.raw')],
    ['client', clientOf()],
    ['fn', functionsOf(run)],
    [
      'ref',
      functionOf('knex.ref', call => rawOf(run, 'knex.ref', call, nameOf(call.args[0], call.argsAt[0] ?? call.at))),
    ],
    ['isTransaction', known(true, [0, 0])],
  ])
  const made: Host = {
    kind: 'host',
    name: 'knex',
    get: member =>
      member === 'schema' ? schemaBuilder(run, dateTimePrecision) : (members.get(member) ?? queryStart(run, member)),
    call: ({ args: [table], argsAt: [tableAt], at }) => newQuery(run, at, table, tableAt),
  }
  const transaction = functionOf('knex.transaction', ({ args: [work], at }) =>
    work?.kind === 'callable'
      ? run.inWay({ execution: inTransaction, apart: true }, () => run.settle(run.invoke(work, [made], at), at))
      : run.notRead(at, 'a transaction that begins here and ends elsewhere'),
  )
  members.set('transaction', transaction)
  return made
}

/** lib/dialects/postgres/index.js */
function clientOf(): Host {
  const word = (text: string): Text => textAt(text, [0, 0])
  return host('knex.client', {
    config: host('the configuration', { client: word('pg') }),
    dialect: word('postgresql'),
    driverName: word('pg'),
  })
}

/** `knex.fn`: lib/knex-builder/FunctionHelper.js. */
function functionsOf(run: Run): Host {
  return host('knex.fn', {
    now: functionOf('knex.fn.now', call => {
      const [precision] = call.args
      const isGiven = precision?.kind === 'plain' && typeof precision.value === 'number'
      const words = isGiven ? `CURRENT_TIMESTAMP(${precision.value})` : 'CURRENT_TIMESTAMP'
      return rawOf(run, 'knex.fn.now()', call, textAt(words, call.at))
    }),
    uuid: functionOf('knex.fn.uuid', call =>
      rawOf(run, 'knex.fn.uuid()', call, textAt('(gen_random_uuid())', call.at)),
    ),
  })
}
