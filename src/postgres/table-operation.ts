import type { Node } from '@pgsql/types'
import type { Constraint, ConstraintKind, Volatility } from './catalog/catalog.ts'
import type { Column, ColumnType } from './catalog/column.ts'
import type { LockMode } from './lock.ts'
import type { Base, OnTable, Subject } from './subject.ts'

export interface CreateTable extends Base {
  readonly kind: 'create-table'
  readonly name: string
  readonly columns: readonly Column[]
  readonly constraints: readonly Constraint[]
  readonly ifNotExists: boolean
  /** True when IF NOT EXISTS found a relation of that name and nothing happened. */
  readonly skipped: boolean
  readonly partitionOf: Subject | null
}

export interface AddColumn extends OnTable {
  readonly kind: 'add-column'
  readonly column: Column
  /** The type as written, for messages: `varchar(10)`, `serial`. */
  readonly typeText: string
  readonly serial: boolean
  readonly ifNotExists: boolean
  readonly skipped: boolean
  readonly default: { readonly expression: Node; readonly text: string; readonly volatility: Volatility } | null
  /** The column's type is a domain with NOT NULL or CHECK. */
  readonly constrainedDomain: boolean | 'unknown'
}

export interface AddConstraint extends OnTable {
  readonly kind: 'add-constraint'
  readonly type: ConstraintKind
  readonly constraint: Constraint
  /** Null when PostgreSQL chooses the name (`constraint.name` then holds what it chooses). */
  readonly name: string | null
  readonly notValid: boolean
  /** It is written as part of ADD COLUMN. */
  readonly inline: boolean
  readonly usingIndex: string | null
  /** The other table of a foreign key. */
  readonly references: Subject | null
}

export interface ValidateConstraint extends OnTable {
  readonly kind: 'validate-constraint'
  readonly name: string
  readonly constraint: Constraint | null
  /** The NOT VALID constraint was added in this same transaction (or statement), so its strong lock is still held. */
  readonly addedInSameTransaction: boolean
}

export interface DropConstraint extends OnTable {
  readonly kind: 'drop-constraint'
  readonly name: string
  readonly constraint: Constraint | null
  /** Its kind; null: neither the migrations nor the call of a tool state it. */
  readonly constraintKind: Constraint['kind'] | null
  readonly ifExists: boolean
  readonly cascade: boolean
  /** The objects that only CASCADE also drops, for people: `constraint "orders_user_id_fkey" of table "orders"`. */
  readonly dependents: readonly string[]
}

export interface AlterColumnType extends OnTable {
  readonly kind: 'alter-column-type'
  readonly column: string
  /** Null when the migrations do not say. */
  readonly from: ColumnType | null
  readonly to: ColumnType
  readonly toText: string
  readonly using: Node | null
  readonly collate: boolean
  /** The cost of the change of type: see type-change.ts. `unknown` if the old type is not known. */
  readonly cost: 'none' | 'recheck' | 'index-rebuild' | 'rewrite' | 'unknown'
  /** The column's present type is not known, but the table is rewritten unless it has the new type already. */
  readonly onlyItself: boolean
  /** Indexes that are built again although the table is not rewritten. */
  readonly rebuiltIndexes: readonly string[]
  /** CHECK constraints that are checked again. */
  readonly recheckedConstraints: readonly string[]
  /** True when some values may not fit the new type. */
  readonly narrowing: boolean | 'unknown'
}

export interface SetNotNull extends OnTable {
  readonly kind: 'set-not-null'
  readonly column: string
}

/** Sub-commands of ALTER TABLE that change one column and need no fact but its name. */
export interface AlterColumn extends OnTable {
  readonly kind:
    | 'drop-not-null'
    | 'set-default'
    | 'drop-default'
    | 'add-identity'
    | 'set-identity'
    | 'drop-identity'
    | 'set-expression'
    | 'drop-expression'
    | 'set-statistics'
    | 'set-storage'
    | 'set-compression'
    | 'set-column-options'
  readonly column: string
}

export interface DropColumn extends OnTable {
  readonly kind: 'drop-column'
  readonly column: string
  readonly known: Column | null
  readonly ifExists: boolean
  readonly cascade: boolean
  /** Indexes and constraints that are dropped with it. */
  readonly dropsIndexes: readonly string[]
  readonly dropsConstraints: readonly string[]
  /** The objects that only CASCADE also drops, for people: `view "active_users"`. */
  readonly dependents: readonly string[]
}

export interface AttachPartition extends OnTable {
  readonly kind: 'attach-partition'
  readonly partition: Subject
  /** The DEFAULT partition of the table, if there is one. */
  readonly defaultPartition: Subject | null
  /** A valid CHECK proves the bound, so the partition is not read. */
  readonly proven: boolean
  readonly missingIndexes: readonly string[]
}

export interface DetachPartition extends OnTable {
  readonly kind: 'detach-partition'
  readonly partition: Subject
  readonly concurrently: boolean
  readonly finalize: boolean
  readonly defaultPartition: Subject | null
}

export interface Truncate extends OnTable {
  readonly kind: 'truncate'
  readonly cascade: boolean
  /** Tables that CASCADE reaches. */
  readonly cascadesTo: readonly Subject[]
}

export interface LockTable extends OnTable {
  readonly kind: 'lock-table'
  readonly mode: LockMode
  readonly nowait: boolean
}

/** INSERT, UPDATE, DELETE, MERGE and COPY … FROM on a table. */
export interface Write extends OnTable {
  readonly kind: 'insert' | 'update' | 'delete' | 'merge' | 'copy-from'
  /** There is no WHERE, or it is always true. */
  readonly everyRow: boolean
  /** INSERT … VALUES, or a WHERE that names a unique key: touches a number of rows that does not grow with the table. */
  readonly fewRows: boolean
  /** Of UPDATE: the columns that may get other values. */
  readonly changes?: readonly string[]
}
