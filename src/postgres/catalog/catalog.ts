import type { Node } from '@pgsql/types'
import type { Column, ColumnType } from './column.ts'
import type { Mentioning } from './mentioning.ts'
import type { PartitionBound, Partitioning } from './partitioning.ts'
import { PersistentMap } from './persistent-map.ts'

/**
 * What the migrations so far tell about the database: an immutable picture in the shape of pg_class, pg_attribute,
 * pg_constraint, pg_index, pg_type and pg_proc. Every change makes a new Catalog that shares what did not change.
 *
 * Three-valued: a relation is known, known to be absent (`dropped`), or unknown (never mentioned, or mentioned but not
 * created here). Facts of a relation that was not created here have `complete: false`: what is listed is true, what is
 * not listed is unknown.
 */
export interface Catalog {
  readonly relations: PersistentMap<Oid, Relation>
  /** Which objects refer to which: see mention.ts. */
  readonly mentioned: PersistentMap<Mention, Mentioning>
  readonly types: PersistentMap<Oid, Type>
  readonly routines: PersistentMap<Oid, Routine>
  /** Schema name → what is known about it. */
  readonly schemas: PersistentMap<string, Schema>
  /** `relation:schema.name`, `type:schema.name` → oid; routines are found by `routine:schema.name` → oids of all overloads. */
  readonly names: PersistentMap<string, Oid>
  /** How many automatic names have been tried for a table, column and label (→ 7) since a name last became free. */
  readonly numbered: PersistentMap<string, number>
  readonly routineNames: PersistentMap<string, readonly Oid[]>
  readonly extensions: PersistentMap<string, { readonly schema: string }>
  /** Statistics, publications and subscriptions by `kind:name`. */
  readonly others: PersistentMap<string, OtherObject>
  /** Labels that ALTER TYPE … ADD VALUE added to enums that no migration creates. */
  readonly addedLabels: readonly AddedLabel[]
  /** The last transaction that added a label to an enum, known or not. */
  readonly labelledBy: number | null
  /** Names that were dropped and not created again, with `nextOid` at that moment: since then they are known to be absent. */
  readonly dropped: PersistentMap<string, Oid>
  /**
   * Why the catalog may be incomplete: a statement whose effects are not known (dynamic SQL, a function call) has run.
   * Objects that were made before `until` may be gone, and others may exist that are not listed.
   */
  readonly uncertain: Uncertain | null
  readonly nextOid: Oid
}

export interface Uncertain {
  /** A clause for people. */
  readonly why: string
  readonly until: Oid
  /** The last migration in which such a statement ran: later ones tell the truth about what they make. Null: unknown. */
  readonly migration: number | null
  /** A file shows these objects as they are after all migrations: what is listed is true, but it makes no failure certain. */
  readonly isShown?: true
}

/** Our own object identifiers: stable over renames, unrelated to those of a real server. */
export type Oid = number

/**
 * What a definition refers to: a relation, type or routine by its oid, or something by its bare name. For a bare name
 * only a look-up would show which object is meant, so a caller that asks by name has to check the result. A routine
 * mentions its own name, as `routine:f`.
 */
export type Mention = Oid | `type:${string}` | `function:${string}` | `sequence:${string}` | `routine:${string}`

export type RelationKind =
  | 'table'
  | 'partitioned table'
  | 'foreign table'
  | 'view'
  | 'materialized view'
  | 'index'
  | 'partitioned index'
  | 'sequence'
  | 'composite type'

interface RelationBase {
  readonly oid: Oid
  readonly schema: string
  readonly name: string
  /** False when the migrations do not contain its creation: facts not listed are unknown, not absent. */
  readonly complete: boolean
  /** Position of the migration that created it in the sequence of all migrations, or null when that was not seen. */
  readonly createdIn: number | null
  readonly persistence: 'permanent' | 'unlogged' | 'temporary'
  readonly owner: string | null
  /** Name, or null for the database's default. */
  readonly tablespace: string | null
  /** Why the facts may be wrong, a clause: IF NOT EXISTS may have found another object. Left out: they are right. */
  readonly doubt?: string
  /** IF NOT EXISTS has made sure that something of this name is there, whatever it looks like. */
  readonly isThere?: boolean
}

export type Relation = Table | View | Index | Sequence

