import type { AlterTableCmd } from '@pgsql/types'
import type { Backend } from '../../backend.ts'
import type { Table } from '../../catalog/catalog.ts'

/** Sub-commands that change a column before the pass in which ADD COLUMN runs. */
const early: ReadonlySet<string | undefined> = new Set([
  'AT_AlterColumnType',
  'AT_ColumnDefault',
  'AT_DropExpression',
  'AT_DropIdentity',
  'AT_DropNotNull',
])

/**
 * Fails (42703) if the sub-command at that place changes a column that the same statement adds after it, or dropped before
 * it, although the columns of the table are not known: if the column was there, ADD COLUMN would fail. `ordered` are all
 * sub-commands as they run.
 */
export function requireThere(backend: Backend, table: Table, ordered: readonly AlterTableCmd[], at: number): void {
  const cmd = ordered[at]
  const { name, subtype } = cmd ?? {}
  if (!cmd || !name || table.complete || !early.has(subtype) || (subtype === 'AT_ColumnDefault' && cmd.def)) return
  const drops = (other: AlterTableCmd) => other.subtype === 'AT_DropColumn' && other.name === name
  const next = ordered.slice(at + 1).find(other => drops(other) || adds(other, name))
  const isGone = ordered.slice(0, at).some(drops)
  if (!isGone && (!next || drops(next) || next.missing_ok)) return
  backend.fail('42703', `column "${name}" of relation "${table.name}" does not exist`)
}

function adds({ subtype, def }: AlterTableCmd, name: string): boolean {
  return subtype === 'AT_AddColumn' && def !== undefined && 'ColumnDef' in def && def.ColumnDef.colname === name
}
