import type { Backend } from '../backend.ts'
import type { Oid } from '../catalog/catalog.ts'
import { doubtOf } from '../catalog/doubt.ts'
import { linksToExtension, linksToRoutine, linksToSchema, linksToType } from './dependents/definition.ts'
import type { Link } from './dependents/link.ts'
import { linksByUse, linksToColumn, linksToConstraint, linksToRelation, matches } from './dependents/relation.ts'
import { describe, type ObjectReference, objectKey, relationOf } from './object.ts'

/** An object that is dropped together with another one. */
export interface Dependent {
  readonly object: ObjectReference
  readonly kind: ObjectReference['kind']
  /** For people: `view "active_users"`. */
  readonly describe: string
  /** The relation that it is or belongs to; null for types, functions and schemas. */
  readonly relation: Oid | null
  /** True if it is dropped automatically (DEPENDENCY_AUTO, DEPENDENCY_INTERNAL); otherwise only CASCADE drops it. */
  readonly automatic: boolean
}

/**
 * Everything that depends on an object, directly or through others, each once, in the order in which it is found. The
 * list has only what the migrations mention: a view of a table that they do not create is in it, a view that they never
 * mention is not. Source: findDependentObjects in dependency.c.
 */
export function dependentsOf(backend: Backend, objects: readonly ObjectReference[]): Dependent[] {
  const found = new Map<string, Link>()
  const own = new Set(objects.map(objectKey))
  // The list grows during the walk.
  const queue = [...objects]
  for (const next of queue) {
    for (const link of linksTo(backend, next)) {
      const key = objectKey(link.object)
      const seen = found.get(key)
      if (own.has(key) || belongsTo(link.object, own) || !mayCount(backend, link.object)) continue
      if (!seen) queue.push(link.object)
      if (!seen || link.automatic) found.set(key, link)
    }
  }
  return [...found.values()].map(({ object, automatic }) => ({
    object,
    kind: object.kind,
    describe: describe(backend, object),
    relation: relationOf(object),
    // The parts of an object are dropped with it.
    automatic: automatic || goesWithOwner(object, found),
  }))
}

/** False for a part of a doubtful relation, where another possible database is asked for: there, it may not use the object. See Moment. */
function mayCount(backend: Backend, object: ObjectReference): boolean {
  if (!backend.onlyCertainDependents) return true
  const oid = relationOf(object)
  const relation = oid === null ? undefined : backend.get(oid)
  return !relation || doubtOf(backend.catalog, relation) === null
}

function belongsTo(object: ObjectReference, own: ReadonlySet<string>): boolean {
  return ownersOf(object).some(owner => own.has(objectKey(owner)))
}

/** The object that contains an object: its relation; for a default, also its column. */
function ownersOf(object: ObjectReference): ObjectReference[] {
  if (!('relation' in object)) return []
  const relation: ObjectReference = { kind: 'relation', oid: object.relation }
  return object.kind === 'default' ? [relation, { ...object, kind: 'column' }] : [relation]
}

function goesWithOwner(object: ObjectReference, found: ReadonlyMap<string, Link>): boolean {
  return ownersOf(object).some(owner => found.has(objectKey(owner)))
}

function linksTo(backend: Backend, object: ObjectReference): Link[] {
  switch (object.kind) {
    case 'relation': {
      const relation = backend.get(object.oid)
      return relation ? linksToRelation(backend, relation) : []
    }
    case 'column': {
      const table = backend.getTable(object.relation)
      return table
        ? linksToColumn(backend, table, object.name)
        : linksByUse(backend, object.relation, use => matches(use, object.relation, object.name))
    }
    case 'constraint': {
      const table = backend.getTable(object.relation)
      return table ? linksToConstraint(backend, table, object.name) : []
    }
    case 'type': {
      const type = backend.catalog.types.get(object.oid)
      return type ? linksToType(backend, type) : []
    }
    case 'routine': {
      const routine = backend.catalog.routines.get(object.oid)
      return routine ? linksToRoutine(backend, routine) : []
    }
    case 'schema':
      return linksToSchema(backend, object.name)
    case 'extension':
      return linksToExtension(backend, object.name)
    default:
      return []
  }
}
