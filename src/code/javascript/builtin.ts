import { append } from '../../parse/list.ts'
import type { Span } from '../../parse/span.ts'
import { boundedItems } from '../limit.ts'
import { oneOf, reaches } from '../reach.ts'
import { changed, cut, joined, plain, separated, substituted, type Text, textAt, trimmed, unknownIn } from '../text.ts'
import { known, type List, list, truth, type Unknown, unknown, type Value, whyForeign } from '../value.ts'
import type { CallWay, Machine } from './machine.ts'
import { asText, between } from './operator.ts'

/** Calls something that is neither a function of the file nor of the tool: a method of a text or list, or an unknown value. */
export function called(callee: Value, args: readonly Value[], way: CallWay, machine: Machine): Value {
  if (callee.kind !== 'unknown') return unknown('it is not a function', way.at)
  const { of, name = '' } = callee
  if (of && /^(?:then|catch|finally)$/.test(name)) return continued(of, name, args, way, machine)
  const ofText = of?.kind === 'text' ? textMethods.get(name) : undefined
  if (of?.kind === 'text' && ofText) return ofText(of, args, way.at)
  if (of?.kind === 'list') return listMethod(of, name, args, way, machine)
  if (of?.kind === 'plain' && name === 'toString') return asText(of, way.at)
  if ((of?.kind === 'callable' || of?.kind === 'host') && /^(?:call|apply|bind)$/.test(name))
    return lent(of, name, args, way, machine)
  return notKnown(callee, args, way, machine)
}

/** `promise.then(next)`: waits, and goes on. */
function continued(of: Value, name: string, args: readonly Value[], way: CallWay, machine: Machine): Value {
  const value = machine.run.settle(of, way.at)
  const [first] = args
  const next = (given: readonly Value[]) =>
    first === undefined ? value : machine.call(first, given, { ...way, argsAt: given.map(() => way.at) })
  if (name === 'finally') {
    next([])
    return value
  }
  if (name === 'catch') {
    machine.perhaps('it runs only after a failure', [() => void next([unknown('it is an error', way.at)])], way.nameAt)
    return value
  }
  return machine.run.settle(next([value]), way.at)
}

function lent(of: Value, name: string, args: readonly Value[], way: CallWay, machine: Machine): Value {
  const [self, ...rest] = args
  const given = name === 'apply' ? (rest[0]?.kind === 'list' ? rest[0].items : []) : rest
  if (name === 'bind')
    return {
      kind: 'host',
      name: 'a function',
      call: ({ args: more, at, nameAt, argsAt }) =>
        machine.call(of, [...rest, ...more], { at, nameAt, argsAt, ...(self && { self }) }),
    }
  return machine.call(of, given, { ...way, argsAt: given.map(() => way.at), ...(self && { self }) })
}

/**
 * What calling a function outside of the file does. It may reach the database when it gets the tool's own objects, or when the
 * program waits for it. It may also call the functions that it gets, so each of these is read once.
 */
function notKnown(callee: Unknown, args: readonly Value[], way: CallWay, machine: Machine): Value {
  const callbacks = args.filter(arg => arg.kind === 'callable')
  for (const each of callbacks) {
    const given = [unknown(callee.why, way.at), unknown(callee.why, way.at), unknown(callee.why, way.at)]
    machine.perhaps(
      callee.why,
      [() => void machine.call(each, given, { ...way, argsAt: given.map(() => way.at) })],
      way.nameAt,
    )
  }
  const why = whyForeign(callee)
  if (callee.of?.kind === 'host' || callee.mayReach || args.some(arg => reaches(arg)))
    return machine.run.notRead(way.at, why)
  const answer = unknown(callee.isForeign ? why : callee.why, way.at, callee.isForeign ?? false)
  return callee.isForeign ? { ...answer, isAnswer: true } : answer
}

type Method = (of: Text, args: readonly Value[], at: Span) => Value

const same: Method = of => of

