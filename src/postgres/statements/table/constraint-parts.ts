import type { Constraint as ConstraintNode } from '@pgsql/types'
import type { Span } from '../../../parse/span.ts'
import type { Backend } from '../../backend.ts'
import { appended } from '../../catalog/appended.ts'
import type { Constraint, Table } from '../../catalog/catalog.ts'
import { changedColumns } from '../../catalog/relation.ts'

/** Where a constraint is written. */
export interface ConstraintPlace {
  readonly span: Span
  readonly keyword: Span
  /** Written beside a column: that column. */
  readonly column: string | null
  /** The same command adds the column, without a default: all its values are null, so no row can violate the constraint. */
  readonly allNull: boolean
  /** It is part of CREATE TABLE: the table has no rows. */
  readonly creating: boolean
  /** ALTER TABLE ONLY. */
  readonly only: boolean
}

const kinds = {
  CONSTR_CHECK: 'check',
  CONSTR_NOTNULL: 'not null',
  CONSTR_UNIQUE: 'unique',
  CONSTR_PRIMARY: 'primary key',
  CONSTR_FOREIGN: 'foreign key',
  CONSTR_EXCLUSION: 'exclusion',
} as const

/** The facts that all kinds share. */
export function constraintOf(
  backend: Backend,
  node: ConstraintNode,
  facts: Partial<Constraint> & { name: string },
): Constraint {
  // Only CHECK and foreign keys can be NOT ENFORCED; the tree leaves the flag out where it is false.
  const enforced =
    node.contype === 'CONSTR_CHECK' || node.contype === 'CONSTR_FOREIGN' ? node.is_enforced === true : true
  return {
    kind: kinds[node.contype as keyof typeof kinds],
    valid: enforced && !(node.skip_validation ?? false),
    enforced,
    deferrable: node.deferrable ?? false,
    initiallyDeferred: node.initdeferred ?? false,
    columns: [],
    expression: null,
    index: null,
    references: null,
    noInherit: node.is_no_inherit ?? false,
    inherited: false,
    createdIn: backend.migration,
    ...facts,
  }
}

/** PostgreSQL 18 stores NOT NULL as this constraint. */
export function notNullConstraint(backend: Backend, name: string, column: string, inherited: boolean): Constraint {
  return constraintOf(backend, { contype: 'CONSTR_NOTNULL' }, { name, columns: [column], inherited })
}

/** Names the operation of ALTER TABLE … ADD. Constraints of CREATE TABLE belong to the operation `create-table`. */
export function startAddConstraint(
  backend: Backend,
  table: Table,
  node: ConstraintNode,
  place: ConstraintPlace,
  facts: { constraint: Constraint; references?: Table | null },
): void {
  if (place.creating) return
  backend.operation({
    kind: 'add-constraint',
    span: place.span,
    keyword: place.keyword,
    table: backend.subject(table),
    type: facts.constraint.kind,
    constraint: facts.constraint,
    name: node.conname || null,
    notValid: node.skip_validation ?? false,
    inline: place.column !== null,
    usingIndex: node.indexname || null,
    references: facts.references ? backend.subject(facts.references) : null,
  })
}

export function keepConstraint(backend: Backend, table: Table, constraint: Constraint): void {
  const now = backend.getTable(table.oid) ?? table
  backend.change<Table>(table.oid, { constraints: appended(now.constraints, constraint) })
}

export function requireFreeName(backend: Backend, table: Table, name: string): void {
  if (backend.constraint(table, name)) {
    backend.fail('42710', `constraint "${name}" for relation "${table.name}" already exists`)
  }
}

const isNotNull = { notNull: true }

/** Marks a column NOT NULL in the catalog. */
export function setNotNullFlag(backend: Backend, table: Table, column: string): void {
  const now = backend.getTable(table.oid) ?? table
  backend.change<Table>(table.oid, {
    columns: changedColumns(now.columns, column, isNotNull),
  })
}
