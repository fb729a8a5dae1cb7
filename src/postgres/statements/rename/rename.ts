import type { RenameStmt } from '@pgsql/types'
import type { Backend } from '../../backend.ts'
import { displayName, qualifiedName } from '../../catalog/name.ts'
import { renameRoutine, renameSchema, renameTypeUses } from '../../object/renaming.ts'
import type { Handlers } from '../handler.ts'
import { findRoutine } from '../routine-lookup.ts'
import { findNamedType, isThereAgain } from '../type-lookup.ts'
import { renameColumnStatement } from './rename-column.ts'
import { announceRename } from './rename-operation.ts'
import { renameConstraint, renamePolicy, renameRule, renameTrigger } from './rename-part.ts'
import { renameRelationStatement } from './rename-relation.ts'

/** ALTER … RENAME of all kinds of objects. Source: ExecRenameStmt in alter.c. */
export const renameHandlers = { RenameStmt: rename } satisfies Partial<Handlers>

const byType: Readonly<Record<string, (backend: Backend, node: RenameStmt) => void>> = {
  OBJECT_TABLE: renameRelationStatement,
  OBJECT_VIEW: renameRelationStatement,
  OBJECT_MATVIEW: renameRelationStatement,
  OBJECT_SEQUENCE: renameRelationStatement,
  OBJECT_INDEX: renameRelationStatement,
  OBJECT_FOREIGN_TABLE: renameRelationStatement,
  OBJECT_COLUMN: renameColumnStatement,
  OBJECT_ATTRIBUTE: renameColumnStatement,
  OBJECT_TABCONSTRAINT: renameConstraint,
  OBJECT_TRIGGER: renameTrigger,
  OBJECT_RULE: renameRule,
  OBJECT_POLICY: renamePolicy,
  OBJECT_TYPE: renameType,
  OBJECT_DOMAIN: renameType,
  OBJECT_DOMCONSTRAINT: renameDomainConstraint,
  OBJECT_FUNCTION: renameRoutineStatement,
  OBJECT_PROCEDURE: renameRoutineStatement,
  OBJECT_ROUTINE: renameRoutineStatement,
  OBJECT_AGGREGATE: renameRoutineStatement,
  OBJECT_SCHEMA: renameSchemaStatement,
}

function rename(backend: Backend, node: RenameStmt): void {
  const handler = byType[node.renameType ?? ''] ?? renameOther
  handler(backend, node)
}

function renameType(backend: Backend, node: RenameStmt): void {
  const name = qualifiedName(node.object && 'List' in node.object ? node.object.List.items : undefined)
  const to = node.newname ?? ''
  const type = backend.lookupType(name)
  const known = type && type !== 'dropped' ? type : null
  const written = displayName({ name: name.name, schema: known?.schema ?? name.schema ?? 'public' })
  announceRename(backend, 'rename-type', null, written, to, known?.createdIn === backend.migration)
  const found = findNamedType(backend, name)
  const row = backend.lookup(name)
  if (!found && row && row !== 'dropped' && row.complete && 'columns' in row) {
    backend.fail('42809', `${name.name} is a table's row type`)
  }
  if (!found) {
    isThereAgain(backend, { schema: name.schema, name: to })
    return
  }
  if (node.renameType === 'OBJECT_DOMAIN' && found.kind !== 'domain')
    backend.fail('42809', `${found.name} is not a domain`)
  const taken = backend.lookupType({ schema: found.schema, name: to })
  if (taken && taken !== 'dropped' && taken.complete) backend.fail('42710', `type "${to}" already exists`)
  const relation = 'relation' in found && found.relation !== null ? backend.get(found.relation) : undefined
  if (relation) {
    backend.lock(relation, 'AccessExclusiveLock', 'it is renamed')
    backend.rename(relation, found.schema, to)
  }
  backend.renameType(found, found.schema, to)
  renameTypeUses(backend, found, { schema: found.schema, name: to })
}

function renameDomainConstraint(backend: Backend, node: RenameStmt): void {
  const name = qualifiedName(node.object && 'List' in node.object ? node.object.List.items : undefined)
  const from = node.subname ?? ''
  const to = node.newname ?? ''
  announceRename(backend, 'rename-other', null, from, to)
  const domain = findNamedType(backend, name)
  if (domain?.kind !== 'domain') return
  if (domain.complete && !domain.constraints.some(constraint => constraint.name === from)) {
    backend.fail('42704', `constraint "${from}" for domain ${domain.name} does not exist`)
  }
  const constraints = domain.constraints.map(constraint =>
    constraint.name === from ? { ...constraint, name: to } : constraint,
  )
  backend.putType({ ...domain, constraints })
}

function renameRoutineStatement(backend: Backend, node: RenameStmt): void {
  const signature = node.object && 'ObjectWithArgs' in node.object ? node.object.ObjectWithArgs : {}
  const name = qualifiedName(signature.objname)
  const to = node.newname ?? ''
  const found = findRoutine(backend, signature)
  const written = displayName({ name: name.name, schema: found?.schema ?? name.schema ?? 'public' })
  announceRename(backend, 'rename-routine', null, written, to, found?.createdIn === backend.migration)
  if (found) renameRoutine(backend, found, found.schema, to)
}

function renameSchemaStatement(backend: Backend, node: RenameStmt): void {
  const from = node.subname ?? ''
  const to = node.newname ?? ''
  const { schemas, dropped } = backend.catalog
  announceRename(backend, 'rename-schema', null, from, to, schemas.get(from)?.createdIn === backend.migration)
  if (dropped.has(`schema:${from}`)) backend.fail('3F000', `schema "${from}" does not exist`)
  if (schemas.get(to)?.complete) backend.fail('42P06', `schema "${to}" already exists`)
  renameSchema(backend, from, to)
}

/** Roles, databases, tablespaces, publications, text search, operators…: nothing that is locked like a table. */
function renameOther(backend: Backend, node: RenameStmt): void {
  const object = node.object && 'List' in node.object ? qualifiedName(node.object.List.items).name : null
  const text = node.object && 'String' in node.object ? (node.object.String.sval ?? '') : null
  announceRename(backend, 'rename-other', null, node.subname || object || text || '', node.newname ?? '')
}