/** Methods of texts that keep the places of characters. */
const textMethods: ReadonlyMap<string, Method> = new Map<string, Method>([
  ['trim', trimmed],
  ['trimStart', of => cut(of, plain(of).length - plain(of).trimStart().length)],
  ['trimEnd', of => cut(of, 0, plain(of).trimEnd().length)],
  ['toString', same],
  ['valueOf', same],
  ['normalize', same],
  ['toUpperCase', of => changed(of, text => text.toUpperCase())],
  ['toLowerCase', of => changed(of, text => text.toLowerCase())],
  ['concat', (of, args, at) => joined([of, ...args.map(arg => asText(arg, at))])],
  ['repeat', (of, [times], at) => repeated(of, times, at)],
  ['slice', (of, args, at) => sliced(of, args, at)],
  ['substring', (of, args, at) => sliced(of, args, at)],
  ['replace', (of, args, at) => replacement(of, args, at, false)],
  ['replaceAll', (of, args, at) => replacement(of, args, at, true)],
  ['split', (of, args, at) => split(of, args, at)],
  ['startsWith', (of, [other], at) => asked(of, other, at, (a, b) => a.startsWith(b))],
  ['endsWith', (of, [other], at) => asked(of, other, at, (a, b) => a.endsWith(b))],
  ['includes', (of, [other], at) => asked(of, other, at, (a, b) => a.includes(b))],
])

function asked(of: Text, other: Value | undefined, at: Span, test: (a: string, b: string) => boolean): Value {
  if (other?.kind !== 'text' || unknownIn(of) !== null || unknownIn(other) !== null)
    return unknown('it depends on unknown text', at)
  return known(test(plain(of), plain(other)), at)
}

function repeated(of: Text, times: Value | undefined, at: Span): Value {
  const count = times?.kind === 'plain' ? Number(times.value) : Number.NaN
  const isSmall = count >= 0 && count * Math.max(1, plain(of).length) <= 100_000
  return isSmall ? joined(Array.from({ length: count }, () => of)) : unknown('it is repeated too often', at)
}

function sliced(of: Text, args: readonly Value[], at: Span): Value {
  const [from = 0, to = Number.POSITIVE_INFINITY] = args.map(arg =>
    arg.kind === 'plain' ? Number(arg.value) : Number.NaN,
  )
  const length = plain(of).length
  const place = (offset: number) => (offset < 0 ? Math.max(0, length + offset) : Math.min(offset, length))
  return Number.isNaN(from) || Number.isNaN(to)
    ? unknown('only a part of it is taken', at)
    : cut(of, place(from), place(to))
}

function replacement(of: Text, [what, by]: readonly Value[], at: Span, isAll: boolean): Value {
  if (what?.kind !== 'text' || by?.kind !== 'text' || unknownIn(what) !== null)
    return unknown('a part of it is replaced', at)
  const from = plain(what)
  return from === '' ? unknown('a part of it is replaced', at) : substituted(of, from, by, isAll)
}

function split(of: Text, [by]: readonly Value[], at: Span): Value {
  if (by?.kind !== 'text' || unknownIn(by) !== null || plain(by) === '') return unknown('its parts are unknown', at)
  return list(separated(of, plain(by)), at)
}

