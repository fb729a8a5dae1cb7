import type { Backend } from '../../backend.ts'
import type { ColumnUse, Index, Oid, OtherObject, Relation, Table } from '../../catalog/catalog.ts'
import { isTable } from '../../catalog/relation.ts'
import { columnsOf } from '../../expression/expression.ts'
import { linksToType } from './definition.ts'
import { linksByExpression, mentioningAny, namesSequence } from './expression.ts'
import { automatic, type Link, normal } from './link.ts'

/** The objects that depend on a relation, its columns and its constraints. */

export function linksToRelation(backend: Backend, relation: Relation): Link[] {
  switch (relation.kind) {
    case 'index':
    case 'partitioned index':
      return linksToIndex(backend, relation)
    case 'sequence':
      return linksByExpression(mentioningAny(backend, [`sequence:${relation.name}`]), node =>
        namesSequence(backend, node, relation.oid),
      )
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

/** Statistics and entries in publications are dropped with the table. A column that a publication names cannot be dropped. */
function linksToOthers(backend: Backend, uses: (object: OtherObject) => boolean, table?: Oid): Link[] {
  return [...backend.catalog.others.values()].filter(uses).flatMap(({ kind, name, relations }) => {
    if (kind === 'statistics') return [automatic({ kind, name })]
    if (kind !== 'publication') return []
    if (table !== undefined) return [normal({ kind, relation: table, name })]
    return relations.map(relation => automatic({ kind, relation, name }))
  })
}

/** The relations that can refer to this one: those that do, and the relation itself. */
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
    if (!isTable(other)) continue
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

export function linksToColumn(backend: Backend, table: Table, column: string): Link[] {
  const oid = table.oid
  const indexes = backend.indexesOf(table).filter(index => usesColumn(index, column))
  const constraints = table.constraints.filter(
    constraint =>
      constraint.kind !== 'not null' &&
      (constraint.columns.includes(column) ||
        (constraint.expression !== null && columnsOf(constraint.expression).includes(column))),
  )
  // Before 15 a generated column was dropped silently along with its source: release notes of 15, "Fix dependencies of
  // generated columns".
  const generatedLink = !backend.since(15) ? automatic : normal
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
    isTable(other)
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

export function matches(use: ColumnUse, relation: Oid, column: string): boolean {
  return use.relation === relation && use.column === column
}

/** Views, policies, rules and SQL bodies that use something. Those of a relation itself are not among its dependents. */
export function linksByUse(backend: Backend, of: Oid, used: (use: ColumnUse) => boolean): Link[] {
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
  for (const routine of backend.routinesMentioning(of)) {
    if (routine.uses?.some(used)) links.push(normal({ kind: 'routine', oid: routine.oid }))
  }
  return links
}

export function linksToConstraint(backend: Backend, table: Table, name: string): Link[] {
  const constraint = backend.constraint(table, name)
  if (!constraint) return []
  const index = constraint.index === null ? [] : [automatic({ kind: 'relation', oid: constraint.index })]
  const isKey = constraint.kind === 'primary key' || constraint.kind === 'unique'
  return isKey ? [...index, ...foreignKeysTo(backend, table, constraint.columns)] : index
}
