import type { Node } from '@pgsql/types'
import type { Backend } from '../backend.ts'
import type { ColumnType } from '../catalog/catalog.ts'
import { types } from './builtin.generated.ts'
import { sameModifiers, sameType } from './coercion.ts'
import { typeChange } from './type-change.ts'

/** A change of type of which is only known what the column becomes. */
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

/** The modifiers of a type itself, none, and narrower ones: fewer characters or digits. */
function modifiersOf({ name, modifiers }: ColumnType): readonly ColumnType['modifiers'][] {
  if (!withModifiers.has(name)) return [null]
  const [, ...rest] = modifiers ?? []
  return [null, modifiers, [0, ...rest], [1, ...rest]]
}

/** Types for PostgreSQL's own tables: nobody changes a column of one of these to an ordinary type. */
const internal: ReadonlySet<string> = new Set(['char', 'cid', 'name', 'oid', 'tid', 'xid', 'xid8'])

/**
 * True when a table is rewritten whatever the column is now, unless it is of the new type already, and then nobody would write the
 * statement. False where some other type would be left as it is (varchar, for text), or where that cannot be told.
 */
export function alwaysRewrites(backend: Backend, { to, column, using }: Target): boolean {
  if (to.schema !== 'pg_catalog') return false
  return sources(backend, to).every(from => {
    if (sameType(from, to) && sameModifiers(from.modifiers, to.modifiers)) return true
    const { rewrite, castable } = typeChange(backend, { from, to, column, using })
    return rewrite === true || castable === false
  })
}

/** What the column may be now. */
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
