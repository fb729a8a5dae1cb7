import type { Node } from '@pgsql/types'
import { lookUp } from '../../parse/look-up.ts'
import type { Backend } from '../backend.ts'
import type { ColumnType } from '../catalog/column.ts'
import { timeZone } from '../type/time-zone.ts'
import { baseType, resolveType, typeOf } from '../type/type.ts'
import { withoutCasts } from './expression.ts'

/** A constant as a value of a column's type, so that constants for the same column can be compared. */
export interface Constant {
  /**
   * Constants of one kind are ordered by `value`. For `text`, whose order depends on the collation, and for `raw`,
   * whose form is not known, only equality is certain.
   */
  readonly kind: 'number' | 'boolean' | 'bytes' | 'text' | 'raw'
  readonly value: bigint | string
}

/** Negative: a before b; 0: equal; null: not known. */
export function compare(a: Constant, b: Constant): number | null {
  if (a.kind !== b.kind) return null
  if (a.value === b.value) return 0
  if (a.kind === 'raw') return null
  if (a.kind === 'text' && ![a, b].every(({ value }) => ordered.test(String(value)))) return null
  return a.value < b.value ? -1 : 1
}

/** Strings that every collation sorts in the same way. */
const ordered = /^[a-z]+$|^[0-9]+$/

/**
 * The value of a literal (under casts, or negated) where a value of the column's type is expected. Null: it is not a
 * literal, or PostgreSQL cannot compare it with the column by an immutable operator, which predtest.c requires.
 */
export function constantOf(backend: Backend, value: Node, type: ColumnType): Constant | null {
  // Bounds of partitions are compared with all earlier ones.
  if (!('A_Const' in value) || type.schema !== 'pg_catalog' || type.name === 'timestamptz')
    return constantIn(backend, value, type)
  const known = constants.get(value)
  if (known?.type === type.name && known.array === type.array) return known.constant
  const constant = constantIn(backend, value, type)
  constants.set(value, { type: type.name, array: type.array, constant })
  return constant
}

/** The constants of literals whose value depends only on the expected type. */
const constants = new WeakMap<Node, { type: string; array: boolean; constant: Constant | null }>()

function constantIn(backend: Backend, value: Node, type: ColumnType): Constant | null {
  let node = value
  let wanted = baseType(backend, type)
  if (wanted.array) return null
  while ('TypeCast' in node && node.TypeCast.arg && node.TypeCast.typeName) {
    const cast = baseType(backend, resolveType(backend, node.TypeCast.typeName))
    const comparable = cast.name === wanted.name || (lookUp(families, wanted.name)?.includes(cast.name) ?? false)
    if (!comparable || cast.array) return null
    node = node.TypeCast.arg
    if (cast.name === 'date') wanted = cast
  }
  if (!('A_Const' in node) || node.A_Const.isnull) return null
  const { ival, fval, sval, boolval } = node.A_Const
  if (boolval) return wanted.name === 'bool' ? booleanConstant(boolval.boolval ?? false) : null
  if (sval) return fromText(backend, sval.sval ?? '', wanted)
  const digits = fval?.fval ?? String(ival?.ival ?? 0)
  if (!isNumeric(wanted) || (/[.e]/i.test(digits) && wanted.name.startsWith('int'))) return null
  return decimal(digits)
}

export function booleanConstant(value: boolean): Constant {
  return { kind: 'boolean', value: value ? 1n : 0n }
}

