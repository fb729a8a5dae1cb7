import type { Node } from '@pgsql/types'

export interface Column {
  readonly name: string
  readonly type: ColumnType
  /** As written in a COLLATE clause, or null for the type's default. */
  readonly collation: string | null
  /** A query made the column, and what its collation is was not found out. */
  readonly collationUnknown?: true
  readonly notNull: boolean
  /** Null: none. */
  readonly default: Node | null
  readonly identity: 'always' | 'by default' | null
  readonly generated: { readonly kind: 'stored' | 'virtual'; readonly expression: Node } | null
  /** False when only a use of it was seen, not its definition. Type, default and NOT NULL are then unknown. */
  readonly complete: boolean
  readonly createdIn: number | null
  /** From an inheritance or partition parent. */
  readonly inherited: boolean
  /** The table declares an inherited column itself, too: it keeps it when its parents lose it (pg_attribute.attislocal). */
  readonly local?: boolean
  readonly storage: string | null
  /** ADD COLUMN has made sure that a column of this name is there, whatever it looks like. */
  readonly isThere?: boolean
  /** Why the other facts may be wrong, a clause: IF NOT EXISTS may have found another column. Left out: they are as right as those of its table. */
  readonly doubt?: string
}

/**
 * A type as a column has it: PostgreSQL's internal name (`int4`, `varchar`, `timestamptz`), without modifiers, plus the
 * modifiers as written (`[10, 2]` for numeric(10,2); for interval the field mask and precision).
 */
export interface ColumnType {
  /** `pg_catalog` for built-in types, null when it is not known which schema the name is found in. */
  readonly schema: string | null
  readonly name: string
  readonly modifiers: readonly number[] | null
  readonly array: boolean
}

export const unknownType: ColumnType = { schema: null, name: 'unknown', modifiers: null, array: false }

/** PostgreSQL's own type of this name has a schema. */
export function isUnknownType({ schema, name, array }: ColumnType): boolean {
  return schema === null && name === 'unknown' && !array
}
