import { lookUp } from '../../parse/look-up.ts'
import type { Backend } from '../backend.ts'
import type { Index, IndexKey } from '../catalog/catalog.ts'
import type { ColumnType } from '../catalog/column.ts'
import { extensions, operatorClasses } from './builtin.generated.ts'
import { sameType } from './coercion.ts'
import { baseType, extensionOf, typeOf } from './type.ts'

/**
 * Whether an index keeps its file when the type of one of its columns changes without a rewrite of the table. As in
 * CheckIndexCompatible (indexcmds.c), it does when it contains no expression and each key keeps its operator class and
 * collation.
 */
export function indexSurvives(
  backend: Backend,
  index: Index,
  column: string,
  from: ColumnType,
  to: ColumnType,
  collationChanged: boolean,
): boolean {
  if (!index.valid || index.predicate !== null || index.keys.some(key => key.expression !== null)) return false
  return index.keys
    .filter(key => key.column === column)
    .every(
      key =>
        !(collationChanged && followsColumn(backend, index, key)) && keepsOperatorClass(backend, index, key, from, to),
    )
}

/** A COLLATE in the index that equals the column's is not stored as such: it changes with the column's. */
function followsColumn(backend: Backend, index: Index, key: IndexKey): boolean {
  const table = backend.getTable(index.table)
  const own = table?.columns.find(({ name }) => name === key.column)?.collation ?? null
  return key.collation === null || key.collation === own
}

function keepsOperatorClass(backend: Backend, index: Index, key: IndexKey, from: ColumnType, to: ColumnType): boolean {
  const old = defaultOperatorClass(backend, index.method, from)
  const now = defaultOperatorClass(backend, index.method, to)
  if (key.operatorClass !== null && key.operatorClass !== old?.name)
    return sameType(from, to) || !isPolymorphic(old?.input)
  if (old === null || now === null) return sameType(from, to)
  if (isPolymorphic(old.input)) return sameType(from, to) && keepsKeyType(index.method, old.name)
  return old.name === now.name && old.input === now.input
}

/**
 * Indexes that store something other than the column's own type (hash: a number, GIN: the elements) never have the type
 * that CheckIndexCompatible requires for a polymorphic class, not even when the type stays the same.
 */
function keepsKeyType(method: string, operatorClass: string): boolean {
  return method === 'btree' || ((method === 'gist' || method === 'spgist') && operatorClass === 'range_ops')
}

function isPolymorphic(input: string | undefined): boolean {
  return input?.startsWith('any') ?? false
}

interface DefaultClass {
  readonly name: string
  readonly input: string
}

/**
 * GetDefaultOpClass (indexcmds.c), of PostgreSQL or of an extension that comes with it. Null: there is none, or the
 * type is not known.
 */
export function defaultOperatorClass(backend: Backend, method: string, type: ColumnType): DefaultClass | null {
  const base = baseType(backend, type)
  if (base.array) return { name: 'array_ops', input: 'anyarray' }
  const found = typeOf(backend, base)
  if (found === null) return builtin(method, base)
  if (found === 'unknown') return null
  // btree_gist puts a prefix before its names, btree_gin does not.
  if (found.kind === 'enum') return { name: method === 'gist' ? 'gist_enum_ops' : 'enum_ops', input: 'anyenum' }
  if (found.kind === 'range') return { name: 'range_ops', input: 'anyrange' }
  return found.kind === 'composite' ? { name: 'record_ops', input: 'record' } : null
}

function builtin(method: string, type: ColumnType): DefaultClass | null {
  // btree_gin and btree_gist add classes for PostgreSQL's own types.
  const owner = type.schema === 'pg_catalog' ? `btree_${method}` : (extensionOf(type.name) ?? '')
  const classes = [operatorClasses.get(type.name), extensions.get(owner)?.operatorClasses.get(type.name)]
  for (const found of classes) {
    const known = lookUp<DefaultClass>(found ?? {}, method)
    if (known) return known
  }
  // A type without a class of its own uses the class of a type to which it is binary coercible.
  return type.name === 'varchar' ? builtin(method, { ...type, name: 'text' }) : null
}
