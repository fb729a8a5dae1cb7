import { listed, sqlAt } from '../../code/given/sql.ts'
import { listIn, placeOf, textIn } from '../../code/given/value.ts'
import { asName, cut, hole, plain, type Text, textAt, unknownIn } from '../../code/text.ts'
import { entry, type Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { sha1, utf8 } from '../reading/hash.ts'
import { description, isDescribed, said } from './described.ts'

/** Names as TypeORM writes them: src/driver/postgres/PostgresDriver.ts (parseTableName) and src/naming-strategy/DefaultNamingStrategy.ts. */

export interface TableName {
  readonly schema: Text | null
  readonly name: Text
}

/** A name, with its schema before a dot; or the description of a table, or of a foreign key. */
export function tableIn(value: Value | undefined, at: Span, key = 'name', schemaKey = 'schema'): TableName {
  if (!isDescribed(value)) return parsed(textIn(value, at, 'the name of the table'))
  const own = description(value, at, 'the table')
  const { schema, name } = parsed(textIn(entry(own, key), own.at, 'the name of the table'))
  return { schema: said(own, schemaKey) ?? schema, name }
}

function parsed(text: Text): TableName {
  const parts = plain(text).split('.')
  const [first = '', second] = parts
  if (second === undefined) return { schema: null, name: text }
  return { schema: cut(text, 0, first.length), name: cut(text, first.length + 1, first.length + 1 + second.length) }
}

/** A name in quotes; quotes inside of it are not doubled. */
export function inQuotes(text: Text, at: Span): Text {
  return sqlAt(at)`"${text}"`
}

/** `escapePath`: without the schema that PostgreSQL searches anyway. */
export function path({ schema, name }: TableName, at: Span): Text {
  return schema && plain(schema) !== 'public' ? sqlAt(at)`"${schema}"."${name}"` : inQuotes(name, at)
}

/** Always with the schema, as for a table that TypeORM has loaded from the database. */
export function inSchema({ schema }: TableName, name: Text, at: Span): Text {
  return sqlAt(at)`"${schema ?? textAt('public', at)}"."${name}"`
}

export function columnsIn(value: Value | undefined, at: Span): readonly Text[] {
  return listIn(value, at, 'the columns').map(each => textIn(each, placeOf(value, at), 'a column'))
}

export function columnList(columns: readonly Text[], at: Span): Text {
  return listed(
    columns.map(column => inQuotes(column, at)),
    at,
  )
}

/** A name of the default strategy: `PK_` or another prefix, and a part of a digest. A project may have another strategy. */
export function madeName(
  prefix: string,
  { name }: TableName,
  rest: string | null,
  of: readonly Text[],
  at: Span,
): Text {
  const why = [name, ...of].map(unknownIn).find(each => each !== null)
  if (why !== undefined && why !== null) return hole(at, why)
  const text = rest ?? of.map(plain).sort().join('_')
  const length = prefix === 'PK_' || prefix === 'UQ_' || prefix === 'FK_' ? 27 : 26
  return asName(textAt(prefix + sha1(utf8(`${plain(name)}_${text}`)).slice(0, length), at))
}

/** The given name, or the one made of columns. */
export function nameOf(own: Value, prefix: string, table: TableName, columns: readonly Text[], at: Span): Text {
  const name = entry(own, 'name')
  return name && !(name.kind === 'plain' && name.value === null)
    ? textIn(name, at, 'the name')
    : madeName(prefix, table, null, columns, at)
}
