import type { Node } from '@pgsql/types'
import type { Span } from '../parse/span.ts'
import type {
  Column,
  ColumnType,
  Constraint,
  ConstraintKind,
  Index,
  Oid,
  RelationKind,
  Volatility,
} from './catalog/catalog.ts'
import type { Effect } from './effect.ts'
import type { LockMode } from './lock.ts'

/** A relation as part of an operation: a view of the catalog at the moment the operation starts. */
export interface Subject {
  readonly oid: Oid
  /** As the catalog knows it: schema-qualified unless in `public`. */
  readonly name: string
  readonly kind: RelationKind
  /** See Effect.exposed. */
  readonly exposed: boolean
  /** False when the migrations do not contain its creation. */
  readonly complete: boolean
  /** Something that was not read, or may not have run, may have changed it, and may depend on it. */
  readonly doubtful: boolean
  readonly isPartition: boolean
}

interface Base {
  /** The clause that does it: for a statement with one operation the whole statement, else the sub-command or constraint. */
  readonly span: Span
  /** Where a caret points: the clause's leading words, for instance over `ADD COLUMN` or `SET NOT NULL`. */
  readonly keyword: Span
  /** The effects of this operation, one entry per relation. */
  readonly effects: readonly Effect[]
}

interface OnTable extends Base {
  readonly table: Subject
}

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

export interface CreateIndex extends OnTable {
  readonly kind: 'create-index'
  /** Null when PostgreSQL chooses the name. */
  readonly name: string | null
  readonly index: Index
  readonly concurrently: boolean
  readonly only: boolean
  readonly ifNotExists: boolean
  readonly skipped: boolean
  /** A hypertable of TimescaleDB, whose chunks are locked one by one. */
  readonly perChunk: boolean
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
  readonly ifExists: boolean
  readonly cascade: boolean
  /** The objects that only CASCADE also drops, for people: `constraint "orders_user_id_fkey" of table "orders"`. */
  readonly dependents: readonly string[]
}

