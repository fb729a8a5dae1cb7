import type { Node } from '@pgsql/types'
import type { ColumnUse, Relation } from '../catalog/catalog.ts'
import { KeyedList } from '../catalog/keyed-list.ts'
import { strings } from '../catalog/name.ts'
import { hasKnownType, isTable, isView } from '../catalog/relation.ts'
import { collationOfColumn } from './collation.ts'
import type { Level, Output, Outputs, Source } from './level.ts'
import { namesOf } from './names.ts'

export const outputsByName = new KeyedList<Output>(({ name }) => name)

/** The columns of a relation as a query sees them. */
export function outputsOf(relation: Relation): Outputs {
  if (!isTable(relation) && !isView(relation)) return { columns: [], complete: false }
  const columns = relation.columns.map(column => ({
    name: column.name,
    type: hasKnownType(column) ? column.type : null,
    collation: column.collation,
    collated: collationOfColumn(column),
    uses: [{ relation: relation.oid, column: column.name }],
  }))
  return { columns, complete: relation.complete }
}

/** What a column reference means; null if no FROM entry is known to have the column. */
export interface Resolved {
  readonly source: Source
  readonly level: Level
  readonly column: Output
}

/** Looks a column reference up in its own query, then in the queries around it. Source: colNameToVar in parse_relation.c. */
export function resolve(level: Level, reference: Node): Resolved | null {
  if (!('ColumnRef' in reference)) return null
  const fields = reference.ColumnRef.fields ?? []
  const names = strings(fields)
  const name = names.at(-1)
  if (name === undefined || names.length !== fields.length) return null
  const qualifier = names.at(-2)
  for (let at: Level | null = level; at; at = at.context.outer) {
    const found = inLevel(at, qualifier, name)
    if (found) return found
  }
  return null
}

function inLevel(level: Level, qualifier: string | undefined, name: string): Resolved | null {
  const names = namesOf(level.sources)
  const within = qualifier === undefined ? names.all : names.byAlias.get(qualifier)
  const [found, other] = within?.columns.get(name) ?? []
  // A bare name that two entries have is that of a column which JOIN … USING merges.
  const merged =
    other && level.starred && qualifier === undefined ? outputsByName.find(level.starred.columns, name) : undefined
  if (found) return { source: found.source, level, column: merged ?? found.column }
  // An unknown column belongs to the only relation that can have it.
  const [source, second] = within?.open ?? []
  if (!source || second) return null
  const uses: ColumnUse[] = source.relation ? [{ relation: source.relation.oid, column: name }] : []
  return { source, level, column: { name, type: null, collation: null, uses } }
}

/** The sources that `*` or `t.*` stands for. */
export function starred(level: Level, fields: readonly Node[]): readonly Source[] {
  const qualifier = strings(fields).at(-1)
  if (qualifier === undefined) return level.sources
  for (let at: Level | null = level; at; at = at.context.outer) {
    const named = namesOf(at.sources).byAlias.get(qualifier)
    if (named) return named.sources
  }
  return []
}
