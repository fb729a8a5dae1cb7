import { NotRead } from '../../code/given/not-read.ts'
import { listed, sqlAt } from '../../code/given/sql.ts'
import { isTrue, placeOf, textIn } from '../../code/given/value.ts'
import { changed, hole, plain, quoted, type Text, textAt } from '../../code/text.ts'
import type { Value } from '../../code/value.ts'
import { attribute, type Column, isSet } from './attribute.ts'
import { sizeIn } from './given.ts'
import { type Settings, since } from './settings.ts'

/** Types that are always the same (PostgresGrammar::type…). */
const fixed: ReadonlyMap<string, string> = new Map([
  ['tinyText', 'varchar(255)'],
  ['text', 'text'],
  ['mediumText', 'text'],
  ['longText', 'text'],
  ['double', 'double precision'],
  ['real', 'real'],
  ['boolean', 'boolean'],
  ['json', 'json'],
  ['jsonb', 'jsonb'],
  ['date', 'date'],
  ['binary', 'bytea'],
  ['uuid', 'uuid'],
  ['ipAddress', 'inet'],
  ['macAddress', 'macaddr'],
])

/** Integers: the plain type, and the one with automatic numbers. */
const integers: ReadonlyMap<string, readonly [string, string]> = new Map([
  ['integer', ['integer', 'serial']],
  ['mediumInteger', ['integer', 'serial']],
  ['year', ['integer', 'serial']],
  ['bigInteger', ['bigint', 'bigserial']],
  ['smallInteger', ['smallint', 'smallserial']],
  ['tinyInteger', ['smallint', 'smallserial']],
])

/** PostGIS types with their own methods, in Laravel 10 and before. */
const shapes = new Set(
  'geometry point linestring polygon geometrycollection multipoint multilinestring multipolygon multipolygonz'.split(
    ' ',
  ),
)

export function typeOf(column: Column, settings: Settings): Text {
  const { type, nameAt } = column
  const said = (text: string) => textAt(text, nameAt)
  const always = fixed.get(type)
  if (always !== undefined) return said(always)
  const integer = integers.get(type)
  if (integer) {
    const isCounted = isSet(column, 'autoIncrement') && attribute(column, 'generatedAs') === undefined
    return said(integer[isCounted && !(isSet(column, 'change') && since(settings, [11, 0])) ? 1 : 0])
  }
  switch (type) {
    case 'char':
    case 'string':
      return sized(type === 'char' ? 'char' : 'varchar', attribute(column, 'length'), column)
    case 'decimal':
      return sqlAt(nameAt)`decimal(${partOf(column, 'total')}, ${partOf(column, 'places')})`
    case 'float':
      return since(settings, [11, 0])
        ? sized('float', attribute(column, 'precision'), column)
        : said('double precision')
    case 'time':
    case 'timeTz':
    case 'timestamp':
    case 'timestampTz':
    case 'dateTime':
    case 'dateTimeTz': {
      const word = type.startsWith('timeT') || type === 'time' ? 'time' : 'timestamp'
      const zone = type.endsWith('Tz') ? 'with' : 'without'
      const precision = attribute(column, 'precision')
      const size = precision ? sqlAt(nameAt)`(${sizeIn(precision, column.at)})` : ''
      return sqlAt(nameAt)`${word}${size} ${zone} time zone`
    }
    case 'enum':
      return enumeration(column)
    case 'vector':
      return sized('vector', attribute(column, 'dimensions'), column)
    case 'tsvector':
      return said('tsvector')
    case 'raw':
      return textIn(attribute(column, 'definition'), column.at, 'the definition')
    default:
      if (shapes.has(type) || type === 'geography') return shape(column, settings)
      throw new NotRead(`Laravel has no \`${type}\` for PostgreSQL`, column.at)
  }
}

function sized(word: string, value: Value | undefined, column: Column): Text {
  if (value === undefined || !isTrue(value, column.at)) return textAt(word, column.nameAt)
  return sqlAt(column.nameAt)`${word}(${sizeIn(value, placeOf(value, column.at))})`
}

function partOf(column: Column, name: string): Text {
  const value = attribute(column, name)
  return value ? sizeIn(value, placeOf(value, column.at)) : textAt('', column.nameAt)
}

/** An unknown value becomes a text: the type is the same with any value. */
function enumeration(column: Column): Text {
  const { nameAt, at } = column
  const allowed = attribute(column, 'allowed')
  const one = (value: Value): Text => {
    if (value.kind === 'text') return sqlAt(nameAt)`'${value}'`
    if (value.kind === 'plain') return textAt(`'${String(value.value ?? '')}'`, placeOf(value, at))
    const inside = value.kind === 'record' ? value.entries.get('value') : undefined
    if (inside) return one(inside)
    const why = value.kind === 'unknown' ? value.why : 'it is not a text'
    return quoted(hole(placeOf(value, at), why, value.kind === 'unknown' ? value.name : undefined), "'")
  }
  const values = allowed?.kind === 'list' && !allowed.isOpen ? allowed.items.map(one) : null
  const others =
    allowed?.kind === 'record' && !allowed.isOpen && !allowed.base ? [...allowed.entries.values()].map(one) : null
  const all = values ?? others ?? [one(allowed ?? { kind: 'unknown', why: 'its values are not known', at })]
  return sqlAt(nameAt)`varchar(255) check ("${column.name}" in (${listed(all, nameAt)}))`
}

function shape(column: Column, settings: Settings): Text {
  const { type, nameAt } = column
  if (!since(settings, [11, 0])) {
    if (type === 'geography') throw new NotRead('Laravel has no `geography` before 11', column.at)
    const projection = attribute(column, 'projection')
    const srid = projection ? sizeIn(projection, column.at) : null
    if (!isSet(column, 'isGeometry')) return sqlAt(nameAt)`geography(${type}, ${srid ?? textAt('4326', nameAt)})`
    return srid ? sqlAt(nameAt)`geometry(${type}, ${srid})` : textAt(`geometry(${type})`, nameAt)
  }
  const subtype = attribute(column, 'subtype')
  if (subtype === undefined) return textAt(type, nameAt)
  const name = changed(textIn(subtype, column.at, 'the subtype'), text => text.toLowerCase())
  const srid = attribute(column, 'srid')
  const size = srid && isTrue(srid, column.at) ? sqlAt(nameAt)`,${sizeIn(srid, column.at)}` : ''
  if (plain(name) === '') return textAt(type, nameAt)
  return sqlAt(nameAt)`${type}(${name}${size})`
}
