import { NotRead } from '../../code/given/not-read.ts'
import { functionOf } from '../../code/host.ts'
import type { Text } from '../../code/text.ts'
import { type Call, type Host, unknown, type Value } from '../../code/value.ts'
import type { Column, ForeignKey, Generated } from './column.ts'
import type { Constraint } from './constraint.ts'
import type { Clause, Statement } from './expression.ts'
import type { Index } from './index-of-table.ts'
import type { TableOf } from './table-of.ts'
import type { SqlType } from './type.ts'

/** What objects of SQLAlchemy are, which migrations make and hand over to `op`. */
export type Thing =
  | SqlType
  | TypeClass
  | Clause
  | Statement
  | Column
  | ForeignKey
  | Generated
  | Constraint
  | Index
  | TableOf
  | Ddl

/** A class of types: `sa.Integer` is one, `sa.Integer()` a type. */
export interface TypeClass {
  readonly kind: 'type class'
  readonly make: (call: Call) => SqlType
}

/** DDL that is executed as it is: `sa.DDL('…')`, `CreateSchema('s')`. */
export interface Ddl {
  readonly kind: 'ddl'
  readonly sql: Text
}

const things = new WeakMap<Value, Thing>()

/** A value that stands for an object of SQLAlchemy. */
export function made(name: string, thing: Thing, own: Pick<Host, 'get' | 'call' | 'operation'> = {}): Host {
  const value: Host = { kind: 'host', name, ...own }
  things.set(value, thing)
  return value
}

export function thingOf(value: Value | undefined): Thing | undefined {
  return value && things.get(value)
}

/** The object of a kind that a value stands for. */
export function thingIn<Kind extends Thing['kind']>(
  value: Value | undefined,
  kind: Kind,
): (Thing & { readonly kind: Kind }) | undefined {
  const thing = thingOf(value)
  return thing?.kind === kind ? (thing as Thing & { readonly kind: Kind }) : undefined
}

/** A function that describes something, and reaches no database. What is not known of it is told by who uses it. */
export function describes(name: string, describe: (call: Call) => Value): Host {
  return functionOf(name, describing(describe))
}

/** The same, of which a value is made that has members, too. */
export function describing(describe: (call: Call) => Value): (call: Call) => Value {
  return call => {
    try {
      return describe(call)
    } catch (error) {
      if (!(error instanceof NotRead)) throw error
      return unknown(error.why, error.at ?? call.at)
    }
  }
}
