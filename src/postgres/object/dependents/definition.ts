import type { Node } from '@pgsql/types'
import type { Backend } from '../../backend.ts'
import type { FunctionName, Index, Oid, Routine } from '../../catalog/catalog.ts'
import { nameKey, strings } from '../../catalog/name.ts'
import { isIndex } from '../../catalog/relation.ts'
import { walk } from '../../expression/expression.ts'
import { typeOfNode } from '../../expression/type-of.ts'
import {
  type ExtensionObjects,
  extensions,
  functionsByVolatility,
  mixedFunctions,
} from '../../type/builtin.generated.ts'
import { defaultOperatorClass } from '../../type/index-reuse.ts'
import { resolveType } from '../../type/type.ts'
import { isOfType } from '../object.ts'
import { linksByCall, linksByExpression, mentioningAny } from './expression.ts'
import { type Link, normal } from './link.ts'

/** The objects that depend on a type, routine, schema or extension. */

/** The users of a type: an enum, domain, composite type, or the row type of a table or view. */
export function linksToType(backend: Backend, type: { readonly schema: string | null; readonly name: string }): Link[] {
  const links: Link[] = []
  const mention = `type:${type.name}` as const
  const relations = mentioningAny(backend, [mention, ...oidsOf(backend, type)])
  for (const relation of relations) {
    if (!('columns' in relation)) continue
    for (const column of relation.columns) {
      if (isOfType(column.type, type)) links.push(normal({ kind: 'column', relation: relation.oid, name: column.name }))
    }
    if ('ofType' in relation && relation.ofType !== null) {
      const row = backend.catalog.types.get(relation.ofType) ?? backend.get(relation.ofType)
      if (row?.schema === type.schema && row.name === type.name)
        links.push(normal({ kind: 'relation', oid: relation.oid }))
    }
  }
  for (const other of backend.typesMentioning(mention)) {
    if (other.kind === 'domain' && isOfType(other.base, type)) links.push(normal({ kind: 'type', oid: other.oid }))
  }
  for (const routine of backend.routinesMentioning(mention)) {
    const types = [...routine.arguments, ...(routine.returns ? [routine.returns] : [])]
    if (types.some(used => isOfType(used, type))) links.push(normal({ kind: 'routine', oid: routine.oid }))
  }
  return [...links, ...linksByExpression(relations, node => castsTo(backend, node, type))]
}

/** The type, or the relation with this row type, as CREATE TABLE … OF refers to it. */
function oidsOf(backend: Backend, { schema, name }: { readonly schema: string | null; readonly name: string }): Oid[] {
  if (schema === null) return []
  const spaces = ['type', 'relation'] as const
  return spaces.flatMap(space => backend.catalog.names.get(nameKey(space, schema, name)) ?? [])
}

function castsTo(
  backend: Backend,
  node: Node,
  type: { readonly schema: string | null; readonly name: string },
): boolean {
  let found = false
  walk(node, (kind, fields) => {
    if (kind === 'TypeCast') found ||= isOfType(resolveType(backend, fields.typeName as never), type)
  })
  return found
}

export function linksToRoutine(backend: Backend, routine: Routine): Link[] {
  const links = backend
    .mentioning(routine.oid)
    .flatMap(relation =>
      'triggers' in relation
        ? relation.triggers.flatMap(({ name, routine: called }) =>
            called === routine.oid ? [normal({ kind: 'trigger', relation: relation.oid, name })] : [],
          )
        : [],
    )
  const overloads = backend.catalog.routineNames.get(nameKey('routine', routine.schema, routine.name)) ?? []
  // It is not resolved here which overload an expression calls: with several, nothing is certain.
  if (overloads.length > 1) return links
  const isIt = ({ schema, name }: FunctionName) =>
    name === routine.name && (schema === null ? backend.path.includes(routine.schema) : schema === routine.schema)
  return [...links, ...linksByCall(backend, [routine.name], isIt)]
}

export function linksToSchema(backend: Backend, schema: string): Link[] {
  const { relations, types, routines } = backend.catalog
  const inside = <T extends { readonly schema: string }>(object: T) => object.schema === schema
  return [
    ...[...relations.values()].filter(inside).map(({ oid }) => normal({ kind: 'relation', oid })),
    ...[...types.values()].filter(inside).map(({ oid }) => normal({ kind: 'type', oid })),
    ...[...routines.values()].filter(inside).map(({ oid }) => normal({ kind: 'routine', oid })),
  ]
}

/** An extension that comes with PostgreSQL is known by its objects, even when it was installed before the migrations. */
export function linksToExtension(backend: Backend, extension: string): Link[] {
  const objects = extensions.get(extension)
  if (!objects) return []
  const schema = backend.catalog.extensions.get(extension)?.schema ?? null
  const types = [...objects.types].flatMap(name => linksToType(backend, { schema, name }))
  const indexes = [...backend.catalog.relations.values()]
    .filter(isIndex)
    .filter(index => isIndexedBy(backend, index, objects))
  const isOurs = ({ schema, name }: FunctionName) =>
    schema !== 'pg_catalog' && !isBuiltin(name) && functionsOf(extension).has(name)
  return [
    ...types,
    ...indexes.map(({ oid, table, constraint }) =>
      normal(
        constraint === null ? { kind: 'relation', oid } : { kind: 'constraint', relation: table, name: constraint },
      ),
    ),
    ...linksByCall(backend, functionsOf(extension), isOurs),
  ]
}

/** Whether an index needs an extension's access method or operator class: one that it names, or the default of what it indexes. */
function isIndexedBy(backend: Backend, index: Index, { accessMethods, operatorClassNames }: ExtensionObjects): boolean {
  if (accessMethods.has(index.method)) return true
  const names = operatorClassNames.get(index.method)
  if (!names) return false
  const table = backend.getTable(index.table)
  const typeOfColumn = (column: string) => (table ? (backend.column(table, column)?.type ?? null) : null)
  return index.keys.some(({ column, expression, operatorClass }) => {
    if (operatorClass !== null) return names.has(operatorClass)
    const type =
      column !== null
        ? typeOfColumn(column)
        : expression &&
          typeOfNode(backend, expression, ({ ColumnRef }) => typeOfColumn(strings(ColumnRef.fields).at(-1) ?? ''))
    const found = type && defaultOperatorClass(backend, index.method, type)
    return found ? names.has(found.name) : false
  })
}

function functionsOf(extension: string): ReadonlySet<string> {
  return new Set(Object.values(extensions.get(extension)?.functions ?? {}).flatMap(names => [...names]))
}

/**
 * A function that some version of PostgreSQL has itself is never attributed to an extension: gen_random_uuid() came
 * from pgcrypto.
 */
function isBuiltin(name: string): boolean {
  return Object.values(functionsByVolatility).some(names => names.has(name)) || mixedFunctions.has(name)
}
