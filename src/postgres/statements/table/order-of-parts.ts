import type { AlterTableCmd, Constraint } from '@pgsql/types'
import { isPlaceholder } from '../../../parse/placeholder.ts'
import type { Backend } from '../../backend.ts'
import type { Table } from '../../catalog/catalog.ts'
import { strings } from '../../catalog/name.ts'
import { columnsOf } from '../../expression/expression.ts'

type Subtypes = ReadonlySet<string | undefined>

/** Sub-commands that change a column before the pass in which ADD COLUMN runs. */
const early: Subtypes = new Set([
  'AT_AlterColumnType',
  'AT_ColumnDefault',
  'AT_DropExpression',
  'AT_DropIdentity',
  'AT_DropNotNull',
])

/** Sub-commands that name a column of the table, which has to be there. */
const ofColumns: Subtypes = new Set([
  ...early,
  'AT_AddIdentity',
  'AT_AlterColumnGenericOptions',
  'AT_DropColumn',
  'AT_ResetOptions',
  'AT_SetCompression',
  'AT_SetExpression',
  'AT_SetIdentity',
  'AT_SetNotNull',
  'AT_SetOptions',
  'AT_SetStatistics',
  'AT_SetStorage',
])

/**
 * Fails if the sub-command at that place is about a column (42703) or constraint (42704) that an earlier one of the same statement
 * drops, or that a later one adds, although the table is not known: if the column was there, ADD COLUMN would fail. `ordered` are all
 * sub-commands as they run.
 */
export function requireThere(backend: Backend, table: Table, ordered: readonly AlterTableCmd[], at: number): void {
  const cmd = ordered[at]
  if (!cmd || table.complete) return
  const [earlier, later] = [ordered.slice(0, at), ordered.slice(at + 1)]
  const columns = columnsNamed(cmd).filter(name => !isPlaceholder(name))
  const column = columns.find(name => isGone(earlier, name) || (isEarly(cmd) && isYetToCome(later, name)))
  if (column !== undefined) backend.fail('42703', `column "${column}" of relation "${table.name}" does not exist`)
  const constraint = constraintNamed(cmd)
  if (constraint !== undefined && !isPlaceholder(constraint) && isConstraintGone(earlier, constraint)) {
    backend.fail('42704', `constraint "${constraint}" of relation "${table.name}" does not exist`)
  }
}

function isEarly({ subtype, def }: AlterTableCmd): boolean {
  return early.has(subtype) && !(subtype === 'AT_ColumnDefault' && def)
}

function columnsNamed(cmd: AlterTableCmd): string[] {
  const { subtype, name, missing_ok: isOptional } = cmd
  if (subtype === 'AT_DropColumn' && isOptional) return []
  if (ofColumns.has(subtype)) return name ? [name] : []
  const { keys, fk_attrs, raw_expr } = added(cmd) ?? {}
  return [...strings(keys), ...strings(fk_attrs), ...(raw_expr ? columnsOf(raw_expr) : [])]
}

function isGone(earlier: readonly AlterTableCmd[], name: string): boolean {
  const last = earlier.findLast(other => drops(other, name) || adds(other, name))
  return last !== undefined && drops(last, name)
}

function isYetToCome(later: readonly AlterTableCmd[], name: string): boolean {
  const next = later.find(other => drops(other, name) || adds(other, name))
  return next !== undefined && adds(next, name) && !next.missing_ok
}

function drops({ subtype, name }: AlterTableCmd, column: string): boolean {
  return subtype === 'AT_DropColumn' && name === column
}

function adds({ subtype, def }: AlterTableCmd, name: string): boolean {
  return subtype === 'AT_AddColumn' && def !== undefined && 'ColumnDef' in def && def.ColumnDef.colname === name
}

/** The constraint of the table that a sub-command needs. */
function constraintNamed({ subtype, name, def, missing_ok: isOptional }: AlterTableCmd): string | undefined {
  if (subtype === 'AT_AlterConstraint') {
    return def && 'ATAlterConstraint' in def ? (def.ATAlterConstraint as { conname?: string }).conname : undefined
  }
  return subtype === 'AT_ValidateConstraint' || (subtype === 'AT_DropConstraint' && !isOptional) ? name : undefined
}

function isConstraintGone(earlier: readonly AlterTableCmd[], name: string): boolean {
  const last = earlier.findLast(other => dropsConstraint(other, name) || mayMake(other, name))
  return last !== undefined && dropsConstraint(last, name)
}

function dropsConstraint({ subtype, name }: AlterTableCmd, constraint: string): boolean {
  return subtype === 'AT_DropConstraint' && name === constraint
}

/** PostgreSQL names a constraint that has no name, and may choose one that has become free. */
function mayMake(cmd: AlterTableCmd, name: string): boolean {
  if (cmd.subtype === 'AT_AddColumn' || cmd.subtype === 'AT_SetNotNull') return true
  const constraint = added(cmd)
  return constraint !== undefined && (!constraint.conname || constraint.conname === name)
}

function added({ subtype, def }: AlterTableCmd): Constraint | undefined {
  return subtype === 'AT_AddConstraint' && def && 'Constraint' in def ? def.Constraint : undefined
}
