import type { Span } from '../../parse/span.ts'
import { answerOf, functionOf, host } from '../host.ts'
import { jsonOf } from '../json.ts'
import { plain, textAt, unknownIn } from '../text.ts'
import { type Call, type Host, known, list, nothing, type Scope, unknown, type Value } from '../value.ts'
import { fileModules, ownPlaces } from './files.ts'
import type { Machine } from './machine.ts'
import { asText } from './operator.ts'

const nowhere: Span = [0, 0]

/** Global names whose values are known. All others are unknown. */
export function globalScope(machine: Machine): Scope {
  const silent = functionOf('console', ({ at }) => nothing(at))
  const quiet: Host = { kind: 'host', name: 'console', get: () => silent }
  const environment: Host = {
    kind: 'host',
    name: 'process',
    get: (name, at) => unknown('it comes from the environment', at, false, name),
  }
  const names = new Map<string, Value>([
    ['console', quiet],
    ['process', environment],
    ['require', functionOf('require', call => required(call, machine))],
    ['Promise', promise(machine)],
    ['Object', objects(machine)],
    ['Array', arrays],
    [
      'JSON',
      host('JSON', {
        stringify: functionOf('JSON.stringify', stringified),
        parse: answerOf('JSON.parse', '`JSON.parse` is not evaluated'),
      }),
    ],
    [
      'String',
      host('String', { raw: functionOf('String.raw', raw) }, ({ args: [value], at }) =>
        value ? asText(value, at) : textAt('', at),
      ),
    ],
    ['Number', functionOf('Number', converted)],
    ['Boolean', functionOf('Boolean', ({ at }) => unknown('its value is calculated', at))],
    ['Error', functionOf('Error', ({ at }) => unknown('it is an error', at))],
    ['undefined', known(undefined, nowhere)],
    ...(machine.run.beside ? ownPlaces(machine.run) : []),
  ])
  return { names, outer: null }
}

/** A package that the tool's reader knows; anything else comes from another file. */
export function moduleOf(name: string, at: Span, machine: Machine): Value {
  const own = machine.modules.get(name)
  if (own) return own
  const files = machine.run.beside ? fileModules(machine).get(name) : undefined
  return files ?? machine.neighbour(name, at) ?? unknown('it comes from another file', at, true)
}

function required({ args: [name], at }: Call, machine: Machine): Value {
  if (name?.kind !== 'text' || unknownIn(name) !== null) return unknown('it comes from another file', at, true)
  return moduleOf(plain(name), at, machine)
}

function promise(machine: Machine): Host {
  const { run } = machine
  const all = functionOf('Promise.all', ({ args: [value], at }) => {
    if (value?.kind !== 'list') return value ? run.settle(value, at) : nothing(at)
    return list(
      value.items.map(item => run.settle(item, at)),
      at,
    )
  })
  const made = ({ args: [executor], at }: Call): Value => {
    let resolved: Value = nothing(at)
    const resolve = functionOf('resolve', ({ args: [value] }) => {
      resolved = value ? run.settle(value, at) : resolved
      return nothing(at)
    })
    const reject = functionOf('reject', () => nothing(at))
    if (executor) run.invoke(executor, [resolve, reject], at)
    return resolved
  }
  const given = functionOf('Promise.resolve', ({ args: [value], at }) => (value ? run.settle(value, at) : nothing(at)))
  const members = {
    all,
    allSettled: all,
    race: all,
    any: all,
    resolve: given,
    reject: functionOf('Promise.reject', ({ at }) => nothing(at)),
  }
  return host('Promise', members, made)
}

const objects = ({ run }: Machine): Host =>
  host('Object', {
    keys: functionOf('Object.keys', ({ args: [value], at }) =>
      value?.kind === 'record' && !value.isOpen
        ? list(
            [...value.entries.keys()].map(key => textAt(key, at)),
            at,
          )
        : unknown('its names are unknown', at),
    ),
    values: functionOf('Object.values', ({ args: [value], at }) =>
      value?.kind === 'record' && !value.isOpen
        ? list([...value.entries.values()], at)
        : unknown('it is not known', at),
    ),
    entries: functionOf('Object.entries', ({ args: [value], at }) =>
      value?.kind === 'record' && !value.isOpen
        ? list(
            [...value.entries].map(([key, each]) => list([textAt(key, at), each], at)),
            at,
          )
        : unknown('it is not known', at),
    ),
    freeze: functionOf('Object.freeze', ({ args: [value], at }) => value ?? nothing(at)),
    defineProperty: functionOf('Object.defineProperty', ({ args: [target, key, description], at }) => {
      if (target?.kind !== 'record' && target?.kind !== 'callable') return target ?? nothing(at)
      const name = key?.kind === 'text' && unknownIn(key) === null ? plain(key) : null
      const value = description?.kind === 'record' ? description.entries.get('value') : undefined
      if (name !== null) {
        const given = value ?? unknown('its value is calculated', at)
        run.weigh([given], target)
        target.entries.set(name, run.conditions > 0 ? unknown('it is set under a condition', at) : given)
      } else if (target.kind === 'record') target.isOpen = true
      return target
    }),
    assign: functionOf('Object.assign', ({ args, at }) => {
      const [target, ...others] = args
      if (target?.kind !== 'record') return unknown('its parts are unknown', at)
      for (const other of others) {
        if (other.kind === 'record') run.weigh(other.entries.values(), target)
        if (other.kind === 'record') for (const [name, value] of other.entries) target.entries.set(name, value)
        if (other.kind !== 'record' || other.isOpen) target.isOpen = true
      }
      return target
    }),
  })

const arrays = host('Array', {
  isArray: functionOf('Array.isArray', ({ args: [value], at }) =>
    value === undefined || value.kind === 'unknown' ? unknown('it is not known', at) : known(value.kind === 'list', at),
  ),
  of: functionOf('Array.of', ({ args, at }) => list([...args], at)),
  from: functionOf('Array.from', ({ args: [value], at }) =>
    value?.kind === 'list' ? list([...value.items], at) : unknown('its parts are unknown', at),
  ),
})

function stringified({ args: [value], at }: Call): Value {
  const json = value ? jsonOf(value) : null
  return json === null ? unknown('part of it is unknown', at) : textAt(json, at)
}

function converted({ args: [value], at }: Call): Value {
  if (value?.kind === 'plain') return known(Number(value.value), at)
  return value?.kind === 'text' && unknownIn(value) === null
    ? known(Number(plain(value)), at)
    : unknown('its value is calculated', at)
}

function raw({ at }: Call): Value {
  return unknown('a raw template is not read', at)
}
