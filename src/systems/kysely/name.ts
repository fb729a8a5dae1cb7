import { listed, sqlAt } from '../../code/given/sql.ts'
import { asName, cut, hole, plain, quoted, type Text, trimmed } from '../../code/text.ts'
import type { Call, Value } from '../../code/value.ts'
import { bareTable, listedTable, ownTable } from './fragment.ts'

// Names as Kysely quotes them: src/parser/table-parser.ts, reference-parser.ts and identifier-parser.ts.

/** A name that a call gets, or a hole, without quotes. */
export function nameGiven({ args, argsAt, at }: Call, index = 0): Text {
  return nameIn(args[index], argsAt[index] ?? at)
}

export function nameIn(value: Value | undefined, at: Call['at']): Text {
  if (value?.kind === 'text') return value
  return value?.kind === 'unknown' ? hole(at, value.why, value.name) : hole(at, 'it is not a name')
}

/** One name, dots in it included: `IdentifierNode.create`. */
export function identifier(name: Text): Text {
  return quoted(asName(name), '"')
}

export function identifierGiven(call: Call, index = 0): Text {
  return identifier(nameGiven(call, index))
}

/** The parts between dots, without white space around them. A text without a dot stays as it is. */
function parts(name: Text): Text[] {
  const found: Text[] = []
  let [start, offset] = [0, 0]
  for (const { text, unknown } of name.pieces) {
    // A dot in the placeholder of a hole does not separate parts.
    if (unknown === undefined)
      for (let dot = text.indexOf('.'); dot >= 0; dot = text.indexOf('.', dot + 1)) {
        found.push(trimmed(cut(name, start, offset + dot)))
        start = offset + dot + 1
      }
    offset += text.length
  }
  return found.length === 0 ? [name] : [...found, trimmed(cut(name, start))]
}

function dotted(names: readonly Text[]): Text {
  const [first] = names
  return listed(names.map(identifier), first?.pieces[0]?.at ?? [0, 0], '.')
}

/** `parseTable`: a schema and a name; a third part is dropped. `schema`: the one of `withSchema`. */
export function tableName(name: Text, schema: Text | null): Text {
  const [first = name, second] = parts(name)
  if (second) return dotted([first, second])
  return schema ? ownTable(dotted([schema, name]), name) : bareTable(identifier(name), name)
}

/** `parseAliasedTable` and `parseAliasedStringReference`: `orders as o`, each part by itself. What follows a second ` as ` is dropped. */
function aliased(name: Text, at: Call['at'], each: (name: Text) => Text): Text {
  const all = plain(name)
  const found = all.indexOf(' as ')
  if (found < 0) return each(name)
  const next = all.indexOf(' as ', found + 4)
  const alias = trimmed(cut(name, found + 4, next < 0 ? undefined : next))
  return sqlAt(at)`${each(trimmed(cut(name, 0, found)))} as ${identifier(alias)}`
}

/** A table of a query, perhaps with another name for it. */
export function aliasedTable(name: Text, at: Call['at']): Text {
  return aliased(name, at, queriedTable)
}

/** A table of a query. */
export function queriedTable(name: Text): Text {
  return listedTable(tableName(name, null))
}

/** A column that is selected, perhaps with another name for it. */
export function aliasedReference(name: Text, at: Call['at']): Text {
  return aliased(name, at, column => reference(column, at))
}

/** `parseSchemableIdentifier`, of types. */
export function typeName(name: Text, schema: Text | null, at: Call['at']): Text {
  return parts(name).length > 2 ? hole(at, 'Kysely refuses this name') : tableName(name, schema)
}

/** The name of a view, or of an index to drop, in which a dot is a part of the name. */
export function wholeName(name: Text, schema: Text | null): Text {
  return schema ? ownTable(dotted([schema, name]), name) : identifier(name)
}

/** `parseStringReference`: a column, or table and column, or schema, table and column. */
export function reference(name: Text, at: Call['at']): Text {
  const all = parts(name)
  if (all.length > 3) return hole(at, 'Kysely refuses this name')
  // A table before its column has no schema.
  return all.length === 2 && all[0] ? bareTable(dotted(all), all[0]) : dotted(all)
}

/** The argument of `references`, as table and column; null: Kysely refuses it. */
export function tableAndColumn(name: Text, schema: Text | null): readonly [Text, Text] | null {
  const [first, second, third, more] = parts(name)
  if (!first || !second || more) return null
  if (third) return [dotted([first, second]), identifier(third)]
  return [schema ? dotted([schema, first]) : identifier(first), identifier(second)]
}

/** `parseOrderedColumnName`: `created_at desc`. */
export function orderedColumn(name: Text, at: Call['at']): Text {
  const space = plain(name).indexOf(' ')
  if (space < 0) return identifier(name)
  const rest = cut(name, space + 1)
  const next = plain(rest).indexOf(' ')
  // Kysely drops everything after a second space.
  const order = next < 0 ? rest : cut(rest, 0, next)
  return ['asc', 'desc'].includes(plain(order))
    ? sqlAt(at)`${reference(cut(name, 0, space), at)} ${order}`
    : hole(at, 'Kysely refuses this order')
}

/** A list of names that a call gets, as SQL. */
export function namesGiven(call: Call, index: number, each: (name: Text, at: Call['at']) => Text): Text {
  const [value, place] = [call.args[index], call.argsAt[index] ?? call.at]
  if (value?.kind !== 'list') return hole(place, value?.kind === 'unknown' ? value.why : 'it is not a list')
  if (value.isOpen) return hole(place, 'part of the list is unknown')
  return listed(
    value.items.map(item => each(nameIn(item, place), place)),
    place,
  )
}
