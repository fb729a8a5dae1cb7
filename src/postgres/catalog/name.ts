import type { Node, RangeVar } from '@pgsql/types'
import type { Catalog, Oid, Relation, Type } from './catalog.ts'
import type { Settings } from './setting.ts'

/** A name as written: schema null when not qualified. */
export interface QualifiedName {
  readonly schema: string | null
  readonly name: string
}

/** The strings of a list of String nodes, as in `names` of a type or a DROP. */
export function strings(nodes: readonly Node[] | undefined): string[] {
  return (nodes ?? []).flatMap(node => ('String' in node ? [node.String.sval ?? ''] : []))
}

/** The first name that a list has twice. */
export function repeated(names: readonly string[]): string | undefined {
  const seen = new Set<string>()
  return names.find(name => seen.has(name) || !seen.add(name))
}

/** `{String "a"}, {String "b"}` → a.b; a leading database name is dropped, as PostgreSQL does. */
export function qualifiedName(nodes: readonly Node[] | undefined): QualifiedName {
  const parts = strings(nodes)
  return { schema: parts.at(-2) ?? null, name: parts.at(-1) ?? '' }
}

export function rangeVarName(relation: RangeVar): QualifiedName {
  return { schema: relation.schemaname || null, name: relation.relname ?? '' }
}

/**
 * The schemas in which an unqualified name is looked up, in order; `pg_catalog` comes first and is left out here.
 * Source: manual, "The Schema Search Path". `"$user"` names a schema that migrations cannot know.
 */
export function searchPath(settings: Settings): readonly string[] {
  const value = settings.get('search_path')?.value
  if (value === undefined || value === null) return ['public']
  return value
    .split(',')
    .map(part =>
      part
        .trim()
        .replace(/^"(.*)"$/s, '$1')
        .replace(/^:'(\w+)'$/, ':"$1"'),
    )
    .filter(part => part !== '' && part !== '$user' && part !== 'pg_catalog')
}

/** The oid of a relation by name; `dropped` when it is known to be absent; undefined when nothing is known about it. */
export function findRelation(
  catalog: Catalog,
  path: readonly string[],
  wanted: QualifiedName,
): Relation | 'dropped' | undefined {
  const found = find(catalog, 'relation', path, wanted)
  return typeof found === 'number' ? catalog.relations.get(found) : found
}

/** The same for enums, domains and other types that migrations create. */
export function findType(
  catalog: Catalog,
  path: readonly string[],
  wanted: QualifiedName,
): Type | 'dropped' | undefined {
  const found = find(catalog, 'type', path, wanted)
  return typeof found === 'number' ? catalog.types.get(found) : found
}

function find(
  catalog: Catalog,
  space: 'relation' | 'type',
  path: readonly string[],
  wanted: QualifiedName,
): Oid | 'dropped' | undefined {
  // Temporary relations come first, as pg_temp does in PostgreSQL.
  const schemas = wanted.schema === null ? ['pg_temp', ...path] : [wanted.schema]
  let dropped = false
  for (const schema of schemas) {
    const key = nameKey(space, schema, wanted.name)
    const oid = catalog.names.get(key)
    if (oid !== undefined) return oid
    dropped ||= catalog.dropped.has(key)
  }
  return dropped ? 'dropped' : undefined
}

/** Key of Catalog.names and Catalog.dropped. `:x` and `:"x"` of psql are one schema. */
export function nameKey(space: 'relation' | 'type' | 'routine', schema: string, name: string): string {
  const own = schema.startsWith(':"') ? schema.replace(/^:"(\w+)"$/, ':$1') : schema
  return `${space}:${own}.${name}`
}

/** A name of the catalog for people: qualified unless it is in `public` (or temporary). */
export function displayName(object: { readonly schema: string; readonly name: string }): string {
  return object.schema === 'public' || object.schema === 'pg_temp' ? object.name : `${object.schema}.${object.name}`
}
