import type { AlterEnumStmt, CreateEnumStmt } from '@pgsql/types'
import type { Backend } from '../backend.ts'
import type { AddedLabel, EnumType } from '../catalog/catalog.ts'
import { displayName, type QualifiedName, qualifiedName, repeated, searchPath, strings } from '../catalog/name.ts'
import { refuseNewLabels } from '../object/new-enum-value.ts'
import type { Handlers } from './handler.ts'
import { findNamedType } from './type-lookup.ts'
import { wholeStatement } from './whole-statement.ts'

/** CREATE TYPE … AS ENUM and ALTER TYPE … ADD VALUE, RENAME VALUE. Source: pg_enum.c, typecmds.c. */
export const enumHandlers = { CreateEnumStmt: createEnum, AlterEnumStmt: alterEnum } satisfies Partial<Handlers>

function createEnum(backend: Backend, node: CreateEnumStmt): void {
  const { schema, name } = qualifiedName(node.typeName)
  const created = { schema: schema ?? backend.creationSchema, name }
  backend.operation({
    kind: 'create-enum',
    ...wholeStatement(backend),
    name: displayName(created),
    subject: null,
    replace: false,
    ifNotExists: false,
  })
  // EnumValuesCreate in pg_enum.c leaves this to the index of its catalog.
  if (repeated(strings(node.vals)) !== undefined) {
    backend.fail('23505', 'duplicate key value violates unique constraint "pg_enum_typid_label_index"')
  }
  backend.createType<EnumType>({
    kind: 'enum',
    labels: strings(node.vals),
    createdInTransaction: backend.transaction.id,
    added: new Map(),
    ...created,
  })
}

function alterEnum(backend: Backend, node: AlterEnumStmt): void {
  const name = qualifiedName(node.typeName)
  const value = node.newVal ?? ''
  const known = backend.lookupType(name)
  const isNew = known !== undefined && known !== 'dropped' && known.createdIn === backend.migration
  const schema = known && known !== 'dropped' ? known.schema : (name.schema ?? 'public')
  const written = displayName({ name: name.name, schema })
  const renaming = { kind: 'rename-enum-value', from: node.oldVal ?? '', to: value, type: written } as const
  if (node.oldVal) backend.operation({ ...renaming, ...wholeStatement(backend), subject: null, isNew })
  else backend.operation({ kind: 'add-enum-value', ...wholeStatement(backend), type: written, value, isNew })
  const type = findNamedType(backend, name)
  if (!type) {
    changeUnknown(backend, name, node)
    return
  }
  if (type.kind !== 'enum') backend.fail('42809', `${type.name} is not an enum`)
  if (node.oldVal) renameValue(backend, type, node.oldVal, value)
  else addValue(backend, type, node)
}

/** An enum that no migration creates. All that is known of its labels is what the migrations have done. */
function changeUnknown(backend: Backend, { schema, name }: QualifiedName, node: AlterEnumStmt): void {
  const { id: transaction } = backend.transaction
  const { newVal: label = '', oldVal, skipIfNewValExists: ifNotExists = false } = node
  const path = searchPath(backend.settings).join()
  const same = (each: AddedLabel) => each.schema === schema && each.name === name
  const isThere = backend.catalog.addedLabels.some(each => same(each) && each.label === label && each.path === path)
  if (isThere && !ifNotExists) backend.fail('42710', `enum label "${label}" already exists`)
  const others = backend.catalog.addedLabels.filter(each => !(same(each) && each.label === (oldVal ?? label)))
  const added: AddedLabel = {
    schema,
    name,
    label,
    // A label that gets another name can be used at once.
    transaction: oldVal === undefined ? transaction : null,
    ifNotExists,
    path: backend.statement.conditional ? null : path,
  }
  // A label that was there already is not a new one.
  if (isThere) return
  const labelledBy = oldVal === undefined && transaction !== null ? transaction : backend.catalog.labelledBy
  backend.catalog = { ...backend.catalog, addedLabels: [...others, added], labelledBy }
}

/** Statements after which the name of a type may stand for another one. */
const moving: ReadonlySet<string> = new Set([
  'RenameStmt',
  'AlterObjectSchemaStmt',
  'DropStmt',
  'DropOwnedStmt',
  'CreateSchemaStmt',
])

/** After a statement that may give the name of an enum to another one, no label of it is known. */
export function forgetLabels(backend: Backend): void {
  const { addedLabels } = backend.catalog
  if (!moving.has(backend.statement.kind) || addedLabels.every(({ path }) => path === null)) return
  backend.catalog = { ...backend.catalog, addedLabels: addedLabels.map(each => ({ ...each, path: null })) }
}

function addValue(backend: Backend, type: EnumType, node: AlterEnumStmt): void {
  const value = node.newVal ?? ''
  if (type.labels.includes(value)) {
    if (node.skipIfNewValExists) return
    backend.fail('42710', `enum label "${value}" already exists`)
  }
  const neighbour = node.newValNeighbor ? type.labels.indexOf(node.newValNeighbor) : -1
  if (node.newValNeighbor && neighbour < 0 && type.complete) {
    backend.fail('22023', `"${node.newValNeighbor}" is not an existing enum label`)
  }
  const at = neighbour < 0 ? type.labels.length : neighbour + (node.newValIsAfter ? 1 : 0)
  backend.putType({
    ...type,
    labels: [...type.labels.slice(0, at), value, ...type.labels.slice(at)],
    added: new Map([...type.added, [value, backend.transaction.id]]),
  })
  backend.catalog = { ...backend.catalog, labelledBy: backend.transaction.id }
}

function renameValue(backend: Backend, type: EnumType, from: string, to: string): void {
  if (type.complete && !type.labels.includes(from)) backend.fail('22023', `"${from}" is not an existing enum label`)
  if (type.labels.includes(to)) backend.fail('42710', `enum label "${to}" already exists`)
  const label = (old: string) => (old === from ? to : old)
  backend.putType({
    ...type,
    labels: type.labels.map(label),
    added: new Map([...type.added].map(([old, transaction]) => [label(old), transaction])),
  })
}

/** Fails with 55P04 when part of a statement uses a label that was added earlier in the same transaction. */
export function useOfNewEnumValue(backend: Backend, node: unknown): void {
  refuseNewLabels(backend, node)
}
