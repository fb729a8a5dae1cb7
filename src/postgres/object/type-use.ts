import { append } from '../../parse/list.ts'
import type { Backend } from '../backend.ts'
import type { DomainType, Relation, Table } from '../catalog/catalog.ts'
import type { Column } from '../catalog/column.ts'
import type { QualifiedName } from '../catalog/name.ts'
import { mentioningAny } from './dependents/expression.ts'
import { isOfType } from './object.ts'

interface Named {
  readonly schema: string
  readonly name: string
}

/**
 * A stored column whose values contain values of a type inside something else: `t.c`, or null. The column's type is an
 * array, a composite type or row, or a domain over one of those. Source: find_composite_type_dependencies in
 * tablecmds.c.
 */
export function tableUsing(backend: Backend, start: Named): string | null {
  const seen = new Set<string>()
  const waiting = [start]
  for (let type = waiting.pop(); type; type = waiting.pop()) {
    const { schema, name } = type
    if (seen.has(`${schema}.${name}`)) continue
    seen.add(`${schema}.${name}`)
    const containers: Named[] = []
    for (const relation of mentioningAny(backend, [`type:${name}`])) {
      if (!('columns' in relation)) continue
      const column = relation.columns.find(each => isOfType(each.type, { schema, name }))
      if (!column) continue
      if (stores(relation)) return `${relation.name}.${column.name}`
      if (relation.kind !== 'view') containers.push(relation)
    }
    append(containers, domainsOver(backend, type))
    append(waiting, containers.reverse())
  }
  return null
}

function stores(relation: Relation): boolean {
  return relation.kind === 'table' || relation.kind === 'materialized view' || relation.kind === 'partitioned table'
}

function domainsOver(backend: Backend, type: Named): DomainType[] {
  return backend
    .typesMentioning(`type:${type.name}`)
    .filter((other): other is DomainType => other.kind === 'domain' && isOfType(other.base, type))
}

/** Columns of tables whose type is a domain, or a domain over it. */
export interface DomainUse {
  readonly table: Table
  readonly column: Column
}

/**
 * Tables that must be read when a constraint of a domain is checked. Fails with 0A000 where the domain is inside other
 * values, which the server cannot check. Source: get_rels_with_domain in typecmds.c.
 */
export function tablesWithDomain(backend: Backend, top: DomainType): DomainUse[] {
  const uses: DomainUse[] = []
  const seen = new Set([top.oid])
  const waiting = [top]
  for (let domain = waiting.pop(); domain; domain = waiting.pop()) {
    for (const relation of mentioningAny(backend, [`type:${domain.name}`])) {
      if (!('columns' in relation) || relation.kind === 'view') continue
      for (const column of relation.columns) {
        if (!isOfType(column.type, domain)) continue
        const container = column.type.array ? inArray(relation, column.name) : tableUsingRow(backend, relation)
        if (container) backend.fail('0A000', `cannot alter type "${top.name}" because column "${container}" uses it`)
        if (relation.kind === 'table' || relation.kind === 'materialized view') uses.push({ table: relation, column })
      }
    }
    // The first of them is looked at next.
    for (const other of domainsOver(backend, domain).reverse()) {
      if (!other.base.array) {
        if (!seen.has(other.oid)) waiting.push(other)
        seen.add(other.oid)
      } else {
        const inside = tableUsing(backend, other)
        if (inside) backend.fail('0A000', `cannot alter type "${top.name}" because column "${inside}" uses it`)
      }
    }
  }
  return uses
}

/** Columns of tables whose declared type has this name. */
export function columnsDeclared(backend: Backend, { schema, name }: QualifiedName): DomainUse[] {
  return mentioningAny(backend, [`type:${name}`]).flatMap(relation =>
    'columns' in relation && relation.kind !== 'view' && relation.kind !== 'composite type'
      ? relation.columns
          .filter(
            ({ type }) =>
              type.name === name && (type.schema === null || schema === null || type.schema === schema) && !type.array,
          )
          .map(column => ({ table: relation, column }))
      : [],
  )
}

function inArray(relation: Relation, column: string): string | null {
  return stores(relation) ? `${relation.name}.${column}` : null
}

function tableUsingRow(backend: Backend, relation: Table): string | null {
  return relation.kind === 'composite type' ? tableUsing(backend, relation) : null
}