export interface AlterColumnType extends OnTable {
  readonly kind: 'alter-column-type'
  readonly column: string
  /** Null when the migrations do not tell. */
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

export interface Rename extends Base {
  readonly kind:
    | 'rename-table'
    | 'rename-column'
    | 'rename-constraint'
    | 'rename-index'
    | 'rename-view'
    | 'rename-sequence'
    | 'rename-schema'
    | 'rename-type'
    | 'rename-enum-value'
    | 'rename-attribute'
    | 'rename-routine'
    | 'rename-trigger'
    | 'rename-other'
  /** The relation, or the relation that the column, constraint, trigger… belongs to. */
  readonly subject: Subject | null
  readonly from: string
  readonly to: string
  /** The object (type, schema, routine) was created in this migration, or its relation is not exposed. */
  readonly isNew: boolean
  /** The enum that a renamed value belongs to: schema-qualified unless in `public`. */
  readonly type?: string
}

/** Other sub-commands of ALTER TABLE, INDEX, VIEW, SEQUENCE…, distinguished by `command`. */
export interface AlterRelation extends Base {
  readonly kind:
    | 'set-schema'
    | 'set-tablespace'
    | 'set-logged'
    | 'set-unlogged'
    | 'set-access-method'
    | 'set-options'
    | 'change-owner'
    | 'replica-identity'
    | 'cluster-on'
    | 'row-security'
    | 'enable-trigger'
    | 'disable-trigger'
    | 'alter-rule'
    | 'alter-constraint'
    | 'inherit'
    | 'no-inherit'
    | 'of-type'
    | 'alter-sequence'
    | 'alter-view'
    | 'alter-index'
  readonly subject: Subject
  /** The name or value that is set; for triggers their name, `ALL` or `USER`. */
  readonly detail: string | null
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

export interface AttachIndexPartition extends Base {
  readonly kind: 'attach-index-partition'
  readonly subject: Subject
}

export interface Drop extends Base {
  readonly kind:
    | 'drop-table'
    | 'drop-view'
    | 'drop-materialized-view'
    | 'drop-sequence'
    | 'drop-schema'
    | 'drop-type'
    | 'drop-domain'
    | 'drop-routine'
    | 'drop-trigger'
    | 'drop-policy'
    | 'drop-rule'
    | 'drop-extension'
    | 'drop-database'
    | 'drop-tablespace'
    | 'drop-role'
    | 'drop-publication'
    | 'drop-statistics'
    | 'drop-other'
  /** As written: `app.users`; for triggers, policies and rules the name of the thing, with its table in `subject`. */
  readonly name: string
  readonly subject: Subject | null
  readonly ifExists: boolean
  readonly cascade: boolean
  /** It was created in this migration, is temporary, or is known to be absent. */
  readonly isNew: boolean
  /** The objects that CASCADE also drops, for people: `view "active_users"`. */
  readonly dependents: readonly string[]
}

export interface DropIndex extends Base {
  readonly kind: 'drop-index'
  readonly name: string
  /** Null when the index is not known. */
  readonly index: Subject | null
  readonly table: Subject | null
  readonly concurrently: boolean
  readonly ifExists: boolean
  readonly cascade: boolean
  readonly ownedBy: string | null
  readonly severalNames: boolean
}

export interface Truncate extends OnTable {
  readonly kind: 'truncate'
  readonly cascade: boolean
  /** Tables that CASCADE reaches. */
  readonly cascadesTo: readonly Subject[]
}

export interface Reindex extends Base {
  readonly kind: 'reindex'
  readonly target: 'index' | 'table' | 'schema' | 'system' | 'database'
  readonly name: string | null
  readonly subject: Subject | null
  readonly table: Subject | null
  readonly concurrently: boolean
  readonly isExclusion: boolean
}

export interface Maintenance extends Base {
  readonly kind: 'vacuum' | 'vacuum-full' | 'cluster' | 'analyze'
  /** Empty: the whole database. */
  readonly tables: readonly Subject[]
}

export interface Refresh extends Base {
  readonly kind: 'refresh-materialized-view'
  readonly view: Subject
  readonly concurrently: boolean
  readonly withData: boolean
  /** The view has a unique index without predicate or expression, as CONCURRENTLY requires. */
  readonly hasUniqueIndex: boolean | 'unknown'
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

export interface CreateObject extends Base {
  readonly kind:
    | 'create-view'
    | 'create-materialized-view'
    | 'create-sequence'
    | 'create-trigger'
    | 'create-policy'
    | 'create-rule'
    | 'create-routine'
    | 'create-type'
    | 'create-enum'
    | 'create-domain'
    | 'create-schema'
    | 'create-extension'
    | 'create-publication'
    | 'create-statistics'
    | 'create-other'
  readonly name: string
  /** The table of a trigger, policy, rule… */
  readonly subject: Subject | null
  readonly replace: boolean
  readonly ifNotExists: boolean
}

export interface AddEnumValue extends Base {
  readonly kind: 'add-enum-value'
  readonly type: string
  readonly value: string
  readonly isNew: boolean
}

/** A label that was added in this transaction is used: PostgreSQL refuses (SQLSTATE 55P04). */
export interface UseEnumValue extends Base {
  readonly kind: 'use-new-enum-value'
  readonly type: string
  readonly value: string
}

export interface AlterDomain extends Base {
  readonly kind:
    | 'domain-add-constraint'
    | 'domain-validate-constraint'
    | 'domain-drop-constraint'
    | 'domain-set-not-null'
    | 'domain-other'
  readonly domain: string
  /** A migration creates it, so the tables that have columns of it are known, too. */
  readonly known: boolean
  readonly notValid: boolean
}

export interface Setting extends Base {
  readonly kind: 'set' | 'reset'
  /** Lower case; `all` for RESET ALL and DISCARD ALL. */
  readonly name: string
  /** As written, or null for DEFAULT and RESET. */
  readonly value: string | null
  readonly local: boolean
}

export interface TransactionControl extends Base {
  readonly kind: 'begin' | 'commit' | 'rollback' | 'savepoint' | 'release' | 'rollback-to'
  /** The state before: inside a transaction BEGIN does nothing, and outside one COMMIT does nothing. */
  readonly inTransaction: boolean | 'unknown'
  /** Who opened the transaction that this ends or nests in. */
  readonly openedBy: 'explicit' | 'runner' | 'implicit' | null
}

/** SELECT and all other statements that only read, or that concern no rule. */
export interface Other extends Base {
  readonly kind: 'select' | 'call' | 'do' | 'grant' | 'comment' | 'alter-type' | 'alter-other' | 'other'
  /** Of ALTER TYPE … ALTER ATTRIBUTE … CASCADE: the composite type whose typed tables are written again. */
  readonly typedTablesOf?: Subject
}

export type Operation =
  | CreateTable
  | CreateIndex
  | AddColumn
  | AddConstraint
  | ValidateConstraint
  | DropConstraint
  | AlterColumnType
  | SetNotNull
  | AlterColumn
  | DropColumn
  | Rename
  | AlterRelation
  | AttachPartition
  | DetachPartition
  | AttachIndexPartition
  | Drop
  | DropIndex
  | Truncate
  | Reindex
  | Maintenance
  | Refresh
  | LockTable
  | Write
  | CreateObject
  | AddEnumValue
  | UseEnumValue
  | AlterDomain
  | Setting
  | TransactionControl
  | Other

export type OperationKind = Operation['kind']

/** The operation type(s) of a kind, or of several. */
export type OperationOf<K extends OperationKind> = K extends OperationKind ? Having<Operation, K> : never

type Having<O extends Operation, K extends OperationKind> = O extends Operation
  ? K extends O['kind']
    ? O & { readonly kind: K }
    : never
  : never
