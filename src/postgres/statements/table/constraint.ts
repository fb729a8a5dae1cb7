import type { Constraint as ConstraintNode, Node } from '@pgsql/types'
import type { Backend } from '../../backend.ts'
import type { Table } from '../../catalog/catalog.ts'
import { strings } from '../../catalog/name.ts'
import { columnsOf } from '../../expression/expression.ts'
import { provesNotNull } from '../../expression/proof.ts'
import { chooseConstraintName } from '../automatic-name.ts'
import { checkCalls } from '../column-expression.ts'
import { useOfNewEnumValue } from '../enum.ts'
import { scan } from '../rewrite.ts'
import type { ConstraintPlace } from './constraint-parts.ts'
import {
  constraintOf,
  keepConstraint,
  requireFreeName,
  setNotNullFlag,
  startAddConstraint,
} from './constraint-parts.ts'
import { addForeignKey } from './foreign-key.ts'
import { addIndexConstraint, addUsingIndex } from './index-constraint.ts'

/** Adds a constraint of any kind. Source: ATExecAddConstraint in tablecmds.c, transformIndexConstraint in parse_utilcmd.c. */
export function addConstraint(backend: Backend, table: Table, node: ConstraintNode, place: ConstraintPlace): void {
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

function addCheck(backend: Backend, table: Table, node: ConstraintNode, place: ConstraintPlace): void {
  const expression = node.raw_expr as Node
  const columns = [...new Set(columnsOf(expression))]
  const single = place.column ?? (columns.length === 1 ? (columns[0] ?? null) : null)
  const name = node.conname || chooseConstraintName(table, single, 'check')
  const constraint = constraintOf(backend, node, { name, columns, expression })
  startAddConstraint(backend, table, node, place, { constraint })
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
  // Since 18 children are visited (and locked) even when the constraint stays with the parent.
  if (constraint.noInherit && !place.creating && !place.only) {
    const children = backend.withDescendants(table).slice(1)
    if (children.length > 0 && backend.since(18))
      for (const each of children) backend.lock(each, 'AccessExclusiveLock', 'its parent gets a constraint')
  }
  for (const each of below) {
    const inherited = each.oid !== table.oid
    if (inherited) lockHeir(backend, each)
    const merged = inherited && backend.constraint(each, name)
    if (merged) continue
    keepConstraint(backend, each, { ...constraint, inherited })
    if (constraint.valid && constraint.enforced && !place.creating) scan(backend, each, 'every row is checked')
  }
}

function lockHeir(backend: Backend, heir: Table): void {
  backend.lock(heir, 'AccessExclusiveLock', 'the constraint is added to every partition and child')
}

/** ADD CONSTRAINT … NOT NULL (PostgreSQL 18). */
function addNotNull(backend: Backend, table: Table, node: ConstraintNode, place: ConstraintPlace): void {
  const column = strings(node.keys)[0] ?? place.column ?? ''
  const name = node.conname || chooseConstraintName(table, column, 'not_null')
  const constraint = constraintOf(backend, node, { name, columns: [column] })
  startAddConstraint(backend, table, node, place, { constraint })
  const known = backend.existingColumn(table, column)
  for (const each of constraint.noInherit ? [table] : backend.withDescendants(table)) {
    const inherited = each.oid !== table.oid
    if (inherited) lockHeir(backend, each)
    const existing = each.constraints.find(other => other.kind === 'not null' && other.columns[0] === column)
    if (existing && !inherited && node.conname && existing.name !== name) {
      // A new table has what its parent has, under the name that is written for it.
      if (place.creating && existing.inherited) {
        const constraints = each.constraints.map(other => (other === existing ? { ...other, name } : other))
        backend.change<Table>(each.oid, { constraints })
        continue
      }
      backend.fail(
        place.creating ? '42601' : '55000',
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
