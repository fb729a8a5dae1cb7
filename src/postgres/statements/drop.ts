import type { DropStmt, Node } from '@pgsql/types'
import type { Backend } from '../backend.ts'
import type { RelationKind } from '../catalog/catalog.ts'
import { displayName, type QualifiedName, qualifiedName } from '../catalog/name.ts'
import { deleteWithDependents, requireNoDependents } from '../object/deletion.ts'
import { dependentsOf } from '../object/dependents.ts'
import { type ObjectReference, objectKey, relationOf } from '../object/object.ts'
import type { Drop } from '../operation.ts'
import { partToDrop } from './drop-part.ts'
import type { Target } from './drop-target.ts'
import type { Handlers } from './handler.ts'
import { dropIndexes } from './index/drop-index.ts'
import { findNamed } from './named.ts'
import { findRoutine } from './routine-lookup.ts'
import { findTypeToDrop } from './type-lookup.ts'
import { wholeStatement } from './whole-statement.ts'

/** DROP of all objects that have a name. Source: ExecDropStmt in utility.c, RemoveRelations in tablecmds.c, dropcmds.c. */
export const dropHandlers = { DropStmt: drop } satisfies Partial<Handlers>

function drop(backend: Backend, node: DropStmt): void {
  if (node.removeType === 'OBJECT_INDEX') dropIndexes(backend, node)
  else dropOthers(backend, node)
}

function dropOthers(backend: Backend, node: DropStmt): void {
  const ifExists = node.missing_ok ?? false
  const cascade = node.behavior === 'DROP_CASCADE'
  const targets = (node.objects ?? []).map(object => target(backend, node, object))
  const objects = targets.flatMap(({ object }) => object ?? [])
  const named = new Set(objects.map(objectKey))
  const isTaken = (object: ObjectReference) => ![object, ...ownersOf(object)].some(each => named.has(objectKey(each)))
  if (!cascade) {
    const announced = targets.length
    for (const each of targets) startDrop(backend, each, ifExists, cascade, [])
    requireNoDependents(backend, objects)
    backend.withdraw(announced)
  }
  for (const each of targets) {
    const { object, relation } = each
    const dependents = object ? dependentsOf(backend, [object]).filter(({ automatic }) => !automatic) : []
    const taken = dependents.filter(({ object: one }) => isTaken(one))
    startDrop(
      backend,
      each,
      ifExists,
      cascade,
      taken.map(({ describe }) => describe),
    )
    if (!object) continue
    // It is not known to exist, so IF EXISTS may find nothing.
    if (ifExists && relation && !relation.complete)
      backend.lock(relation, 'AccessExclusiveLock', 'it is dropped if it exists', false)
    else if (relation) backend.lock(relation, 'AccessExclusiveLock', reason(object))
    deleteWithDependents(backend, [object])
    if (cascade) forgetExtensions(backend, object)
  }
}

/** CASCADE takes the extensions in a schema along, and those that need one of these. The model does not know which ones do. */
function forgetExtensions(backend: Backend, object: ObjectReference): void {
  const { extensions } = backend.catalog
  const isIn = ({ schema }: { readonly schema: string }) => object.kind === 'schema' && schema === object.name
  if (object.kind !== 'extension' && ![...extensions.values()].some(isIn)) return
  backend.catalog = { ...backend.catalog, extensions: extensions.clear() }
}

function reason(object: ObjectReference): string {
  return object.kind === 'relation' ? 'it is dropped' : `its ${object.kind} is dropped`
}

function startDrop(
  backend: Backend,
  { kind, name, relation, isNew }: Target,
  ifExists: boolean,
  cascade: boolean,
  dependents: readonly string[],
): void {
  const subject = relation ? backend.subject(relation) : null
  backend.operation({ kind, ...wholeStatement(backend), name, subject, ifExists, cascade, isNew, dependents })
}

/** The relation that contains an object. */
function ownersOf(object: ObjectReference): ObjectReference[] {
  const oid = relationOf(object)
  return oid === null ? [] : [{ kind: 'relation', oid }]
}

interface RelationDrop {
  readonly kind: Drop['kind']
  readonly kinds: readonly [RelationKind, ...RelationKind[]]
  readonly word: string
}

const relationDrops: Readonly<Record<string, RelationDrop>> = {
  OBJECT_TABLE: { kind: 'drop-table', kinds: ['table', 'partitioned table'], word: 'table' },
  OBJECT_FOREIGN_TABLE: { kind: 'drop-table', kinds: ['foreign table'], word: 'foreign table' },
  OBJECT_VIEW: { kind: 'drop-view', kinds: ['view'], word: 'view' },
  OBJECT_MATVIEW: { kind: 'drop-materialized-view', kinds: ['materialized view'], word: 'materialized view' },
  OBJECT_SEQUENCE: { kind: 'drop-sequence', kinds: ['sequence'], word: 'sequence' },
}

