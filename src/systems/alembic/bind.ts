import { answerOf, functionOf, host } from '../../code/host.ts'
import { textAt } from '../../code/text.ts'
import { type Host, known, nothing, unknown, type Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { autocommit } from '../reading/execution.ts'
import { executes, executesDirectly } from './execute.ts'
import type { Context } from './operations.ts'

/** The connection that migrations run on, with its dialect and engine. */
export interface Bound {
  readonly bind: Host
  readonly migration: Host
}

const nowhere: Span = [0, 0]
const depends = 'it depends on the content of the database'

/** An unknown object whose members do not reach the database. */
export function ofTheDatabase(name: string): Host {
  return {
    kind: 'host',
    name,
    isInert: true,
    get: member => ({ ...answerOf(`${name}.${member}`, depends), isInert: true }),
  }
}

/** The dialect is PostgreSQL, so conditions on it are known. */
export const dialect: Host = {
  kind: 'host',
  name: 'the dialect',
  isInert: true,
  get: (name, at) => {
    if (name === 'name') return textAt('postgresql', at)
    if (name.startsWith('supports_')) return unknown('it depends on the dialect', at)
    return { ...answerOf(`dialect.${name}`, depends), isInert: true }
  },
}

const bounds = new WeakMap<Context, Bound>()

export function boundContext(context: Context): Bound {
  const own = bounds.get(context) ?? bound(context)
  bounds.set(context, own)
  return own
}

function bound(context: Context): Bound {
  const { run } = context
  const engine = host('the engine', { name: textAt('postgresql', nowhere), dialect })
  const execute = executes(context, 'execute', ['statement', 'parameters'])
  let savepoints = 0
  const nested = functionOf('begin_nested', ({ at }) => {
    const name = `sa_savepoint_${++savepoints}`
    const send = (sql: string) => run.send(textAt(`${sql} ${name}`, at), { at })
    send('SAVEPOINT')
    const savepoint = host('a savepoint', {
      commit: functionOf('commit', call => {
        send('RELEASE SAVEPOINT')
        return nothing(call.at)
      }),
      rollback: functionOf('rollback', call => {
        send('ROLLBACK TO SAVEPOINT')
        return nothing(call.at)
      }),
    })
    return {
      ...savepoint,
      within: (body: (entered: Value) => void) => {
        body(savepoint)
        send('RELEASE SAVEPOINT')
      },
    }
  })
  const members = new Map<string, Value>([
    ['dialect', dialect],
    ['engine', engine],
    ['execute', execute],
    ['scalar', execute],
    ['scalars', execute],
    ['exec_driver_sql', executesDirectly(context, 'exec_driver_sql')],
    ['begin_nested', nested],
    [
      'commit',
      // The next statement begins the next transaction.
      functionOf('commit', ({ at }) => {
        for (const word of ['COMMIT', 'BEGIN']) run.send(textAt(word, at), { at })
        return nothing(at)
      }),
    ],
    ['closed', known(false, nowhere)],
    ['in_transaction', functionOf('in_transaction', ({ at }) => known(true, at))],
    ['close', functionOf('close', ({ at }) => nothing(at))],
  ])
  const bind: Host = { kind: 'host', name: 'the connection', get: name => members.get(name) }
  const apart = functionOf('autocommit_block', () => ({
    kind: 'host',
    name: 'autocommit_block',
    within: body => run.inWay({ execution: autocommit, apart: true }, () => body(bind)),
  }))
  const migration = host('the migration context', {
    autocommit_block: apart,
    bind,
    connection: bind,
    dialect,
    as_sql: known(false, nowhere),
    execute: executes(context, 'execute', ['sql']),
    config: ofTheDatabase('config'),
  })
  return { bind, migration }
}
