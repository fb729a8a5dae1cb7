import type { Method } from '../evaluator/machine.ts'
import * as method from '../evaluator/methods.ts'
import { calculated, isSame } from '../evaluator/value.ts'
import { boundedItems } from '../limit.ts'
import { joinedPath, sqlIn } from '../path.ts'
import { oneOf } from '../reach.ts'
import { changed, cut, joined, plain, replaced, textAt, trimmed, unknownIn } from '../text.ts'
import { known, list, nothing, record, unknown, type Value } from '../value.ts'
import { percent } from './format.ts'
import { camelized, humanized, pluralized, singularized, underscored } from './inflection.ts'

/** Methods of texts, lists, records, numbers and `nil` in Ruby and Active Support. */
export function methodOfRuby(of: Value, name: string): Method | undefined {
  if (of.kind === 'callable' && /^(?:call|yield|\(\)|===)$/.test(name))
    return (callee, invocation, machine) => machine.call(callee, invocation)
  if (of.kind === 'callable' && /^(?:freeze|to_proc|itself)$/.test(name)) return callee => callee
  if (of.kind === 'unknown') return undefined
  return (
    method.methodIn(methods, of, name) ?? (of.kind === 'host' || of.kind === 'callable' ? undefined : ofAll.get(name))
  )
}

/** Methods of every value. */
const ofAll: ReadonlyMap<string, Method> = new Map<string, Method>([
  ['freeze', of => of],
  ['dup', of => of],
  ['clone', of => of],
  ['itself', of => of],
  ['html_safe', of => of],
  [
    'presence',
    (of, { at }) =>
      isBlank(of) === null ? oneOf([of], 'it depends on an unknown value', at) : isBlank(of) ? known(null, at) : of,
  ],
  ['nil?', (of, { at }) => known(of.kind === 'plain' && (of.value ?? null) === null, at)],
  ['blank?', (of, { at }) => truthOf(isBlank(of), at)],
  ['empty?', (of, { at }) => truthOf(isBlank(of), at)],
  ['present?', (of, { at }) => truthOf(isBlank(of) === null ? null : !isBlank(of), at)],
  ['to_s', (of, { at }, machine) => machine.asText(of, at)],
  [
    'in?',
    (of, { args: [items], at }, machine) =>
      items ? calculated('in', of, items, at, machine) : unknown('it is not known', at),
  ],
])

function truthOf(value: boolean | null, at: readonly [number, number]): Value {
  return value === null ? unknown('it depends on an unknown value', at) : known(value, at)
}

function isBlank(value: Value): boolean | null {
  switch (value.kind) {
    case 'text':
      return unknownIn(value) === null ? plain(value).trim() === '' : null
    case 'plain':
      return value.value === false || (value.value ?? null) === null
    case 'list':
      return value.items.length > 0 ? false : value.isOpen ? null : true
    case 'record':
      return value.entries.size > 0 ? false : value.isOpen || value.base ? null : true
    default:
      return null
  }
}

const text = (change: (text: string) => string): method.OfText => {
  return (of, { at }) =>
    unknownIn(of) === null ? textAt(change(plain(of)), at) : unknown('it depends on unknown text', at)
}

/** Replaces a text by another, everywhere or once; with a pattern the result is unknown. */
const substituted =
  (isEverywhere: boolean): method.OfText =>
  (of, invocation, machine) => {
    const [what, by] = invocation.args
    if (isEverywhere) return method.replaceAll(of, invocation, machine)
    if (what?.kind !== 'text' || by?.kind !== 'text' || unknownIn(what) !== null)
      return unknown('a part of it is replaced', invocation.at)
    const start = plain(of).indexOf(plain(what))
    return start < 0 ? of : joined([cut(of, 0, start), by, cut(of, start + plain(what).length)])
  }

const minus: Method = (of, { args: [other], at }, machine) => {
  if (of.kind === 'list' && other?.kind === 'list' && !of.isOpen && !other.isOpen) {
    const isIn = (item: Value) => other.items.map(each => isSame(each, item))
    const found = of.items.map(isIn)
    if (found.some(each => each.includes(null))) return unknown('part of the list is unknown', at)
    return list(
      of.items.filter((_, i) => !found[i]?.includes(true)),
      at,
    )
  }
  return other ? calculated('-', of, other, at, machine) : unknown('its value is calculated', at)
}

