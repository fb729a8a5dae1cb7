import type { Node } from '@pgsql/types'
import { strings } from '../catalog/name.ts'
import { isTable, systemColumns } from '../catalog/relation.ts'
import type { Level, Source } from './level.ts'

/** The columns that SET names, and those of them that get something other than NULL or their present value. */
export interface Changed {
  readonly all: ReadonlySet<string>
  readonly toValues: ReadonlySet<string>
}

export function changedColumns(targets: readonly Node[]): Changed {
  const all = new Set<string>()
  const toValues = new Set<string>()
  for (const target of targets) {
    if (!('ResTarget' in target)) continue
    const { name = '', val } = target.ResTarget
    // A foreign key is not checked when its columns keep their values (RI_FKey_fk_upd_check_required).
    const same = val && 'ColumnRef' in val && strings(val.ColumnRef.fields).at(-1) === name
    const isNull = val && 'A_Const' in val && val.A_Const.isnull
    if (!same) all.add(name)
    if (!same && !isNull) toValues.add(name)
  }
  return { all, toValues }
}

/**
 * Fails if SET of UPDATE, MERGE or ON CONFLICT names a column that does not exist (42703), a column twice (42601), or a column that
 * PostgreSQL computes itself (428C9). Source: transformUpdateTargetList, process_matched_tle in rewriteHandler.c.
 */
export function checkAssignments(level: Level, source: Source, targets: readonly Node[]): void {
  const { backend } = level.context
  const { relation } = source
  if (!relation || !isTable(relation)) return
  const twice = assignedTwice(targets)
  for (const target of targets) {
    if (!('ResTarget' in target)) continue
    const { name = '', val } = target.ResTarget
    if (systemColumns.has(name)) continue
    const column = backend.existingColumn(relation, name)
    if (twice === name) backend.fail('42601', `multiple assignments to same column "${name}"`)
    const byDefault = val !== undefined && 'SetToDefault' in val
    if (column?.generated && !byDefault) {
      const sqlstate = !backend.since(14) ? '42601' : '428C9'
      backend.fail(sqlstate, `column "${name}" can only be updated to DEFAULT`)
    }
    if (column?.identity === 'always' && !byDefault)
      backend.fail('428C9', `column "${name}" can only be updated to DEFAULT`)
    level.context.uses.push({ relation: relation.oid, column: name })
  }
}

/**
 * The first column that is given twice. Its fields and elements may be (`SET a.x = 1, a.y = 2`), but not beside the
 * whole column.
 */
export function assignedTwice(targets: readonly Node[]): string | undefined {
  const seen = new Map<string, 'whole' | 'part'>()
  for (const target of targets) {
    if (!('ResTarget' in target)) continue
    const { name = '', indirection } = target.ResTarget
    const as = indirection ? 'part' : 'whole'
    const before = seen.get(name)
    if (before !== undefined && (before === 'whole' || as === 'whole')) return name
    seen.set(name, as)
  }
  return undefined
}
