import type { Backend } from '../backend.ts'
import type { Constraint, Oid, Relation, Table, View } from '../catalog/catalog.ts'
import { columnLists, isIndex, isTable } from '../catalog/relation.ts'
import { type Dependent, dependentsOf } from './dependents.ts'
import { describe, type ObjectReference } from './object.ts'

/**
 * Drops objects and everything that depends on them: takes the locks and changes the catalog. Without CASCADE it fails
 * with 2BP01 when some dependent is not dropped automatically. Returns the dependents that CASCADE dropped. Source:
 * performMultipleDeletions in dependency.c.
 */
export function performDeletion(backend: Backend, objects: readonly ObjectReference[], cascade: boolean): Dependent[] {
  if (!cascade) requireNoDependents(backend, objects)
  return deleteWithDependents(backend, objects)
}

/** RESTRICT: fails with 2BP01 when there certainly is a dependent that is not dropped automatically. */
export function requireNoDependents(backend: Backend, objects: readonly ObjectReference[]): void {
  const blocking = dependentsOf(backend, objects).filter(dependent => !dependent.automatic)
  const certain = blocking.find(({ relation }) => relation === null || backend.get(relation)?.complete)
  const [only, second] = objects
  if (!certain || !only) return
  const what = second ? 'desired object(s)' : describe(backend, only)
  backend.fail('2BP01', `cannot drop ${what} because other objects depend on it: ${certain.describe}`)
}

/** CASCADE: see performDeletion. Returns the dependents that are not dropped automatically. */
export function deleteWithDependents(backend: Backend, objects: readonly ObjectReference[]): Dependent[] {
  const dependents = dependentsOf(backend, objects)
  const [first] = objects
  const because = first ? `it depends on ${describe(backend, first)}, which is dropped` : 'it is dropped'
  const all = [
    ...objects.map(object => ({ object, because: 'it is dropped' })),
    ...dependents.map(({ object }) => ({ object, because })),
  ]
  for (const { object, because } of all) lockForDrop(backend, object, because)
  // Parts are dropped before wholes, as on the server.
  for (const { object } of all.reverse()) forget(backend, object)
  return dependents.filter(dependent => !dependent.automatic)
}

/** Locks of doDeletion and the routines it calls (heap_drop_with_catalog, index_drop, RemoveAttributeById…). */
function lockForDrop(backend: Backend, object: ObjectReference, because: string): void {
  if (object.kind === 'relation') {
    const relation = backend.get(object.oid)
    if (relation) lockRelationForDrop(backend, relation, because)
  } else if (object.kind === 'type') {
    const type = backend.catalog.types.get(object.oid)
    const row = type && 'relation' in type && type.relation !== null ? backend.get(type.relation) : undefined
    if (row) backend.lock(row, 'AccessExclusiveLock', because)
  } else if (object.kind === 'statistics') {
    for (const oid of backend.catalog.others.get(`statistics:${object.name}`)?.relations ?? []) {
      const table = backend.get(oid)
      if (table) backend.lock(table, 'ShareUpdateExclusiveLock', 'its extended statistics are dropped')
    }
  } else if ('relation' in object) {
    const relation = backend.get(object.relation)
    if (!relation) return
    backend.lock(relation, 'AccessExclusiveLock', because)
    if (object.kind === 'constraint' && isTable(relation)) {
      const constraint = backend.constraint(relation, object.name)
      if (constraint) lockForeignKeyForDrop(backend, relation, constraint)
    }
    if (object.kind === 'constraint' || object.kind === 'trigger') lockPartitions(backend, relation, because)
  }
}

function lockRelationForDrop(backend: Backend, relation: Relation, because: string): void {
  backend.lock(relation, 'AccessExclusiveLock', because)
  if (isIndex(relation)) {
    const table = backend.getTable(relation.table)
    if (table) backend.lock(table, 'AccessExclusiveLock', `its index "${relation.name}" is dropped`)
  }
  if (!isTable(relation)) return
  backend.requireNotInUse(relation, 'DROP TABLE')
  lockAboveForDrop(backend, relation)
  for (const constraint of relation.constraints) lockForeignKeyForDrop(backend, relation, constraint)
}

/** The partitioned table and its DEFAULT partition, whose bounds change. Source: heap_drop_with_catalog in heap.c. */
function lockAboveForDrop(backend: Backend, table: Table): void {
  const parent = table.partitionOf === null ? undefined : backend.getTable(table.partitionOf)
  if (!parent) return
  backend.lock(parent, 'AccessExclusiveLock', `its partition "${table.name}" is dropped`)
  const other = defaultPartitionOf(backend, parent)
  if (other)
    backend.lock(other, 'AccessExclusiveLock', `it is the DEFAULT partition next to "${table.name}", which is dropped`)
}

export function defaultPartitionOf(backend: Backend, parent: Table): Table | undefined {
  for (const oid of parent.children) {
    const child = backend.getTable(oid)
    if (child?.bound?.kind === 'default') return child
  }
  return undefined
}

/**
 * Locks that dropping a foreign key takes on both of its tables: its triggers on the referenced table (and all its
 * partitions) are dropped. A partition's foreign key that comes from its parent has no triggers of its own there.
 */