const times: Method = (of, invocation, machine) => {
  const { at } = invocation
  if (of.kind !== 'plain' || typeof of.value !== 'number' || of.value > 10_000)
    return unknown('its number is unknown or too large', at)
  const items = list(
    Array.from({ length: Math.max(0, of.value) }, (_, i) => known(i, at)),
    at,
  )
  return invocation.block ? method.forEach(items, invocation, machine) : items
}

const methods: method.Methods = {
  text: new Map<string, method.OfText>([
    // Of `Rails.root` and other paths; texts have no such methods.
    ['join', (of, { args, at }) => joinedPath([of, ...args], at)],
    ['read', (of, { at }, machine) => sqlIn(machine.run, of, at)],
    ['strip', method.trim],
    ['lstrip', method.trimStart],
    ['rstrip', method.trimEnd],
    ['chomp', of => cut(of, 0, plain(of).replace(/\r?\n$/, '').length)],
    [
      'squish',
      of =>
        replaced(trimmed(of), /\s+/g, (_, found) =>
          plain(found) === ' ' ? found : textAt(' ', found.pieces[0]?.at ?? [0, 0]),
        ),
    ],
    ['strip_heredoc', method.dedented],
    ['upcase', method.upper],
    ['downcase', method.lower],
    [
      'capitalize',
      of =>
        joined([changed(cut(of, 0, 1), each => each.toUpperCase()), changed(cut(of, 1), each => each.toLowerCase())]),
    ],
    ['start_with?', method.startsWith],
    ['end_with?', method.endsWith],
    ['include?', method.includesText],
    ['gsub', substituted(true)],
    ['sub', substituted(false)],
    ['split', method.split],
    ['lines', (of, { at }) => linesOf(of, at)],
    ['to_sym', method.itself],
    ['to_str', method.itself],
    ['intern', method.itself],
    ['concat', (of, { args, at }, machine) => joined([of, ...args.map(each => machine.asText(each, at))])],
    ['<<', (of, { args, at }, machine) => joined([of, ...args.map(each => machine.asText(each, at))])],
    ['%', (of, { args: [value], at }, machine) => percent(of, value, at, each => machine.asText(each, at))],
    ['size', method.lengthOfText],
    ['length', method.lengthOfText],
    [
      'to_i',
      (of, { at }) => (/^\d{1,9}$/.test(plain(of)) ? known(Number(plain(of)), at) : unknown('it is converted', at)),
    ],
    ['pluralize', text(each => pluralized(each))],
    ['singularize', text(each => singularized(each))],
    ['tableize', text(each => pluralized(underscored(each)))],
    ['underscore', text(underscored)],
    ['camelize', text(camelized)],
    ['classify', text(each => camelized(singularized(each)))],
    ['humanize', text(humanized)],
  ]),
  list: new Map<string, method.OfList>([
    ['each', method.forEach],
    ['each_with_index', method.forEachWithIndex],
    ['map', method.map],
    ['collect', method.map],
    ['flat_map', method.flatMap],
    ['select', method.keep(true)],
    ['filter', method.keep(true)],
    ['reject', method.keep(false)],
    ['any?', method.asks('one')],
    ['all?', method.asks('all')],
    ['include?', method.includesItem],
    ['first', method.first],
    ['last', method.last],
    ['size', method.count],
    ['length', method.count],
    ['count', method.count],
    ['reverse', method.reversed],
    [
      'reverse_each',
      (of, invocation, machine) =>
        method.forEach(method.reversed(of, invocation, machine) as typeof of, invocation, machine),
    ],
    ['join', (of, { args: [between], at }, machine) => method.joinedBy(of, between, at, machine)],
    ['push', method.push],
    ['append', method.push],
    ['<<', method.push],
    ['concat', method.extend],
    [
      'compact',
      (of, { at }) => ({
        ...of,
        items: of.items.filter(each => !(each.kind === 'plain' && (each.value ?? null) === null)),
        at,
      }),
    ],
    ['to_a', method.itself],
    ['each_entry', method.forEach],
    ['-', minus as method.OfList],
    ['to_h', (of, { at }) => recordOf(of, at)],
    ['each_slice', (_, { at }) => unknown('its parts are unknown', at)],
  ]),
  record: new Map<string, method.OfRecord>([
    ['each', method.forEachEntry],
    ['each_pair', method.forEachEntry],
    ['map', method.mapEntries],
    ['collect', method.mapEntries],
    ['keys', method.keys],
    ['values', method.values],
    [
      'each_key',
      (of, invocation, machine) =>
        method.forEach(method.keys(of, invocation, machine) as Extract<Value, { kind: 'list' }>, invocation, machine),
    ],
    [
      'each_value',
      (of, invocation, machine) =>
        method.forEach(method.values(of, invocation, machine) as Extract<Value, { kind: 'list' }>, invocation, machine),
    ],
    ['to_a', method.pairs],
    ['to_h', method.itself],
    ['merge', method.merge],
    ['reverse_merge', (of, { args: [other], named, at }) => reversed(of, other, named, at)],
    ['fetch', method.get],
    [
      'dig',
      (of, invocation, machine) =>
        invocation.args.length === 1
          ? method.get(of, invocation, machine)
          : unknown('only a part of it is taken', invocation.at),
    ],
    ['symbolize_keys', method.itself],
    ['deep_symbolize_keys', method.itself],
    ['stringify_keys', method.itself],
    ['with_indifferent_access', method.itself],
    [
      'key?',
      (of, { args: [name], at }, machine) =>
        name ? calculated('in', name, of, at, machine) : unknown('it is not known', at),
    ],
    ['slice', (of, { args, at }) => chosen(of, args, at, true)],
    ['except', (of, { args, at }) => chosen(of, args, at, false)],
  ]),
  plain: new Map<string, Method>([
    ['times', times],
    ['-', minus],
    ['/', (of, { args: [other], at }, machine) => quotient(of, other, at, machine)],
    ['%', (of, { args: [other], at }, machine) => (other ? calculated('%', of, other, at, machine) : nothing(at))],
    ['to_i', (of, { at }) => (of.kind === 'plain' ? known(Math.trunc(Number(of.value ?? 0)), at) : nothing(at))],
    ['to_a', (_, { at }) => list([], at)],
    ['to_h', (_, { at }) => record([], at)],
  ]),
}

