import type { AlterTableCmd, RangeVar } from '@pgsql/types'
import { lookUp } from '../parse/look-up.ts'
import type { Statement } from '../parse/script.ts'
import type { Moment } from './backend.ts'
import type { Relation } from './catalog/catalog.ts'
import { doubtOf, namedBy } from './catalog/doubt.ts'
import { findRelation, rangeVarName, searchPath } from './catalog/name.ts'
import { isTable } from './catalog/relation.ts'

/**
 * Why a statement may do nothing, a clause: it says IF EXISTS or IF NOT EXISTS, and it is not known whether the object
 * exists. Null: it does what it says. PostgreSQL checks this first, before anything else can be wrong with the
 * statement.
 */
export function nothingIf(moment: Moment): string | null {
  const { node } = moment.statement
  if (lookUp(node, 'if_not_exists') === true) {
    const name = newName(node)
    return name !== null && mayBeThere(moment, name) ? `"${name.relname}" was there before` : null
  }
  const relation = lookUp(node, 'relation') as RangeVar | undefined
  if (!relation)
    return lookUp(node, 'missing_ok') === true && !isAllThere(moment)
      ? 'the object that IF EXISTS names did not exist'
      : null
  if (lookUp(node, 'missing_ok') === true && mayBeMissing(moment, relation))
    return `"${relation.relname}" was not there`
  const commands = (lookUp(node, 'cmds') ?? []) as readonly { readonly AlterTableCmd?: AlterTableCmd }[]
  const optional = commands.find(({ AlterTableCmd: cmd }) => cmd?.missing_ok)?.AlterTableCmd
  if (!optional || !isOpen(moment, relation)) return null
  const { subtype, name, def } = optional
  const column = def && 'ColumnDef' in def ? def.ColumnDef.colname : name
  return subtype === 'AT_AddColumn' ? `"${column}" was there before` : `"${column}" was not there`
}

/** True when a statement says IF NOT EXISTS of what is there for certain, though its facts may be other ones: then it does nothing. */
export function isThereAlready(moment: Moment): boolean {
  const { node } = moment.statement
  const name = newName(node)
  if (name !== null) return isKnownToBe(moment, found(moment, name))
  const relation = lookUp(node, 'relation') as RangeVar | undefined
  const commands = (lookUp(node, 'cmds') ?? []) as readonly { readonly AlterTableCmd?: AlterTableCmd }[]
  const table = relation && found(moment, relation)
  if (!table || table === 'dropped' || !isTable(table) || isOlder(moment, table) || commands.length === 0) return false
  return commands.every(({ AlterTableCmd: cmd }) => {
    if (cmd?.subtype !== 'AT_AddColumn' || !cmd.missing_ok || !cmd.def || !('ColumnDef' in cmd.def)) return false
    const { colname } = cmd.def.ColumnDef
    return table.columns.some(({ name: own, isThere }) => own === colname && isThere === true)
  })
}

function isKnownToBe(moment: Moment, other: Relation | 'dropped' | undefined): boolean {
  return other !== undefined && other !== 'dropped' && other.isThere === true && !isOlder(moment, other)
}

/** True when something that was not read came after a relation. */
function isOlder({ catalog }: Moment, { oid }: Relation): boolean {
  return catalog.uncertain !== null && oid < catalog.uncertain.until
}

/** The relation that a CREATE statement with IF NOT EXISTS creates. */
export function newName(node: Statement['node']): RangeVar | null {
  if (lookUp(node, 'if_not_exists') !== true) return null
  const into = lookUp(node, 'into') as { readonly rel?: RangeVar } | undefined
  const written = (lookUp(node, 'sequence') ?? into?.rel ?? lookUp(node, 'relation')) as RangeVar | undefined
  const index = lookUp(node, 'idxname') as string | undefined
  // An index is created in the schema of its table.
  if (index !== undefined) return { ...written, relname: index }
  return written ?? null
}

function found({ catalog, settings }: Moment, relation: RangeVar) {
  return findRelation(catalog, searchPath(settings), rangeVarName(relation))
}

function mayBeThere(moment: Moment, name: RangeVar): boolean {
  const { catalog, settings } = moment
  const schema = name.schemaname || (searchPath(settings)[0] ?? 'public')
  const other = findRelation(catalog, searchPath(settings), { schema, name: name.relname ?? '' })
  if (other === 'dropped') return catalog.uncertain !== null
  return other !== undefined || (name.relpersistence !== 't' && !catalog.schemas.get(schema)?.complete)
}

/** True when the statement names relations or types, and all of them exist. */
function isAllThere({ catalog, statement, settings }: Moment): boolean {
  const { relations, types } = namedBy(catalog, statement, searchPath(settings), [])
  const all = [...relations, ...types]
  return all.length > 0 && all.every(each => each.complete && doubtOf(catalog, each) === null)
}

function mayBeMissing(moment: Moment, name: RangeVar): boolean {
  const other = found(moment, name)
  return other === undefined || other === 'dropped' || !other.complete || doubtOf(moment.catalog, other) !== null
}

/** Some of the table's columns may be unknown. */
function isOpen(moment: Moment, name: RangeVar): boolean {
  const other = found(moment, name)
  return other === undefined || other === 'dropped' || !other.complete || doubtOf(moment.catalog, other) !== null
}
