import { lookUp } from '../../parse/look-up.ts'
import type { TableName } from './table-names.ts'
import type { Recorded, Row, Tracking } from './tracking.ts'

/** A table that has a row for each applied migration and nothing to compare its file with. */
interface Listed extends Omit<Tracking, 'table' | 'columns' | 'order' | 'records'> {
  readonly table: TableName
  /** The column with the system's name of a migration. */
  readonly id: string
  /** The column with the time, if there is one. */
  readonly at?: string
  /** Further columns that distinguish the table from others with that name. */
  readonly beside?: readonly string[]
  readonly order?: readonly string[]
}

export function listed({ table, id, at, beside = [], order, ...more }: Listed): Tracking {
  return {
    ...more,
    table,
    columns: [id, ...(at === undefined ? [] : [at]), ...beside],
    order: order ?? [id],
    records: rows =>
      rows.map(row => applied(lookUp(row, id) ?? '', at === undefined ? null : (lookUp(row, at) ?? null))),
  }
}

export function applied(id: string, at: string | null, checksum: string | null = null): Recorded {
  return { id, keys: [id], at, state: 'applied', checksum }
}

/** It counts as applied because the row does not say otherwise. */
export function isTrue(row: Row, column: string): boolean {
  return ['true', 't'].includes(lookUp(row, column) ?? '')
}

/** The value of a JSON text; undefined if it is not JSON, because a table of that name may be anybody's. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
