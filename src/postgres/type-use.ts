import { append } from '../parse/list.ts'
import type { Backend } from './backend.ts'
import type { Column, DomainType, Relation, Table } from './catalog.ts'
import { mentioningAny } from './dependents/expression.ts'
import { isOfType } from './object.ts'

interface Named {
  readonly schema: string
  readonly name: string
}

/**
 * A stored column whose values contain values of a type inside something else: `t.c`, or null. That something is an array,
 * a composite type or row, a domain over those. Source: find_composite_type_dependencies in tablecmds.c.
 */
export function tableUsing(backend: Backend, type: Named, seen = new Set<string>()): string | null {
  const key = `${type.schema}.${type.name}`
  if (seen.has(key)) return null
  seen.add(key)
  for (const relation of mentioningAny(backend, [`type:${type.name}`])) {
    if (!('columns' in relation)) continue
    const column = relation.columns.find(each => isOfType(each.type, type))
    if (!column) continue
    if (stores(relation)) return `${relation.name}.${column.name}`
    const inside = relation.kind === 'view' ? null : tableUsing(backend, relation, seen)
    if (inside) return inside
  }
  for (const domain of domainsOver(backend, type)) {
    const inside = tableUsing(backend, domain, seen)
    if (inside) return inside
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

/** Columns of tables that have a domain as their type, or a domain over it. */
export interface DomainUse {
  readonly table: Table
  readonly column: Column
}

/**
 * Tables that have to be read when a constraint of a domain is checked. Fails with 0A000 where the domain is inside other
 * values, which the server cannot check. Source: get_rels_with_domain in typecmds.c.
 */
export function tablesWithDomain(backend: Backend, domain: DomainType, top: DomainType = domain): DomainUse[] {
  const uses: DomainUse[] = []
  for (const relation of mentioningAny(backend, [`type:${domain.name}`])) {
    if (!('columns' in relation) || relation.kind === 'view') continue
    for (const column of relation.columns) {
      if (!isOfType(column.type, domain)) continue
      const container = column.type.array ? inArray(relation, column.name) : tableUsingRow(backend, relation)
      if (container) backend.fail('0A000', `cannot alter type "${top.name}" because column "${container}" uses it`)
      if (relation.kind === 'table' || relation.kind === 'materialized view') uses.push({ table: relation, column })
    }
  }
  for (const other of domainsOver(backend, domain)) {
    if (!other.base.array) append(uses, tablesWithDomain(backend, other, top))
    else {
      const inside = tableUsing(backend, other)
      if (inside) backend.fail('0A000', `cannot alter type "${top.name}" because column "${inside}" uses it`)
    }
  }
  return uses
}

function inArray(relation: Relation, column: string): string | null {
  return stores(relation) ? `${relation.name}.${column}` : null
}

function tableUsingRow(backend: Backend, relation: Table): string | null {
  return relation.kind === 'composite type' ? tableUsing(backend, relation) : null
}
