import type { AlterObjectSchemaStmt, CreateSchemaStmt, Node, RangeVar } from '@pgsql/types'
import type { Backend } from '../backend.ts'
import type { Relation, RelationKind } from '../catalog/catalog.ts'
import { qualifiedName, rangeVarName } from '../catalog/name.ts'
import { isIndex, isTable } from '../catalog/relation.ts'
import { nodeKind } from '../expression/expression.ts'
import { renameRelation, renameRoutine, renameTypeUses } from '../object/renaming.ts'
import type { Handler, Handlers, TopLevelKind } from './handler.ts'
import { namedRelation } from './named.ts'
import { findRoutine } from './routine-lookup.ts'
import { ownedSequences } from './table/column.ts'
import { findNamedType, isThereAgain } from './type-lookup.ts'
import { otherOperation, wholeStatement } from './whole-statement.ts'

/** CREATE SCHEMA, which runs other statements (`all`), and ALTER … SET SCHEMA. Source: schemacmds.c, ExecAlterObjectSchemaStmt in alter.c. */
export function schemaHandlers(all: () => Handlers) {
  return {
    CreateSchemaStmt: (backend, node: CreateSchemaStmt) => createSchema(backend, node, all()),
    AlterObjectSchemaStmt: setSchema,
  } satisfies Partial<Handlers>
}

function createSchema(backend: Backend, node: CreateSchemaStmt, handlers: Handlers): void {
  const name = node.schemaname || node.authrole?.rolename || ''
  const ifNotExists = node.if_not_exists ?? false
  backend.operation({
    kind: 'create-schema',
    ...wholeStatement(backend),
    name,
    subject: null,
    replace: false,
    ifNotExists,
  })
  const known = backend.catalog.schemas.get(name)
  if (known?.complete || (known && name === 'public')) {
    if (!ifNotExists) backend.fail('42P06', `schema "${name}" already exists`)
    return
  }
  // With IF NOT EXISTS, it is not known whether it existed before, with objects in it.
  if (!known) backend.putSchema({ name, complete: !ifNotExists, createdIn: ifNotExists ? null : backend.migration })
  backend.catalog = { ...backend.catalog, dropped: backend.catalog.dropped.remove(`schema:${name}`) }
  backend.within(name, () => {
    for (const element of node.schemaElts ?? []) {
      const kind = nodeKind(element) as TopLevelKind
      const handler = handlers[kind] as Handler<TopLevelKind> | undefined
      handler?.(backend, inSchema(Object.values(element)[0] as unknown as Record<string, unknown>, name) as never)
    }
  })
}

/** A schema element creates its object in the schema. Source: setSchemaName in parse_utilcmd.c. */
function inSchema(element: Record<string, unknown>, schema: string): Record<string, unknown> {
  const made = Object.entries(element).map(([key, value]) => {
    const isTarget = key === 'relation' || key === 'view' || key === 'sequence'
    return [key, isTarget ? { schemaname: schema, ...(value as RangeVar) } : value]
  })
  return Object.fromEntries(made)
}

const relationKinds: Readonly<Record<string, readonly [RelationKind, ...RelationKind[]]>> = {
  OBJECT_TABLE: ['table', 'partitioned table', 'foreign table', 'view', 'materialized view', 'sequence'],
  OBJECT_VIEW: ['view'],
  OBJECT_MATVIEW: ['materialized view'],
  OBJECT_SEQUENCE: ['sequence'],
  OBJECT_FOREIGN_TABLE: ['foreign table'],
}

function setSchema(backend: Backend, node: AlterObjectSchemaStmt): void {
  const schema = node.newschema ?? ''
  const kinds = relationKinds[node.objectType ?? '']
  if (kinds) {
    setRelationSchema(backend, node, schema, kinds)
    return
  }
  otherOperation(backend, 'alter-other')
  requireSchema(backend, schema)
  if (node.objectType === 'OBJECT_TYPE' || node.objectType === 'OBJECT_DOMAIN')
    setTypeSchema(backend, node.object, schema)
  else if (node.object && 'ObjectWithArgs' in node.object) {
    const routine = findRoutine(backend, node.object.ObjectWithArgs)
    if (routine) renameRoutine(backend, routine, schema, routine.name)
  }
}

function requireSchema(backend: Backend, schema: string): void {
  if (backend.catalog.dropped.has(`schema:${schema}`)) backend.fail('3F000', `schema "${schema}" does not exist`)
}

function setRelationSchema(
  backend: Backend,
  node: AlterObjectSchemaStmt,
  schema: string,
  kinds: readonly [RelationKind, ...RelationKind[]],
): void {
  const name = rangeVarName(node.relation ?? {})
  if (node.missing_ok && backend.lookup(name) === 'dropped') {
    otherOperation(backend, 'alter-other')
    return
  }
  const relation = namedRelation(backend, name, kinds)
  backend.operation({
    kind: 'set-schema',
    ...wholeStatement(backend),
    subject: backend.subject(relation),
    detail: schema,
  })
  backend.lock(relation, 'AccessExclusiveLock', 'it moves to another schema', relation.complete || !node.missing_ok)
  if (relation.kind === 'sequence' && relation.ownedBy) {
    backend.fail('0A000', 'cannot move an owned sequence into another schema')
  }
  requireSchema(backend, schema)
  move(backend, relation, schema)
}

/** A table's indexes, and the sequences it owns, move with it. Source: AlterTableNamespaceInternal in tablecmds.c. */
function move(backend: Backend, relation: Relation, schema: string): void {
  if (relation.schema === schema) return
  renameRelation(backend, relation, schema, relation.name)
  if (!isTable(relation)) return
  for (const index of backend.indexesOf(relation))
    if (isIndex(index)) renameRelation(backend, index, schema, index.name)
  for (const sequence of ownedSequences(backend, relation)) {
    backend.lock(sequence, 'AccessExclusiveLock', 'it moves to another schema with the table that owns it')
    renameRelation(backend, sequence, schema, sequence.name)
  }
}

function setTypeSchema(backend: Backend, object: Node | undefined, schema: string): void {
  const name = qualifiedName(object && 'List' in object ? object.List.items : undefined)
  const type = findNamedType(backend, name)
  if (!type) isThereAgain(backend, { schema, name: name.name })
  if (!type || type.schema === schema) return
  const row = 'relation' in type && type.relation !== null ? backend.get(type.relation) : undefined
  if (row) backend.rename(row, schema, type.name)
  backend.renameType(type, schema, type.name)
  renameTypeUses(backend, type, { schema, name: type.name })
}
