import type { Span } from '../../parse/span.ts'
import { boundedItems, boundedParts } from '../limit.ts'
import { oneOf } from '../reach.ts'
import { changed, cut, joined, plain, separated, substituted, type Text, textAt, trimmed, unknownIn } from '../text.ts'
import { known, type List, list, nothing, unknown, type Value } from '../value.ts'
import { plainly } from './call.ts'
import type { Invocation, Machine, Method } from './machine.ts'
import { isSame } from './value.ts'

/**
 * Methods of texts, lists and records, which each language has under its own names. They keep the places of characters; where they cannot
 * tell the result, it is an unknown value.
 */

export type OfText = (of: Text, invocation: Invocation, machine: Machine) => Value
export type OfList = (of: List, invocation: Invocation, machine: Machine) => Value
export type OfRecord = (of: Extract<Value, { kind: 'record' }>, invocation: Invocation, machine: Machine) => Value

/** The methods of a language, by name, for each kind of value. */
export interface Methods {
  readonly text: ReadonlyMap<string, OfText>
  readonly list: ReadonlyMap<string, OfList>
  readonly record: ReadonlyMap<string, OfRecord>
  /** Of numbers, truth values and nothing. */
  readonly plain: ReadonlyMap<string, Method>
}

/** Looks a method up. */
export function methodIn(methods: Methods, of: Value, name: string): Method | undefined {
  const found =
    of.kind === 'text'
      ? methods.text.get(name)
      : of.kind === 'list'
        ? methods.list.get(name)
        : of.kind === 'record'
          ? methods.record.get(name)
          : of.kind === 'plain'
            ? methods.plain.get(name)
            : undefined
  // The map that it comes from decides which kind of value it takes.
  return found as Method | undefined
}

export const trim: OfText = of => trimmed(of)
export const trimStart: OfText = of => cut(of, plain(of).length - plain(of).trimStart().length)
export const trimEnd: OfText = of => cut(of, 0, plain(of).trimEnd().length)
export const upper: OfText = of => changed(of, text => text.toUpperCase())
export const lower: OfText = of => changed(of, text => text.toLowerCase())
export const itself = <Of extends Value>(of: Of): Value => of

export const startsWith: OfText = (of, { args: [other], at }) => asked(of, other, at, (a, b) => a.startsWith(b))
export const endsWith: OfText = (of, { args: [other], at }) => asked(of, other, at, (a, b) => a.endsWith(b))
export const includesText: OfText = (of, { args: [other], at }) => asked(of, other, at, (a, b) => a.includes(b))

function asked(of: Text, other: Value | undefined, at: Span, test: (a: string, b: string) => boolean): Value {
  if (other?.kind !== 'text' || unknownIn(of) !== null || unknownIn(other) !== null)
    return unknown('it depends on unknown text', at)
  return known(test(plain(of), plain(other)), at)
}

/** Replaces every occurrence of one text by another. */
export const replaceAll: OfText = (of, { args: [what, by], at }) => {
  if (what?.kind !== 'text' || by?.kind !== 'text' || unknownIn(what) !== null || plain(what) === '')
    return unknown('a part of it is replaced', at)
  return substituted(of, plain(what), by)
}

/** Splits at each occurrence of a text; at white space where none is given. */
export const split: OfText = (of, { args: [by], at }) => {
  if (by !== undefined && (by.kind !== 'text' || unknownIn(by) !== null || plain(by) === ''))
    return unknown('its parts are unknown', at)
  if (by !== undefined) return list(separated(of, plain(by)), at)
  const parts: Value[] = []
  for (const { index, 0: word } of plain(of).matchAll(/\S+/g))
    boundedItems(parts).push(cut(of, index, index + word.length))
  return list(parts, at)
}

