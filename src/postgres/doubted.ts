import type { AlterTableCmd, RangeVar } from '@pgsql/types'
import { lookUp } from '../parse/look-up.ts'
import type { Statement } from '../parse/script.ts'
import type { Moment } from './backend.ts'
import type { Catalog, Oid, Relation } from './catalog/catalog.ts'
import { isTable } from './catalog/relation.ts'
import { newName } from './optional.ts'
import type { Outcome } from './outcome.ts'

/** What is left in doubt by a statement that may have done nothing. */

export interface Command {
  readonly AlterTableCmd?: AlterTableCmd
}

/** A relation after a statement that may have done nothing. After IF NOT EXISTS, something has its name in any case. */
function known(relation: Relation, { node, conditional }: Statement): Relation {
  if (!conditional && lookUp(node, 'missing_ok') !== true)
    return relation.name === newName(node)?.relname ? { ...relation, isThere: true } : relation
  const columns = isTable(relation) && { columns: relation.columns.map(each => ({ ...each, isThere: false })) }
  return { ...relation, isThere: false, ...columns }
}

/** ALTER TABLE without IF EXISTS that does not add anything IF NOT EXISTS. */
function onlyDrops({ kind, node }: Statement): boolean {
  if (kind !== 'AlterTableStmt' || lookUp(node, 'missing_ok') === true) return false
  const commands = (lookUp(node, 'cmds') ?? []) as readonly Command[]
  return commands.every(({ AlterTableCmd: cmd }) => !cmd?.missing_ok || cmd.subtype !== 'AT_AddColumn')
}

/**
 * The columns of ALTER TABLE … ADD COLUMN IF NOT EXISTS, where nothing else is optional: of what was there before, only these may be other ones. Null: another
 * statement.
 */
function optionalColumns({ kind, node, conditional }: Statement): ReadonlySet<string> | null {
  if (kind !== 'AlterTableStmt' || conditional || lookUp(node, 'missing_ok') === true) return null
  const commands = (lookUp(node, 'cmds') ?? []) as readonly Command[]
  const names = commands.flatMap(({ AlterTableCmd: cmd }) => {
    const isOptional = cmd?.subtype === 'AT_AddColumn' && cmd.missing_ok
    return isOptional && cmd.def && 'ColumnDef' in cmd.def ? [cmd.def.ColumnDef.colname ?? ''] : []
  })
  return names.length > 0 ? new Set(names) : null
}

function targetOf({ node }: Statement): string | undefined {
  return (lookUp(node, 'relation') as RangeVar | undefined)?.relname
}

/** A table after such a statement. The constraints that it adds may belong to the columns. */
function partly(relation: Relation, before: Relation | undefined, names: ReadonlySet<string>, doubt: string): Relation {
  if (!isTable(relation)) return { doubt, ...relation }
  const old = new Set<unknown>(before && isTable(before) ? [...before.columns, ...before.constraints] : [])
  return {
    ...relation,
    columns: relation.columns.map(each => (old.has(each) || !names.has(each.name) ? each : { doubt, ...each })),
    constraints: relation.constraints.map(each => (old.has(each) ? each : { doubt, ...each })),
  }
}

export const underCondition = 'a statement under a condition did not run, or found something else'

/** The catalog after a statement that may have done nothing: everything that it made, relied on or changed is doubtful. */
export function doubted({ catalog, statement }: Moment, { after, effects }: Outcome, doubt: string): Catalog {
  const changed = effects.filter(({ oid }) => after.relations.get(oid) !== catalog.relations.get(oid))
  // After DROP, and DROP COLUMN or DROP CONSTRAINT IF EXISTS, the object is gone in any case, because it was dropped or because it never existed: no doubt is left. Nor is there one
  // about the table of an index: whether the index is this one or another, the table is the same.
  const isSettled =
    statement.kind === 'IndexStmt' ||
    (!statement.conditional && (statement.kind === 'DropStmt' || onlyDrops(statement)))
  const doubtful = new Set<Oid>(isSettled ? [] : changed.map(({ oid }) => oid))
  for (let oid = catalog.nextOid; oid < after.nextOid; oid++) doubtful.add(oid)
  let { relations, types, dropped } = after
  const optional = optionalColumns(statement)
  for (const oid of doubtful) {
    const [relation, type] = [relations.get(oid), types.get(oid)]
    // The table is there in any case, also where no other statement names it.
    const isNamed = relation?.complete === false && relation.name === targetOf(statement)
    if (relation && optional && (oid < catalog.nextOid || isNamed))
      relations = relations.set(oid, partly(relation, catalog.relations.get(oid), optional, doubt))
    else if (relation) relations = relations.set(oid, { doubt, ...known(relation, statement) })
    if (type) types = types.set(oid, { doubt, ...type })
  }
  if (statement.conditional && dropped !== catalog.dropped) {
    dropped = dropped.filter((_, key) => catalog.dropped.has(key))
  }
  return { ...after, relations, types, dropped }
}