export interface Table extends RelationBase {
  readonly kind: 'table' | 'partitioned table' | 'foreign table' | 'materialized view' | 'composite type'
  readonly columns: readonly Column[]
  readonly constraints: readonly Constraint[]
  readonly indexes: readonly Oid[]
  readonly triggers: readonly Trigger[]
  readonly policies: readonly Policy[]
  readonly rules: readonly { readonly name: string; readonly relations: readonly ColumnUse[] }[]
  /** Set on a partition. */
  readonly partitionOf: Oid | null
  readonly bound: PartitionBound | null
  readonly detachPending: boolean
  /** Set on a partitioned table. */
  readonly partitioning: Partitioning | null
  /** Partitions or inheritance children, direct ones. */
  readonly children: readonly Oid[]
  /** Inheritance parents (not the partitioned parent). */
  readonly parents: readonly Oid[]
  readonly rowSecurity: boolean
  readonly replicaIdentity: 'default' | 'full' | 'nothing' | { readonly index: string }
  readonly accessMethod: string | null
  readonly ofType: Oid | null
  /** WITH (…) options by name, lower case. */
  readonly options: ReadonlyMap<string, string>
  /** Of a materialized view. */
  readonly uses: readonly ColumnUse[]
  /** Of a materialized view: functions that its query calls, as written. */
  readonly calls?: readonly FunctionName[]
  readonly populated: boolean
  /** Set once a migration wrote to it: it may have rows. */
  readonly written?: true
  /** Set when it took the name of a relation that others use, or became a part of one: the transaction that did so. */
  readonly live?: { readonly transaction: number | null }
  /**
   * True when a migration certainly put rows into it (INSERT … VALUES, INSERT … SELECT FROM generate_series(…), CREATE
   * TABLE AS…) and none has emptied it since. False says nothing, because the application may have filled it.
   */
  readonly filled: boolean
}

/** A column that something refers to; `column: null` means the relation as a whole (`SELECT *` expands to columns). */
export interface ColumnUse {
  readonly relation: Oid
  readonly column: string | null
}

/** Schema null: not qualified. */
export interface FunctionName {
  readonly schema: string | null
  readonly name: string
}

export interface View extends RelationBase {
  readonly kind: 'view'
  readonly columns: readonly Column[]
  readonly uses: readonly ColumnUse[]
  /** Functions that its query calls, as written. */
  readonly calls?: readonly FunctionName[]
  /** The relation that writes go to; null when the view itself cannot be updated; left out when it is not known. */
  readonly base?: Oid | null
  readonly rules: Table['rules']
  readonly triggers: readonly Trigger[]
}

export interface Index extends RelationBase {
  readonly kind: 'index' | 'partitioned index'
  readonly table: Oid
  readonly method: string
  readonly keys: readonly IndexKey[]
  readonly included: readonly string[]
  readonly predicate: Node | null
  readonly unique: boolean
  readonly nullsNotDistinct: boolean
  readonly valid: boolean
  /** Name of the constraint that owns it, or null. */
  readonly constraint: string | null
  /** The partitioned index it is attached to. */
  readonly parent: Oid | null
  readonly children: readonly Oid[]
  readonly options: ReadonlyMap<string, string>
  readonly clustered: boolean
}

export interface IndexKey {
  /** Null for an expression. */
  readonly column: string | null
  readonly expression: Node | null
  readonly collation: string | null
  readonly operatorClass: string | null
  /** True without DESC and NULLS FIRST. */
  readonly defaultOrder: boolean
}

export interface Sequence extends RelationBase {
  readonly kind: 'sequence'
  /** The column it belongs to (serial, identity, OWNED BY). */
  readonly ownedBy: ColumnUse | null
  readonly identity: boolean
  readonly type: 'smallint' | 'integer' | 'bigint'
}

export type ConstraintKind = 'check' | 'not null' | 'unique' | 'primary key' | 'foreign key' | 'exclusion'

export interface Constraint {
  readonly name: string
  readonly kind: ConstraintKind
  /** False for a NOT VALID constraint that is not validated yet. */
  readonly valid: boolean
  readonly enforced: boolean
  readonly deferrable: boolean
  readonly initiallyDeferred: boolean
  /** Key columns; for a CHECK the columns its expression uses. */
  readonly columns: readonly string[]
  readonly expression: Node | null
  /** Owned index of unique, primary key and exclusion constraints. */
  readonly index: Oid | null
  readonly references: ForeignKeyTarget | null
  readonly noInherit: boolean
  /** It comes from an inheritance or partition parent. */
  readonly inherited: boolean
  readonly createdIn: number | null
  /** Why it may not exist, a clause: it comes with a column that IF NOT EXISTS may have found. Left out: it exists if its table does. */
  readonly doubt?: string
}

export interface ForeignKeyTarget {
  readonly table: Oid
  readonly columns: readonly string[]
  readonly onDelete: 'no action' | 'restrict' | 'cascade' | 'set null' | 'set default'
  readonly onUpdate: 'no action' | 'restrict' | 'cascade' | 'set null' | 'set default'
  /** The columns that ON DELETE SET NULL (…) names; left out: all of the key. */
  readonly onDeleteColumns?: readonly string[]
}

export interface Trigger {
  readonly name: string
  readonly routine: Oid | null
  /** The columns of UPDATE OF, and those that WHEN uses. */
  readonly columns: readonly string[]
  readonly events: readonly ('insert' | 'update' | 'delete' | 'truncate')[]
  readonly deferrable: boolean
  readonly row: boolean
}

export interface Policy {
  readonly name: string
  readonly uses: readonly ColumnUse[]
  readonly calls?: readonly FunctionName[]
}

export type Type = EnumType | DomainType | OtherType

interface TypeBase {
  readonly oid: Oid
  readonly schema: string
  readonly name: string
  readonly complete: boolean
  readonly createdIn: number | null
  /** As of a relation. */
  readonly doubt?: string
}

