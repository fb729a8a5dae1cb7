import type { Span } from '../../parse/span.ts'
import type { Language } from '../evaluator/machine.ts'
import * as method from '../evaluator/methods.ts'
import { answerOf, functionOf, host } from '../host.ts'
import { oneOf } from '../reach.ts'
import { hole, replaced, type Text, textAt } from '../text.ts'
import { type Call, known, list, nothing, truth, unknown, unknownName, type Value } from '../value.ts'
import { filesOfPython } from './files.ts'
import { syntaxOfPython } from './syntax.ts'

/** Python 3. */
export const python: Language = {
  syntaxOf: syntaxOfPython,
  truth: value => {
    if (value.kind === 'list') return value.isOpen ? null : value.items.length > 0
    if (value.kind === 'record' && !value.base) return value.isOpen ? null : value.entries.size > 0
    return truth(value)
  },
  written: value => (value === true ? 'True' : value === false ? 'False' : value === null ? 'None' : String(value)),
  impliesSelf: false,
  constructorOf: () => '__init__',
  // PEP 8: names of classes are in capitalized words, those of functions and modules are not.
  isClass: name => /^(?:[a-z_]\w*\.)*[A-Z]\w*$/.test(name) && /[a-z]/.test(name.slice(name.lastIndexOf('.') + 1)),
  globals: new Map<string, Value>([
    ['print', functionOf('print', ({ at }) => nothing(at))],
    ['len', functionOf('len', ({ args: [value], at }) => lengthOf(value, at))],
    ['str', functionOf('str', ({ args: [value], at }) => asText(value, at))],
    ...['list', 'tuple', 'set', 'frozenset'].map((name): [string, Value] => [
      name,
      functionOf(name, ({ args: [value], at }) => (value === undefined ? list([], at) : itemsOf(value, at))),
    ]),
    ...'abs all any bool bytes callable chr divmod float format hasattr hash hex int isinstance issubclass oct ord pow repr round type'
      .split(' ')
      .map((name): [string, Value] => [name, answerOf(name, `\`${name}\` is not evaluated`)]),
    // Their result may be one of the values, or in one.
    ...'getattr iter max min next reversed sum vars'
      .split(' ')
      .map((name): [string, Value] => [
        name,
        functionOf(name, ({ args, at }) => oneOf(args, `\`${name}\` is not evaluated`, at)),
      ]),
    ['sorted', functionOf('sorted', ({ at }) => unknown('it is sorted', at))],
    ['range', functionOf('range', range)],
    ['enumerate', functionOf('enumerate', ({ args: [value], at }) => numbered(value, at))],
    ['zip', functionOf('zip', zipped)],
    [
      'dict',
      functionOf('dict', ({ args, named, at }) => ({
        kind: 'record',
        entries: new Map(named),
        at,
        ...(args.length > 0 && { isOpen: true }),
      })),
    ],
    [
      'super',
      functionOf(
        'super',
        ({ at }) => host('super()', { __init__: functionOf('__init__', call => nothing(call.at)) }) ?? nothing(at),
      ),
    ],
  ]),
  files: filesOfPython,
  unresolved: (name, at) => unknownName(name, at),
  imported: (module, member, at) => {
    const [first = ''] = module.split('.')
    if (harmless.has(first)) return unknown(`\`${module}\` is not evaluated`, at, false, member ?? module)
    return unknown('it comes from another file', at, true, member ?? module)
  },
  methodOf: (of, name) => method.methodIn(methods, of, name),
}

/** Packages of Python itself that reach no database. */
const harmless = new Set(
  (
    '__future__ abc base64 calendar collections contextlib copy csv dataclasses datetime decimal enum functools hashlib itertools ' +
    'json logging math operator os pathlib platform random re secrets string sys textwrap time traceback typing typing_extensions ' +
    'types uuid warnings zoneinfo pytz dateutil'
  ).split(' '),
)

