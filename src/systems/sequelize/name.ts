import { NotRead } from '../../code/given/not-read.ts'
import { placeOf, textIn } from '../../code/given/value.ts'
import { changed, cut, joined, plain, quoted, replaced, type Text, textAt } from '../../code/text.ts'
import { entry, type Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'

/** Names as Sequelize writes them: src/dialects/postgres/query-generator.js. */

/** The name of a table, with its schema if one is given. */
export interface TableName {
  readonly schema: Text | null
  readonly name: Text
}

/** The place of a text; the call for an empty one. */
export function inQuotes(text: Text, quote: '"' | "'", at: Span): Text {
  return text.pieces.length === 0 ? textAt(quote + quote, at) : quoted(text, quote)
}

/** `quoteIdentifier`: removes quotes inside of the name. */
export function identifier(text: Text, at: Span): Text {
  return inQuotes(withoutQuotes(text), '"', at)
}

export function withoutQuotes(text: Text): Text {
  return replaced(text, /"/g, () => joined([]))
}

/** `quoteIdentifiers`: the part after the last dot is a separate name. */
export function identifiers(text: Text, at: Span): Text {
  const dot = plain(text).lastIndexOf('.')
  if (dot < 0) return identifier(text, at)
  const head = replaced(cut(text, 0, dot), /\./g, () => textAt('->', at))
  return joined([identifier(head, at), textAt('.', at), identifier(cut(text, dot + 1), at)])
}

/** A name, or `{ tableName, schema }`. */
export function tableIn(value: Value | undefined, at: Span): TableName {
  if (value?.kind !== 'record') return { schema: null, name: textIn(value, at, 'the name of the table') }
  if (value.isOpen) throw new NotRead('a part of the name of the table is not known', placeOf(value, at))
  const schema = entry(value, 'schema')
  return {
    schema: schema && !(schema.kind === 'plain' && !schema.value) ? textIn(schema, at, 'the schema') : null,
    name: textIn(entry(value, 'tableName'), at, 'the name of the table'),
  }
}

/** `quoteTable`. */
export function quotedTable({ schema, name }: TableName, at: Span): Text {
  return schema ? joined([identifier(schema, at), textAt('.', at), identifier(name, at)]) : identifier(name, at)
}

/** A name as `addIndex` and the constraints write it: with a dot it is two names. */
export function tableWithDot(table: TableName, at: Span): Text {
  return table.schema ? quotedTable(table, at) : identifiers(table.name, at)
}

/** `quoteTable(extractTableDetails(…))`: always with the schema. */
export function tableInSchema({ schema, name }: TableName, at: Span): Text {
  return quotedTable({ schema: schema ?? textAt('public', at), name }, at)
}

/** `pgEnumName`. */
export function enumName({ schema, name }: TableName, column: Text, at: Span): Text {
  const own = joined([textAt('enum_', at), name, textAt('_', at), column])
  return tableInSchema({ schema, name: own }, at)
}

/** `inflection.underscore`. */
export function underscored(text: Text, at: Span): Text {
  const parts = replaced(text, /::|[A-Z]/g, ([found = ''], letter) =>
    found === '::' ? textAt('/', at) : joined([textAt('_', at), changed(letter, each => each.toLowerCase())]),
  )
  // Each part loses its first underscore.
  return changed(
    replaced(parts, /(?:^|\/)_/g, ([found = '']) => textAt(found.slice(0, -1), at)),
    each => each.toLowerCase(),
  )
}
