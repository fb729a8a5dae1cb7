import type { Node } from '@pgsql/types'
import { copied } from '../../parse/stackless.ts'
import type { Backend } from '../backend.ts'
import type { ColumnUse, Constraint, Oid, Relation, Routine, Table, View } from '../catalog/catalog.ts'
import type { ColumnType } from '../catalog/column.ts'
import { isTable } from '../catalog/relation.ts'
import { renameColumnIn, walk } from '../expression/expression.ts'
import { isOfType, literal } from './object.ts'

/** Gives a column another name everywhere in the catalog. PostgreSQL stores numbers, but this model stores names. */
export function renameColumn(backend: Backend, oid: Oid, from: string, to: string): void {
  const name = (old: string) => (old === from ? to : old)
  const node = <N extends Node | null>(old: N): N => (old === null ? old : (renameColumnIn(old, from, to) as N))
  const use = (old: ColumnUse): ColumnUse =>
    old.relation === oid && old.column === from ? { ...old, column: to } : old
  const own = backend.get(oid)
  for (const relation of [...(own ? [own] : []), ...backend.mentioning(oid)]) {
    backend.put(usesRenamed(relation, use, oid, name))
  }
  const table = backend.get(oid)
  if (!table || !('columns' in table)) return
  const columns = table.columns.map(column => ({
    ...column,
    name: name(column.name),
    generated: column.generated && { ...column.generated, expression: node(column.generated.expression) },
  }))
  backend.change<Table | View>(oid, { columns })
  if (!isTable(table)) return
  const current = backend.getTable(oid) ?? table
  backend.change<Table>(oid, {
    constraints: current.constraints.map(constraint => ({
      ...constraint,
      columns: constraint.columns.map(name),
      expression: node(constraint.expression),
    })),
    triggers: current.triggers.map(trigger => ({ ...trigger, columns: trigger.columns.map(name) })),
    partitioning: current.partitioning && {
      ...current.partitioning,
      keys: current.partitioning.keys.map(key => ({
        column: key.column === null ? null : name(key.column),
        expression: node(key.expression),
      })),
    },
  })
  for (const index of backend.indexesOf(current)) {
    backend.put({
      ...index,
      keys: index.keys.map(key => ({
        ...key,
        column: key.column === null ? null : name(key.column),
        expression: node(key.expression),
      })),
      included: index.included.map(name),
      predicate: node(index.predicate),
    })
  }
}

function usesRenamed(
  relation: Relation,
  use: (old: ColumnUse) => ColumnUse,
  oid: Oid,
  name: (old: string) => string,
): Relation {
  if (relation.kind === 'sequence') return relation.ownedBy ? { ...relation, ownedBy: use(relation.ownedBy) } : relation
  if ('keys' in relation) return relation
  const rules = relation.rules.map(rule => ({ ...rule, relations: rule.relations.map(use) }))
  const uses = relation.uses.map(use)
  if (relation.kind === 'view') return { ...relation, uses, rules }
  const constraints = relation.constraints.map(
    (constraint): Constraint =>
      constraint.references?.table === oid
        ? { ...constraint, references: { ...constraint.references, columns: constraint.references.columns.map(name) } }
        : constraint,
  )
  const policies = relation.policies.map(policy => ({ ...policy, uses: policy.uses.map(use) }))
  return { ...relation, uses, rules, constraints, policies }
}

interface Named {
  readonly schema: string
  readonly name: string
}

/** Gives a type another name or schema in every column, domain and routine that has it. */
export function renameTypeUses(backend: Backend, from: Named, to: Named): void {
  const type = (old: ColumnType): ColumnType =>
    isOfType(old, from) ? { ...old, schema: to.schema, name: to.name } : old
  const mention = `type:${from.name}` as const
  for (const relation of backend.mentioning(mention)) {
    if (!('columns' in relation) || !relation.columns.some(column => isOfType(column.type, from))) continue
    backend.change<Table | View>(relation.oid, {
      columns: relation.columns.map(column => ({ ...column, type: type(column.type) })),
    })
  }
  for (const other of backend.typesMentioning(mention)) {
    if (other.kind === 'domain' && isOfType(other.base, from)) backend.putType({ ...other, base: type(other.base) })
  }
  for (const routine of backend.routinesMentioning(mention)) {
    const returns = routine.returns && type(routine.returns)
    backend.changeRoutine({ ...routine, arguments: routine.arguments.map(type), returns })
  }
}

/**
 * Gives a relation another name or schema, together with everything that knows it by name: its row type, and the
 * defaults that call nextval.
 */
export function renameRelation<R extends Relation>(backend: Backend, relation: R, schema: string, name: string): R {
  const renamed = backend.rename(relation, schema, name)
  if (relation.kind === 'sequence') renameSequenceUses(backend, relation, { schema, name })
  else if (!('keys' in relation)) renameTypeUses(backend, relation, { schema, name })
  return renamed
}

function renameSequenceUses(backend: Backend, from: Named, to: Named): void {
  const names = [`${from.schema}.${from.name}`, ...(backend.path.includes(from.schema) ? [from.name] : [])]
  for (const relation of backend.mentioning(`sequence:${from.name}`)) {
    if (!('columns' in relation) || !relation.columns.some(({ default: value }) => value && namesOne(value, names)))
      continue
    backend.change<Table | View>(relation.oid, {
      columns: relation.columns.map(column =>
        column.default && namesOne(column.default, names)
          ? { ...column, default: withText(column.default, names, `${to.schema}.${to.name}`) }
          : column,
      ),
    })
  }
}

function namesOne(node: Node, names: readonly string[]): boolean {
  let found = false
  walk(node, (kind, fields) => {
    if (kind !== 'A_Const') return
    found ||= names.includes(literal({ A_Const: fields }) ?? '')
  })
  return found
}

function withText(node: Node, names: readonly string[], text: string): Node {
  return copied(node, fields =>
    typeof fields.sval === 'string' && names.includes(fields.sval) ? { ...fields, sval: text } : null,
  ) as Node
}

/** Gives a schema another name, with everything in it. */
export function renameSchema(backend: Backend, from: string, to: string): void {
  const { relations, types, routines, schemas } = backend.catalog
  for (const relation of relations.values()) {
    if (relation.schema === from) renameRelation(backend, relation, to, relation.name)
  }
  for (const type of types.values()) {
    if (type.schema !== from) continue
    backend.renameType(type, to, type.name)
    renameTypeUses(backend, type, { schema: to, name: type.name })
  }
  for (const routine of routines.values())
    if (routine.schema === from) renameRoutine(backend, routine, to, routine.name)
  const known = schemas.get(from)
  backend.catalog = {
    ...backend.catalog,
    schemas: schemas.remove(from).set(to, { complete: false, createdIn: null, ...known, name: to }),
    dropped: backend.catalog.dropped.set(`schema:${from}`, backend.catalog.nextOid).remove(`schema:${to}`),
    extensions: backend.catalog.extensions.map(extension =>
      extension.schema === from ? { ...extension, schema: to } : extension,
    ),
  }
}

export function renameRoutine(backend: Backend, routine: Routine, schema: string, name: string): void {
  const current = backend.catalog.routines.get(routine.oid) ?? routine
  backend.removeRoutine(current)
  backend.changeRoutine({ ...current, schema, name })
}