/** Each line of a text without the white space that all of them begin with. */
export function dedented(of: Text): Text {
  const lines = plain(of).split('\n')
  const indents = lines.filter(line => line.trim() !== '').map(line => line.length - line.trimStart().length)
  const depth = indents.reduce((least, each) => Math.min(least, each), Number.POSITIVE_INFINITY)
  if (!Number.isFinite(depth) || depth === 0) return of
  const parts: Text[] = []
  let start = 0
  for (const line of lines) {
    const end = start + line.length + 1
    boundedParts(parts).push(line.trim() === '' ? cut(of, start + line.length, end) : cut(of, start + depth, end))
    start = end
  }
  return joined(parts)
}

/** Joins the texts of a list with another one between them. */
export function joinedBy(of: List, between: Value | undefined, at: Span, machine: Machine): Value {
  if (of.isOpen) return unknown('part of the list is unknown', at)
  return joined(
    of.items.map(item => machine.asText(item, at)),
    between ? machine.asText(between, at) : textAt('', at),
  )
}

/** The block or function that a method is given. */
function given({ block, args }: Invocation): Value | undefined {
  return block ?? args.find(({ kind }) => kind === 'callable' || kind === 'host')
}

/** The results of a function for each item of a list. For an open list the function is read once more, as one that may be called with any item. */
function eachItem(
  of: List,
  invocation: Invocation,
  machine: Machine,
  args = (item: Value, _i: number): Value[] => [item],
) {
  const work = given(invocation)
  const { at, nameAt } = invocation
  if (!work) return null
  const items = [...of.items]
  if (!of.isOpen) return items.map((item, i) => machine.call(work, plainly(args(item, i), at)))
  const why = 'part of the list is unknown'
  machine.perhaps(why, [() => void machine.call(work, plainly(args(oneOf(items, why, at), 0), at))], nameAt)
  return null
}

export const forEach: OfList = (of, invocation, machine) => {
  eachItem(of, invocation, machine)
  return of
}

export const forEachWithIndex: OfList = (of, invocation, machine) => {
  eachItem(of, invocation, machine, (item, i) => [
    item,
    of.isOpen ? unknown('its number is unknown', invocation.at) : known(i, invocation.at),
  ])
  return of
}

export const map: OfList = (of, invocation, machine) => {
  const values = eachItem(of, invocation, machine)
  return values ? list(values, invocation.at) : oneOf(of.items, 'part of the list is unknown', invocation.at)
}

export const flatMap: OfList = (of, invocation, machine) => {
  const values = eachItem(of, invocation, machine)
  if (!values) return oneOf(of.items, 'part of the list is unknown', invocation.at)
  return list(
    values.flatMap(value => (value.kind === 'list' ? value.items : [value])),
    invocation.at,
  )
}

/** The items for which a function returns something that counts as true, or as false. */
export function keep(isTrue: boolean): OfList {
  return (of, invocation, machine) => {
    const values = eachItem(of, invocation, machine)
    const truths = values?.map(value => machine.language.truth(value))
    if (!truths || truths.includes(null)) return oneOf(of.items, 'it depends on an unknown value', invocation.at)
    return list(
      of.items.filter((_, i) => truths[i] === isTrue),
      invocation.at,
    )
  }
}

/** Whether a function returns something true for one item, or for all. */
export function asks(which: 'one' | 'all'): OfList {
  return (of, invocation, machine) => {
    const values = eachItem(of, invocation, machine) ?? (of.isOpen ? null : of.items)
    const truths = values?.map(value => machine.language.truth(value))
    if (!truths) return unknown('part of the list is unknown', invocation.at)
    const decisive = which === 'one'
    if (truths.includes(decisive)) return known(decisive, invocation.at)
    return truths.includes(null)
      ? unknown('it depends on an unknown value', invocation.at)
      : known(!decisive, invocation.at)
  }
}

/** Appends items to a list. Under a condition, its content is unknown afterwards. */
export const push: OfList = (of, { args }, machine) => {
  if (machine.run.conditions > 0) of.isOpen = true
  machine.run.weigh(args, of)
  for (const arg of args) of.items.push(arg)
  boundedItems(of.items)
  return of
}

export const extend: OfList = (of, { args: [other] }, machine) => {
  if (machine.run.conditions > 0 || other?.kind !== 'list' || other.isOpen) of.isOpen = true
  if (other?.kind === 'list') machine.run.weigh(other.items, of)
  if (other?.kind === 'list') for (const item of [...other.items]) of.items.push(item)
  boundedItems(of.items)
  return of
}

