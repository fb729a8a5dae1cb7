import type { Node } from '@pgsql/types'
import type { Catalog, Index, Oid } from '../../postgres/catalog/catalog.ts'
import { strings } from '../../postgres/catalog/name.ts'
import { isIndex } from '../../postgres/catalog/relation.ts'
import { walk } from '../../postgres/expression/expression.ts'
import { spanOf, textOf } from '../../postgres/expression/written.ts'
import type { Step } from '../../postgres/step.ts'
import { quoteIdentifier } from './sql.ts'

/**
 * An expression of the catalog in the words of the statement that wrote it. Null when no migration did, or when
 * something in it was renamed since.
 */
export function writtenText(history: readonly Step[], expression: Node): string | null {
  const origin = history.find(({ statement }) => contains(statement.node, expression))
  return (origin && textOf(expression, origin.statement)) || null
}

function contains(tree: unknown, node: Node): boolean {
  if (tree === node) return true
  if (typeof tree !== 'object' || tree === null) return false
  return Object.values(tree).some(part => contains(part, node))
}

/**
 * The same with another name in place of a column's name: the CHECK of a domain, which uses VALUE, becomes one for a
 * column.
 */
export function writtenFor(history: readonly Step[], expression: Node, column: string, other: string): string | null {
  const origin = history.find(({ statement }) => contains(statement.node, expression))
  if (!origin) return null
  let text = textOf(expression, origin.statement)
  const [start] = spanOf(expression, origin.statement)
  const places: number[] = []
  walk(expression, (kind, { fields, location = 0 }) => {
    if (kind === 'ColumnRef' && strings(fields as Node[]).join('.') === column)
      places.push((location as number) - start)
  })
  for (const place of places.sort((a, b) => b - a)) {
    if (text.slice(place, place + column.length).toLowerCase() !== column) return null
    text = text.slice(0, place) + other + text.slice(place + column.length)
  }
  return text || null
}

/**
 * The CREATE INDEX that created an index, so that it can be built again while others read and write; null when no
 * migration has it, or when its table or one of its columns has another name in `now`.
 */
export function createConcurrently(history: readonly Step[], index: Index, now: Catalog): string | null {
  const origin = history.find(({ before, after }) => after.relations.has(index.oid) && !before.relations.has(index.oid))
  const made = origin?.operations.find(each => each.kind === 'create-index')
  if (!origin || made?.kind !== 'create-index' || made.index.name !== index.name) return null
  const names = namesIn(now, index.oid)
  if (namesIn(origin.after, index.oid).some((name, i) => name !== names[i])) return null
  const { text, span } = origin.statement
  if (made.concurrently) return `${text};`
  const after = made.keyword[1] - span[0]
  const name = made.name === null ? ` ${quoteIdentifier(index.name)}` : ''
  return `${text.slice(0, after)} CONCURRENTLY${name}${text.slice(after)};`
}

/** All that the definition of an index names. An expression in which something was renamed is another object. */
function namesIn(catalog: Catalog, oid: Oid): readonly unknown[] {
  const index = catalog.relations.get(oid)
  if (!index || !isIndex(index)) return []
  const table = catalog.relations.get(index.table)
  const keys = index.keys.flatMap(({ column, expression }) => [column, expression])
  return [table?.schema, table?.name, index.predicate, ...keys, ...index.included]
}
