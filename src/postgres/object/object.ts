import type { Node } from '@pgsql/types'
import type { Backend } from '../backend.ts'
import type { Oid, Relation, RelationKind, Routine } from '../catalog/catalog.ts'
import type { ColumnType } from '../catalog/column.ts'
import { displayName } from '../catalog/name.ts'
import { typeText } from '../type/type.ts'

/** Any object of the catalog that something else can depend on, or that can depend on something. */
export type ObjectReference =
  | { readonly kind: 'relation'; readonly oid: Oid }
  | { readonly kind: 'type'; readonly oid: Oid }
  | { readonly kind: 'routine'; readonly oid: Oid }
  | {
      readonly kind: 'column' | 'default' | 'constraint' | 'trigger' | 'policy' | 'rule' | 'publication'
      /** The table or view it belongs to. */
      readonly relation: Oid
      readonly name: string
    }
  | { readonly kind: 'domain constraint'; readonly oid: Oid; readonly name: string }
  | { readonly kind: 'schema' | 'extension' | 'statistics'; readonly name: string }

export function objectKey(object: ObjectReference): string {
  if ('relation' in object) return `${object.kind} ${object.relation} ${object.name}`
  if ('oid' in object) return `${object.kind} ${object.oid}${'name' in object ? ` ${object.name}` : ''}`
  return `${object.kind} ${object.name}`
}

/** The relation an object is or belongs to. */
export function relationOf(object: ObjectReference): Oid | null {
  return object.kind === 'relation' ? object.oid : 'relation' in object ? object.relation : null
}

/** The word for a relation of this kind in messages. Source: getRelationDescription in objectaddress.c. */
export function relationWord(kind: RelationKind): string {
  if (kind === 'partitioned table') return 'table'
  return kind === 'partitioned index' ? 'index' : kind
}

/** For people: `view "active_users"`, `constraint "orders_user_fk" on table "orders"`. */
export function describe(backend: Backend, object: ObjectReference): string {
  switch (object.kind) {
    case 'relation': {
      const relation = backend.get(object.oid)
      return relation ? describeRelation(relation) : 'relation'
    }
    case 'type': {
      const type = backend.catalog.types.get(object.oid)
      return type ? `${type.kind === 'domain' ? 'domain' : 'type'} "${displayName(type)}"` : 'type'
    }
    case 'routine': {
      const routine = backend.catalog.routines.get(object.oid)
      return routine ? describeRoutine(routine) : 'function'
    }
    case 'domain constraint':
      return `constraint "${object.name}" on ${describe(backend, { kind: 'type', oid: object.oid })}`
    case 'schema':
    case 'extension':
    case 'statistics':
      return `${object.kind} "${object.name}"`
    case 'default':
      return `default value for column "${object.name}" of ${owner(backend, object.relation)}`
    case 'column':
      return `column "${object.name}" of ${owner(backend, object.relation)}`
    default:
      return `${object.kind} "${object.name}" on ${owner(backend, object.relation)}`
  }
}

function describeRelation(relation: Relation): string {
  return `${relationWord(relation.kind)} "${displayName(relation)}"`
}

function describeRoutine(routine: Routine): string {
  return `${routine.kind} ${displayName(routine)}(${routine.arguments.map(typeText).join(', ')})`
}

function owner(backend: Backend, oid: Oid): string {
  const relation = backend.get(oid)
  return relation ? describeRelation(relation) : 'table'
}

/** Whether a column (or an argument) has this type, or is an array of it. */
export function isOfType(type: ColumnType, wanted: { readonly schema: string | null; readonly name: string }): boolean {
  return type.name === wanted.name && type.schema === wanted.schema
}

/** A literal's text, or null. */
export function literal(node: Node | undefined): string | null {
  if (!node) return null
  if ('A_Const' in node) return node.A_Const.sval?.sval ?? null
  return 'TypeCast' in node ? literal(node.TypeCast.arg) : null
}
