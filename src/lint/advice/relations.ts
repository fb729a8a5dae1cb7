import { nameParts } from '../../parse/placeholder.ts'
import type { Catalog, Oid, Relation } from '../../postgres/catalog/catalog.ts'
import { displayName } from '../../postgres/catalog/name.ts'
import type { Subject } from '../../postgres/subject.ts'
import { newName, quoteIdentifier, raw, type Sql } from './sql.ts'

/** A relation's name as reports show it: schema-qualified unless in `public`. Null when it is not known. */
export function relationName(catalog: Catalog, oid: Oid): string | null {
  const relation = catalog.relations.get(oid)
  return relation ? displayName(relation) : null
}

/** The name of a relation, as reports show it. */
export function tableName(relation: Relation): string {
  return displayName(relation)
}

/** Names of the partitions of a table that hold rows themselves, as far as the migrations show. */
function leafPartitions(catalog: Catalog, oid: Oid): string[] {
  const relation = catalog.relations.get(oid)
  if (!relation || !('children' in relation)) return []
  return relation.children.flatMap(child => {
    const below = leafPartitions(catalog, child)
    const name = relationName(catalog, child)
    return below.length > 0 ? below : name === null ? [] : [name]
  })
}

/** The partitions for which advice is written out, and a sentence about the others. */
export function partitionsShown(
  catalog: Catalog,
  oid: Oid,
): { readonly shown: readonly string[]; readonly others: string | false } {
  const all = leafPartitions(catalog, oid)
  return { shown: all.slice(0, 2), others: all.length > 2 && 'Likewise for the other partitions.' }
}

/**
 * The name of an index or constraint of a partitioned table on a partition: `events_2026_kind_idx` for
 * `events_kind_idx`.
 */
export function nameOnPartition(partition: string, table: string, name: string): string {
  const last = (qualified: string) => nameParts(qualified).at(-1) ?? qualified
  const own = name.startsWith(`${last(table)}_`) ? name.slice(last(table).length + 1) : name
  return newName(partition, own)
}

/** An index for SQL: it lives in the schema of its table. */
export function indexOf(table: string, index: string): Sql {
  return besides(table, index)
}

/** A name in the schema of a table, for SQL. */
export function besides(table: string, name: string): Sql {
  const [schema = '', ...rest] = nameParts(table)
  return raw((rest.length > 0 ? `${quoteIdentifier(schema)}.` : '') + quoteIdentifier(name))
}

/** A name with its schema, for SQL that must not depend on search_path. A dot in the name belongs to it. */
export function inSchema(schema: string, name: string): Sql {
  return raw(`${quoteIdentifier(schema)}.${quoteIdentifier(name)}`)
}

/** A name for SQL: with its schema unless that is `public`. */
export function inItsSchema(schema: string, name: string): Sql {
  return schema === 'public' ? raw(quoteIdentifier(name)) : inSchema(schema, name)
}

/** True if the migrations show everything about it, and everything that depends on it. */
export function isAllKnown({ complete, doubtful }: Subject): boolean {
  return complete && !doubtful
}