function lockForeignKeyForDrop(backend: Backend, table: Table, constraint: Constraint): void {
  if (!constraint.references || constraint.inherited || !constraint.enforced) return
  const referenced = backend.getTable(constraint.references.table)
  if (!referenced) return
  const because = `the triggers of foreign key "${constraint.name}" of "${table.name}" are dropped`
  if (referenced.kind !== 'partitioned table') backend.lock(referenced, 'AccessExclusiveLock', because)
  else {
    for (const each of backend.withDescendants(referenced)) {
      // Before 15 only the partitions had triggers, not the partitioned table itself.
      if (backend.since(15) || each.kind !== 'partitioned table') backend.lock(each, 'AccessExclusiveLock', because)
    }
  }
}

function lockPartitions(backend: Backend, relation: Relation, because: string): void {
  if (!isTable(relation) || relation.kind !== 'partitioned table') return
  for (const each of backend.withDescendants(relation)) backend.lock(each, 'AccessExclusiveLock', because)
}

/** Removes an object from the catalog, without locks and dependents. */
export function forget(backend: Backend, object: ObjectReference): void {
  switch (object.kind) {
    case 'relation': {
      const relation = backend.get(object.oid)
      if (relation) forgetRelation(backend, relation)
      return
    }
    case 'type': {
      const type = backend.catalog.types.get(object.oid)
      if (!type) return
      backend.removeType(type)
      const row = 'relation' in type && type.relation !== null ? backend.get(type.relation) : undefined
      if (row) backend.remove(row)
      return
    }
    case 'routine': {
      const routine = backend.catalog.routines.get(object.oid)
      if (routine) backend.removeRoutine(routine)
      return
    }
    case 'domain constraint': {
      const domain = backend.catalog.types.get(object.oid)
      if (domain?.kind !== 'domain') return
      backend.putType({ ...domain, constraints: domain.constraints.filter(({ name }) => name !== object.name) })
      return
    }
    case 'schema': {
      const { schemas, dropped, nextOid } = backend.catalog
      const key = `schema:${object.name}`
      backend.catalog = { ...backend.catalog, schemas: schemas.remove(object.name), dropped: dropped.set(key, nextOid) }
      return
    }
    case 'statistics':
      backend.catalog = { ...backend.catalog, others: backend.catalog.others.remove(`statistics:${object.name}`) }
      return
    case 'extension':
      backend.catalog = { ...backend.catalog, extensions: backend.catalog.extensions.remove(object.name) }
      return
    default:
      forgetPart(backend, object)
  }
}

function forgetPart(backend: Backend, object: Extract<ObjectReference, { relation: Oid }>): void {
  if (object.kind === 'publication') {
    leavePublication(backend, object.name, object.relation)
    return
  }
  const owner = backend.get(object.relation)
  if (!owner || isIndex(owner) || owner.kind === 'sequence') return
  const others = <T extends { readonly name: string }>(list: readonly T[]) =>
    list.filter(({ name }) => name !== object.name)
  const tables = isTable(owner) ? backend.withDescendants(owner) : []
  switch (object.kind) {
    case 'column':
      backend.change<Table | View>(owner.oid, {
        columns: columnLists.of(owner.columns, `without ${object.name}`, others),
      })
      return
    case 'default':
      backend.change<Table | View>(owner.oid, {
        columns: owner.columns.map(column => (column.name === object.name ? { ...column, default: null } : column)),
      })
      return
    case 'constraint':
      for (const table of tables) {
        if (
          table.oid === owner.oid ||
          table.constraints.some(({ name, inherited }) => inherited && name === object.name)
        ) {
          backend.change<Table>(table.oid, { constraints: others(table.constraints) })
        }
      }
      return
    case 'trigger':
      backend.change<Table | View>(owner.oid, { triggers: others(owner.triggers) })
      for (const table of tables) {
        if (owner.kind === 'partitioned table') backend.change<Table>(table.oid, { triggers: others(table.triggers) })
      }
      return
    case 'rule':
      backend.change<Table | View>(owner.oid, { rules: others(owner.rules) })
      return
    case 'policy':
      if (isTable(owner)) backend.change<Table>(owner.oid, { policies: others(owner.policies) })
  }
}

function leavePublication(backend: Backend, name: string, table: Oid): void {
  const key = `publication:${name}`
  const known = backend.catalog.others.get(key)
  if (!known) return
  const others = backend.catalog.others.set(key, {
    ...known,
    relations: known.relations.filter(oid => oid !== table),
    uses: known.uses.filter(use => use.relation !== table),
  })
  backend.catalog = { ...backend.catalog, others }
}

/** A relation, and every reference to it in its parents and siblings. */
function forgetRelation(backend: Backend, relation: Relation): void {
  const without = (list: readonly Oid[]) => list.filter(oid => oid !== relation.oid)
  backend.remove(relation)
  if (isIndex(relation)) {
    const table = backend.getTable(relation.table)
    if (table) backend.change<Table>(table.oid, { indexes: without(table.indexes) })
    const parent = relation.parent === null ? undefined : backend.getIndex(relation.parent)
    if (parent) backend.change(parent.oid, { children: without(parent.children) })
  } else if (isTable(relation)) {
    for (const oid of [...relation.parents, ...(relation.partitionOf === null ? [] : [relation.partitionOf])]) {
      const parent = backend.getTable(oid)
      if (parent) backend.change<Table>(oid, { children: without(parent.children) })
    }
  }
}
