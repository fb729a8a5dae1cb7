import type { Span } from '../parse/span.ts'
import { boundedItems } from './limit.ts'
import type { Node } from './node.ts'
import type { ClassExpression, FunctionExpression } from './syntax.ts'
import type { Text } from './text.ts'

/** The value of an expression of a program, as far as it is known without running the program. */
export type Value = Text | Plain | List | Entries | Callable | Host | Unknown

/** A number, a truth value, or nothing at all. */
export interface Plain {
  readonly kind: 'plain'
  readonly value: number | boolean | null | undefined
  readonly at: Span
}

/** A list of values. An open list may have more values, in unknown places. */
export interface List {
  readonly kind: 'list'
  readonly items: Value[]
  readonly at: Span
  isOpen?: boolean
}

/** Values by name. An open record may have more entries. */
export interface Entries {
  readonly kind: 'record'
  readonly entries: Map<string, Value>
  readonly at: Span
  isOpen?: boolean
  /** The members of the tool's class that it is an instance of. */
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
  /** The value of `this` in it; undefined: its caller decides. */
  readonly self?: Value
  readonly at: Span
  /** The static members of a class, or the properties that were added to a function. */
  readonly entries: Map<string, Value>
}

/**
 * Something that a tool gives to a migration (`queryRunner`, `pgm`, `knex`) or returns from a call (a builder). The reader of that tool
 * decides what it does.
 */
export interface Host {
  readonly kind: 'host'
  /** As people know it: `queryRunner`. */
  readonly name: string
  /** It only describes something and reaches no database; nor does a function that gets it as an argument. */
  readonly isInert?: true
  /** What it reaches are rows alone, as with the models of an application. */
  readonly onlyRows?: true
  /** A property; undefined: unknown, which is reported when the program calls it. */
  readonly get?: (name: string, at: Span) => Value | undefined
  /** Whether a property may get another value, because that does nothing on PostgreSQL. */
  readonly ignores?: (name: string) => boolean
  /** What calling it does. */
  readonly call?: (call: Call) => Value
  /** What waiting for it does, by `await`, `return` from the migration or `Promise.all`. Called each time. */
  readonly settle?: (at: Span) => Value
  /** What `with` and `using` do: they run the body between a start and an end, with a value. Without this the body gets the host itself. */
  readonly within?: (body: (entered: Value) => void, at: Span) => void
  /** The result of an operator on it and another value: `column > 1`. `isRight`: it is the right operand. */
  readonly operation?: (operator: string, other: Value, at: Span, isRight: boolean) => Value | undefined
  /** An element: `ActiveRecord::Migration[7.1]`. */
  readonly index?: (by: Value, at: Span) => Value
}

/** An unknown value, and why it is unknown: a clause for people, such as `it comes from another file`. */
export interface Unknown {
  readonly kind: 'unknown'
  readonly why: string
  readonly at: Span
  /** True for what may reach the database when it is called: something of another file, or made by the tool. */
  readonly isForeign?: boolean
  /** A foreign function returned it, so that waiting for it may wait for the database. */
  readonly isAnswer?: true
  /**
   * It is one of several values, some of which are not harmless: calling it, or waiting for it, may reach the database. `rows`: what it reaches
   * there are rows alone, as with the models of an application.
   */
  readonly mayReach?: true | 'rows'
  /** It is one value, such as a time: never something that a tool takes for SQL. */
  readonly isScalar?: true
  /** The name it goes by in the program, if there is one. */
  readonly name?: string
  /** The value that it is a property of: for `'a,b'.split`, it is `'a,b'`. */
  readonly of?: Value
}

/** A call of a `Host`. */
export interface Call {
  readonly args: readonly Value[]
  /** The whole call. */
  readonly at: Span
  /** The name of the called function: `createTable`. SQL that the tool makes up points here. */
  readonly nameAt: Span
  /** The place of each argument. */
  readonly argsAt: readonly Span[]
  /** Named arguments, in languages that have them. */
  readonly named?: ReadonlyMap<string, Value>
  /** The block after the arguments, in Ruby and Elixir. */
  readonly block?: Value
  /** Types between angle brackets, as they are written. */
  readonly types?: readonly string[]
  /** For a tagged template: the texts between the holes, one more than there are arguments. */
  readonly template?: readonly Text[]
}

/** Names and their values, with the scope around them. */
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

/** A name that neither the program nor its tool defines. */
export function unknownName(name: string, at: Span, isForeign = false): Unknown {
  return unknown(whyOfName(name), at, isForeign, name)
}

function whyOfName(name: string): string {
  return `\`${name}\` is not known`
}

/** The reason why a function is unknown, with its name. The reasons of names and of the tool's own objects contain that already. */
export function whyForeign({ why, name, of }: Unknown): string {
  const isNamed = of?.kind === 'host' || name === undefined || why === whyOfName(name)
  return isNamed ? why : `\`${name}\`: ${why}`
}

export function record(entries: Iterable<readonly [string, Value]>, at: Span): Entries {
  return { kind: 'record', entries: new Map(entries), at }
}

export function list(items: Value[], at: Span): List {
  return { kind: 'list', items: boundedItems(items), at }
}

/** Adds the items of another list. What may be among them, if they are not known, makes the list open. */
export function spreadInto(from: Value, to: List): void {
  if (from.kind !== 'list') {
    to.isOpen = true
    return
  }
  for (const each of from.items) to.items.push(each)
  if (from.isOpen) to.isOpen = true
}

/** An entry of a record; undefined where there is none, where it is `undefined`, or where the value is not a record. */
export function entry(value: Value | undefined, name: string): Value | undefined {
  if (value?.kind !== 'record') return undefined
  const found = value.entries.get(name)
  return found?.kind === 'plain' && found.value === undefined ? undefined : found
}

/** Whether a value counts as true; null: unknown. */
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
