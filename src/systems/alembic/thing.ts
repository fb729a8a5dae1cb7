import { NotRead } from '../../code/given/not-read.ts'
import type { Text } from '../../code/text.ts'
import { type Call, type Host, unknown, type Value } from '../../code/value.ts'

import type { Span } from '../../parse/span.ts'
import type { Named } from './convention.ts'
import type { Given } from './given.ts'
import type { TableName } from './name.ts'

/** Objects of SQLAlchemy that migrations make and give to `op`. */
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

/** DDL that SQLAlchemy executes as it is: `sa.DDL('…')`, `CreateSchema('s')`. */
export interface Ddl {
  readonly kind: 'ddl'
  readonly sql: Text
}

/** A type: PGTypeCompiler of sqlalchemy/dialects/postgresql/base.py, and its base classes. */
export interface SqlType {
  readonly kind: 'type'
  readonly sql: Text
  /** For integers: the type that an automatic primary key gets instead. */
  readonly serial?: 'SERIAL' | 'BIGSERIAL' | 'SMALLSERIAL'
  /** A separate type, which must exist before the table. */
  readonly creation?: Creation
}

/** `CREATE TYPE` of an enumeration. */
export interface Creation {
  readonly name: TableName
  /** Throws NotRead where its values are unknown. */
  readonly sql: (at: Span) => Text
  /** Whether creating a table creates it. */
  readonly isAutomatic: boolean
}

/** Expressions of SQLAlchemy: `sa.text`, columns, functions, and results of operators (sqlalchemy/sql/compiler.py). */
export interface Clause {
  readonly kind: 'clause'
  /** Its form where there is one table: in indexes, checks and defaults. */
  readonly bare: Text
  /** Its form in queries, with the name of its table. */
  readonly full: Text
  /** The name of the column by which options of an index refer to it. */
  readonly key?: string
  /** It consists of parts, so it gets parentheses within another expression and in an index. */
  readonly isCompound?: true
  /** AND or OR joins its parts. */
  readonly isTogether?: true
}

/** A statement that writes rows: `table.insert()` with its methods. */
export interface Statement {
  readonly kind: 'statement'
  readonly sql: (at: Span) => Text
}

/** `sa.Column`: Column of sqlalchemy/sql/schema.py, and get_column_specification of dialects/postgresql/base.py. */
export interface Column {
  readonly kind: 'column'
  readonly at: Span
  readonly name: Text
  readonly type: SqlType
  /** Null: the call does not say. */
  readonly isNullable: boolean | null
  readonly isPrimary: boolean
  readonly isUnique: boolean
  readonly hasIndex: boolean
  /** The program fills it in by itself. */
  readonly hasDefault: boolean
  readonly serverDefault: Text | null
  readonly comment: Text | null
  readonly identity: Generated | null
  readonly computed: Generated | null
  readonly autoincrement: 'auto' | boolean
  readonly foreignKeys: readonly ForeignKey[]
  readonly checks: readonly Constraint[]
}

/** `sa.ForeignKey` of a column. */
export interface ForeignKey {
  readonly kind: 'foreign key'
  readonly target: Text
  readonly given: Given
}

/** `sa.Identity`, `sa.Computed` and `sa.Sequence`. */
export interface Generated {
  readonly kind: 'identity' | 'computed' | 'sequence'
  readonly sql: Text
  readonly name?: TableName
}

/** A constraint of a table: visit_…_constraint of sqlalchemy/sql/compiler.py and of dialects/postgresql/base.py. */
export interface Constraint {
  readonly kind: 'constraint'
  readonly type: Named | 'exclude'
  readonly at: Span
  readonly name: Text | null
  readonly columns: readonly Text[]
  readonly referred?: { readonly table: TableName; readonly columns: readonly Text[] }
  /** Without its name. */
  readonly body: Text
  /** A foreign key that CREATE TABLE leaves out. */
  readonly isLeftOut?: true
}

/** An index: visit_create_index of sqlalchemy/dialects/postgresql/base.py. */
export interface Index {
  readonly kind: 'index'
  readonly name: Text | null
  readonly elements: readonly Clause[]
  readonly given: Given
}

/** A table: `sa.Table`, `sa.table`, and what `op.create_table` returns. */
export interface TableOf {
  readonly kind: 'table'
  readonly name: TableName
  /** Names of its columns, in order; null: unknown. */
  readonly columns: readonly Text[] | null
  /** Columns that the program fills in by itself. */
  readonly filled: readonly Text[]
}

const things = new WeakMap<Value, Thing>()

/** A value that stands for an object of SQLAlchemy. */
export function made(name: string, thing: Thing, own: Pick<Host, 'get' | 'call' | 'operation'> = {}): Host {
  const value: Host = { kind: 'host', name, isInert: true, ...own }
  things.set(value, thing)
  return value
}

export function thingOf(value: Value | undefined): Thing | undefined {
  return value && things.get(value)
}

/** The object of this kind that a value stands for. */
export function thingIn<Kind extends Thing['kind']>(
  value: Value | undefined,
  kind: Kind,
): (Thing & { readonly kind: Kind }) | undefined {
  const thing = thingOf(value)
  return thing?.kind === kind ? (thing as Thing & { readonly kind: Kind }) : undefined
}

/** A function that describes something and reaches no database. Code that uses its result reports what is unknown. */
export function describes(name: string, describe: (call: Call) => Value): Host {
  return { kind: 'host', name, isInert: true, call: describing(describe) }
}

/** The same for a value that also has members. */
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
