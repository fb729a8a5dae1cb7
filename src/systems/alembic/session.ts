import { functionOf } from '../../code/host.ts'
import { type Host, nothing, unknown, type Value } from '../../code/value.ts'
import { executes } from './execute.ts'
import type { Context } from './operations.ts'

/** What a session of the ORM does: rows are read and written through the classes of the program, which are not looked into. */
export function session(context: Context): Host {
  const { run } = context
  const execute = executes(context, 'execute', ['statement', 'params'])
  const ends = new Set(['close', 'rollback', 'expire_all', 'expunge_all'])
  /** Rows that were read may be changed afterwards. */
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
