import { NotRead } from '../../code/given/not-read.ts'
import { listed, sqlAt } from '../../code/given/sql.ts'
import { listIn, placeOf, textIn } from '../../code/given/value.ts'
import { changed, joined, plain, replaced, type Text, textAt, unknownIn } from '../../code/text.ts'
import { type Entries, entry, type Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { description, given, is, said, written } from './described.ts'
import { inQuotes, inSchema, path, type TableName } from './name.ts'

/** Columns: buildCreateColumnSql of src/driver/postgres/PostgresQueryRunner.ts, and createFullType of PostgresDriver.ts. */

export interface Column {
  readonly own: Entries
  readonly name: Text
  readonly type: string
  readonly isEnum: boolean
}

export function columnIn(value: Value | undefined, at: Span): Column {
  const own = description(value, at, 'the column')
  const type = entry(own, 'type')
  if (type?.kind !== 'text' || unknownIn(type) !== null)
    throw new NotRead('the type of the column is not known', placeOf(type, own.at))
  const word = plain(type)
  return {
    own,
    name: textIn(entry(own, 'name'), own.at, 'the name of the column'),
    type: word,
    isEnum: word === 'enum' || word === 'simple-enum',
  }
}

/**
 * The SQL of one definition. `isLoaded`: TypeORM has loaded its table from the database, with its schema. `uuid`: the function that makes a
 * UUID (`uuidGenerator` of PostgresDriver.ts).
 */
export function definition(column: Column, table: TableName, isLoaded: boolean, uuid: string): Text {
  const { own, name, type, isEnum } = column
  const sql = sqlAt(own.at)
  const parts = [inQuotes(name, own.at)]
  const strategy = said(own, 'generationStrategy')
  const isGenerated = is(own, 'isGenerated')
  const isUuid = strategy !== null && plain(strategy) === 'uuid'
  if (isGenerated && strategy && plain(strategy) === 'identity')
    parts.push(
      sql`${typeText(own)} GENERATED ${said(own, 'generatedIdentity') ?? textAt('BY DEFAULT', own.at)} AS IDENTITY`,
    )
  else if (isGenerated && !isUuid) {
    const serial = serials.get(type)
    if (serial !== undefined) parts.push(textAt(serial, own.at))
  }
  if (isEnum) parts.push(sql`${enumName(column, table, isLoaded)}${textAt(is(own, 'isArray') ? ' array' : '', own.at)}`)
  else if (!isGenerated || type === 'uuid') parts.push(fullType(column))
  const expression = said(own, 'asExpression')
  if (expression && generatedType(own) === 'STORED') parts.push(sql`GENERATED ALWAYS AS (${expression}) STORED`)
  const [charset, collation] = [said(own, 'charset'), said(own, 'collation')]
  if (charset) parts.push(sql`CHARACTER SET "${charset}"`)
  if (collation) parts.push(sql`COLLATE "${collation}"`)
  if (!is(own, 'isNullable')) parts.push(textAt('NOT NULL', own.at))
  const fallback = written(own, 'default')
  if (fallback) parts.push(sql`DEFAULT ${fallback}`)
  if (isGenerated && isUuid && !said(own, 'default')) parts.push(textAt(`DEFAULT ${uuid}`, own.at))
  return joined(parts, textAt(' ', own.at))
}

function generatedType(own: Entries): string {
  const type = said(own, 'generatedType')
  return type ? plain(type) : ''
}

/** Whether TypeORM writes its expression into another table, which is not read. */
export function isStored(own: Entries): boolean {
  return generatedType(own) === 'STORED'
}

const serials: ReadonlyMap<string, string> = new Map([
  ['integer', 'SERIAL'],
  ['int', 'SERIAL'],
  ['int4', 'SERIAL'],
  ['smallint', 'SMALLSERIAL'],
  ['int2', 'SMALLSERIAL'],
  ['bigint', 'BIGSERIAL'],
  ['int8', 'BIGSERIAL'],
])

function typeText(own: Entries): Text {
  return textIn(entry(own, 'type'), own.at, 'the type')
}

const times: ReadonlyMap<string, readonly [string, string]> = new Map([
  ['time without time zone', ['TIME', '']],
  ['time with time zone', ['TIME', ' WITH TIME ZONE']],
  ['timestamp without time zone', ['TIMESTAMP', '']],
  ['timestamp with time zone', ['TIMESTAMP', ' WITH TIME ZONE']],
])

function fullType({ own, type }: Column): Text {
  const sql = sqlAt(own.at)
  const [length, precision, scale] = [said(own, 'length'), written(own, 'precision'), written(own, 'scale')]
  const none = textAt('', own.at)
  const digits = precision ? sql`(${precision})` : none
  const array = textAt(is(own, 'isArray') ? ' array' : '', own.at)
  const time = times.get(type)
  if (time) return sql`${textAt(time[0], own.at)}${digits}${textAt(time[1], own.at)}${array}`
  if (type === 'geometry' || type === 'geography') {
    const [feature, srid] = [written(own, 'spatialFeatureType'), written(own, 'srid')]
    const end = feature ? (srid ? sql`(${feature},${srid})` : sql`(${feature})`) : none
    return sql`${typeText(own)}${end}${array}`
  }
  if (type === 'vector' || type === 'halfvec') return sql`${typeText(own)}${length ? sql`(${length})` : none}${array}`
  const end = length ? sql`(${length})` : precision && scale ? sql`(${precision},${scale})` : digits
  return sql`${typeText(own)}${end}${array}`
}

/** `buildEnumName`. */
export function enumName({ own, name }: Column, table: TableName, isLoaded: boolean): Text {
  const made = sqlAt(own.at)`${table.name}_${changed(name, each => each.toLowerCase())}_enum`
  const word = said(own, 'enumName') ?? made
  return isLoaded || table.schema ? inSchema(table, word, own.at) : inQuotes(word, own.at)
}

/** `createEnumTypeSql`. */
export function enumCreation(column: Column, table: TableName, isLoaded: boolean): Text {
  const { own } = column
  const sql = sqlAt(own.at)
  const values = listIn(given(own, 'enum'), own.at, '`enum`').map(value =>
    literal(textIn(value, own.at, 'a value'), own.at),
  )
  return sql`CREATE TYPE ${enumName(column, table, isLoaded)} AS ENUM(${listed(values, own.at)})`
}

/** A text of SQL. */
export function literal(text: Text, at: Span): Text {
  return sqlAt(at)`'${replaced(text, /'/g, (_, found) => joined([found, found]))}'`
}

/** `COMMENT ON COLUMN`, if it has one. */
export function comment({ own, name }: Column, table: TableName): Text[] {
  const text = said(own, 'comment')
  return text
    ? [sqlAt(own.at)`COMMENT ON COLUMN ${path(table, own.at)}.${inQuotes(name, own.at)} IS ${literal(text, own.at)}`]
    : []
}
