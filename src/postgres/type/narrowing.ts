import { lookUp } from '../../parse/look-up.ts'
import type { Backend } from '../backend.ts'
import type { ColumnType } from '../catalog/column.ts'
import { nameLimit } from '../catalog/name-limit.ts'
import { isString, sameType } from './coercion.ts'
import { isLengthNoop, lengthCoercion } from './length-coercion.ts'
import { baseType, isConstrainedDomain, typeOf } from './type.ts'

/** The decimal digits before and after the point that a numeric type can hold. */
interface Digits {
  readonly before: number
  readonly after: number
}

const any = Number.POSITIVE_INFINITY

/** Floats hold any magnitude that a column is likely to have, but only a limited number of digits. */
const digits: Readonly<Record<string, Digits>> = {
  int2: { before: 5, after: 0 },
  int4: { before: 10, after: 0 },
  int8: { before: 19, after: 0 },
  float4: { before: 6, after: 6 },
  float8: { before: 15, after: 15 },
  numeric: { before: any, after: any },
  money: { before: 17, after: 2 },
}

/** The longest text that values of a type have. Types that are not listed have no limit that matters. */
const longestText: Readonly<Record<string, number>> = {
  int2: 6,
  int4: 11,
  int8: 20,
  bool: 5,
  uuid: 36,
  date: 13,
  char: 1,
  name: nameLimit,
  oid: 10,
  macaddr: 17,
}

/** Changes between different families of types that keep every value. */
const lossless: ReadonlySet<string> = new Set([
  'date timestamp',
  'date timestamptz',
  'timestamp timestamptz',
  'timestamptz timestamp',
  'time interval',
  'time timetz',
  'json jsonb',
  'jsonb json',
  'cidr inet',
  'bool int4',
  'bit varbit',
  'int4 oid',
  'oid int8',
  'macaddr macaddr8',
  'oid regclass',
  'regclass oid',
  'bytea text',
])

/** Whether `from` has values that `to` cannot hold unchanged: too long, too large, too precise, of another form. */
export function narrows(backend: Backend, from: ColumnType, to: ColumnType): boolean | 'unknown' {
  const constrained = sameType(from, to) ? false : isConstrainedDomain(backend, to)
  if (constrained !== false) return constrained
  const [source, target] = [baseType(backend, from), baseType(backend, to)]
  if ([source, target].some(type => typeOf(backend, type) === 'unknown'))
    return sameType(source, target) ? false : 'unknown'
  if (sameType(source, target)) return source.array ? losesLength(source, target) : !fits(backend, source, target)
  if (source.array && target.array) return narrows(backend, { ...source, array: false }, { ...target, array: false })
  if (isString(backend, target)) return !source.array && textIsLonger(backend, source, target)
  const [had, has] = [digitsOf(source), digitsOf(target)]
  if (had && has) return had.before > has.before || had.after > has.after
  return !lossless.has(`${source.name} ${target.name}`) || (target.modifiers !== null && target.name !== 'timestamptz')
}

function fits(backend: Backend, from: ColumnType, to: ColumnType): boolean {
  if (to.modifiers === null) return true
  const [had, has] = [digitsOf(from), digitsOf(to)]
  if (had && has) return had.before <= has.before && had.after <= has.after
  const method = lengthCoercion(backend, to)
  if (method === 'compute') return from.modifiers !== null && (from.modifiers[0] ?? 0) <= (to.modifiers[0] ?? 0)
  return method === null || method === 'unknown' || isLengthNoop(method, from.modifiers, to.modifiers)
}

function losesLength(from: ColumnType, to: ColumnType): boolean {
  return to.modifiers !== null && (from.modifiers === null || (from.modifiers[0] ?? 0) > (to.modifiers[0] ?? 0))
}

function textIsLonger(backend: Backend, from: ColumnType, to: ColumnType): boolean {
  const limit = to.name === 'char' ? 1 : to.name === 'name' ? nameLimit : (to.modifiers?.[0] ?? any)
  const length =
    isString(backend, from) && from.name !== 'char' && from.name !== 'name'
      ? (from.modifiers?.[0] ?? any)
      : (lookUp(longestText, from.name) ?? any)
  return limit < length
}

function digitsOf({ name, modifiers, schema, array }: ColumnType): Digits | null {
  if (schema !== 'pg_catalog' || array) return null
  if (name !== 'numeric' || modifiers === null) return lookUp(digits, name) ?? null
  const [precision = 0, scale = 0] = modifiers
  return { before: precision - scale, after: scale }
}
