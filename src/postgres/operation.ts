import type { Index } from './catalog/catalog.ts'
import type { Base, OnTable, Subject } from './subject.ts'
import type {
  AddColumn,
  AddConstraint,
  AlterColumn,
  AlterColumnType,
  AttachPartition,
  CreateTable,
  DetachPartition,
  DropColumn,
  DropConstraint,
  LockTable,
  SetNotNull,
  Truncate,
  ValidateConstraint,
  Write,
} from './table-operation.ts'

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
  /** A migration creates it, so the tables with columns of this type are known, too. */
  readonly known: boolean
  readonly notValid: boolean
}

/** DROP DEFAULT of a domain, or SET DEFAULT NULL. */
export interface DropDomainDefault extends Base {
  readonly kind: 'domain-drop-default'
  readonly domain: string
  /** A migration creates it, so the tables with columns of this type are known, too. */
  readonly known: boolean
  /** Columns without a default of their own. */
  readonly columns: readonly { readonly table: Subject; readonly column: string }[]
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
  | DropDomainDefault
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
