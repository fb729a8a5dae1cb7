import type { CommentStmt, Node, SecLabelStmt } from '@pgsql/types'
import type { Backend } from '../backend.ts'
import type { RelationKind } from '../catalog/catalog.ts'
import { qualifiedName, strings } from '../catalog/name.ts'
import { isTable, isView } from '../catalog/relation.ts'
import type { LockMode } from '../lock.ts'
import { requirePart } from './drop-part.ts'
import type { Handlers } from './handler.ts'
import { namedRelation } from './named.ts'
import { otherOperation } from './whole-statement.ts'

/** COMMENT ON and SECURITY LABEL ON. Source: CommentObject in comment.c, get_object_address in objectaddress.c. */
export const commentHandlers = {
  CommentStmt: (backend, node: CommentStmt) => comment(backend, node.objtype, node.object, 'it is commented on'),
  SecLabelStmt: (backend, node: SecLabelStmt) => comment(backend, node.objtype, node.object, 'it is labelled'),
} satisfies Partial<Handlers>

const relations: Readonly<Record<string, readonly [RelationKind, ...RelationKind[]]>> = {
  OBJECT_TABLE: ['table', 'partitioned table'],
  OBJECT_VIEW: ['view'],
  OBJECT_MATVIEW: ['materialized view'],
  OBJECT_SEQUENCE: ['sequence'],
  OBJECT_INDEX: ['index', 'partitioned index'],
  OBJECT_FOREIGN_TABLE: ['foreign table'],
}

const parts = { OBJECT_TRIGGER: true, OBJECT_RULE: true, OBJECT_POLICY: true } as const

function comment(backend: Backend, type: CommentStmt['objtype'], object: Node | undefined, because: string): void {
  otherOperation(backend, 'comment')
  const names = object && 'List' in object ? (object.List.items ?? []) : []
  const kinds = relations[type ?? '']
  if (kinds) lockNamed(backend, names, kinds, 'ShareUpdateExclusiveLock', because)
  else if (type === 'OBJECT_COLUMN') commentOnColumn(backend, names, because)
  else if (type === 'OBJECT_TABCONSTRAINT') commentOnConstraint(backend, names)
  else if (type && type in parts) {
    const relation = backend.relation(qualifiedName(names.slice(0, -1)))
    requirePart(backend, relation, type as keyof typeof parts, strings(names).at(-1) ?? '')
    backend.lock(relation, 'AccessShareLock', because)
  }
}

function lockNamed(
  backend: Backend,
  names: readonly Node[],
  kinds: readonly [RelationKind, ...RelationKind[]],
  mode: LockMode,
  because: string,
): void {
  backend.lock(namedRelation(backend, qualifiedName(names), kinds), mode, because)
}

function commentOnColumn(backend: Backend, names: readonly Node[], because: string): void {
  const relation = backend.relation(qualifiedName(names.slice(0, -1)))
  const column = strings(names).at(-1) ?? ''
  if (isTable(relation)) backend.existingColumn(relation, column)
  else if (isView(relation) && relation.complete && !backend.column(relation, column)) {
    backend.fail('42703', `column "${column}" of relation "${relation.name}" does not exist`)
  }
  backend.lock(relation, 'ShareUpdateExclusiveLock', because)
}

function commentOnConstraint(backend: Backend, names: readonly Node[]): void {
  const relation = backend.relation(qualifiedName(names.slice(0, -1)))
  const name = strings(names).at(-1) ?? ''
  if (isTable(relation) && relation.complete && !backend.constraint(relation, name)) {
    backend.fail('42704', `constraint "${name}" for table "${relation.name}" does not exist`)
  }
  backend.lock(relation, 'AccessShareLock', 'its constraint is commented on')
}
