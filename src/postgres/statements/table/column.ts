import type { ColumnDef, Constraint as ConstraintNode, Node } from '@pgsql/types'
import type { Backend } from '../../backend.ts'
import type { Sequence, Table } from '../../catalog/catalog.ts'
import { type Column, type ColumnType, unknownType } from '../../catalog/column.ts'
import { strings } from '../../catalog/name.ts'
import { resolveType, serialOf, typeOf } from '../../type/type.ts'
import { chooseRelationName } from '../automatic-name.ts'

/** A column definition taken apart: the column, and the constraints written beside it. */
export interface DefinedColumn {
  readonly column: Column
  readonly serial: 'smallint' | 'integer' | 'bigint' | null
  /** CHECK, UNIQUE, PRIMARY KEY and REFERENCES, merged with the DEFERRABLE… that follow. */
  readonly constraints: readonly ConstraintNode[]
  /** The name given to NOT NULL (PostgreSQL 18 stores it as a constraint). */
  readonly notNullName: string | null
  /** Why its parts do not go together, if they do not: the server says so when it makes the column. */
  readonly refused: Refusal | null
}

interface Refusal {
  readonly code: string
  readonly message: string
}

const serialTypes = { smallint: 'int2', integer: 'int4', bigint: 'int8' } as const

/** Source: transformColumnDefinition in parse_utilcmd.c. */
export function defineColumn(backend: Backend, def: ColumnDef): DefinedColumn {
  const serial = def.typeName ? serialOf(def.typeName) : null
  const type: ColumnType = serial
    ? { schema: 'pg_catalog', name: serialTypes[serial], modifiers: null, array: false }
    : def.typeName
      ? resolveType(backend, def.typeName)
      : unknownType
  let column: Column = {
    name: def.colname ?? '',
    type,
    collation: strings(def.collClause?.collname).at(-1) ?? null,
    notNull: serial !== null || (def.is_not_null ?? false),
    default: def.raw_default ?? null,
    identity: null,
    generated: null,
    complete: true,
    createdIn: backend.migration,
    inherited: false,
    storage: null,
  }
  const constraints: ConstraintNode[] = []
  let notNullName: string | null = null
  let refused: Refusal | null = null
  let [saysNull, saysNotNull] = [false, column.notNull]
  const refuse = (message: string, code = '42601'): void => {
    refused ??= { code, message: `${message} for column "${column.name}"` }
  }
  const nulls = 'conflicting NULL/NOT NULL declarations'
  for (const node of def.constraints ?? []) {
    if (!('Constraint' in node)) continue
    const constraint = node.Constraint
    switch (constraint.contype) {
      case 'CONSTR_NULL':
        saysNull = true
        if (saysNotNull || (column.notNull && backend.since(18))) refuse(nulls)
        break
      case 'CONSTR_NOTNULL':
        if (saysNull) refuse(nulls)
        if (areDifferent(backend, notNullName, constraint.conname)) refuse(differentNames, 'XX000')
        saysNotNull = true
        column = { ...column, notNull: true }
        notNullName ??= constraint.conname || null
        break
      case 'CONSTR_DEFAULT':
        if (column.default || serial) refuse('multiple default values specified')
        column = { ...column, default: constraint.raw_expr ?? null }
        break
      case 'CONSTR_IDENTITY':
        if (saysNull) refuse(nulls)
        if (column.identity) refuse('multiple identity specifications')
        saysNotNull = true
        column = { ...column, notNull: true, identity: constraint.generated_when === 'a' ? 'always' : 'by default' }
        break
      case 'CONSTR_GENERATED':
        if (column.generated) refuse('multiple generation clauses specified')
        if (constraint.raw_expr) {
          column = { ...column, generated: { kind: generatedKind(constraint), expression: constraint.raw_expr } }
        }
        break
      case 'CONSTR_PRIMARY':
        // From 18 on, a primary key says NOT NULL as well.
        if (saysNull && backend.since(18)) refuse(nulls)
        column = { ...column, notNull: true }
        constraints.push(constraint)
        break
      case 'CONSTR_CHECK':
      case 'CONSTR_UNIQUE':
      case 'CONSTR_FOREIGN':
      case 'CONSTR_EXCLUSION':
        constraints.push(constraint)
        break
      default:
        foldAttribute(constraints, constraint)
    }
  }
  const [one, other] = sourcesOf(column, serial !== null)
  if (one && other) refuse(`both ${one} and ${other} specified`)
  return { column, serial, constraints, notNullName, refused }
}

