import type { Node } from '@pgsql/types'
import type { Backend } from './backend.ts'
import { extensions, functionsByVolatility, mixedFunctions } from './builtin.generated.ts'
import type {
  Column,
  ColumnUse,
  FunctionName,
  Index,
  Oid,
  OtherObject,
  Relation,
  Routine,
  Table,
  View,
} from './catalog.ts'
import { columnsOf, walk } from './expression.ts'
import { nameKey, qualifiedName } from './name.ts'
import { describe, isOfType, literal, type ObjectReference, objectKey, relationOf } from './object.ts'
import { resolveType } from './type.ts'

/** An object that goes when another one goes. */
export interface Dependent {
  readonly object: ObjectReference
  readonly kind: ObjectReference['kind']
  /** For people: `view "active_users"`. */
  readonly describe: string
  /** The relation that it is or belongs to; null for types, functions and schemas. */
  readonly relation: Oid | null
  /** Goes without being asked for (DEPENDENCY_AUTO, DEPENDENCY_INTERNAL); otherwise only CASCADE takes it along. */
  readonly automatic: boolean
}

interface Link {
  readonly object: ObjectReference
  readonly automatic: boolean
}

const automatic = (object: ObjectReference): Link => ({ object, automatic: true })
const normal = (object: ObjectReference): Link => ({ object, automatic: false })

/**
 * Everything that depends on an object, directly or through others, each once, in the order in which it is found.
 * Only what the migrations tell: a view of a table that they do not create is in the list, one that they never mention is not.
 * Source: findDependentObjects in dependency.c.
 */
export function dependentsOf(backend: Backend, ...objects: readonly ObjectReference[]): Dependent[] {
  const found = new Map<string, Link>()
  const own = new Set(objects.map(objectKey))
  const queue = [...objects]
  for (let next = queue.shift(); next; next = queue.shift()) {
    for (const link of linksTo(backend, next)) {
      const key = objectKey(link.object)
      const seen = found.get(key)
      if (own.has(key) || belongsTo(link.object, own)) continue
      if (!seen) queue.push(link.object)
      if (!seen || link.automatic) found.set(key, link)
    }
  }
  return [...found.values()].map(({ object, automatic }) => ({
    object,
    kind: object.kind,
    describe: describe(backend, object),
    relation: relationOf(object),
    // What belongs to something that goes, goes with it.
    automatic: automatic || goesWithOwner(object, found),
  }))
}

function belongsTo(object: ObjectReference, own: ReadonlySet<string>): boolean {
  return ownersOf(object).some(owner => own.has(objectKey(owner)))
}

/** What an object is a part of: its relation; a default also of its column. */
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

function linksToRelation(backend: Backend, relation: Relation): Link[] {
  switch (relation.kind) {
    case 'index':
    case 'partitioned index':
      return linksToIndex(backend, relation)
    case 'sequence':
      return linksByExpression(backend, node => namesSequence(backend, node, relation.oid))
    case 'view':
      return [
        ...linksByUse(backend, relation.oid, use => use.relation === relation.oid),
        ...linksToType(backend, relation),
      ]
    default:
      return [...linksToTable(backend, relation), ...linksToType(backend, relation)]
  }
}

function linksToTable(backend: Backend, table: Table): Link[] {
  const parts = table.kind === 'partitioned table' ? automatic : normal
  return [
    ...table.indexes.map(oid => automatic({ kind: 'relation', oid })),
    ...sequencesOf(backend, table).map(oid => automatic({ kind: 'relation', oid })),
    ...table.constraints.map(({ name }) => automatic({ kind: 'constraint', relation: table.oid, name })),
    ...table.children.map(oid => parts({ kind: 'relation', oid })),
    ...foreignKeysTo(backend, table, null),
    ...aboveOf(backend, table).flatMap(above => foreignKeysTo(backend, above, null)),
    ...linksByUse(backend, table.oid, use => use.relation === table.oid),
    ...linksToOthers(backend, object => object.relations.includes(table.oid)),
  ]
}

/** The partitioned tables above a partition: a foreign key to one of them refers to the partition as well. */
function aboveOf(backend: Backend, table: Table): Table[] {
  const above = table.partitionOf === null ? undefined : backend.getTable(table.partitionOf)
  return above ? [above, ...aboveOf(backend, above)] : []
}

