import type { Catalog } from '../../postgres/catalog/catalog.ts'
import { nameKey } from '../../postgres/catalog/name.ts'
import type { Step } from '../../postgres/step.ts'
import type { Subject } from '../../postgres/subject.ts'
import { partsOf } from '../advice/lost-names.ts'
import { once } from '../once.ts'

/** A name that a statement takes away from code, or whose meaning it changes. */
export interface Removed {
  readonly kind: 'column' | 'table' | 'view' | 'type' | 'schema' | 'enum value'
  readonly schema: string
  /** The table of a column, or the type of an enum value; null for all others. */
  readonly of: string | null
  readonly name: string
  /** The name stays: code that uses it may meet something that it does not expect, but goes on. */
  readonly stays?: true
  /** The schema in which it is from then on: code that names it there, or goes there, does not use the old name. */
  readonly movedTo?: string
  /** More goes with it that code does not name, such as a foreign key: it stays as grave if code does not use the name. */
  readonly andMore?: true
  /** Some other tables of the database: where code names these, it would name this one as well. */
  readonly others: readonly string[]
}

/** A column of a relation that a step drops, renames or alters. */
export function removedColumn({ before }: Step, table: Subject, name: string): Removed {
  const [schema, of] = partsOf(before, table)
  return { kind: 'column', schema, of, name, others: [] }
}

/** The column stays, with other values. */
export function changedColumn(step: Step, table: Subject, name: string): Removed {
  return { ...removedColumn(step, table, name), stays: true }
}

export function removedRelation({ before }: Step, kind: 'table' | 'view', relation: Subject): Removed {
  const [schema, name] = partsOf(before, relation)
  return { kind, schema, of: null, name, others: others(before, name) }
}

export function removedType({ before }: Step, schema: string, name: string): Removed {
  return { kind: 'type', schema, of: null, name, others: others(before, '') }
}

export function removedValue({ before }: Step, schema: string, type: string, name: string): Removed {
  return { kind: 'enum value', schema, of: type, name, others: others(before, '') }
}

export function removedSchema({ before }: Step, name: string): Removed {
  return { kind: 'schema', schema: name, of: null, name, others: others(before, '') }
}

/** A relation that goes on under its name in another schema. */
export function movedRelation(step: Step, kind: 'table' | 'view', relation: Subject, movedTo: string): Removed {
  return { ...removedRelation(step, kind, relation), movedTo }
}

/**
 * What a step takes away besides the objects that it names: relations, types, and columns of relations that stay. `count`: the number of all
 * objects that go along, those included that code does not name.
 */
export function removedAlong({ before, after, operations }: Step, count: number): readonly Removed[] {
  const named = new Set(
    operations.flatMap(each => ('table' in each ? [] : 'subject' in each ? [each.subject?.oid] : [])),
  )
  const columns = new Set(operations.flatMap(each => (each.kind === 'drop-column' ? [each.column] : [])))
  const found: Removed[] = []
  const add = (removed: Omit<Removed, 'others'>, name: string) => {
    if (!isThere(after, { ...removed, others: [] })) found.push({ ...removed, others: others(before, name) })
  }
  for (const [oid, relation] of before.relations.entries()) {
    const { schema, name } = relation
    const rest = after.relations.get(oid)
    if (rest === relation || !('columns' in relation) || relation.kind === 'composite type') continue
    if (rest === undefined) {
      const kind = relation.kind === 'view' || relation.kind === 'materialized view' ? 'view' : 'table'
      if (!named.has(oid)) add({ kind, schema, of: null, name }, name)
      continue
    }
    const left = new Set('columns' in rest ? rest.columns.map(each => each.name) : [])
    for (const column of relation.columns) {
      if (!left.has(column.name) && !columns.has(column.name))
        add({ kind: 'column', schema, of: name, name: column.name }, name)
    }
  }
  for (const [oid, { kind, schema, name }] of before.types.entries()) {
    if ((kind === 'enum' || kind === 'domain') && !after.types.has(oid))
      add({ kind: 'type', schema, of: null, name }, '')
  }
  return found.length >= count ? found : found.map(each => ({ ...each, andMore: true }))
}

/** True if the database has such a name at this moment: code that uses it may mean the new one. */
export function isThere({ relations, names, schemas }: Catalog, { kind, schema, of, name }: Removed): boolean {
  if (kind === 'schema') return schemas.has(name)
  if (kind === 'type') return names.has(nameKey('type', schema, name))
  if (kind === 'enum value') return false
  const relation = relations.get(names.get(nameKey('relation', schema, of ?? name)) ?? -1)
  if (of === null) return relation !== undefined
  return relation !== undefined && 'columns' in relation && relation.columns.some(column => column.name === name)
}

/** True if one of these steps gives another column this name, which the catalog does not show where it does not know the columns of the table. */
export function isNamedAgain(steps: readonly Step[], { kind, schema, of, name }: Removed): boolean {
  if (kind !== 'column') return false
  return steps.some(({ before, operations }) =>
    operations.some(each => {
      if (each.kind !== 'rename-column' || each.to !== name || !each.subject) return false
      const [ownSchema, own] = partsOf(before, each.subject)
      return ownSchema === schema && own === of
    }),
  )
}

const mostOthers = 40

function others(catalog: Catalog, name: string): readonly string[] {
  return tables(catalog).filter(other => other !== name)
}

/** The first tables by their number, so that the answer does not depend on anything else. */
const tables = once(({ relations }: Catalog): readonly string[] => {
  const found: string[] = []
  for (const relation of relations.values()) {
    if (found.length >= mostOthers) break
    if (relation.kind === 'table' || relation.kind === 'partitioned table') found.push(relation.name)
  }
  return found
})