/** Where the values of a column come from; there can be one place only. */
function sourcesOf({ default: value, identity, generated }: Column, serial: boolean): string[] {
  return [
    ...(value || serial ? ['default'] : []),
    ...(identity ? ['identity'] : []),
    ...(generated ? ['generation expression'] : []),
  ]
}

export const differentNames = 'conflicting not-null constraint names'

/** True for two names of one NOT NULL that 18 does not accept together. Earlier versions keep neither. */
export function areDifferent(backend: Backend, one: string | null, other: string | undefined): boolean {
  return one !== null && Boolean(other) && one !== other && backend.since(18)
}

function generatedKind(constraint: ConstraintNode): 'stored' | 'virtual' {
  return (constraint as { generated_kind?: string }).generated_kind === 's' ? 'stored' : 'virtual'
}

/**
 * DEFERRABLE, INITIALLY DEFERRED and NOT ENFORCED follow the constraint that they belong to. Source:
 * transformConstraintAttrs.
 */
function foldAttribute(constraints: ConstraintNode[], attribute: ConstraintNode): void {
  const last = constraints.pop()
  if (!last) return
  switch (attribute.contype) {
    case 'CONSTR_ATTR_DEFERRABLE':
      constraints.push({ ...last, deferrable: true })
      break
    case 'CONSTR_ATTR_DEFERRED':
      constraints.push({ ...last, deferrable: true, initdeferred: true })
      break
    case 'CONSTR_ATTR_NOT_ENFORCED':
      constraints.push({ ...last, is_enforced: false, initially_valid: false, skip_validation: true })
      break
    default:
      constraints.push(last)
  }
}

/** The sequence behind serial and identity columns. Source: generateSerialExtraStmts in parse_utilcmd.c. */
export function createOwnedSequence(
  backend: Backend,
  table: Table,
  column: string,
  facts: { readonly identity: boolean; readonly type: Sequence['type'] },
): Sequence {
  return backend.create<Sequence>({
    kind: 'sequence',
    schema: table.schema,
    name: chooseRelationName(backend, table, column, 'seq'),
    persistence: table.persistence,
    owner: null,
    tablespace: null,
    ownedBy: { relation: table.oid, column },
    ...facts,
  })
}

/** The sequence that a serial or identity column owns. */
export function ownedSequences(backend: Backend, table: Table, column?: string): Sequence[] {
  return backend
    .mentioning(table.oid)
    .filter(
      (relation): relation is Sequence =>
        relation.kind === 'sequence' &&
        relation.ownedBy?.relation === table.oid &&
        (column === undefined || relation.ownedBy.column === column),
    )
}

/** Width of the sequence of an identity column: that of the column. */
export function sequenceType(type: ColumnType): Sequence['type'] {
  return type.name === 'int2' ? 'smallint' : type.name === 'int4' ? 'integer' : 'bigint'
}

/** `nextval('users_id_seq'::regclass)`, the default of a serial column, as the parser would return it. */
export function nextvalOf(sequence: Sequence): Node {
  return {
    FuncCall: {
      funcname: [{ String: { sval: 'nextval' } }],
      args: [{ A_Const: { sval: { sval: `${sequence.schema}.${sequence.name}` } } }],
    },
  }
}

/** A type that cannot exist: known to have been dropped. */
export function requireType(backend: Backend, type: ColumnType): void {
  if (type.schema !== null) return
  if (backend.lookupType({ schema: null, name: type.name }) === 'dropped') {
    backend.fail('42704', `type "${type.name}" does not exist`)
  }
  typeOf(backend, type)
}
