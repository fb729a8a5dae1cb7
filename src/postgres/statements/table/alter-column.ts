import type { Constraint as ConstraintNode, Node } from '@pgsql/types'
import type { Backend } from '../../backend.ts'
import type { Sequence, Table } from '../../catalog/catalog.ts'
import { type Column, unknownType } from '../../catalog/column.ts'
import { changedColumns, hasKnownType, notNullsByColumn } from '../../catalog/relation.ts'
import { provesNotNull, unseenConstraint } from '../../expression/proof.ts'
import type { AlterColumn } from '../../table-operation.ts'
import { domainOf, typeOf, typeText } from '../../type/type.ts'
import { useOfNewEnumValue } from '../enum.ts'
import { rewrite, scan } from '../rewrite.ts'
import { lockDescendants } from './add-column.ts'
import type { Command } from './alter-table-command.ts'
import { createOwnedSequence, ownedSequences, sequenceType } from './column.ts'
import { notNullConstraint, setNotNullFlag } from './constraint-parts.ts'

function startAlterColumn(backend: Backend, command: Command, kind: AlterColumn['kind']): Column | undefined {
  const { span, keyword, table } = command
  backend.operation({ kind, span, keyword, table: backend.subject(table), column: command.cmd.name ?? '' })
  // ALTER INDEX and SET STATISTICS may name a column by number.
  return command.cmd.name ? backend.existingColumn(table, command.cmd.name) : undefined
}

function changeColumn(backend: Backend, table: Table, name: string, facts: Partial<Column>): void {
  const now = backend.getTable(table.oid) ?? table
  backend.change<Table>(table.oid, {
    columns: changedColumns(now.columns, name, facts),
  })
}

function family(backend: Backend, command: Command): Table[] {
  return command.only ? [command.table] : backend.withDescendants(command.table)
}

/**
 * SET NOT NULL reads every row, unless the column is NOT NULL already or a valid CHECK proves it. Source:
 * NotNullImpliedByRelConstraints.
 */
export function setNotNull(backend: Backend, command: Command): void {
  const { table, span, keyword } = command
  const name = command.cmd.name ?? ''
  const column = backend.column(table, name)
  backend.operation({
    kind: 'set-not-null',
    span,
    keyword,
    table: backend.subject(table),
    column: name,
  })
  backend.existingColumn(table, name)
  if (command.only && table.kind === 'partitioned table' && table.children.length > 0 && !column?.notNull) {
    backend.fail('42P16', 'constraint must be added to child tables too')
  }
  const isDone = column?.notNull === true && notNullsByColumn.find(table.constraints, name)?.valid !== false
  // The children of a column that is NOT NULL already are so, too. Before 18, only those that are partitions were left alone for that reason.
  if (!isDone) lockDescendants(backend, command)
  else if (table.kind !== 'partitioned table') lockDescendants(backend, command, { until: 17 })
  for (const each of family(backend, command)) {
    const own = backend.column(each, name)
    if (own?.notNull) continue
    if (!provesNotNull(each.constraints, name)) {
      const unseen = unseenConstraint(each.constraints)
      const unless = unseen === null ? '' : `, unless "${unseen.name}" proves it`
      scan(backend, each, `every row is checked for "${name}" IS NOT NULL${unless}`, unseen === null)
    }
    if (own) setNotNullFlag(backend, each, name)
    else rememberColumn(backend, each, name, { notNull: true })
    if (backend.quietlySince(18)) keepNotNullConstraint(backend, each, name, each.oid !== table.oid)
  }
}

function keepNotNullConstraint(backend: Backend, table: Table, column: string, inherited: boolean): void {
  const existing = notNullsByColumn.find(table.constraints, column)
  const constraints = existing
    ? table.constraints.map(constraint => (constraint === existing ? { ...constraint, valid: true } : constraint))
    : [...table.constraints, notNullConstraint(backend, `${table.name}_${column}_not_null`, column, inherited)]
  backend.change<Table>(table.oid, { constraints })
}

/** A column of a table that was not created here: it is stored with the facts that the statement reveals. */
export function rememberColumn(backend: Backend, table: Table, name: string, facts: Partial<Column>): void {
  if (table.complete || backend.column(table, name)) return
  const now = backend.getTable(table.oid) ?? table
  backend.change<Table>(table.oid, {
    columns: [
      ...now.columns,
      {
        name,
        type: unknownType,
        collation: null,
        notNull: false,
        default: null,
        identity: null,
        generated: null,
        complete: false,
        createdIn: null,
        inherited: false,
        storage: null,
        ...facts,
      },
    ],
  })
}

