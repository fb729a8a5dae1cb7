import type { CreateEventTrigStmt, CreatePLangStmt, DefineStmt, Node } from '@pgsql/types'
import type { Backend } from '../backend.ts'
import { displayName, qualifiedName } from '../catalog/name.ts'
import { create } from './foreign-data.ts'
import type { Handlers } from './handler.ts'
import { createAggregate } from './routine.ts'
import { createPlainType } from './type.ts'
import { otherOperation } from './whole-statement.ts'

/** Operators, casts, collations, text search, languages, event triggers…: rows of system catalogs, no relation is locked. */
export const catalogObjectHandlers = {
  DefineStmt: define,
  CreateAmStmt: (backend, node) => create(backend, node.amname),
  CreateCastStmt: backend => create(backend, ''),
  CreateConversionStmt: (backend, node) => create(backend, nameOf(node.conversion_name)),
  CreateTransformStmt: backend => create(backend, ''),
  CreateEventTrigStmt: (backend, node: CreateEventTrigStmt) => create(backend, node.trigname),
  CreateOpClassStmt: (backend, node) => create(backend, nameOf(node.opclassname)),
  CreateOpFamilyStmt: (backend, node) => create(backend, nameOf(node.opfamilyname)),
  CreatePLangStmt: (backend, node: CreatePLangStmt) => create(backend, node.plname),
  AlterCollationStmt: backend => otherOperation(backend, 'alter-other'),
  AlterEventTrigStmt: backend => otherOperation(backend, 'alter-other'),
  AlterOperatorStmt: backend => otherOperation(backend, 'alter-other'),
  AlterOpFamilyStmt: backend => otherOperation(backend, 'alter-other'),
  AlterTSConfigurationStmt: backend => otherOperation(backend, 'alter-other'),
  AlterTSDictionaryStmt: backend => otherOperation(backend, 'alter-other'),
} satisfies Partial<Handlers>

function nameOf(names: readonly Node[] | undefined): string {
  const { schema, name } = qualifiedName(names)
  return displayName({ schema: schema ?? 'public', name })
}

/** CREATE AGGREGATE, TYPE, OPERATOR, COLLATION, TEXT SEARCH …. Source: ProcessUtilitySlow, case T_DefineStmt. */
function define(backend: Backend, node: DefineStmt): void {
  if (node.kind === 'OBJECT_AGGREGATE') createAggregate(backend, node)
  else if (node.kind === 'OBJECT_TYPE') {
    createPlainType(backend, qualifiedName(node.defnames), (node.definition ?? []).length > 0 ? 'base' : 'shell')
  } else create(backend, nameOf(node.defnames))
}