export interface EnumType extends TypeBase {
  readonly kind: 'enum'
  readonly labels: readonly string[]
  /** The transaction (Transaction.id) that created the type itself, for the escape described at ALTER TYPE in the manual. */
  readonly createdInTransaction: number | null
  /** Labels that ALTER TYPE … ADD VALUE added, each with the transaction that added it: they cannot be used until it commits. */
  readonly added: ReadonlyMap<string, number | null>
}

/** A label of an enum about which the migrations say nothing else: the names are as written. */
export interface AddedLabel {
  readonly schema: string | null
  readonly name: string
  readonly label: string
  /** The transaction that added it: see EnumType. */
  readonly transaction: number | null
  /** The search path with which the name was written; null: the statement may not have run, or the type may be another one by now. */
  readonly path: string | null
  /** Added with IF NOT EXISTS: it may have existed before. */
  readonly ifNotExists: boolean
}

export interface DomainType extends TypeBase {
  readonly kind: 'domain'
  readonly base: ColumnType
  readonly notNull: boolean
  readonly default: Node | null
  readonly constraints: readonly { readonly name: string; readonly expression: Node | null; readonly valid: boolean }[]
}

export interface OtherType extends TypeBase {
  readonly kind: 'composite' | 'range' | 'base' | 'shell'
  /** pg_class entry of a composite type. */
  readonly relation: Oid | null
}

/**
 * How PostgreSQL classes an expression after planning (manual, chapter "Function Volatility Categories"). `unknown`: it
 * calls a function that neither PostgreSQL nor the migrations define.
 */
export type Volatility = 'immutable' | 'stable' | 'volatile' | 'unknown'

export interface Routine {
  readonly oid: Oid
  readonly schema: string
  readonly name: string
  readonly kind: 'function' | 'procedure' | 'aggregate'
  readonly language: string
  readonly volatility: Exclude<Volatility, 'unknown'>
  /** Input argument types. */
  readonly arguments: readonly ColumnType[]
  /** How many of the last input arguments have a default. */
  readonly defaults?: number
  readonly returns: ColumnType | null
  readonly returnsTrigger: boolean
  readonly strict: boolean
  readonly body: string | null
  /** A body that is SQL rather than text: RETURN … or BEGIN ATOMIC … END (PostgreSQL 14), as parsed. */
  readonly sqlBody?: Node | null
  /** Names of the input arguments, null for one without a name. */
  readonly argumentNames?: readonly (string | null)[]
  /** The objects that an SQL body uses. (A body that is text does not keep anything from being dropped.) */
  readonly uses?: readonly ColumnUse[]
  /** SETOF or RETURNS TABLE. */
  readonly returnsSet?: boolean
  /** SECURITY DEFINER or SET …: the planner never puts its body in place of a call. */
  readonly neverInlined?: boolean
  readonly createdIn: number | null
}

export interface Schema {
  readonly name: string
  readonly complete: boolean
  readonly createdIn: number | null
}

/** An object that is not a relation, type or routine, but belongs to some. */
export interface OtherObject {
  readonly kind: 'statistics' | 'publication' | 'subscription'
  /** Statistics are displayed with their schema (unless `public`); the others have none. */
  readonly name: string
  /** The table of statistics, the tables that a publication lists. */
  readonly relations: readonly Oid[]
  /** Columns of statistics, of a publication's column lists and row filters. */
  readonly uses: readonly ColumnUse[]
  /**
   * A subscription with a replication slot on the other server. DROP drops that slot too, which works only outside a
   * transaction.
   */
  readonly slot: boolean
  /** A subscription that receives changes. */
  readonly enabled?: boolean
}

export const emptyCatalog: Catalog = {
  relations: PersistentMap.byOid(),
  mentioned: PersistentMap.byName(),
  types: PersistentMap.byOid(),
  routines: PersistentMap.byOid(),
  schemas: PersistentMap.constant<Schema>('public', { name: 'public', complete: false, createdIn: null }),
  names: PersistentMap.byName(),
  numbered: PersistentMap.byName(),
  routineNames: PersistentMap.byName(),
  extensions: PersistentMap.byName(),
  others: PersistentMap.byName(),
  addedLabels: [],
  labelledBy: null,
  dropped: PersistentMap.byName(),
  uncertain: null,
  nextOid: 1,
}

/** A copy with these relations. Field by field, which V8 does faster than a copy with spread syntax: most changes are of relations. */
export function withRelations(
  catalog: Catalog,
  relations: Catalog['relations'],
  mentioned: Catalog['mentioned'],
): Catalog {
  return {
    relations,
    mentioned,
    types: catalog.types,
    routines: catalog.routines,
    schemas: catalog.schemas,
    names: catalog.names,
    numbered: catalog.numbered,
    routineNames: catalog.routineNames,
    extensions: catalog.extensions,
    others: catalog.others,
    addedLabels: catalog.addedLabels,
    labelledBy: catalog.labelledBy,
    dropped: catalog.dropped,
    uncertain: catalog.uncertain,
    nextOid: catalog.nextOid,
  }
}