export function dropNotNull(backend: Backend, command: Command): void {
  const column = startAlterColumn(backend, command, 'drop-not-null')
  const { table } = command
  const name = command.cmd.name ?? ''
  if (column?.identity) backend.fail('42601', `column "${name}" of relation "${table.name}" is an identity column`)
  if (table.constraints.some(constraint => constraint.kind === 'primary key' && constraint.columns.includes(name))) {
    backend.fail('42P16', `column "${name}" is in a primary key`)
  }
  const parent = table.partitionOf === null ? undefined : backend.getTable(table.partitionOf)
  if (parent && backend.column(parent, name)?.notNull) {
    backend.fail('42P16', `column "${name}" is marked NOT NULL in parent table`)
  }
  if (typeof table.replicaIdentity === 'object') {
    const { index: identity } = table.replicaIdentity
    const index = backend.indexesOf(table).find(each => each.name === identity)
    if (index?.keys.some(key => key.column === name)) {
      backend.fail('42P16', `column "${name}" is in index used as replica identity`)
    }
  }
  const inherited = table.parents.some(oid => {
    const above = backend.getTable(oid)
    return above && backend.column(above, name)?.notNull
  })
  if (inherited && backend.since(18)) backend.fail('42P16', `cannot drop inherited constraint on column "${name}"`)
  // Since 18 the constraint is dropped, and the command recurses only if there is one.
  lockDescendants(backend, command, column?.notNull === false ? { until: 17 } : {})
  const facts = { notNull: false }
  for (const each of family(backend, command)) {
    changeColumn(backend, each, name, facts)
    const now = backend.getTable(each.oid) ?? each
    backend.change<Table>(each.oid, {
      constraints: now.constraints.filter(
        constraint => !(constraint.kind === 'not null' && constraint.columns[0] === name),
      ),
    })
  }
}

function isNullConstant(node: Node): boolean {
  return 'A_Const' in node && node.A_Const.isnull === true
}

/** SET DEFAULT and DROP DEFAULT change only the catalog: existing rows keep their values. */
export function setDefault(backend: Backend, command: Command): void {
  const expression = command.cmd.def as Node | undefined
  // A constant NULL is the same as no default, and is not stored (AddRelationNewConstraints in heap.c).
  const kept = expression && !isNullConstant(expression) ? expression : null
  const column = startAlterColumn(backend, command, kept ? 'set-default' : 'drop-default')
  const name = command.cmd.name ?? ''
  if (column?.identity)
    backend.fail('42601', `column "${name}" of relation "${command.table.name}" is an identity column`)
  if (column?.generated)
    backend.fail('42601', `column "${name}" of relation "${command.table.name}" is a generated column`)
  if (expression) useOfNewEnumValue(backend, expression)
  lockDescendants(backend, command)
  // In a column of a domain it is stored: it replaces the default of the domain. An unknown type may be one.
  const mayBeDomain = column && (domainOf(backend, column.type) || typeOf(backend, column.type) === 'unknown')
  const facts = { default: mayBeDomain ? (expression ?? null) : kept }
  for (const each of family(backend, command)) changeColumn(backend, each, name, facts)
}

export function addIdentity(backend: Backend, command: Command): void {
  const column = startAlterColumn(backend, command, 'add-identity')
  const { table } = command
  const name = command.cmd.name ?? ''
  if (column?.complete) {
    if (!column.notNull)
      backend.fail(
        '55000',
        `column "${name}" of relation "${table.name}" must be declared NOT NULL before identity can be added`,
      )
    if (column.identity)
      backend.fail('55000', `column "${name}" of relation "${table.name}" is already an identity column`)
    if (column.default && !isNullConstant(column.default))
      backend.fail('55000', `column "${name}" of relation "${table.name}" already has a default value`)
  }
  lockDescendants(backend, command, { since: 17 })
  const when =
    command.cmd.def && 'Constraint' in command.cmd.def
      ? (command.cmd.def.Constraint as ConstraintNode).generated_when
      : 'd'
  if (column) {
    createOwnedSequence(backend, table, name, { identity: true, type: sequenceType(column.type) })
    changeColumn(backend, table, name, { identity: when === 'a' ? 'always' : 'by default' })
  }
}

export function setIdentity(backend: Backend, command: Command): void {
  const column = startAlterColumn(backend, command, 'set-identity')
  const { table } = command
  const name = command.cmd.name ?? ''
  if (column?.complete && !column.identity) {
    backend.fail('55000', `column "${name}" of relation "${table.name}" is not an identity column`)
  }
  lockDescendants(backend, command, { since: 17 })
  for (const sequence of ownedSequences(backend, table, name)) {
    backend.lock(sequence, 'ShareRowExclusiveLock', 'the sequence behind the identity column is altered')
  }
  const when = generatedWhen(command.cmd.def)
  if (column && when) changeColumn(backend, table, name, { identity: when })
}

/** SET GENERATED ALWAYS or BY DEFAULT, among the options of ALTER COLUMN; null when neither is given. */
function generatedWhen(options: Node | undefined): Column['identity'] {
  for (const item of options && 'List' in options ? (options.List.items ?? []) : []) {
    const { defname, arg } = 'DefElem' in item ? item.DefElem : {}
    // The character of pg_attribute.attidentity.
    if (defname === 'generated' && arg && 'Integer' in arg) return arg.Integer.ival === 97 ? 'always' : 'by default'
  }
  return null
}

