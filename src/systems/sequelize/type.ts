import { NotRead } from '../../code/given/not-read.ts'
import { sqlAt } from '../../code/given/sql.ts'
import { listIn, placeOf, textIf, textIn } from '../../code/given/value.ts'
import { changed, joined, plain, type Text, textAt } from '../../code/text.ts'
import { entry, type Host, truth, type Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'

/** Sequelize.DataTypes, as src/data-types.js and src/dialects/postgres/data-types.js write them for PostgreSQL. */

export interface Type {
  readonly key: string
  readonly at: Span
  readonly sql: Text
  /** The values of an ENUM. */
  readonly values?: readonly Value[]
  /** The type of the items of an ARRAY. */
  readonly item?: Type
}

/** Types without a length or other options. The names are keys of DataTypes. */
const simple: ReadonlyMap<string, string> = new Map([
  ['TEXT', 'TEXT'],
  ['CITEXT', 'CITEXT'],
  ['NUMBER', 'NUMBER'],
  ['TINYINT', 'TINYINT'],
  ['SMALLINT', 'SMALLINT'],
  ['MEDIUMINT', 'MEDIUMINT'],
  ['INTEGER', 'INTEGER'],
  ['BIGINT', 'BIGINT'],
  ['REAL', 'REAL'],
  ['DOUBLE', 'DOUBLE PRECISION'],
  ['DOUBLE PRECISION', 'DOUBLE PRECISION'],
  ['TIME', 'TIME'],
  ['DATE', 'TIMESTAMP WITH TIME ZONE'],
  ['DATEONLY', 'DATE'],
  ['BOOLEAN', 'BOOLEAN'],
  ['NOW', 'NOW'],
  ['BLOB', 'BYTEA'],
  ['UUID', 'UUID'],
  ['UUIDV1', 'UUIDV1'],
  ['UUIDV4', 'UUIDV4'],
  ['HSTORE', 'HSTORE'],
  ['JSON', 'JSON'],
  ['JSONB', 'JSONB'],
  ['VIRTUAL', 'VIRTUAL'],
  ['CIDR', 'CIDR'],
  ['INET', 'INET'],
  ['MACADDR', 'MACADDR'],
  ['TSVECTOR', 'TSVECTOR'],
])

type Maker = (args: readonly Value[], at: Span) => Omit<Type, 'key' | 'at'>

const made: ReadonlyMap<string, Maker> = new Map<string, Maker>([
  ['STRING', (args, at) => ({ sql: characters('VARCHAR', args, at) })],
  ['CHAR', (args, at) => ({ sql: characters('CHAR', args, at) })],
  ['FLOAT', float],
  ['DECIMAL', decimal],
  ['NUMERIC', decimal],
  ['ENUM', enumeration],
  ['ARRAY', array],
  ['RANGE', range],
  ['GEOMETRY', (args, at) => geography('GEOMETRY', args, at)],
  ['GEOGRAPHY', (args, at) => geography('GEOGRAPHY', args, at)],
])

const types = new WeakMap<Value, () => Type>()

/** A member of DataTypes; undefined: there is none. `at`: the place that names it. */
export function typeNamed(name: string, at: Span): Host | undefined {
  const word = simple.get(name)
  const maker: Maker | undefined = word === undefined ? made.get(name) : () => ({ sql: textAt(word, at) })
  return maker && typeOf(name, maker, [], at)
}

function typeOf(key: string, maker: Maker, args: readonly Value[], at: Span): Host {
  const own: Host = {
    kind: 'host',
    name: key,
    call: call => typeOf(key, maker, call.args, call.at),
    get: (name, place) => {
      if (name === 'UNSIGNED' || name === 'ZEROFILL') return typeOf(key, maker, args, place)
      if (name === 'BINARY') return typeOf(key, () => ({ sql: textAt('BYTEA', place) }), args, place)
      return name === 'key' ? textAt(key, place) : undefined
    },
  }
  types.set(own, () => ({ key, at, ...maker(args, at) }))
  return own
}

/** The type that a value is, if it is one of DataTypes. Throws NotRead where a part of it is unknown. */
export function typeIn(value: Value | undefined): Type | undefined {
  return value && types.get(value)?.()
}

export function isType(value: Value): boolean {
  return types.has(value)
}

/** A length, precision or scale. */
function number(value: Value | undefined, at: Span): Text | null {
  return value === undefined || truth(value) === false ? null : textIn(value, at, 'a number of the type')
}

/** The options of a type are an object, or positional arguments. */
function named(args: readonly Value[], ...names: string[]): (Value | undefined)[] {
  const [first] = args
  if (first?.kind === 'unknown') throw new NotRead(first.why, first.at)
  return names.map((name, i) => (first?.kind === 'record' ? entry(first, name) : args[i]))
}

function characters(word: string, args: readonly Value[], at: Span): Text {
  const [length, binary] = named(args, 'length', 'binary')
  if (binary && truth(binary) !== false) return textAt('BYTEA', at)
  return sqlAt(at)`${textAt(word, at)}(${number(length, at) ?? textAt('255', at)})`
}

function float(args: readonly Value[], at: Span): { sql: Text } {
  const [length, decimals] = named(args, 'length', 'decimals')
  const digits = decimals && truth(decimals) !== false ? null : number(length, at)
  return { sql: digits ? sqlAt(at)`FLOAT(${digits})` : textAt('FLOAT', at) }
}

function decimal(args: readonly Value[], at: Span): { sql: Text } {
  const digits = named(args, 'precision', 'scale').flatMap(value => number(value, at) ?? [])
  return {
    sql: digits.length === 0 ? textAt('DECIMAL', at) : sqlAt(at)`DECIMAL(${joined(digits, textAt(',', at))})`,
  }
}

function enumeration(args: readonly Value[], at: Span): Omit<Type, 'key' | 'at'> {
  const [first] = args
  const values =
    first?.kind === 'record'
      ? listIn(entry(first, 'values'), at, '`values`')
      : args.flatMap(arg => (arg.kind === 'list' || arg.kind === 'unknown' ? listIn(arg, at, 'a value') : [arg]))
  return { sql: textAt('ENUM', at), values }
}

function array([given]: readonly Value[], at: Span): Omit<Type, 'key' | 'at'> {
  const item = typeIn(given?.kind === 'record' ? entry(given, 'type') : given)
  if (!item) throw new NotRead('the type of the items is not known', placeOf(given, at))
  return { sql: sqlAt(at)`${item.sql}[]`, item }
}

const ranges: ReadonlyMap<string, string> = new Map([
  ['INTEGER', 'int4range'],
  ['DECIMAL', 'numrange'],
  ['DATE', 'tstzrange'],
  ['DATEONLY', 'daterange'],
  ['BIGINT', 'int8range'],
])

function range([given]: readonly Value[], at: Span): { sql: Text } {
  const subtype = given?.kind === 'record' ? entry(given, 'subtype') : given
  const word = subtype === undefined ? 'int4range' : ranges.get(typeIn(subtype)?.key ?? '')
  if (word === undefined) throw new NotRead('the type of the range is not known', placeOf(given, at))
  return { sql: textAt(word, at) }
}

function geography(word: string, args: readonly Value[], at: Span): { sql: Text } {
  const [type, srid] = named(args, 'type', 'srid')
  const kind = type === undefined || truth(type) === false ? null : textIn(type, at, 'the kind')
  if (!kind) return { sql: textAt(word, at) }
  const end = number(srid, at)
  return { sql: sqlAt(at)`${textAt(word, at)}(${end ? joined([kind, textAt(',', at), end]) : kind})` }
}

/** In capitals, at the same place. */
export function upper(text: Text): Text {
  return changed(text, each => each.toUpperCase())
}

/** The text of an option in capitals; empty without the option. */
export function wordOf(options: Value | undefined, name: string, at: Span): string {
  const text = textIf(entry(options, name), at)
  return text ? plain(upper(text)) : ''
}
