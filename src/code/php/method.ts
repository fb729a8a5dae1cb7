import type { Span } from '../../parse/span.ts'
import type { Invocation, Machine, Method } from '../evaluator/machine.ts'
import * as method from '../evaluator/methods.ts'
import { oneOf } from '../reach.ts'
import { changed, cut, hole, joined, plain, replaced, type Text, textAt, unknownIn } from '../text.ts'
import { known, type List, list, record, unknown, type Value } from '../value.ts'

/** PHP's functions on texts and arrays, which Laravel's collections have under other names. */
export const methods: method.Methods = {
  text: new Map<string, method.OfText>([
    ['strtolower', method.lower],
    ['mb_strtolower', method.lower],
    ['strtoupper', method.upper],
    ['mb_strtoupper', method.upper],
    ['ucfirst', of => first(of, text => text.toUpperCase())],
    ['lcfirst', of => first(of, text => text.toLowerCase())],
    ['trim', whole(method.trim)],
    ['ltrim', whole(method.trimStart)],
    ['rtrim', whole(method.trimEnd)],
    ['str_contains', method.includesText],
    ['str_starts_with', method.startsWith],
    ['str_ends_with', method.endsWith],
    ['strlen', method.lengthOfText],
    ['strval', method.itself],
    ['substr', substring],
    ['mb_substr', substring],
    ['str_repeat', repeated],
    ['sprintf', (of, { args, at }, machine) => formatted(of, args, at, machine)],
    ['vsprintf', (of, { args: [values], at }, machine) => formatted(of, itemsOf(values), at, machine)],
    ['explode', method.split],
    ['str_replace', method.replaceAll],
    ['is_array', (_, { at }) => known(false, at)],
    ['is_string', (_, { at }) => known(true, at)],
  ]),
  list: new Map<string, method.OfList>([
    ['[]=', method.push],
    ['array_push', method.push],
    ['push', method.push],
    ['count', method.count],
    ['sizeof', method.count],
    ['implode', imploded],
    ['join', imploded],
    ['in_array', method.includesItem],
    ['contains', method.includesItem],
    ['array_map', method.map],
    ['map', method.map],
    ['each', method.forEach],
    ['array_walk', method.forEach],
    ['array_filter', filtered],
    ['filter', filtered],
    ['reject', method.keep(false)],
    ['flatMap', method.flatMap],
    ['array_merge', method.concat],
    ['merge', method.concat],
    ['array_reverse', method.reversed],
    ['reverse', method.reversed],
    ['array_values', method.itself],
    ['values', method.itself],
    ['all', method.itself],
    ['toArray', method.itself],
    ['collect', method.itself],
    [
      'array_keys',
      (of, { at }) =>
        of.isOpen
          ? of
          : list(
              of.items.map((_, i) => known(i, at)),
              at,
            ),
    ],
    ['array_fill_keys', filled],
    ['reset', method.first],
    ['current', method.first],
    ['first', method.first],
    ['end', method.last],
    ['last', method.last],
    ['is_array', (_, { at }) => known(true, at)],
    ['is_string', (_, { at }) => known(false, at)],
    ['isEmpty', (of, { at }) => (of.isOpen ? unknown(whyOpen, at) : known(of.items.length === 0, at))],
    ['isNotEmpty', (of, { at }) => (of.isOpen ? unknown(whyOpen, at) : known(of.items.length > 0, at))],
  ]),
  record: new Map<string, method.OfRecord>([
    ['[]=', (of, { args: [value], at }, machine) => appended(of, value, at, machine)],
    ['array_keys', method.keys],
    ['keys', method.keys],
    ['array_values', method.values],
    ['values', method.values],
    ['array_merge', method.merge],
    ['merge', method.merge],
    ['array_flip', (of, { at }) => oneOf([of], 'its names and values are swapped', at)],
    ['count', (of, { at }) => (of.isOpen ? unknown(whyOpen, at) : known(of.entries.size, at))],
    ['in_array', (of, invocation, machine) => method.includesItem(valuesOf(of, invocation.at), invocation, machine)],
    ['array_key_exists', (of, { args: [name], at }) => hasKey(of, name, at)],
    ['has', (of, { args: [name], at }) => hasKey(of, name, at)],
    ['get', method.get],
    ['all', method.itself],
    ['toArray', method.itself],
    ['collect', method.itself],
    ['is_array', (_, { at }) => known(true, at)],
    ['is_string', (_, { at }) => known(false, at)],
    [
      'array_map',
      (of, invocation, machine) => {
        const values = method.map(valuesOf(of, invocation.at), invocation, machine)
        if (values.kind !== 'list' || values.isOpen) return values
        const items = values.items
        return record(
          [...of.entries.keys()].map((name, i) => [name, items[i] ?? known(null, invocation.at)]),
          invocation.at,
        )
      },
    ],
    ['each', (of, invocation, machine) => method.forEach(valuesOf(of, invocation.at), invocation, machine)],
  ]),
  plain: new Map<string, Method>([
    ['is_array', (_, { at }) => known(false, at)],
    ['is_string', (_, { at }) => known(false, at)],
    ['strval', (of, { at }, machine) => machine.asText(of, at)],
  ]),
}