function target(backend: Backend, node: DropStmt, object: Node): Target {
  const ifExists = node.missing_ok ?? false
  const type = node.removeType ?? ''
  const relations = relationDrops[type]
  if (relations) return relationToDrop(backend, relations, qualifiedName(listOf(object)), ifExists)
  switch (type) {
    case 'OBJECT_TRIGGER':
    case 'OBJECT_RULE':
    case 'OBJECT_POLICY':
      return partToDrop(backend, type, listOf(object), ifExists)
    case 'OBJECT_TYPE':
    case 'OBJECT_DOMAIN':
      return typeToDrop(backend, type, object, ifExists)
    case 'OBJECT_FUNCTION':
    case 'OBJECT_PROCEDURE':
    case 'OBJECT_ROUTINE':
    case 'OBJECT_AGGREGATE':
      return routineToDrop(backend, object)
    case 'OBJECT_SCHEMA':
      return schemaToDrop(backend, textOf(object), ifExists)
    case 'OBJECT_EXTENSION':
      return extensionToDrop(textOf(object))
    case 'OBJECT_PUBLICATION':
      return publicationToDrop(backend, textOf(object))
    case 'OBJECT_STATISTIC_EXT':
      return statisticsToDrop(backend, object)
    default:
      return unknownTarget('drop-other', textOf(object))
  }
}

function unknownTarget(kind: Drop['kind'], name: string, isNew = false): Target {
  return { kind, name, object: null, relation: null, isNew }
}

function listOf(object: Node): Node[] {
  return 'List' in object ? (object.List.items ?? []) : [object]
}

function textOf(object: Node): string {
  return displayName(named(qualifiedName(listOf(object))))
}

function named({ schema, name }: QualifiedName): { schema: string; name: string } {
  return { schema: schema ?? 'public', name }
}

function relationToDrop(
  backend: Backend,
  { kind, kinds, word }: RelationDrop,
  name: QualifiedName,
  ifExists: boolean,
): Target {
  const written = displayName(named(name))
  const relation = findNamed(backend, name, kinds)
  if (!relation) {
    if (!ifExists) backend.fail('42P01', `${word} "${name.name}" does not exist`)
    return unknownTarget(kind, written, true)
  }
  if (relation.kind === 'sequence' && relation.identity && relation.ownedBy) {
    const table = backend.get(relation.ownedBy.relation)
    backend.fail(
      '2BP01',
      `cannot drop sequence ${relation.name} because column ${relation.ownedBy.column} of table ${table?.name} requires it`,
    )
  }
  return {
    kind,
    name: written,
    object: { kind: 'relation', oid: relation.oid },
    relation,
    isNew: !backend.isExposed(relation),
  }
}

function typeToDrop(
  backend: Backend,
  objectType: 'OBJECT_TYPE' | 'OBJECT_DOMAIN',
  object: Node,
  ifExists: boolean,
): Target {
  const kind = objectType === 'OBJECT_DOMAIN' ? 'drop-domain' : 'drop-type'
  const name = qualifiedName('TypeName' in object ? object.TypeName.names : listOf(object))
  const written = displayName(named(name))
  const isAbsent = backend.lookupType(name) === 'dropped'
  const type = findTypeToDrop(backend, name, ifExists)
  if (!type) return unknownTarget(kind, written, isAbsent)
  if (kind === 'drop-domain' && type.kind !== 'domain') backend.fail('42809', `"${type.name}" is not a domain`)
  return {
    kind,
    name: written,
    object: { kind: 'type', oid: type.oid },
    relation: null,
    isNew: type.createdIn === backend.migration,
  }
}

function routineToDrop(backend: Backend, object: Node): Target {
  const signature = 'ObjectWithArgs' in object ? object.ObjectWithArgs : {}
  const written = displayName(named(qualifiedName(signature.objname)))
  const routine = findRoutine(backend, signature)
  if (!routine) return unknownTarget('drop-routine', written)
  return {
    kind: 'drop-routine',
    name: written,
    object: { kind: 'routine', oid: routine.oid },
    relation: null,
    isNew: routine.createdIn === backend.migration,
  }
}

function schemaToDrop(backend: Backend, name: string, ifExists: boolean): Target {
  const schema = backend.catalog.schemas.get(name)
  if (!schema && backend.catalog.dropped.has(`schema:${name}`)) {
    if (!ifExists) backend.fail('3F000', `schema "${name}" does not exist`)
    return unknownTarget('drop-schema', name, true)
  }
  const isNew = schema?.createdIn === backend.migration
  return { kind: 'drop-schema', name, object: { kind: 'schema', name }, relation: null, isNew }
}

function extensionToDrop(name: string): Target {
  return { ...unknownTarget('drop-extension', name), object: { kind: 'extension', name } }
}

function statisticsToDrop(backend: Backend, object: Node): Target {
  const { schema, name } = qualifiedName(listOf(object))
  for (const candidate of schema === null ? backend.path : [schema]) {
    const written = displayName({ schema: candidate, name })
    if (!backend.catalog.others.has(`statistics:${written}`)) continue
    return { ...unknownTarget('drop-statistics', written), object: { kind: 'statistics', name: written } }
  }
  return unknownTarget('drop-statistics', textOf(object))
}

function publicationToDrop(backend: Backend, name: string): Target {
  backend.catalog = { ...backend.catalog, others: backend.catalog.others.remove(`publication:${name}`) }
  return unknownTarget('drop-publication', name)
}
