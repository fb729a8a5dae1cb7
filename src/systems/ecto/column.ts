import { isAtom } from '../../code/elixir/literal.ts'
import { NotRead } from '../../code/given/not-read.ts'
import { listed, sqlAt } from '../../code/given/sql.ts'
import { placeOf, textIn } from '../../code/given/value.ts'
import { jsonOf } from '../../code/json.ts'
import { joined, plain, quoted, type Text, textAt, unknownIn } from '../../code/text.ts'
import type { Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { type Described, described, type Options } from './described.ts'
import { flag, isNil, textOf, wordOf } from './given.ts'
import type { Settings } from './settings.ts'

/** Columns: column_definition, column_change and column_type of Ecto.Adapters.Postgres.Connection. */

export interface TableName {
  readonly prefix: Text | null
  readonly name: Text
}

export function inQuotes(name: Text): Text {
  return quoted(name, '"')
}

export function path({ prefix, name }: TableName, at: Span): Text {
  return prefix ? sqlAt(at)`${inQuotes(prefix)}.${inQuotes(name)}` : inQuotes(name)
}

const words: ReadonlyMap<string, string> = new Map([
  ['id', 'integer'],
  ['identity', 'bigint'],
  ['binary_id', 'uuid'],
  ['string', 'varchar'],
  ['bitstring', 'bitstring'],
  ['binary', 'bytea'],
  ['map', 'jsonb'],
  ['time_usec', 'time'],
  ['utc_datetime', 'timestamp'],
  ['utc_datetime_usec', 'timestamp'],
  ['naive_datetime', 'timestamp'],
  ['naive_datetime_usec', 'timestamp'],
  ['duration', 'interval'],
])

const inSeconds = new Set(['time', 'utc_datetime', 'naive_datetime'])
const exact = new Set(['time_usec', 'utc_datetime_usec', 'naive_datetime_usec'])

/** `ecto_to_db` */
export function dbType(type: Value, at: Span): Text {
  if (type.kind === 'list') {
    const [kind, inner] = type.items
    if (kind?.kind === 'text' && plain(kind) === 'array' && inner) return sqlAt(at)`${dbType(inner, at)}[]`
    if (kind?.kind === 'text' && plain(kind) === 'map') return textAt('jsonb', at)
    throw new NotRead('the type is not read', placeOf(type, at))
  }
  const name = textIn(type, at, 'the type')
  if (unknownIn(name) !== null) throw new NotRead(unknownIn(name) ?? '', placeOf(type, at))
  const word = words.get(plain(name))
  return word === undefined ? name : textAt(word, placeOf(type, at))
}

/** `column_type` */
export function columnType(type: Value, options: Options, at: Span): Text {
  const sql = sqlAt(at)
  const number = (name: string) => {
    const value = options.get(name)
    return isNil(value) ? null : textIn(value, at, `\`${name}\``)
  }
  if (type.kind === 'list') {
    const [kind, inner] = type.items
    if (kind?.kind === 'text' && plain(kind) === 'array' && inner) return sql`${columnType(inner, options, at)}[]`
    return dbType(type, at)
  }
  const word = type.kind === 'text' ? plain(type) : ''
  for (const option of ['start_value', 'increment', 'fields'])
    if (options.has(option)) throw new NotRead(`its option \`${option}\` is not read`, at)
  const name = dbType(type, at)
  if (inSeconds.has(word)) return sql`${name}(0)`
  const [size, precision, scale] = [number('size'), number('precision'), number('scale')]
  if (exact.has(word) || word === 'duration') return precision ? sql`${name}(${precision})` : name
  const generated = textOf(options, 'generated', at)
  const end = generated ? sql` GENERATED ${generated}` : ''
  if (size) return sql`${name}(${size})${end}`
  if (precision) return sql`${name}(${precision},${scale ?? '0'})${end}`
  return word === 'string' ? sql`${name}(255)${end}` : sql`${name}${end}`
}

/** `default_expr` */
export function defaultOf(options: Options, type: Value, at: Span): Text {
  const value = options.get('default')
  const sql = sqlAt(at)
  return value === undefined ? sql`` : sql` DEFAULT ${written(value, type, at)}`
}

/** `default_type` */
function written(value: Value, type: Value, at: Span): Text {
  const place = placeOf(value, at)
  if (isNil(value)) return textAt('NULL', place)
  const fragment = described(value, 'fragment')
  if (fragment) return fragment.sql
  if (value.kind === 'plain') return textAt(String(value.value), place)
  if (value.kind === 'text' && unknownIn(value) === null) return string(value, place)
  const inner = type.kind === 'list' && type.items.length === 2 ? type.items[1] : undefined
  if (value.kind === 'list' && !value.isOpen && inner) {
    const items = value.items.map(item => written(item, inner, at))
    return sqlAt(place)`ARRAY[${listed(items, place, ',')}]::${dbType(type, at)}`
  }
  const json = value.kind === 'record' && !value.isOpen ? jsonOf(value) : null
  if (json !== null) return string(textAt(json, place), place)
  throw new NotRead(value.kind === 'unknown' ? value.why : 'the default is not read', place)
}

export function string(text: Text, at: Span): Text {
  return plain(text) === '' ? textAt("''", at) : quoted(text, "'")
}

/** `column_options` */
export function endOf(options: Options, type: Value, at: Span): Text {
  const sql = sqlAt(at)
  const collation = textOf(options, 'collation', at)
  const isNull = flag(options, 'null', at)
  const words = isNull === null ? '' : isNull ? ' NULL' : ' NOT NULL'
  return sql`${collation ? sql` COLLATE ${inQuotes(collation)}` : ''}${defaultOf(options, type, at)}${words}`
}

type Reference = Extract<Described, { kind: 'reference' }>

/** `reference_column_type` */
export function referenceType({ options }: Reference, column: Options, { foreignKey }: Settings, at: Span): Text {
  const type = options.get('type') ?? foreignKey.get('type') ?? textAt('bigserial', at)
  const word = type.kind === 'text' ? plain(type) : ''
  if (word === 'bigserial' || word === 'identity') return textAt('bigint', placeOf(type, at))
  if (word === 'serial' || word === 'id') return textAt('integer', placeOf(type, at))
  return columnType(type, column, at)
}

export function referenceName({ options }: Reference, table: TableName, column: Text, at: Span): Text {
  return textOf(options, 'name', at) ?? joined([table.name, column, textAt('fkey', at)], textAt('_', at))
}

/** `reference_expr` */
export function referenceSql(reference: Reference, table: TableName, column: Text, settings: Settings, at: Span): Text {
  const { options } = reference
  const sql = sqlAt(at)
  const target = textOf(options, 'column', at) ?? settings.column(at) ?? textAt('id', at)
  const others = options.get('with')
  if (others && others.kind !== 'record') throw new NotRead('its option `with` is not read', at)
  const pairs = [...(others?.kind === 'record' ? others.entries : [])].map(
    ([name, value]) => [textAt(name, at), textIn(value, at, 'the column')] as const,
  )
  const own = listed([column, ...pairs.map(([name]) => name)].map(inQuotes), at, ',')
  const theirs = listed([target, ...pairs.map(([, name]) => name)].map(inQuotes), at, ',')
  const prefix = options.has('prefix') ? textOf(options, 'prefix', at) : table.prefix
  const match = wordOf(options, 'match', at)
  const name = referenceName(reference, table, column, at)
  const valid = flag(options, 'validate', at) === false ? ' NOT VALID' : ''
  return sql`CONSTRAINT ${inQuotes(name)} FOREIGN KEY (${own}) REFERENCES ${path({ prefix, name: reference.table }, at)}(${theirs})${match ? ` MATCH ${match.toUpperCase()}` : ''}${action(options, 'on_delete', 'ON DELETE', at)}${action(options, 'on_update', 'ON UPDATE', at)}${valid}`
}

const actions: ReadonlyMap<string, string> = new Map([
  ['nothing', ''],
  ['nilify_all', 'SET NULL'],
  ['delete_all', 'CASCADE'],
  ['update_all', 'CASCADE'],
  ['default_all', 'SET DEFAULT'],
  ['restrict', 'RESTRICT'],
])

function action(options: Options, name: string, words: string, at: Span): Text {
  const value = options.get(name)
  const sql = sqlAt(at)
  if (value?.kind === 'list') {
    const [what, columns] = value.items
    const word = what?.kind === 'text' ? plain(what) : ''
    if ((word !== 'nilify' && word !== 'default') || columns?.kind !== 'list')
      throw new NotRead(`\`${name}\` is not read`, at)
    const names = columns.items.map(item => inQuotes(textIn(item, at, 'the column')))
    return sql` ${words} SET ${word === 'nilify' ? 'NULL' : 'DEFAULT'} (${listed(names, at, ',')})`
  }
  const word = wordOf(options, name, at)
  const sent = word === null ? '' : actions.get(word)
  if (sent === undefined) throw new NotRead(`\`${name}\` is not read`, at)
  return sent === '' ? sql`` : sql` ${words} ${sent}`
}

/** Whether a text stands for a column, and not for an expression. */
export function isColumn(value: Value): boolean {
  return value.kind === 'text' && isAtom(value)
}
