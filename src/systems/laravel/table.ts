import { told } from '../../code/given/not-read.ts'
import { functionOf } from '../../code/host.ts'
import { type Host, nothing } from '../../code/value.ts'
import { columnMethod } from './add-columns.ts'
import { indexMethods } from './add-indexes.ts'
import type { Blueprint } from './blueprint.ts'
import { dropMethods } from './drop.ts'
import { commandHost } from './fluent.ts'
import { given } from './given.ts'
import { pushWith, type Read } from './table-method.ts'

/** `$table` of the functions that describe tables (Illuminate\Database\Schema\Blueprint). */
export function tableHost(blueprint: Blueprint): Host {
  const own: Host = {
    kind: 'host',
    name: 'the table',
    get: name => {
      const read = columnMethod(name) ?? indexMethods.get(name) ?? dropMethods.get(name) ?? tableMethods.get(name)
      if (!read) return undefined
      return functionOf(
        name,
        call => told(blueprint.run, call.at, () => read(blueprint, call, own)) ?? commandHost(null),
      )
    },
    ignores: name => storageOfMySql.has(name),
  }
  return own
}

/** Properties of the table that only MySQL has a use for. */
const storageOfMySql: ReadonlySet<string> = new Set(['engine', 'charset', 'collation'])

/** Methods for the table itself, and for names. */
const tableMethods: ReadonlyMap<string, Read> = new Map<string, Read>([
  ...(['renameColumn', 'renameIndex'] as const).map((name): [string, Read] => [
    name,
    (blueprint, call) => {
      const { get } = given(call, ['from', 'to'])
      return pushWith(blueprint, call, name, { from: get('from'), to: get('to') })
    },
  ]),
  ['rename', (blueprint, call) => pushWith(blueprint, call, 'rename', { to: given(call, ['to']).get('to') })],
  ['drop', (blueprint, call) => pushWith(blueprint, call, 'drop', {})],
  ['dropIfExists', (blueprint, call) => pushWith(blueprint, call, 'dropIfExists', {})],
  [
    'comment',
    (blueprint, call) =>
      pushWith(blueprint, call, 'tableComment', { comment: given(call, ['comment']).get('comment') }),
  ],
  [
    'temporary',
    (blueprint, call) => {
      blueprint.isTemporary = true
      return nothing(call.at)
    },
  ],
  ...['engine', 'innoDb', 'charset', 'collation'].map((name): [string, Read] => [name, (_, { at }) => nothing(at)]),
  [
    'after',
    ({ run }, call, own) => {
      const work = given(call, ['column', 'callback']).get('callback')
      return work ? run.invoke(work, [own], call.at) : nothing(call.at)
    },
  ],
  ['getTable', ({ name }) => name],
])