export function dropIdentity(backend: Backend, command: Command): void {
  const column = startAlterColumn(backend, command, 'drop-identity')
  const { table, cmd } = command
  const name = cmd.name ?? ''
  if (column?.complete && !column.identity) {
    if (cmd.missing_ok) return
    backend.fail('55000', `column "${name}" of relation "${table.name}" is not an identity column`)
  }
  lockDescendants(backend, command, { since: 17 })
  for (const sequence of ownedSequences(backend, table, name)) dropOwnedSequence(backend, sequence)
  changeColumn(backend, table, name, { identity: null })
}

function dropOwnedSequence(backend: Backend, sequence: Sequence): void {
  backend.lock(sequence, 'AccessExclusiveLock', 'the sequence behind the column is dropped with it')
  backend.remove(sequence)
}

/** SET EXPRESSION (17): a stored column is computed again for every row; a virtual one (18) stores nothing. */
export function setExpression(backend: Backend, command: Command): void {
  const column = startAlterColumn(backend, command, 'set-expression')
  const { table } = command
  const name = command.cmd.name ?? ''
  if (column?.complete && !column.generated) {
    backend.fail('55000', `column "${name}" of relation "${table.name}" is not a generated column`)
  }
  lockDescendants(backend, command)
  if (column?.generated?.kind === 'virtual') {
    if (table.constraints.some(({ kind }) => kind === 'check')) {
      backend.fail(
        '0A000',
        'ALTER TABLE / SET EXPRESSION is not supported for virtual generated columns in tables with check constraints',
      )
    }
    for (const each of family(backend, command)) {
      const checked = each.constraints.some(
        constraint => constraint.kind === 'check' && constraint.columns.includes(name),
      )
      if (checked || column.notNull)
        scan(backend, each, `the constraints on "${name}" are checked against the new expression`)
    }
  } else {
    for (const each of family(backend, command))
      rewrite(backend, each, 'the generated value is computed and stored again for every row', column !== undefined)
  }
  if (column?.generated && command.cmd.def) {
    const facts = { generated: { ...column.generated, expression: command.cmd.def as Node } }
    for (const each of family(backend, command)) {
      changeColumn(backend, each, name, facts)
    }
  }
}

export function dropExpression(backend: Backend, command: Command): void {
  const column = startAlterColumn(backend, command, 'drop-expression')
  const { table, cmd } = command
  const name = cmd.name ?? ''
  if (column?.complete && !column.generated && !cmd.missing_ok) {
    backend.fail('55000', `column "${name}" of relation "${table.name}" is not a stored generated column`)
  }
  if (column?.generated?.kind === 'virtual') {
    backend.fail('0A000', 'ALTER TABLE / DROP EXPRESSION is not supported for virtual generated columns')
  }
  if (command.only && table.children.length > 0) {
    backend.fail('42P16', 'ALTER TABLE / DROP EXPRESSION must be applied to child tables too')
  }
  lockDescendants(backend, command)
  const facts = { generated: null }
  for (const each of family(backend, command)) changeColumn(backend, each, name, facts)
}

/** Types of fixed length: their values are never compressed or moved out of the row. */
const fixedLength: ReadonlySet<string> = new Set(
  'int2 int4 int8 float4 float8 bool date time timetz timestamp timestamptz interval uuid oid money char name point line lseg box circle macaddr macaddr8 pg_lsn xid xid8 tid'.split(
    ' ',
  ),
)

/** SET STORAGE and SET COMPRESSION, for types of variable length only (SQLSTATE 0A000). */
export function storageOption(kind: 'set-storage' | 'set-compression', recurses: boolean) {
  return (backend: Backend, command: Command): void => {
    const column = startAlterColumn(backend, command, kind)
    if (recurses) lockDescendants(backend, command)
    const value =
      command.cmd.def && 'String' in command.cmd.def ? (command.cmd.def.String.sval ?? '').toLowerCase() : ''
    const harmless = value === 'default' || (kind === 'set-storage' && value === 'plain')
    if (!hasKnownType(column) || harmless || column.type.array || column.type.schema !== 'pg_catalog') return
    if (fixedLength.has(column.type.name)) {
      const reason = kind === 'set-storage' ? 'can only have storage PLAIN' : 'does not support compression'
      backend.fail('0A000', `column data type ${typeText(column.type)} ${reason}`)
    }
  }
}

/** Sub-commands that only change the catalog: for new rows, for the planner. */
export function columnOption(kind: AlterColumn['kind'], recurses: boolean) {
  return (backend: Backend, command: Command): void => {
    startAlterColumn(backend, command, kind)
    if (recurses) lockDescendants(backend, command)
  }
}