/** Statistics and memberships in publications go with the table; one of its columns cannot leave a publication that names it. */
function linksToOthers(backend: Backend, uses: (object: OtherObject) => boolean, table?: Oid): Link[] {
  return [...backend.catalog.others.values()].filter(uses).flatMap(({ kind, name, relations }) => {
    if (kind === 'statistics') return [automatic({ kind, name })]
    if (kind !== 'publication') return []
    if (table !== undefined) return [normal({ kind, relation: table, name })]
    return relations.map(relation => automatic({ kind, relation, name }))
  })
}

/** Relations that can refer to this one: those that do, and itself. */
function withItself(backend: Backend, oid: Oid): Relation[] {
  const own = backend.get(oid)
  return [...(own ? [own] : []), ...backend.mentioning(oid)]
}

function sequencesOf(backend: Backend, table: Table, column?: string): Oid[] {
  return backend
    .mentioning(table.oid)
    .flatMap(relation =>
      relation.kind === 'sequence' &&
      relation.ownedBy?.relation === table.oid &&
      (column === undefined || relation.ownedBy.column === column)
        ? [relation.oid]
        : [],
    )
}

/** Foreign keys of other tables that refer to exactly these columns (null: to any). */
function foreignKeysTo(backend: Backend, table: Table, columns: readonly string[] | null): Link[] {
  const links: Link[] = []
  for (const other of withItself(backend, table.oid)) {
    if (!('constraints' in other)) continue
    for (const { name, references } of other.constraints) {
      if (references?.table !== table.oid) continue
      if (columns === null ? other.oid !== table.oid : sameSet(references.columns, columns)) {
        links.push(normal({ kind: 'constraint', relation: other.oid, name }))
      }
    }
  }
  return links
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every(name => b.includes(name))
}

function linksToIndex(backend: Backend, index: Index): Link[] {
  const links = index.children.map(oid => automatic({ kind: 'relation', oid }))
  const table = backend.getTable(index.table)
  const columns = index.keys.flatMap(key => (key.column === null ? [] : [key.column]))
  if (!table?.complete || !index.unique || index.constraint !== null || index.predicate !== null) return links
  if (columns.length !== index.keys.length) return links
  const others = backend.indexesOf(table).filter(other => other.oid !== index.oid && other.unique)
  if (
    others.some(other =>
      sameSet(
        other.keys.flatMap(key => key.column ?? []),
        columns,
      ),
    )
  )
    return links
  return [...links, ...foreignKeysTo(backend, table, columns)]
}

function linksToColumn(backend: Backend, table: Table, column: string): Link[] {
  const oid = table.oid
  const indexes = backend.indexesOf(table).filter(index => usesColumn(index, column))
  const constraints = table.constraints.filter(
    constraint =>
      constraint.kind !== 'not null' &&
      (constraint.columns.includes(column) ||
        (constraint.expression !== null && columnsOf(constraint.expression).includes(column))),
  )
  // Before 15 a generated column went along silently: release notes of 15, "Fix dependencies of generated columns".
  const generatedLink = backend.version < 15 ? automatic : normal
  const generated = table.columns.filter(
    other => other.generated && columnsOf(other.generated.expression).includes(column),
  )
  const others = foreignKeysToColumn(backend, table, column)
  return [
    ...indexes.map(index => automatic({ kind: 'relation', oid: index.oid })),
    ...sequencesOf(backend, table, column).map(sequence => automatic({ kind: 'relation', oid: sequence })),
    ...constraints.map(({ name }) => automatic({ kind: 'constraint', relation: oid, name })),
    ...generated.map(({ name }) => generatedLink({ kind: 'column', relation: oid, name })),
    ...others,
    ...table.triggers.flatMap(trigger =>
      trigger.columns.includes(column) ? [normal({ kind: 'trigger', relation: oid, name: trigger.name })] : [],
    ),
    ...linksByUse(backend, oid, use => matches(use, oid, column)),
    ...linksToOthers(backend, object => object.uses.some(use => matches(use, oid, column)), oid),
  ]
}

function foreignKeysToColumn(backend: Backend, table: Table, column: string): Link[] {
  return withItself(backend, table.oid).flatMap(other =>
    'constraints' in other
      ? other.constraints.flatMap(({ name, references }) =>
          references?.table === table.oid && references.columns.includes(column)
            ? [normal({ kind: 'constraint', relation: other.oid, name })]
            : [],
        )
      : [],
  )
}

