import type { Node } from '@pgsql/types'
import type { Backend } from '../backend.ts'
import type { ColumnType } from '../catalog/column.ts'
import { types } from './builtin.generated.ts'
import { sameModifiers, sameType } from './coercion.ts'
import { typeChange } from './type-change.ts'

/** A change of type where only the new type of the column is known. */
interface Target {
  readonly to: ColumnType
  readonly column: string
  readonly using: Node | null
}

/** The types that take a length or a precision. */
const withModifiers: ReadonlySet<string> = new Set([
  'bit',
  'bpchar',
  'interval',
  'numeric',
  'time',
  'timestamp',
  'timestamptz',
  'timetz',
  'varbit',
  'varchar',
])

/** The modifiers of a type itself, none, and narrower ones with fewer characters or digits. */
function modifiersOf({ name, modifiers }: ColumnType): readonly ColumnType['modifiers'][] {
  if (!withModifiers.has(name)) return [null]
  const [, ...rest] = modifiers ?? []
  return [null, modifiers, [0, ...rest], [1, ...rest]]
}

/** Types for PostgreSQL's own tables: nobody changes a column from one of these to an ordinary type. */
const internal: ReadonlySet<string> = new Set(['char', 'cid', 'name', 'oid', 'tid', 'xid', 'xid8'])

/**
 * True when a table is rewritten whatever the column's present type is. (If it were the new type already, nobody would
 * write the statement.) False when some other type would cause no rewrite (varchar, for text), or when that cannot be
 * determined.
 */
export function alwaysRewrites(backend: Backend, { to, column, using }: Target): boolean {
  if (to.schema !== 'pg_catalog') return false
  return sources(backend, to).every(from => {
    if (sameType(from, to) && sameModifiers(from.modifiers, to.modifiers)) return true
    const { rewrite, castable } = typeChange(backend, { from, to, column, using })
    return rewrite === true || castable === false
  })
}

/** What the column's type may be now. */
function sources(backend: Backend, to: ColumnType): ColumnType[] {
  const { array } = to
  const builtin = [...types.values()].flatMap(({ name, kind }) =>
    kind === 'pseudo' || internal.has(name) || /^(?:reg|pg_)/.test(name)
      ? []
      : (name === to.name ? modifiersOf(to) : [null]).map(each => ({
          schema: 'pg_catalog',
          name,
          modifiers: each,
          array,
        })),
  )
  const domains = [...backend.catalog.types.values()].flatMap(({ kind, schema, name }) =>
    kind === 'domain' ? [{ schema, name, modifiers: null, array }] : [],
  )
  return [...builtin, ...domains]
}