const whyOpen = 'part of the list is unknown'

/** Trims white space; other characters are not read. */
function whole(trim: method.OfText): method.OfText {
  return (of, invocation, machine) =>
    invocation.args.length === 0 ? trim(of, invocation, machine) : unknown('it is trimmed', invocation.at)
}

function first(of: Text, change: (text: string) => string): Text {
  return joined([changed(cut(of, 0, 1), change), cut(of, 1)])
}

function substring(of: Text, { args: [from, length], at }: Invocation): Value {
  const [start, size] = [numberOf(from), length === undefined ? Number.POSITIVE_INFINITY : numberOf(length)]
  if (start === null || size === null || start < 0 || size < 0 || unknownIn(of) !== null)
    return unknown('only a part of it is taken', at)
  return cut(of, start, start + size)
}

function repeated(of: Text, { args: [times], at }: Invocation): Value {
  const count = numberOf(times)
  if (count === null || count < 0 || count > 1000) return unknown('it is repeated', at)
  return joined(Array.from({ length: count }, () => of))
}

function numberOf(value: Value | undefined): number | null {
  return value?.kind === 'plain' && typeof value.value === 'number' ? value.value : null
}

function imploded(of: List, { args: [between], at }: Invocation, machine: Machine): Value {
  return method.joinedBy(of, between, at, machine)
}

function filtered(of: List, invocation: Invocation, machine: Machine): Value {
  if (invocation.args.length === 1 && invocation.args[0]?.kind === 'callable')
    return method.keep(true)(of, invocation, machine)
  const truths = of.items.map(item => machine.language.truth(item))
  if (invocation.args.length > 0 || of.isOpen || truths.includes(null)) return oneOf(of.items, whyOpen, invocation.at)
  return list(
    of.items.filter((_, i) => truths[i]),
    invocation.at,
  )
}

function filled(of: List, { args: [value], at }: Invocation): Value {
  if (of.isOpen || !value) return oneOf([of], whyOpen, at)
  const names = of.items.flatMap(item => (item.kind === 'text' && unknownIn(item) === null ? [plain(item)] : []))
  if (names.length !== of.items.length) return oneOf([of], whyOpen, at)
  return record(
    names.map(name => [name, value]),
    at,
  )
}

function itemsOf(value: Value | undefined): readonly Value[] {
  return value?.kind === 'list' ? value.items : []
}

function valuesOf(of: Extract<Value, { kind: 'record' }>, at: Span): List {
  const made = list([...of.entries.values()], at)
  if (of.isOpen) made.isOpen = true
  return made
}

function appended(of: Extract<Value, { kind: 'record' }>, value: Value | undefined, at: Span, machine: Machine): Value {
  const numbers = [...of.entries.keys()].filter(name => /^\d{1,9}$/.test(name)).map(Number)
  const next = numbers.reduce((most, each) => Math.max(most, each + 1), 0)
  if (value) {
    machine.run.weigh([value], of)
    of.entries.set(String(next), value)
  }
  return value ?? unknown(whyOpen, at)
}

function hasKey(of: Extract<Value, { kind: 'record' }>, name: Value | undefined, at: Span): Value {
  if (name?.kind !== 'text' || unknownIn(name) !== null) return unknown('its name is computed', at)
  if (of.entries.has(plain(name))) return known(true, at)
  return of.isOpen ? unknown('some of its entries are unknown', at) : known(false, at)
}

/** `%s`, `%d`, `%1$s` and `%%`; directives with a width or a precision make the result unknown. */
function formatted(of: Text, args: readonly Value[], at: Span, machine: Machine): Value {
  let next = 0
  return replaced(of, /%(?:(\d{1,3})\$)?([sdu%])|%[^%\s]{0,20}/g, ([, place, kind]) => {
    if (kind === '%') return textAt('%', at)
    const value = kind === undefined ? undefined : place === undefined ? args[next++] : args[Number(place) - 1]
    return value ? machine.asText(value, at) : hole(at, 'its text is formatted')
  })
}
