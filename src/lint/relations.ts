import type { Catalog, Oid } from '../postgres/catalog.ts'
import { displayName } from '../postgres/name.ts'

/** A relation's name as reports show it: schema-qualified unless in `public`. Null when it is not known. */
export function relationName(catalog: Catalog, oid: Oid): string | null {
  const relation = catalog.relations.get(oid)
  return relation ? displayName(relation) : null
}

/** Names of the partitions of a table that hold rows themselves, as far as the migrations tell. */
export function leafPartitions(catalog: Catalog, oid: Oid): string[] {
  const relation = catalog.relations.get(oid)
  if (!relation || !('children' in relation)) return []
  return relation.children.flatMap(child => {
    const below = leafPartitions(catalog, child)
    const name = relationName(catalog, child)
    return below.length > 0 ? below : name === null ? [] : [name]
  })
}
