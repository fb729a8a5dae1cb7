import { isPlaceholder } from '../../parse/placeholder.ts'
import type { Catalog, Relation, Type } from './catalog.ts'
import type { Named } from './doubt.ts'
import { isTable } from './relation.ts'

interface Name {
  readonly schema: string
  readonly name: string
}

interface Same {
  /** The first placeholder that may make names the same. */
  readonly placeholder: string
  readonly relations: readonly Relation[]
  readonly types: readonly Type[]
  /** Keys of Catalog.dropped. */
  readonly dropped: ReadonlySet<string>
}

/**
 * Those of the named objects that may have another name, too, because it is unknown what a placeholder stands for: `${schema}.orders` may be
 * `app.orders`, and a column `${name}` any column. Null: there are none.
 */
export function perhapsTheSame(catalog: Catalog, named: Named): Same | null {
  let placeholder: string | null = null
  const others: Name[] = [...catalog.relations.values(), ...catalog.types.values()]
  for (const key of catalog.dropped.keys()) others.push(nameOf(key))
  const isDoubled = (own: Name) =>
    others.some(other => {
      if (other.name === own.name && other.schema === own.schema) return false
      if (isMade(own) && isMade(other)) return false
      const found = unifying(own.schema, other.schema) ?? unifying(own.name, other.name)
      const isSame = unifying(own.schema, other.schema) !== undefined && unifying(own.name, other.name) !== undefined
      if (isSame) placeholder ??= found || unifying(own.name, other.name) || null
      return isSame
    })
  const hasOpenColumn = (relation: Relation) => {
    const column = isTable(relation) ? relation.columns.find(({ name }) => isPlaceholder(name)) : undefined
    if (column) placeholder ??= column.name
    return column !== undefined
  }
  const relations = named.relations.filter(each => isDoubled(each) || hasOpenColumn(each))
  const types = named.types.filter(isDoubled)
  const isNamed = ({ schema, name }: Name) =>
    named.names.has(name) && (named.names.has(schema) || named.schemas.has(schema))
  const dropped = new Set([...catalog.dropped.keys()].filter(key => isNamed(nameOf(key)) && isDoubled(nameOf(key))))
  if (placeholder === null) return null
  return { placeholder, relations, types, dropped }
}

/** The migrations have certainly made it. Two of these are never one: making the second one would have failed. */
function isMade(object: Name): boolean {
  const { createdIn = null, doubt, isThere } = object as Partial<Relation>
  return createdIn !== null && doubt === undefined && isThere !== true
}

/** The placeholder that makes two names the same; empty: they are the same; undefined: they are not. */
function unifying(a: string, b: string): string | undefined {
  if (a === b) return ''
  return [a, b].find(isPlaceholder)
}

/** `relation:app.orders` */
function nameOf(key: string): Name {
  const own = key.slice(key.indexOf(':') + 1)
  const dot = own.lastIndexOf('.')
  return { schema: own.slice(0, dot), name: own.slice(dot + 1) }
}
