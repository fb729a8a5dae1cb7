import type { Constraint, Index, Relation, RelationKind, Sequence, Table, View } from './catalog.ts'
import { type Column, isUnknownType } from './column.ts'
import { KeyedList } from './keyed-list.ts'
import { SharedLists } from './shared-list.ts'

/** The kinds of relations, and each kind's form when nothing is known about the relation yet. */

export const systemColumns: ReadonlySet<string> = new Set(['ctid', 'xmin', 'xmax', 'cmin', 'cmax', 'tableoid'])

export function isTable(relation: Relation): relation is Table {
  return (
    relation.kind === 'table' ||
    relation.kind === 'partitioned table' ||
    relation.kind === 'foreign table' ||
    relation.kind === 'materialized view' ||
    relation.kind === 'composite type'
  )
}

export function isIndex(relation: Relation): relation is Index {
  return relation.kind === 'index' || relation.kind === 'partitioned index'
}

export function isView(relation: Relation): relation is View {
  return relation.kind === 'view'
}

export function isSequence(relation: Relation): relation is Sequence {
  return relation.kind === 'sequence'
}

/** The facts of a table about which no migration has said anything yet. */
export const blankTable = {
  persistence: 'permanent',
  owner: null,
  tablespace: null,
  columns: [],
  constraints: [],
  indexes: [],
  triggers: [],
  policies: [],
  rules: [],
  partitionOf: null,
  bound: null,
  detachPending: false,
  partitioning: null,
  children: [],
  parents: [],
  rowSecurity: false,
  replicaIdentity: 'default',
  accessMethod: null,
  ofType: null,
  options: new Map<string, string>(),
  uses: [],
  populated: true,
  filled: false,
} as const satisfies Partial<Table>

export const blankIndex = {
  persistence: 'permanent',
  owner: null,
  tablespace: null,
  method: 'btree',
  keys: [],
  included: [],
  predicate: null,
  unique: false,
  nullsNotDistinct: false,
  valid: true,
  constraint: null,
  parent: null,
  children: [],
  options: new Map<string, string>(),
  clustered: false,
} as const satisfies Partial<Index>

export type WithoutOid<R> = R extends Relation ? Omit<R, 'oid'> : never

export function unknownRelation(kind: RelationKind, schema: string, name: string): WithoutOid<Relation> {
  const base = {
    schema,
    name,
    complete: false,
    createdIn: null,
    persistence: 'permanent',
    owner: null,
    tablespace: null,
  } as const
  switch (kind) {
    case 'index':
    case 'partitioned index':
      return { ...blankIndex, ...base, kind, table: 0 }
    case 'view':
      return { ...base, kind, columns: [], uses: [], rules: [], triggers: [] }
    case 'sequence':
      return { ...base, kind, ownedBy: null, identity: false, type: 'bigint' }
    default:
      return { ...blankTable, ...base, kind }
  }
}

/**
 * True when the type of a column is known, also if it is known only from ALTER COLUMN … TYPE on a column that was not
 * created here.
 */
export function hasKnownType(column: Column | undefined): column is Column {
  return column !== undefined && (column.complete || !isUnknownType(column.type))
}

/** What statements make of the columns that tables share. */
export const columnLists = new SharedLists<Column>()

/** The columns with other facts about one of them: for tables that share them the same list, if `facts` is the same object. */
export function changedColumns(columns: readonly Column[], name: string, facts: Partial<Column>): readonly Column[] {
  const change = (each: Column) => (each.name === name ? { ...each, ...facts } : each)
  return columnLists.of(columns, facts, list => list.map(change), name)
}

/** Columns by name. */
export const columnsByName = new KeyedList<Column>(({ name }) => name)

export const constraintsByName = new KeyedList<Constraint>(({ name }) => name)

/** A valid NOT NULL constraint of a column, as PostgreSQL 18 keeps it. */
export function notNullConstraint(name: string, column: string, createdIn: number | null): Constraint {
  return {
    name,
    kind: 'not null',
    valid: true,
    enforced: true,
    deferrable: false,
    initiallyDeferred: false,
    columns: [column],
    expression: null,
    index: null,
    references: null,
    noInherit: false,
    inherited: false,
    createdIn,
  }
}

/** NOT NULL constraints by their column. */
export const notNullsByColumn = new KeyedList<Constraint>(({ kind, columns }) =>
  kind === 'not null' ? (columns[0] ?? null) : null,
)

/** Must be called when a relation is replaced by a changed copy: see KeyedList. */
export function keepIndexes(before: Relation, after: Relation): void {
  if ('columns' in before && 'columns' in after) columnsByName.replaced(before.columns, after.columns)
  if (!(isTable(before) && isTable(after))) return
  constraintsByName.replaced(before.constraints, after.constraints)
  notNullsByColumn.replaced(before.constraints, after.constraints)
}

/**
 * True for a column that a parent has, too: it is changed there. Each column of a partition is one, also of a partition whose parent no
 * migration creates.
 */
export function isInherited(table: Pick<Table, 'partitionOf' | 'complete'>, column: Column | undefined): boolean {
  if (column?.inherited) return true
  return table.partitionOf !== null && !(column?.complete ?? table.complete)
}