function usesColumn(index: Index, column: string): boolean {
  return (
    index.included.includes(column) ||
    index.keys.some(
      key => key.column === column || (key.expression !== null && columnsOf(key.expression).includes(column)),
    ) ||
    (index.predicate !== null && columnsOf(index.predicate).includes(column))
  )
}

function matches(use: ColumnUse, relation: Oid, column: string): boolean {
  return use.relation === relation && use.column === column
}

/** Views, policies, rules and SQL bodies that use something; those of a relation itself are not among its dependents. */
function linksByUse(backend: Backend, of: Oid, used: (use: ColumnUse) => boolean): Link[] {
  const links: Link[] = []
  for (const relation of withItself(backend, of)) {
    if ('uses' in relation && relation.uses.some(used)) links.push(normal({ kind: 'relation', oid: relation.oid }))
    if ('rules' in relation) {
      for (const rule of relation.rules) {
        if (rule.relations.some(used)) links.push(normal({ kind: 'rule', relation: relation.oid, name: rule.name }))
      }
    }
    if ('policies' in relation) {
      for (const policy of relation.policies) {
        if (policy.uses.some(used)) links.push(normal({ kind: 'policy', relation: relation.oid, name: policy.name }))
      }
    }
  }
  for (const routine of backend.catalog.routines.values()) {
    if (routine.uses?.some(used)) links.push(normal({ kind: 'routine', oid: routine.oid }))
  }
  return links
}

function linksToConstraint(backend: Backend, table: Table, name: string): Link[] {
  const constraint = backend.constraint(table, name)
  if (!constraint) return []
  const index = constraint.index === null ? [] : [automatic({ kind: 'relation', oid: constraint.index })]
  const isKey = constraint.kind === 'primary key' || constraint.kind === 'unique'
  return isKey ? [...index, ...foreignKeysTo(backend, table, constraint.columns)] : index
}