/** The elements of `ARRAY[1, 2]` or of a plain array literal (`'{a,b}'`); null: not known. */
export function elementsOf(value: Node): readonly Node[] | null {
  const node = withoutCasts(value)
  if ('A_ArrayExpr' in node) return node.A_ArrayExpr.elements ?? []
  const text = 'A_Const' in node ? node.A_Const.sval?.sval : undefined
  const inside = text === undefined ? null : /^\{([^{}"\\]+)\}$/.exec(text)?.[1]
  return inside ? inside.split(',').map(each => ({ A_Const: { sval: { sval: each.trim() } } })) : null
}

/** Types whose constants compare with a column of the type by immutable operators of one operator family. */
const families: Readonly<Record<string, readonly string[]>> = {
  int2: ['int2', 'int4', 'int8'],
  int4: ['int2', 'int4', 'int8'],
  int8: ['int2', 'int4', 'int8'],
  numeric: ['int2', 'int4', 'int8', 'numeric'],
  float4: ['float4', 'float8'],
  float8: ['float4', 'float8'],
  date: ['date', 'timestamp'],
  timestamp: ['date', 'timestamp'],
  text: ['text', 'varchar'],
  varchar: ['text', 'varchar'],
}

function isNumeric({ schema, name }: ColumnType): boolean {
  return schema === 'pg_catalog' && ['int2', 'int4', 'int8', 'numeric', 'float4', 'float8'].includes(name)
}

function fromText(backend: Backend, text: string, type: ColumnType): Constant | null {
  const found = typeOf(backend, type)
  if (found !== null && found !== 'unknown' && found.kind === 'enum') {
    const position = found.labels.indexOf(text)
    return position < 0 ? { kind: 'raw', value: text } : { kind: 'number', value: BigInt(position) }
  }
  if (isNumeric(type)) return decimal(text.trim())
  switch (type.name) {
    case 'bool':
      return booleanConstant(/^(t|true|y|yes|on|1)$/i.test(text.trim()))
    case 'date':
    case 'timestamp':
    case 'timestamptz':
      return moment(backend, text.trim(), type.name)
    case 'uuid':
      return { kind: 'bytes', value: text.toLowerCase() }
    case 'text':
    case 'varchar':
      return { kind: 'text', value: text }
    default:
      return { kind: 'raw', value: text }
  }
}

const places = 40

function decimal(text: string): Constant {
  const [, sign, whole = '', fraction = ''] = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text.replaceAll('_', '')) ?? []
  if (sign === undefined || fraction.length > places) return { kind: 'raw', value: text }
  const value = BigInt(`${whole}${fraction.padEnd(places, '0')}`)
  return { kind: 'number', value: sign === '-' ? -value : value }
}

const iso =
  /^(\d{4})-?(\d\d)-?(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?)?\s*(Z|UTC|[+-]\d\d(?::?\d\d)?)?$/i
const inWords = /^([A-Za-z]{3,9}) (\d{1,2}),? (\d{4})$/
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** `January 1, 2025` → `2025-01-01`. */
function withoutWords(text: string): string {
  const [, month = '', day = '', year] = inWords.exec(text) ?? []
  const number = months.indexOf(month.slice(0, 3).toLowerCase()) + 1
  return year && number > 0 ? `${year}-${String(number).padStart(2, '0')}-${day.padStart(2, '0')}` : text
}

/** Microseconds since 1970; a timestamptz without an offset is only known when the session's time zone is. */
function moment(backend: Backend, text: string, type: 'date' | 'timestamp' | 'timestamptz'): Constant {
  const raw: Constant = { kind: 'raw', value: text }
  if (/^-?infinity$/i.test(text)) return { kind: 'number', value: 10n ** 30n * (text.startsWith('-') ? -1n : 1n) }
  const match = iso.exec(withoutWords(text))
  if (!match) return raw
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone] = match
  if (type === 'timestamptz' && !zone && timeZone(backend.settings).isUtc !== true) return raw
  const isDate = type === 'date'
  const millis = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    ...(isDate ? ([0, 0, 0] as const) : ([Number(hour), Number(minute), Number(second)] as const)),
  )
  const micros = BigInt(millis) * 1000n + (isDate ? 0n : BigInt(fraction.padEnd(6, '0')))
  return { kind: 'number', value: micros - (type === 'timestamptz' ? offset(zone) : 0n) }
}

function offset(zone: string | undefined): bigint {
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone ?? '') ?? []
  const micros = (BigInt(hours) * 60n + BigInt(minutes)) * 60_000_000n
  return sign === '-' ? -micros : micros
}
