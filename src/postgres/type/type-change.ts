import type { Node, TypeName } from '@pgsql/types'
import type { Backend } from '../backend.ts'
import type { ColumnType } from '../catalog/column.ts'
import { withoutCasts } from '../expression/expression.ts'
import { coerce, storedValue, type Value } from './coercion.ts'
import { narrows } from './narrowing.ts'
import { timeZone } from './time-zone.ts'
import { resolveType, typeText } from './type.ts'

export { indexSurvives } from './index-reuse.ts'

export interface TypeChange {
  readonly from: ColumnType
  readonly to: ColumnType
  readonly column: string
  readonly using: Node | null
}

export interface TypeChangeCost {
  /** The table, and with it every one of its indexes, is written again. */
  readonly rewrite: boolean | 'unknown'
  /** The old type has values that the new one cannot hold: the change may fail or lose something. */
  readonly narrowing: boolean | 'unknown'
  /** False: PostgreSQL would not apply any cast by itself, so the statement fails with SQLSTATE 42804. */
  readonly castable: boolean | 'unknown'
  /** A clause for people: `every value is converted from integer to bigint`. */
  readonly because: string
}

/**
 * What ALTER COLUMN … TYPE has to do with the stored rows. As in ATColumnChangeRequiresRewrite (tablecmds.c), it does
 * nothing when the expression for the new value is, after planning, the column itself under relabellings.
 */
export function typeChange(backend: Backend, { from, to, column, using }: TypeChange): TypeChangeCost {
  const narrowing = using !== null && !isCastOf(using, column) ? 'unknown' : narrows(backend, from, to)
  const start = using === null ? storedValue(from) : evaluate(backend, using, column, from)
  if (start === null) {
    const because = 'the USING expression is computed for every row'
    return { rewrite: true, narrowing, castable: 'unknown', because }
  }
  const value = coerce(backend, start, to, 'assignment')
  if (value === null) {
    const because = `there is no automatic cast from ${typeText(start.type)} to ${typeText(to)}`
    return { rewrite: true, narrowing, castable: false, because }
  }
  return { narrowing, castable: value.work === 'unknown' ? 'unknown' : true, ...costOf(backend, value) }
}

function costOf(backend: Backend, value: Value): Pick<TypeChangeCost, 'rewrite' | 'because'> {
  switch (value.work) {
    case 'same':
      return { rewrite: false, because: 'the stored values stay as they are' }
    case 'computed':
      return { rewrite: true, because: value.because }
    case 'unknown':
      return { rewrite: 'unknown', because: value.because }
    case 'zone': {
      const zone = timeZone(backend.settings)
      if (zone.isUtc === 'unknown') return { rewrite: 'unknown', because: `${value.because} unless TimeZone is UTC` }
      if (!zone.isUtc) return { rewrite: true, because: `${value.because}, as TimeZone is ${zone.name}` }
      return {
        rewrite: false,
        because:
          zone.name === null
            ? 'the stored values stay as they are as long as TimeZone is UTC (no migration sets it)'
            : `TimeZone is ${zone.name}, so the stored values stay as they are`,
      }
    }
  }
}

/** The column under casts, as a value. Null: an expression that is computed for every row, whatever it is. */
function evaluate(backend: Backend, using: Node, column: string, from: ColumnType): Value | null {
  const casts: TypeName[] = []
  let inner = using
  for (;;) {
    if ('CollateClause' in inner && inner.CollateClause.arg) inner = inner.CollateClause.arg
    else if ('TypeCast' in inner && inner.TypeCast.arg && inner.TypeCast.typeName) {
      casts.push(inner.TypeCast.typeName)
      inner = inner.TypeCast.arg
    } else break
  }
  let value = isColumn(inner, column) ? storedValue(from) : null
  for (const type of casts.reverse()) value = value && coerce(backend, value, resolveType(backend, type), 'explicit')
  return value
}

/** USING contains the column and nothing else, under whatever casts: values then fit as they would without USING. */
function isCastOf(using: Node, column: string): boolean {
  return isColumn(withoutCasts(using), column)
}

function isColumn(node: Node, column: string): boolean {
  const last = 'ColumnRef' in node ? node.ColumnRef.fields?.at(-1) : undefined
  return last !== undefined && 'String' in last && last.String.sval === column
}

/** Whether ALTER COLUMN … TYPE without USING finds a cast; when not, it fails with SQLSTATE 42804. */
export function canCast(backend: Backend, from: ColumnType, to: ColumnType): boolean | 'unknown' {
  return typeChange(backend, { from, to, column: '', using: null }).castable
}
