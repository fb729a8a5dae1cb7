import { functionOf } from '../../code/host.ts'
import { type Host, nothing, unknown, type Value } from '../../code/value.ts'
import { executes } from './execute.ts'
import type { Context } from './operations.ts'

/** A session of the ORM, which reads and writes rows through classes of the program that are not read. */
export function session(context: Context): Host {
  const { run } = context
  const execute = executes(context, 'execute', ['statement', 'params'])
  const ends = new Set(['close', 'rollback', 'expire_all', 'expunge_all'])
  /** The program may change the rows that it read. */
  let isUsed = false
  const own: Host = {
    kind: 'host',
    name: 'session',
    get: name => {
      if (name === 'execute' || name === 'scalar' || name === 'scalars') return execute
      if (ends.has(name)) return functionOf(name, ({ at }) => nothing(at))
      if (name === 'query' || name === 'get') {
        isUsed = true
        return functionOf(name, ({ at }) => unknown("it is the database's answer", at, true))
      }
      if (name === 'commit' || name === 'flush')
        return functionOf(name, ({ at }) => {
          if (isUsed) run.unread(at, 'it writes rows through classes of the program')
          return nothing(at)
        })
      return functionOf(name, ({ at }): Value => run.notRead(at, 'it writes rows through classes of the program'))
    },
    within: body => body(own),
  }
  return own
}