/** What uses a type: an enum, domain, composite type, or the row type of a table or view. */
function linksToType(backend: Backend, type: { readonly schema: string | null; readonly name: string }): Link[] {
  const links: Link[] = []
  for (const relation of backend.catalog.relations.values()) {
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
  for (const other of backend.catalog.types.values()) {
    if (other.kind === 'domain' && isOfType(other.base, type)) links.push(normal({ kind: 'type', oid: other.oid }))
  }
  for (const routine of backend.catalog.routines.values()) {
    const types = [...routine.arguments, ...(routine.returns ? [routine.returns] : [])]
    if (types.some(used => isOfType(used, type))) links.push(normal({ kind: 'routine', oid: routine.oid }))
  }
  return [...links, ...linksByExpression(backend, node => castsTo(backend, node, type))]
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

function linksToRoutine(backend: Backend, routine: Routine): Link[] {
  const links = [...backend.catalog.relations.values()].flatMap(relation =>
    'triggers' in relation
      ? relation.triggers.flatMap(({ name, routine: called }) =>
          called === routine.oid ? [normal({ kind: 'trigger', relation: relation.oid, name })] : [],
        )
      : [],
  )
  const overloads = backend.catalog.routineNames.get(nameKey('routine', routine.schema, routine.name)) ?? []
  // Which overload an expression calls is not resolved here: with several, nothing is certain.
  if (overloads.length > 1) return links
  const isIt = ({ schema, name }: FunctionName) =>
    name === routine.name && (schema === null ? backend.path.includes(routine.schema) : schema === routine.schema)
  return [...links, ...linksByCall(backend, isIt), ...linksByExpression(backend, node => callsIn(node).some(isIt))]
}

/** Functions that an expression or query calls, as written. */
export function callsIn(node: unknown): FunctionName[] {
  const found: FunctionName[] = []
  walk(node, (kind, fields) => {
    if (kind === 'FuncCall') found.push(qualifiedName(fields.funcname as Node[]))
  })
  return found
}

/** Views and policies that call something. */
function linksByCall(backend: Backend, isIt: (name: FunctionName) => boolean): Link[] {
  return [...backend.catalog.relations.values()].flatMap(relation => {
    const called = 'calls' in relation && relation.calls?.some(isIt)
    const policies = 'policies' in relation ? relation.policies.filter(policy => policy.calls?.some(isIt)) : []
    return [
      ...(called ? [normal({ kind: 'relation', oid: relation.oid })] : []),
      ...policies.map(({ name }) => normal({ kind: 'policy', relation: relation.oid, name })),
    ]
  })
}

function namesSequence(backend: Backend, node: Node, sequence: Oid): boolean {
  let found = false
  walk(node, (kind, fields) => {
    if (kind !== 'FuncCall') return
    if (qualifiedName(fields.funcname as Node[]).name !== 'nextval') return
    const text = literal((fields.args as Node[] | undefined)?.[0])
    found ||= text !== null && sequenceNamed(backend, text)?.oid === sequence
  })
  return found
}

function sequenceNamed(backend: Backend, text: string): Relation | undefined {
  const parts = text.split('.').map(part => part.replace(/^"(.*)"$/s, '$1'))
  const found = backend.lookup({ schema: parts.at(-2) ?? null, name: parts.at(-1) ?? '' })
  return found === 'dropped' ? undefined : found
}

/** Defaults, generated columns, CHECK constraints and indexes whose expression does something. */
function linksByExpression(backend: Backend, uses: (node: Node) => boolean): Link[] {
  const links: Link[] = []
  for (const relation of backend.catalog.relations.values()) {
    if ('columns' in relation)
      links.push(...relation.columns.flatMap(column => linksByColumnExpression(relation, column, uses)))
    if ('constraints' in relation) {
      for (const { name, expression } of relation.constraints) {
        if (expression && uses(expression)) links.push(normal({ kind: 'constraint', relation: relation.oid, name }))
      }
    }
    if ('keys' in relation) {
      const expressions = [...relation.keys.map(key => key.expression), relation.predicate]
      if (expressions.some(node => node !== null && uses(node)))
        links.push(normal({ kind: 'relation', oid: relation.oid }))
    }
  }
  return links
}

function linksByColumnExpression(relation: Table | View, column: Column, uses: (node: Node) => boolean): Link[] {
  const at = { relation: relation.oid, name: column.name }
  if (column.generated && uses(column.generated.expression)) return [normal({ kind: 'column', ...at })]
  return column.default && uses(column.default) ? [normal({ kind: 'default', ...at })] : []
}

function linksToSchema(backend: Backend, schema: string): Link[] {
  const { relations, types, routines } = backend.catalog
  const inside = <T extends { readonly schema: string }>(object: T) => object.schema === schema
  return [
    ...[...relations.values()].filter(inside).map(({ oid }) => normal({ kind: 'relation', oid })),
    ...[...types.values()].filter(inside).map(({ oid }) => normal({ kind: 'type', oid })),
    ...[...routines.values()].filter(inside).map(({ oid }) => normal({ kind: 'routine', oid })),
  ]
}

/** An extension that comes with PostgreSQL is known by what it brings, also when it was installed before the migrations. */
function linksToExtension(backend: Backend, extension: string): Link[] {
  const objects = extensions.get(extension)
  if (!objects) return []
  const schema = backend.catalog.extensions.get(extension)?.schema ?? null
  const types = [...objects.types].flatMap(name => linksToType(backend, { schema, name }))
  const classes = new Set(
    [...objects.operatorClasses.values()].flatMap(each => Object.values(each).map(({ name }) => name)),
  )
  const indexes = [...backend.catalog.relations.values()].filter(
    relation =>
      'keys' in relation && relation.keys.some(key => key.operatorClass !== null && classes.has(key.operatorClass)),
  )
  const isOurs = ({ schema, name }: FunctionName) =>
    schema !== 'pg_catalog' && !isBuiltin(name) && functionsOf(extension).has(name)
  return [
    ...types,
    ...indexes.map(({ oid }) => normal({ kind: 'relation', oid })),
    ...linksByCall(backend, isOurs),
    ...linksByExpression(backend, node => callsIn(node).some(isOurs)),
  ]
}

function functionsOf(extension: string): ReadonlySet<string> {
  return new Set(Object.values(extensions.get(extension)?.functions ?? {}).flatMap(names => [...names]))
}

/** A function that some version has itself is never taken for that of an extension: gen_random_uuid() came from pgcrypto. */
function isBuiltin(name: string): boolean {
  return Object.values(functionsByVolatility).some(names => names.has(name)) || mixedFunctions.has(name)
}
