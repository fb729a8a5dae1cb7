import type { Backend } from '../backend.ts'
import type { Type } from '../catalog/catalog.ts'
import { nameKey, type QualifiedName, searchPath } from '../catalog/name.ts'

/**
 * The type that a statement names; null when nothing is known about it. If it is known to be absent, the statement
 * fails with 42704. The row type of a table fails in the server's own words: `users is a table's row type`.
 */
export function findNamedType(backend: Backend, name: QualifiedName): Type | null {
  const found = backend.lookupType(name)
  if (found === 'dropped') backend.fail('42704', `type "${name.name}" does not exist`)
  return found ?? null
}

/** The type to drop. Null: it is not known, or it is absent and IF EXISTS allows that. */
export function findTypeToDrop(backend: Backend, name: QualifiedName, ifExists: boolean): Type | null {
  const found = backend.lookupType(name)
  if (found === 'dropped') {
    if (!ifExists) backend.fail('42704', `type "${name.name}" does not exist`)
    return null
  }
  if (found) return found
  const relation = backend.lookup(name)
  if (relation && relation !== 'dropped' && relation.complete && 'columns' in relation) {
    backend.fail('2BP01', `cannot drop type ${name.name} because ${relation.kind} ${relation.name} requires it`)
  }
  const key = nameKey('type', name.schema ?? backend.creationSchema, name.name)
  backend.catalog = { ...backend.catalog, dropped: backend.catalog.dropped.set(key, backend.catalog.nextOid) }
  return null
}

/** A type of which nothing is known gets this name, so a type that had it before and was dropped is no longer what it means. */
export function isThereAgain(backend: Backend, { schema, name }: QualifiedName): void {
  const schemas = schema === null ? searchPath(backend.settings) : [schema]
  const { dropped } = backend.catalog
  backend.catalog = {
    ...backend.catalog,
    dropped: dropped.removeAll(schemas.map(each => nameKey('type', each, name))),
  }
}
