import { NotRead } from '../../code/given/not-read.ts'
import { isNone, isNull, placeOf } from '../../code/given/value.ts'
import { joined, plain, type Text, textAt } from '../../code/text.ts'
import type { Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import type { Given } from './given.ts'
import { isSet, nameIn } from './given.ts'

type Options = ReadonlyMap<string, Value>

/** PostgreSQLAdapter::NATIVE_DATABASE_TYPES, where the names differ. */
const native: ReadonlyMap<string, string> = new Map([
  ['primary_key', 'bigserial primary key'],
  ['string', 'character varying'],
  ['binary', 'bytea'],
  ['bit_varying', 'bit varying'],
])

const sameName = new Set(
  (
    'text integer bigint float decimal timestamp timestamptz time date daterange numrange tsrange tstzrange int4range int8range boolean ' +
    'xml tsvector hstore inet cidr macaddr uuid json jsonb ltree citext point line lseg box path polygon circle bit money interval oid'
  ).split(' '),
)

/** Methods of a table's block that create a column of the type that they name. */
export const columnMethods = [
  ...sameName,
  'string',
  'binary',
  'blob',
  'bit_varying',
  'numeric',
  'datetime',
  'virtual',
  'serial',
  'bigserial',
  'enum',
] as const

/** The type of a column, as Rails calls it: `:string`. */
export interface ColumnType {
  readonly name: string
  readonly text: Text
}

export function typeIn(value: Value | undefined, at: Span): ColumnType {
  const text = nameIn(value, at, 'the type')
  const name = plain(text)
  return { name: name === 'blob' ? 'binary' : name === 'numeric' ? 'decimal' : name, text }
}

/**
 * `type_to_sql`, with the changes by `ActiveRecord::Migration[x]`. A name that is not a type of Rails stays as it is. `isTable`: the
 * column belongs to a new table.
 */
export function typeToSql(given: Given, type: ColumnType, options: Options): Text {
  const at = placeOf(type.text, given.at)
  const isArray = isOption(options, 'array', at)
  const name = baseType(given, type, options, at)
  return isArray && type.name !== 'primary_key' ? joined([name, textAt('[]', at)]) : name
}

function baseType(given: Given, { name, text }: ColumnType, options: Options, at: Span): Text {
  const limit = numberOf(options, 'limit', at)
  switch (name) {
    case 'integer':
      return textAt(integerType(limit, at), at)
    case 'text':
    case 'binary':
      return textAt(native.get(name) ?? name, at)
    case 'enum':
      return nameIn(options.get('enum_type'), at, 'the type of the enum')
    case 'decimal':
      return textAt(decimalType(options, at), at)
    case 'datetime': {
      // Rails 7.0 lets a project set the type.
      const known = given.version >= 7 ? given.session.settings.datetimeType : 'timestamp'
      return textAt(withPrecision(known, precisionOf(given, options, at)), at)
    }
    case 'timestamp':
    case 'time':
    case 'interval':
    case 'timestamptz': {
      const precision = name === 'timestamptz' ? null : numberOf(options, 'precision', at)
      return textAt(
        name === 'timestamptz' && limit !== null ? `timestamptz(${limit})` : withPrecision(name, precision),
        at,
      )
    }
    default: {
      const known = native.get(name) ?? (sameName.has(name) ? name : null)
      if (known === null) return text
      return textAt(limit !== null && name !== 'primary_key' ? `${known}(${limit})` : known, at)
    }
  }
}

/** From Rails 7.0 on, a `datetime` has six digits by default. */
function precisionOf(given: Given, options: Options, at: Span): number | null {
  if (options.has('precision')) return numberOf(options, 'precision', at)
  return given.version >= 7 ? 6 : null
}

function withPrecision(type: string, precision: number | null): string {
  return precision === null ? type : `${type}(${precision})`
}

function integerType(limit: number | null, at: Span): string {
  if (limit === null || limit === 3 || limit === 4) return 'integer'
  if (limit === 1 || limit === 2) return 'smallint'
  if (limit >= 5 && limit <= 8) return 'bigint'
  throw new NotRead('Rails has no integer of this size', at)
}

function decimalType(options: Options, at: Span): string {
  const [precision, scale] = [numberOf(options, 'precision', at), numberOf(options, 'scale', at)]
  if (precision === null && scale !== null) throw new NotRead('Rails refuses a scale without a precision', at)
  return precision === null ? 'decimal' : `decimal(${precision}${scale === null ? '' : `,${scale}`})`
}

/** A number among the options; null: there is none, or it is `nil`. */
export function numberOf(options: Options, name: string, at: Span): number | null {
  const value = options.get(name)
  if (isNone(value) || isNull(value)) return null
  if (value.kind === 'plain' && typeof value.value === 'number') return value.value
  if (value.kind === 'text' && /^\d{1,9}$/.test(plain(value))) return Number(plain(value))
  throw new NotRead(value.kind === 'unknown' ? value.why : `the option \`${name}\` is not a number`, placeOf(value, at))
}

export function isOption(options: Options, name: string, at: Span): boolean {
  const value = options.get(name)
  return value !== undefined && isSet(value, at)
}
