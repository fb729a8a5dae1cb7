import { lookUp } from '../../parse/look-up.ts'
import type { ColumnType } from '../../postgres/catalog/column.ts'
import type { AlterColumnType } from '../../postgres/table-operation.ts'
import { identifier, raw, type Sql, sql } from './sql.ts'

interface Narrowing {
  /** What happens to values that do not fit, as the end of a sentence. */
  readonly consequence: string
  /** Values change without any error. */
  readonly loses: boolean
  /** A query that counts them; null: there is no simple one. */
  readonly search: Sql | null
}

const integers: Readonly<Record<string, readonly [least: string, greatest: string]>> = {
  int2: ['-32768', '32767'],
  int4: ['-2147483648', '2147483647'],
  int8: ['-9223372036854775808', '9223372036854775807'],
}
const numbers = new Set(['int2', 'int4', 'int8', 'numeric', 'float4', 'float8', 'money'])
const texts = new Set(['text', 'varchar', 'bpchar'])
const times = new Set(['timestamp', 'timestamptz'])

/** The consequence of changing to a smaller type, and a query for the values that it affects. */
export function narrowing({ table, column, from, to, using }: AlterColumnType): Narrowing {
  const name = identifier(column)
  const count = (where: string): Sql => sql`SELECT count(*) FROM ${table.name} WHERE ${raw(where)};`
  const is = (type: ColumnType | null, names: ReadonlySet<string>) =>
    type !== null && !type.array && names.has(type.name)
  const [size, scale = 0] = to.modifiers ?? []

  if (is(from, texts) && is(to, texts)) {
    const length = size ?? (to.name === 'bpchar' ? 1 : null)
    return {
      // An explicit cast cuts them off (manual, chapter Character Types).
      consequence: using === null ? 'fails if a value is too long' : 'cuts off values that are too long',
      loses: using !== null,
      search: length === null ? null : count(`char_length(${name.sql}) > ${length}`),
    }
  }
  if (is(from, numbers) && is(to, numbers)) {
    const range = lookUp(integers, to.name)
    if (range) {
      const rounds = from !== null && !Object.hasOwn(integers, from.name) ? ', and rounds fractions' : ''
      return {
        consequence: `fails if a value is too large${rounds}`,
        loses: rounds !== '',
        search: count(`${name.sql} NOT BETWEEN ${range[0]} AND ${range[1]}`),
      }
    }
    if (to.name === 'numeric' && size !== undefined) {
      const limit = `1${'0'.repeat(Math.max(size - scale, 0))}`
      return {
        consequence: `fails if a value is ${limit} or more, and rounds to ${scale} digits after the point`,
        loses: true,
        search: from?.name === 'money' ? null : count(`abs(${name.sql}) >= ${limit}`),
      }
    }
    return { consequence: 'may lose digits', loses: true, search: null }
  }
  if (is(from, times) && to.name === 'date') return { consequence: 'loses the time of day', loses: true, search: null }
  if (is(from, times) && to.name === 'time') return { consequence: 'loses the day', loses: true, search: null }
  if (is(from, times) && times.has(to.name))
    return { consequence: 'rounds fractions of seconds', loses: true, search: null }
  return { consequence: 'fails if a value does not fit', loses: false, search: null }
}

/** Values of other types may not fit into this one. */
export function hasLimit(type: ColumnType): boolean {
  if (type.schema !== 'pg_catalog' || type.array) return false
  if (type.name === 'varchar' || type.name === 'numeric') return type.modifiers !== null
  return type.name !== 'text'
}