function listMethod(of: List, name: string, args: readonly Value[], way: CallWay, machine: Machine): Value {
  const { at } = way
  const [first] = args
  const why = 'part of the list is unknown'
  const each = (item: Value, i: number): Value =>
    first
      ? machine.call(first, [item, known(i, at), of], { ...way, argsAt: [at, at, at] })
      : unknown('this kind of expression is not read', at)
  if (name === 'push' || name === 'unshift') {
    if (machine.run.conditions > 0) of.isOpen = true
    machine.run.weigh(args, of)
    boundedItems(of.items)
    if (name === 'push') append(of.items, args)
    else for (const arg of [...args].reverse()) of.items.unshift(arg)
    return known(of.items.length, at)
  }
  const items = [...of.items]
  if (of.isOpen) {
    const isGiven = first?.kind === 'callable' || first?.kind === 'host'
    if (isGiven) machine.perhaps(why, [() => void each(oneOf(items, why, at), 0)], way.nameAt)
    return oneOf(items, why, at)
  }
  switch (name) {
    case 'forEach':
      for (const [i, item] of items.entries()) each(item, i)
      return known(undefined, at)
    case 'map':
      return list(items.map(each), at)
    case 'flatMap':
      return list(
        items.map(each).flatMap(value => (value.kind === 'list' ? value.items : [value])),
        at,
      )
    case 'filter':
    case 'some':
    case 'every':
    case 'find':
      return chosen(name, items, each, at)
    case 'reduce':
      return first && args[1]
        ? items.reduce((sum, item) => machine.call(first, [sum, item], { ...way, argsAt: [at, at] }), args[1])
        : unknown('its value is calculated', at)
    case 'join':
      return joined(
        items.map(item => asText(item, at)),
        first ? asText(first, at) : textAt(',', at),
      )
    case 'concat':
      return list([...items, ...args.flatMap(arg => (arg.kind === 'list' ? arg.items : [arg]))], at)
    case 'slice': {
      const [from, to] = args.map(arg => (arg.kind === 'plain' ? Number(arg.value) : 0))
      return list(items.slice(from, to), at)
    }
    case 'reverse':
      of.items.reverse()
      return of
    case 'flat':
      return list(
        items.flatMap(item => (item.kind === 'list' ? item.items : [item])),
        at,
      )
    case 'entries':
      return list(
        items.map((item, i) => list([known(i, at), item], at)),
        at,
      )
    case 'keys':
      return list(
        items.map((_, i) => known(i, at)),
        at,
      )
    case 'values':
      return of
    case 'includes':
      return contained(items, first, at)
    default:
      return otherMethod(of, name, args, way, machine)
  }
}

/** Methods that give a number or a text. */
const isCounted = new Set(['indexOf', 'lastIndexOf', 'findIndex', 'findLastIndex', 'toString', 'toLocaleString'])
/** Methods that leave the list as it is. */
const changesNothing = new Set([
  ...isCounted,
  'at',
  'findLast',
  'reduceRight',
  'with',
  'toSorted',
  'toReversed',
  'toSpliced',
])

/** A method that is not read: it may call the functions that it gets with any of the items, and change the list. */
function otherMethod(of: List, name: string, args: readonly Value[], way: CallWay, machine: Machine): Value {
  const why = `\`${name}\` of a list is not evaluated`
  const one = oneOf(of.items, why, way.at)
  const made: Value[] = []
  const at = [way.at, way.at, way.at, way.at]
  const calls = args.flatMap(each =>
    each.kind === 'callable'
      ? [() => void made.push(machine.call(each, [one, one, one, of], { ...way, argsAt: at }))]
      : [],
  )
  for (const call of calls) machine.perhaps(why, [call], way.nameAt)
  if (!changesNothing.has(name)) of.isOpen = true
  if (args.some(arg => reaches(arg))) return machine.run.notRead(way.at, why)
  return isCounted.has(name) ? unknown(why, way.at) : oneOf([...of.items, ...made], why, way.at)
}

function chosen(name: string, items: readonly Value[], each: (item: Value, i: number) => Value, at: Span): Value {
  const truths = items.map((item, i) => truth(each(item, i)))
  if (truths.includes(null)) return unknown('it depends on an unknown value', at)
  if (name === 'some') return known(truths.includes(true), at)
  if (name === 'every') return known(!truths.includes(false), at)
  const kept = items.filter((_, i) => truths[i] === true)
  return name === 'find' ? (kept[0] ?? known(undefined, at)) : list(kept, at)
}

function contained(items: readonly Value[], what: Value | undefined, at: Span): Value {
  const truths = items.map(item => truth(what ? between('===', item, what, at) : known(false, at)))
  if (truths.includes(true)) return known(true, at)
  return truths.includes(null) ? unknown('it depends on an unknown value', at) : known(false, at)
}