export const concat: OfList = (of, { args, at }) => {
  const others = args.map(arg => (arg.kind === 'list' ? arg : null))
  if (others.includes(null) || of.isOpen || others.some(other => other?.isOpen))
    return oneOf([of, ...args], 'part of the list is unknown', at)
  return list([...of.items, ...others.flatMap(other => other?.items ?? [])], at)
}

export const includesItem: OfList = (of, { args: [what], at }) => {
  const same = of.items.map(item => (what ? isSame(item, what) : null))
  if (same.includes(true)) return known(true, at)
  return same.includes(null) || of.isOpen ? unknown('part of the list is unknown', at) : known(false, at)
}

export const first: OfList = (of, { at }) =>
  of.isOpen ? oneOf(of.items, 'part of the list is unknown', at) : (of.items[0] ?? known(null, at))

export const last: OfList = (of, { at }) =>
  of.isOpen ? oneOf(of.items, 'part of the list is unknown', at) : (of.items.at(-1) ?? known(null, at))

export const reversed: OfList = (of, { at }) => (of.isOpen ? of : list([...of.items].reverse(), at))

export const count: OfList = (of, { at }) =>
  of.isOpen ? unknown('part of the list is unknown', at) : known(of.items.length, at)

export const lengthOfText: OfText = (of, { at }) =>
  unknownIn(of) === null ? known(plain(of).length, at) : unknown('it depends on unknown text', at)

export const keys: OfRecord = (of, { at }) =>
  open(
    list(
      [...of.entries.keys()].map(name => textAt(name, at)),
      at,
    ),
    of.isOpen,
  )

export const values: OfRecord = (of, { at }) => open(list([...of.entries.values()], at), of.isOpen)

export const pairs: OfRecord = (of, { at }) =>
  open(
    list(
      [...of.entries].map(([name, value]) => list([textAt(name, at), value], at)),
      at,
    ),
    of.isOpen,
  )

function open(made: List, isOpen: boolean | undefined): List {
  if (isOpen) made.isOpen = true
  return made
}

/** The value of a name, or the given default. */
export const get: OfRecord = (of, { args: [name, otherwise], at }) => {
  if (name?.kind !== 'text' || unknownIn(name) !== null) return oneOf([of], 'its name is computed', at)
  const found = of.entries.get(plain(name))
  if (found) return found
  return of.isOpen ? unknown('it belongs to an unknown value', at) : (otherwise ?? known(null, at))
}

/** A record whose entries are overridden by those of others. */
export const merge: OfRecord = (of, { args, named, at }) => {
  const made = { ...of, entries: new Map(of.entries), at }
  for (const arg of args) {
    if (arg.kind === 'record') for (const [name, value] of arg.entries) made.entries.set(name, value)
    if (arg.kind !== 'record' || arg.isOpen) made.isOpen = true
  }
  for (const [name, value] of named) made.entries.set(name, value)
  return made
}

export const forEachEntry: OfRecord = (of, invocation, machine) => {
  const work = given(invocation)
  const { at, nameAt } = invocation
  if (!work) return of
  if (of.isOpen) {
    const why = 'part of it is unknown'
    machine.perhaps(why, [() => void machine.call(work, plainly([unknown(why, at), oneOf([of], why, at)], at))], nameAt)
  } else for (const [name, value] of [...of.entries]) machine.call(work, plainly([textAt(name, at), value], at))
  return of
}

export const mapEntries: OfRecord = (of, invocation, machine) => {
  const work = given(invocation)
  if (!work || of.isOpen) return oneOf([of], 'part of it is unknown', invocation.at)
  return list(
    [...of.entries].map(([name, value]) =>
      machine.call(work, plainly([textAt(name, invocation.at), value], invocation.at)),
    ),
    invocation.at,
  )
}

/** A method that changes nothing that matters, and whose answer is nothing. */
export const nothingOf = (_: Value, { at }: Invocation): Value => nothing(at)
