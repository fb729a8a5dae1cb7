import type { Node } from '@pgsql/types'
import type { Backend } from './backend.ts'
import type { ColumnType, Index } from './catalog.ts'

export interface TypeChange {
  readonly from: ColumnType
  readonly to: ColumnType
  readonly column: string
  readonly using: Node | null
}

export interface TypeChangeCost {
  readonly rewrite: boolean | 'unknown'
  /** Values may not fit the new type. */
  readonly narrowing: boolean | 'unknown'
  readonly because: string
}

export function typeChange(_backend: Backend, _change: TypeChange): TypeChangeCost {
  return { rewrite: 'unknown', narrowing: 'unknown', because: 'not known' }
}

export function indexSurvives(
  _backend: Backend,
  _index: Index,
  _column: string,
  _from: ColumnType,
  _to: ColumnType,
  _collationChanged: boolean,
): boolean {
  return false
}

export function canCast(_backend: Backend, _from: ColumnType, _to: ColumnType): boolean | 'unknown' {
  return 'unknown'
}
