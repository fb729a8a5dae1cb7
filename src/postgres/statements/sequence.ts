import type { AlterSeqStmt, CreateSeqStmt, DefElem, Node } from '@pgsql/types'
import { lookUp } from '../../parse/look-up.ts'
import type { Backend } from '../backend.ts'
import type { ColumnUse, Sequence } from '../catalog/catalog.ts'
import { displayName, rangeVarName, strings } from '../catalog/name.ts'
import { isTable } from '../catalog/relation.ts'
import type { Handlers } from './handler.ts'
import { namedRelation } from './named.ts'
import { otherOperation, wholeStatement } from './whole-statement.ts'

/** CREATE and ALTER SEQUENCE. Source: sequence.c. */
export const sequenceHandlers = {
  CreateSeqStmt: createSequence,
  AlterSeqStmt: alterSequence,
} satisfies Partial<Handlers>

function options(nodes: readonly Node[] | undefined): DefElem[] {
  return (nodes ?? []).flatMap(node => ('DefElem' in node ? [node.DefElem] : []))
}

const types: Readonly<Record<string, Sequence['type']>> = { int2: 'smallint', int4: 'integer', int8: 'bigint' }

function typeOf(list: readonly DefElem[]): Sequence['type'] | null {
  const as = list.find(({ defname }) => defname === 'as')?.arg
  return as && 'TypeName' in as ? (lookUp(types, strings(as.TypeName.names).at(-1) ?? '') ?? null) : null
}

function createSequence(backend: Backend, node: CreateSeqStmt): void {
  const name = rangeVarName(node.sequence ?? {})
  const temporary = node.sequence?.relpersistence === 't'
  const schema = temporary ? 'pg_temp' : (name.schema ?? backend.creationSchema)
  const ifNotExists = node.if_not_exists ?? false
  backend.operation({
    kind: 'create-sequence',
    ...wholeStatement(backend),
    name: displayName({ schema, name: name.name }),
    subject: null,
    replace: false,
    ifNotExists,
  })
  const taken = backend.lookup({ schema, name: name.name })
  if (ifNotExists && taken && taken !== 'dropped') return
  const list = options(node.options)
  const created = backend.create<Sequence>({
    kind: 'sequence',
    schema,
    name: name.name,
    persistence: temporary ? 'temporary' : node.sequence?.relpersistence === 'u' ? 'unlogged' : 'permanent',
    owner: null,
    tablespace: null,
    ownedBy: null,
    identity: false,
    type: typeOf(list) ?? 'bigint',
  })
  const owner = ownerOf(backend, list)
  if (owner) backend.change<Sequence>(created.oid, { ownedBy: owner })
}

function alterSequence(backend: Backend, node: AlterSeqStmt): void {
  const name = rangeVarName(node.sequence ?? {})
  if (node.missing_ok && backend.lookup(name) === 'dropped') {
    otherOperation(backend, 'alter-other')
    return
  }
  const sequence = namedRelation(backend, name, ['sequence']) as Sequence
  const list = options(node.options)
  backend.operation({
    kind: 'alter-sequence',
    ...wholeStatement(backend),
    subject: backend.subject(sequence),
    detail: list.map(({ defname }) => (defname ?? '').replaceAll('_', ' ')).join(', '),
  })
  backend.lock(sequence, 'ShareRowExclusiveLock', 'the sequence is changed', sequence.complete || !node.missing_ok)
  const type = typeOf(list)
  if (type) backend.change<Sequence>(sequence.oid, { type })
  const owner = ownerOf(backend, list)
  if (owner === undefined) return
  if (sequence.identity) backend.fail('0A000', 'cannot change ownership of identity sequence')
  backend.change<Sequence>(sequence.oid, { ownedBy: owner })
}

/** OWNED BY: the column; null for NONE; undefined when it is not given. Source: process_owned_by. */
function ownerOf(backend: Backend, list: readonly DefElem[]): ColumnUse | null | undefined {
  const owned = list.find(({ defname }) => defname === 'owned_by')?.arg
  const names = owned && 'List' in owned ? strings(owned.List.items) : null
  if (!names) return undefined
  if (names.length === 1 && names[0] === 'none') return null
  const table = backend.relation({ schema: names.at(-3) ?? null, name: names.at(-2) ?? '' })
  const column = names.at(-1) ?? ''
  backend.lock(table, 'AccessShareLock', 'it will own the sequence')
  if (isTable(table)) backend.existingColumn(table, column)
  return { relation: table.oid, column }
}
