import type { Language } from '../evaluator/machine.ts'
import * as method from '../evaluator/methods.ts'
import { answerOf, functionOf, host } from '../host.ts'
import { known, nothing, truth, unknown, unknownName, type Value } from '../value.ts'
import { filesOfElixir, privFolder } from './files.ts'
import { syntaxOfElixir } from './syntax.ts'

/** Functions of Kernel that only work on values. */
const kernel: readonly (readonly [string, Value])[] = (
  'abs ceil div elem floor hd inspect length map_size max min rem round self tl trunc tuple_size put_elem get_in put_in update_in pop_in is_atom ' +
  'is_binary is_boolean is_float is_integer is_list is_map is_number is_tuple is_struct is_map_key is_function to_charlist byte_size ' +
  'bit_size struct make_ref node dbg'
)
  .split(' ')
  .map(name => [`${name}()`, answerOf(name, `\`${name}\` is not evaluated`)])

/** Elixir. Functions of its own modules take the value that they work on as their first argument. */
export const elixir: Language = {
  syntaxOf: syntaxOfElixir,
  // Everything but `nil` and `false` counts as true.
  truth: value => {
    if (value.kind === 'plain') return value.value !== null && value.value !== false && value.value !== undefined
    return value.kind === 'unknown' ? null : truth(value) === null ? null : true
  },
  written: value => (value === null ? '' : String(value)),
  impliesSelf: false,
  constructorOf: () => '',
  globals: new Map<string, Value>([
    ...kernel,
    // What these are given stays as it is, whatever it is.
    ['Logger', { kind: 'host', name: 'Logger', get: name => answerOf(`Logger.${name}`, 'it only writes a log') }],
    [
      'Code',
      {
        kind: 'host',
        name: 'Code',
        get: name => (/^ensure_/.test(name) ? answerOf(`Code.${name}`, 'it only loads a module') : undefined),
      },
    ],
    [
      'IO',
      host('IO', {
        puts: functionOf('IO.puts', ({ at }) => nothing(at)),
        inspect: functionOf('IO.inspect', ({ args: [value], at }) => value ?? nothing(at)),
      }),
    ],
    [
      'is_nil()',
      functionOf('is_nil', ({ args: [value], at }) =>
        value?.kind === 'unknown' || !value
          ? unknown('it is not known', at)
          : known(value.kind === 'plain' && value.value === null, at),
      ),
    ],
    ['to_string()', functionOf('to_string', ({ args: [value], at }) => value ?? nothing(at))],
  ]),
  files: filesOfElixir,
  unresolved: (name, at) => {
    const [first = ''] = name.split('.')
    if (harmless.has(first) || isHarmless(name)) return unknown(`\`${name}\` is not evaluated`, at, false, name)
    const isOfFile = /^[@&_a-z]/.test(name) && !name.endsWith('()')
    return isOfFile ? unknownName(name, at) : unknown('it comes from another file', at, true, name)
  },
  imported: (module, _, at) =>
    isHarmless(module)
      ? unknown(`\`${module}\` is not evaluated`, at, false, module)
      : unknown('it comes from another file', at, true, module),
  methodOf: (of, name) => method.methodIn(methods, of, name),
}

/** Modules of Ecto that only work on values. */
function isHarmless(name: string): boolean {
  return /^Ecto\.(?:Changeset|UUID)(?:\.|$)/.test(name)
}

/** Modules of Elixir and Erlang that reach no database. */
const harmless = new Set(
  'Enum Stream String List Map Keyword Integer Float Date DateTime NaiveDateTime Time System Application Logger Module Path File Regex Base Code Process Mix Jason'.split(
    ' ',
  ),
)

type OfRecord = method.OfRecord

/** Applies a method of lists to keywords and maps, whose entries are pairs. */
function onPairs(work: method.OfList): OfRecord {
  return (of, invocation, machine) => {
    const all = method.pairs(of, invocation, machine)
    return all.kind === 'list' ? work(all, invocation, machine) : all
  }
}

const joined: method.OfList = (of, { args: [between], at }, machine) => method.joinedBy(of, between, at, machine)

const ofLists: readonly (readonly [string, method.OfList])[] = [
  ['Enum.to_list', method.itself],
  ['Enum.each', method.forEach],
  ['Enum.map', method.map],
  ['Enum.flat_map', method.flatMap],
  ['Enum.filter', method.keep(true)],
  ['Enum.reject', method.keep(false)],
  ['Enum.any?', method.asks('one')],
  ['Enum.all?', method.asks('all')],
  ['Enum.join', joined],
  [
    'Enum.map_join',
    (of, invocation, machine) => {
      const all = method.map(of, invocation, machine)
      return all.kind === 'list' ? joined(all, invocation, machine) : all
    },
  ],
  ['Enum.count', method.count],
  ['Enum.reverse', method.reversed],
  ['Enum.concat', method.concat],
  ['Enum.member?', method.includesItem],
  ['List.first', method.first],
  ['List.last', method.last],
]

const methods: method.Methods = {
  text: new Map<string, method.OfText>([
    ['priv_dir', (of, { at }, machine) => privFolder(of, machine.run, at)],
    ['String.trim', method.trim],
    ['String.upcase', method.upper],
    ['String.downcase', method.lower],
    ['String.split', method.split],
    ['String.replace', method.replaceAll],
    ['String.starts_with?', method.startsWith],
    ['String.ends_with?', method.endsWith],
    ['String.contains?', method.includesText],
    ['String.to_atom', of => unquoted(of)],
  ]),
  list: new Map(ofLists),
  record: new Map<string, OfRecord>([
    ...ofLists.map(([name, work]): [string, OfRecord] => [name, onPairs(work)]),
    ['Map.get', method.get],
    ['Keyword.get', method.get],
    ['Map.keys', method.keys],
    ['Keyword.keys', method.keys],
    ['Map.values', method.values],
    ['Keyword.values', method.values],
    ['Map.merge', method.merge],
    ['Keyword.merge', method.merge],
  ]),
  plain: new Map(),
}

/** A string as an atom. */
function unquoted(of: Extract<Value, { kind: 'text' }>): Value {
  return { kind: 'text', pieces: of.pieces.map(({ literal: _, ...piece }) => piece) }
}
