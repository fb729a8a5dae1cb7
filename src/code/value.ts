import type { Span } from '../parse/span.ts'
import { boundedItems } from './limit.ts'
import type { Node } from './node.ts'
import type { ClassExpression, FunctionExpression } from './syntax.ts'
import type { Text } from './text.ts'

/** What an expression of a program is, as far as it can be told without running it. */
export type Value = Text | Plain | List | Entries | Callable | Host | Unknown

/** A number, a truth value, or nothing at all. */
export interface Plain {
  readonly kind: 'plain'
  readonly value: number | boolean | null | undefined
  readonly at: Span
}

/** A list of values; one that is open may have more than these, in unknown places. */
export interface List {
  readonly kind: 'list'
  readonly items: Value[]
  readonly at: Span
  isOpen?: boolean
}

/** Values by name. One that is open may have others, too. */
export interface Entries {
  readonly kind: 'record'
  readonly entries: Map<string, Value>
  readonly at: Span
  isOpen?: boolean
  /** What the tool's own class has that it was made of. */
  base?: Host
}

/** A function or a class of the file itself. */
export interface Callable {
  readonly kind: 'callable'
  readonly name: string
  /** Of JavaScript and TypeScript: the node that defines it. */
  readonly node?: Node
  /** Of other languages: its definition. */
  readonly definition?: FunctionExpression | ClassExpression
  /** Of a class: what it extends. */
  readonly bases?: readonly Value[]
  /** The names that it sees. */
  readonly scope: Scope
  /** What `this` is in it; none: as its caller says. */
  readonly self?: Value
  readonly at: Span
  /** Of a class: its static members, and what was added to a function. */
  readonly entries: Map<string, Value>
}

/**
 * Something that a tool hands to a migration (`queryRunner`, `pgm`, `knex`) or makes of a call (a builder). What it does is up to the
 * reader of that tool.
 */
export interface Host {
  readonly kind: 'host'
  /** As people know it: `queryRunner`. */
  readonly name: string
  /** It describes something, and reaches no database by itself: what is called with it does not either. */
  readonly isInert?: true
  /** A property; undefined: it is not known, which is told when it is called. */
  readonly get?: (name: string, at: Span) => Value | undefined
  /** What calling it does. */
  readonly call?: (call: Call) => Value
  /** What waiting for it does: `await`, `return` out of the migration, `Promise.all`. Once for each time. */
  readonly settle?: (at: Span) => Value
  /** What `with` and `using` do: the body is done between a start and an end, with what it gets. Without it the body gets the host itself. */
  readonly within?: (body: (entered: Value) => void, at: Span) => void
  /** What an operator makes of it and another value: `column > 1`. `isRight`: it is the right one of the two. */
  readonly operation?: (operator: string, other: Value, at: Span, isRight: boolean) => Value | undefined
  /** An element: `ActiveRecord::Migration[7.1]`. */
  readonly index?: (by: Value, at: Span) => Value
}

/** What is not known, and why: a clause for people, `it comes from another file`. */
export interface Unknown {
  readonly kind: 'unknown'
  readonly why: string
  readonly at: Span
  /** True for what may reach the database when it is called: something of another file, or made by the tool. */
  readonly isForeign?: boolean
  /** What a foreign function returned: waiting for it may wait for the database. */
  readonly isAnswer?: true
  /** It is one of several values, and not all of them are harmless: calling it, or waiting for it, may reach the database. */
  readonly mayReach?: true
  /** The name it goes by in the program, if there is one. */
  readonly name?: string
  /** The value that it is a property of: `'a,b'` of `'a,b'.split`. */
  readonly of?: Value
}

/** A call of a `Host`. */
export interface Call {
  readonly args: readonly Value[]
  /** The whole call. */
  readonly at: Span
  /** The name that is called: `createTable`. Made-up SQL points here. */
  readonly nameAt: Span
  /** Of each argument. */
  readonly argsAt: readonly Span[]
  /** Arguments that are given by name, in languages that have this; otherwise there are none. */
  readonly named?: ReadonlyMap<string, Value>
  /** The block behind the arguments, in Ruby and Elixir. */
  readonly block?: Value
  /** Types between angle brackets, as they are written. */
  readonly types?: readonly string[]
  /** Of a template with a tag: the texts between the holes, one more than there are arguments. */
  readonly template?: readonly Text[]
}

/** Names and what they are, inside other ones. */
export interface Scope {
  readonly names: Map<string, Value>
  readonly outer: Scope | null
}

export function known(value: Plain['value'], at: Span): Plain {
  return { kind: 'plain', value, at }
}

export function nothing(at: Span): Plain {
  return known(undefined, at)
}

export function unknown(why: string, at: Span, isForeign = false, name?: string): Unknown {
  return { kind: 'unknown', why, at, ...(isForeign && { isForeign }), ...(name !== undefined && { name }) }
}

export function record(entries: Iterable<readonly [string, Value]>, at: Span): Entries {
  return { kind: 'record', entries: new Map(entries), at }
}

export function list(items: Value[], at: Span): List {
  return { kind: 'list', items: boundedItems(items), at }
}

/** An entry of a record; undefined where there is none, or the value is none. */
export function entry(value: Value | undefined, name: string): Value | undefined {
  if (value?.kind !== 'record') return undefined
  const found = value.entries.get(name)
  return found?.kind === 'plain' && found.value === undefined ? undefined : found
}

/** True, false, or null where that is not known. */
export function truth(value: Value): boolean | null {
  switch (value.kind) {
    case 'text':
      if (value.pieces.length === 0) return false
      return value.pieces.some(({ unknown }) => unknown === undefined) ? true : null
    case 'plain':
      return Boolean(value.value)
    case 'unknown':
      return null
    default:
      return true
  }
}
