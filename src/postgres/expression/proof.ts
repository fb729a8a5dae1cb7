import type { Node } from '@pgsql/types'
import type { Backend } from '../backend.ts'
import type { Constraint, Table } from '../catalog/catalog.ts'
import type { PartitionBound } from '../catalog/partitioning.ts'
import { contradict, implies } from './implication.ts'
import { boundPredicate } from './partition-constraint.ts'
import { and, not, type Predicate, predicateOf } from './predicate.ts'

/** The valid constraint that proves that a column has no NULL: NOT NULL itself or a CHECK that says so. Null: there is none. */
export function provesNotNull(constraints: readonly Constraint[], column: string): Constraint | null {
  const proves = ({ valid, enforced, kind, columns, expression }: Constraint): boolean => {
    if (!valid || !enforced) return false
    if (kind === 'not null') return columns.includes(column)
    return kind === 'check' && expression !== null && deniesNull(expression, column)
  }
  return constraints.find(proves) ?? null
}

/** A constraint that a migration validates although none creates it: it may say anything about the rows. Null: there is none. */
export function unseenConstraint(constraints: readonly Constraint[]): Constraint | null {
  return constraints.find(({ kind, valid, expression }) => kind === 'check' && valid && expression === null) ?? null
}

/** `column IS NOT NULL`, alone or as one of several conditions that all hold (NotNullImpliedByRelConstraints, tablecmds.c). */
function deniesNull(expression: Node, column: string): boolean {
  if ('BoolExpr' in expression) {
    const { boolop, args = [] } = expression.BoolExpr
    if (boolop === 'AND_EXPR') return args.some(arg => deniesNull(arg, column))
    return boolop === 'NOT_EXPR' && args[0] !== undefined && isNullTest(args[0], column, 'IS_NULL')
  }
  return isNullTest(expression, column, 'IS_NOT_NULL')
}

function isNullTest(expression: Node, column: string, type: 'IS_NULL' | 'IS_NOT_NULL'): boolean {
  if (!('NullTest' in expression) || expression.NullTest.nulltesttype !== type) return false
  const arg = expression.NullTest.arg
  const last = arg && 'ColumnRef' in arg ? arg.ColumnRef.fields?.at(-1) : undefined
  return last !== undefined && 'String' in last && last.String.sval === column
}

/**
 * True if the known facts about a table's rows (valid CHECK constraints, NOT NULL) imply the bound it will get in
 * `parent`, so that ATTACH PARTITION need not read it. As PartConstraintImpliedByRelConstraint (tablecmds.c).
 */
export function impliesBound(backend: Backend, table: Table, parent: Table, bound: PartitionBound): boolean {
  const predicate = boundPredicate(backend, parent, bound)
  if (!predicate || !implies(knownOf(backend, table), predicate, true)) return false
  // A partition of a partition must be within the bounds of both.
  const above = parent.partitionOf === null ? undefined : backend.getTable(parent.partitionOf)
  return !above || !parent.bound || impliesBound(backend, table, above, parent.bound)
}

/** True if the CHECK constraints of the DEFAULT partition prove that none of its rows belongs to a new bound. */
export function excludesBound(
  backend: Backend,
  defaultPartition: Table,
  parent: Table,
  bound: PartitionBound,
): boolean {
  const predicate = boundPredicate(backend, parent, bound)
  return predicate !== null && implies(knownOf(backend, defaultPartition), not(predicate), true)
}

function knownOf(backend: Backend, table: Table): Predicate {
  const checks = table.constraints.flatMap(({ kind, valid, enforced, expression }) =>
    kind === 'check' && valid && enforced && expression ? [predicateOf(backend, table, expression)] : [],
  )
  const notNull = table.columns
    .filter(column => column.notNull && !isUnproven(table.constraints, column.name))
    .map(({ name }): Predicate => ({ kind: 'null', key: name, isNull: false }))
  return and([...notNull, ...checks].flatMap(part => (part.kind === 'and' ? part.parts : [part])))
}

/** NOT NULL that was added as NOT VALID (PostgreSQL 18) says nothing about earlier rows. */
function isUnproven(constraints: readonly Constraint[], column: string): boolean {
  return constraints.some(({ kind, valid, columns }) => kind === 'not null' && !valid && columns.includes(column))
}

/**
 * The direct partitions that remain after a condition is applied, when constants decide (partprune.c). Every partition
 * that could hold a matching row is in the list; some others may be.
 */
export function prunedPartitions(backend: Backend, parent: Table, where: Node | undefined): Table[] {
  const all = parent.children.flatMap(oid => backend.getTable(oid) ?? [])
  if (!where) return all
  const condition = predicateOf(backend, parent, where)
  const bounds = all.map(({ bound }) =>
    bound && bound.kind !== 'default' ? boundPredicate(backend, parent, bound) : null,
  )
  const arms = condition.kind === 'or' ? condition.parts : [condition]
  const isTaken = arms.every(arm => bounds.some(bound => bound !== null && implies(arm, bound, false)))
  return all.filter((partition, i) => {
    if (partition.bound?.kind === 'default') return !isTaken
    const bound = bounds[i]
    return !bound || !contradict(condition, bound)
  })
}