const methods: method.Methods = {
  text: new Map<string, method.OfText>([
    ['strip', method.trim],
    ['lstrip', method.trimStart],
    ['rstrip', method.trimEnd],
    ['upper', method.upper],
    ['lower', method.lower],
    ['startswith', method.startsWith],
    ['endswith', method.endsWith],
    ['replace', method.replaceAll],
    ['split', method.split],
    [
      'join',
      (of, { args: [items], at }, machine) =>
        items?.kind === 'list' ? method.joinedBy(items, of, at, machine) : unknown('part of the list is unknown', at),
    ],
    [
      'format',
      (of, { args, named, at }, machine) =>
        formatted(of, args, named, at, (value, name) => machine.asText(value, at, name)),
    ],
    ['%', (of, { args: [value], at }, machine) => percent(of, value, at, each => machine.asText(each, at))],
  ]),
  list: new Map([
    ['append', method.push],
    ['extend', method.extend],
    ['copy', method.itself],
    ['index', (_, { at }) => unknown('its number is unknown', at)],
  ]),
  record: new Map([
    ['items', method.pairs],
    ['keys', method.keys],
    ['values', method.values],
    ['get', method.get],
    ['copy', method.itself],
  ]),
  plain: new Map(),
}

function lengthOf(value: Value | undefined, at: Span): Value {
  if (value?.kind === 'list' && !value.isOpen) return known(value.items.length, at)
  return unknown('its number is unknown', at)
}

function asText(value: Value | undefined, at: Span): Value {
  if (value?.kind === 'text') return value
  if (value?.kind === 'plain') return textAt(python.written(value.value), at)
  return value ? hole(at, value.kind === 'unknown' ? value.why : 'it is not text') : textAt('', at)
}

function itemsOf(value: Value, at: Span): Value {
  if (value.kind === 'list') return { ...value, items: [...value.items] }
  if (value.kind === 'record' && !value.isOpen)
    return list(
      [...value.entries.keys()].map(name => textAt(name, at)),
      at,
    )
  return unknown(value.kind === 'unknown' ? value.why : 'its contents are unknown', at)
}

function range({ args, at }: Call): Value {
  const numbers = args.map(arg => (arg.kind === 'plain' && typeof arg.value === 'number' ? arg.value : Number.NaN))
  const [from = 0, to = 0, step = 1] = numbers.length === 1 ? [0, ...numbers] : numbers
  const count = Math.max(0, Math.ceil((to - from) / step))
  if (!(count <= 10_000)) return unknown('its numbers are unknown or too many', at)
  return list(
    Array.from({ length: count }, (_, i) => known(from + i * step, at)),
    at,
  )
}

function numbered(value: Value | undefined, at: Span): Value {
  if (value?.kind !== 'list' || value.isOpen) return unknown('part of the list is unknown', at)
  return list(
    value.items.map((item, i) => list([known(i, at), item], at)),
    at,
  )
}

function zipped({ args, at }: Call): Value {
  const lists = args.flatMap(arg => (arg.kind === 'list' && !arg.isOpen ? [arg.items] : []))
  if (lists.length !== args.length) return unknown('part of the list is unknown', at)
  const length = lists.reduce(
    (least, each) => Math.min(least, each.length),
    lists.length === 0 ? 0 : Number.POSITIVE_INFINITY,
  )
  return list(
    Array.from({ length }, (_, i) =>
      list(
        lists.map(each => each[i] ?? nothing(at)),
        at,
      ),
    ),
    at,
  )
}

/** `'{} {name}'.format(…)`; only fields with a plain name or number are read. */
function formatted(
  of: Text,
  args: readonly Value[],
  named: ReadonlyMap<string, Value>,
  at: Span,
  write: (value: Value, name?: string) => Text,
): Value {
  let next = 0
  return replaced(of, /\{\{|\}\}|\{([^{}]*)\}/g, ([whole, field = '']) => {
    if (whole === '{{' || whole === '}}') return textAt(whole.charAt(0), at)
    const name = /^\w*$/.test(field) ? field : null
    if (name === null) return hole(at, 'its text is formatted')
    const value = name === '' ? args[next++] : /^\d+$/.test(name) ? args[Number(name)] : named.get(name)
    return value ? write(value, name === '' ? undefined : name) : hole(at, 'its text is formatted', name)
  })
}

/** `'%s %(name)s' % values` */
function percent(of: Text, value: Value | undefined, at: Span, write: (value: Value) => Text): Value {
  const args = value?.kind === 'list' ? value.items : value ? [value] : []
  let next = 0
  return replaced(of, /%(?:\((\w+)\))?([sdi%])|%[^sdi%]/g, ([whole, name, kind]) => {
    if (kind === '%') return textAt('%', at)
    const each =
      name === undefined
        ? args[next++]
        : value
          ? value.kind === 'record'
            ? value.entries.get(name)
            : undefined
          : undefined
    return each && kind !== undefined ? write(each) : hole(at, 'its text is formatted', whole)
  })
}
