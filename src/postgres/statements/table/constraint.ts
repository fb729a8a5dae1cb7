import type { Constraint as ConstraintNode, Node } from '@pgsql/types'
import type { Span } from '../../../parse/span.ts'
import type { Backend } from '../../backend.ts'
import type { Constraint, Table } from '../../catalog/catalog.ts'
import { strings } from '../../catalog/name.ts'
import { columnsOf } from '../../expression/expression.ts'
import { provesNotNull } from '../../expression/proof.ts'
import { checkCalls } from '../column-expression.ts'
import { useOfNewEnumValue } from '../enum.ts'
import { chooseConstraintName } from '../naming.ts'
import { scan } from '../rewrite.ts'
import { addForeignKey } from './foreign-key.ts'
import { addIndexConstraint, addUsingIndex } from './index-constraint.ts'

/** Where a constraint is written. */
export interface Place {
  readonly span: Span
  readonly keyword: Span
  /** Beside a column: that column. */
  readonly column: string | null
  /** The column is being added by the same command and has no default: all its values are null, no row can violate. */
  readonly allNull: boolean
  /** Part of CREATE TABLE: the table has no rows. */
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

/** Adds a constraint of any kind. Source: ATExecAddConstraint in tablecmds.c, transformIndexConstraint in parse_utilcmd.c. */
export function addConstraint(backend: Backend, table: Table, node: ConstraintNode, place: Place): void {
  switch (node.contype) {
    case 'CONSTR_CHECK':
      return addCheck(backend, table, node, place)
    case 'CONSTR_NOTNULL':
      return addNotNull(backend, table, node, place)
    case 'CONSTR_UNIQUE':
    case 'CONSTR_PRIMARY':
    case 'CONSTR_EXCLUSION':
      return node.indexname
        ? addUsingIndex(backend, table, node, place)
        : addIndexConstraint(backend, table, node, place)
    case 'CONSTR_FOREIGN':
      return addForeignKey(backend, table, node, place)
    default:
      return
  }
}

/** The facts all kinds share. */
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

/** As which PostgreSQL 18 keeps NOT NULL. */
export function notNullConstraint(backend: Backend, name: string, column: string, inherited: boolean): Constraint {
  return constraintOf(backend, { contype: 'CONSTR_NOTNULL' }, { name, columns: [column], inherited })
}

/** Names the operation of ALTER TABLE … ADD; constraints of CREATE TABLE belong to `create-table`. */
export function announce(
  backend: Backend,
  table: Table,
  node: ConstraintNode,
  place: Place,
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
  backend.change<Table>(table.oid, { constraints: [...now.constraints, constraint] })
}

export function requireFreeName(backend: Backend, table: Table, name: string): void {
  if (backend.constraint(table, name)) {
    backend.fail('42710', `constraint "${name}" for relation "${table.name}" already exists`)
  }
}

function addCheck(backend: Backend, table: Table, node: ConstraintNode, place: Place): void {
  const expression = node.raw_expr as Node
  const columns = [...new Set(columnsOf(expression))]
  const single = place.column ?? (columns.length === 1 ? (columns[0] ?? null) : null)
  const name = node.conname || chooseConstraintName(table, single, 'check')
  const constraint = constraintOf(backend, node, { name, columns, expression })
  announce(backend, table, node, place, { constraint })
  requireFreeName(backend, table, name)
  for (const column of columns) backend.existingColumn(table, column)
  useOfNewEnumValue(backend, expression)
  checkCalls(backend, expression, 'check constraints')
  if (table.kind === 'partitioned table' && constraint.noInherit) {
    backend.fail('42P16', `cannot add NO INHERIT constraint to partitioned table "${table.name}"`)
  }
  if (place.only && table.children.length > 0 && !constraint.noInherit) {
    backend.fail('42P16', 'constraint must be added to child tables too')
  }
  const below = constraint.noInherit || place.creating ? [table] : backend.withDescendants(table)
  // Since 18 children are looked at (and locked) even when the constraint stays with the parent.
  if (constraint.noInherit && backend.version >= 18 && !place.creating && !place.only) {
    for (const each of backend.withDescendants(table).slice(1))
      backend.lock(each, 'AccessExclusiveLock', 'its parent gets a constraint')
  }
  for (const each of below) {
    const inherited = each.oid !== table.oid
    if (inherited) backend.lock(each, 'AccessExclusiveLock', 'the constraint is added to every partition and child')
    const merged = inherited && backend.constraint(each, name)
    if (merged) continue
    keepConstraint(backend, each, { ...constraint, inherited })
    if (constraint.valid && constraint.enforced && !place.creating) scan(backend, each, 'every row is checked')
  }
}

/** ADD CONSTRAINT … NOT NULL (PostgreSQL 18). */
function addNotNull(backend: Backend, table: Table, node: ConstraintNode, place: Place): void {
  const column = strings(node.keys)[0] ?? place.column ?? ''
  const name = node.conname || chooseConstraintName(table, column, 'not_null')
  const constraint = constraintOf(backend, node, { name, columns: [column] })
  announce(backend, table, node, place, { constraint })
  const known = backend.existingColumn(table, column)
  for (const each of constraint.noInherit ? [table] : backend.withDescendants(table)) {
    const inherited = each.oid !== table.oid
    if (inherited) backend.lock(each, 'AccessExclusiveLock', 'the constraint is added to every partition and child')
    const existing = each.constraints.find(other => other.kind === 'not null' && other.columns[0] === column)
    if (existing && !inherited && node.conname && existing.name !== name) {
      backend.fail(
        '55000',
        `cannot create not-null constraint "${name}" on column "${column}" of table "${table.name}"`,
      )
    }
    if (existing) continue
    keepConstraint(backend, each, { ...constraint, inherited })
    if (!constraint.valid) continue
    if (!known?.notNull && !provesNotNull(each.constraints, column))
      scan(backend, each, `every row is checked for "${column}" IS NOT NULL`)
    setNotNullFlag(backend, each, column)
  }
}

/** Marks a column NOT NULL in the catalog. */
export function setNotNullFlag(backend: Backend, table: Table, column: string): void {
  const now = backend.getTable(table.oid) ?? table
  backend.change<Table>(table.oid, {
    columns: now.columns.map(each => (each.name === column ? { ...each, notNull: true } : each)),
  })
}