/** The quotient of whole numbers is rounded down to a whole one. */
const quotient = (
  of: Value,
  other: Value | undefined,
  at: readonly [number, number],
  machine: Parameters<Method>[2],
): Value => {
  const value = other ? calculated('/', of, other, at, machine) : nothing(at)
  return value.kind === 'plain' && typeof value.value === 'number' ? known(Math.floor(value.value), at) : value
}

function linesOf(of: Parameters<method.OfText>[0], at: readonly [number, number]): Value {
  const parts: Value[] = []
  for (const { index, 0: line } of plain(of).matchAll(/[^\n]*\n|[^\n]+$/g))
    boundedItems(parts).push(cut(of, index, index + line.length))
  return list(parts, at)
}

function recordOf(of: Parameters<method.OfList>[0], at: readonly [number, number]): Value {
  const made = record([], at)
  if (of.isOpen) made.isOpen = true
  for (const pair of of.items) {
    const [name, value] = pair.kind === 'list' ? pair.items : []
    if (name?.kind === 'text' && unknownIn(name) === null && value) made.entries.set(plain(name), value)
    else made.isOpen = true
  }
  return made
}

function reversed(
  of: Parameters<method.OfRecord>[0],
  other: Value | undefined,
  named: ReadonlyMap<string, Value>,
  at: readonly [number, number],
): Value {
  const first = other?.kind === 'record' ? other.entries : named
  const isOpen = of.isOpen || (other !== undefined && (other.kind !== 'record' || other.isOpen))
  return { ...record([...first, ...of.entries], at), ...(isOpen && { isOpen }) }
}

function chosen(
  of: Parameters<method.OfRecord>[0],
  args: readonly Value[],
  at: readonly [number, number],
  isKept: boolean,
): Value {
  const names = args.map(arg => (arg.kind === 'text' && unknownIn(arg) === null ? plain(arg) : null))
  if (names.includes(null)) return oneOf([of], 'its name is computed', at)
  return { ...of, entries: new Map([...of.entries].filter(([name]) => names.includes(name) === isKept)), at }
}
