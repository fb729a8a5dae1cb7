import type { AlterTableCmd, ColumnDef, Node } from '@pgsql/types'
import type { Backend } from '../../backend.ts'
import type { Index, Sequence, Table } from '../../catalog/catalog.ts'
import type { Column, ColumnType } from '../../catalog/column.ts'
import { doubtOf } from '../../catalog/doubt.ts'
import { strings } from '../../catalog/name.ts'
import { changedColumns, hasKnownType, isInherited, isTable, systemColumns } from '../../catalog/relation.ts'
import { columnsOf, walk } from '../../expression/expression.ts'
import { typeOfNode } from '../../expression/type-of.ts'
import { type Dependent, dependentsOf } from '../../object/dependents.ts'
import { types } from '../../type/builtin.generated.ts'
import { alwaysRewrites } from '../../type/harmless-source.ts'
import { baseType, resolveType, serialOf, typeText } from '../../type/type.ts'
import { canCast, indexSurvives, typeChange } from '../../type/type-change.ts'
import { indexColumns } from '../index/index-build.ts'
import { rewrite, scan } from '../rewrite.ts'
import { isRowTypeInUse, lockDescendants } from './add-column.ts'
import { rememberColumn } from './alter-column.ts'
import type { Command } from './alter-table-command.ts'
import { ownedSequences, requireType, sequenceType } from './column.ts'
import { requireSameTypes } from './foreign-key.ts'

/**
 * ALTER COLUMN … TYPE. type-change.ts decides whether the table is rewritten. Even when it is not, CHECK constraints on
 * the column are checked again and indexes that cannot keep their file are built again. Source: ATPrepAlterColumnType,
 * ATExecAlterColumnType, ATPostAlterTypeCleanup, TryReuseIndex in tablecmds.c.
 */
export function alterColumnType(backend: Backend, command: Command): void {
  const { table, cmd, span, keyword } = command
  const name = cmd.name ?? ''
  if (!cmd.def || !('ColumnDef' in cmd.def)) return
  const def = cmd.def.ColumnDef
  if (!def.typeName) return
  const to = resolveType(backend, def.typeName)
  const column = backend.column(table, name)
  const using = def.raw_default ?? null
  const known = hasKnownType(column) ? column : undefined
  const onlyItself = !known && alwaysRewrites(backend, { to, column: name, using })
  const cost =
    known?.generated?.kind === 'virtual'
      ? { rewrite: false, narrowing: false, because: 'nothing is stored for a virtual column' }
      : known
        ? typeChange(backend, { from: known.type, to, column: name, using })
        : {
            rewrite: 'unknown' as const,
            narrowing: 'unknown' as const,
            because: onlyItself
              ? `only a column that is ${typeText(def.typeName)} already is left as it is`
              : whyUnknown(backend, table, name),
          }
  const collation = strings(def.collClause?.collname).at(-1) ?? null
  const collationChanged =
    known !== undefined && collation !== known.collation && (collation !== null || known.collation !== null)
  const family = command.only ? [table] : backend.withDescendants(table)
  const rebuilt =
    known && cost.rewrite !== true
      ? family.flatMap(each => rebuiltIndexes(backend, each, known, to, collationChanged))
      : []
  const rechecked = family.flatMap(each =>
    each.constraints.filter(
      constraint =>
        constraint.kind === 'check' && constraint.valid && constraint.enforced && constraint.columns.includes(name),
    ),
  )
  const work =
    cost.rewrite === true
      ? 'rewrite'
      : cost.rewrite === 'unknown'
        ? 'unknown'
        : rebuilt.length > 0
          ? 'index-rebuild'
          : rechecked.length > 0
            ? 'recheck'
            : 'none'
  backend.operation({
    kind: 'alter-column-type',
    span,
    keyword,
    table: backend.subject(table),
    column: name,
    from: known?.type ?? null,
    to,
    toText: typeText(def.typeName),
    using,
    collate: collationChanged,
    cost: work,
    onlyItself,
    rebuiltIndexes: rebuilt.map(index => index.name),
    recheckedConstraints: [...new Set(rechecked.map(constraint => constraint.name))],
    narrowing: cost.narrowing,
  })
  requireChangeable(backend, command, def, known)
  requireType(backend, to)
  lockDescendants(backend, command)

  for (const each of family) {
    if (cost.rewrite === true) rewrite(backend, each, cost.because)
    else if (cost.rewrite === 'unknown') rewrite(backend, each, cost.because, false)
    if (cost.rewrite !== true) {
      for (const constraint of rechecked) {
        if (each.constraints.includes(constraint))
          scan(backend, each, `the CHECK constraint "${constraint.name}" is verified again`)
      }
    }
  }
  for (const index of rebuilt) rebuildIndex(backend, index)
  if (known && cost.rewrite !== true) lockReusedIndexes(backend, family, known, rebuilt)
  for (const sequence of ownedSequences(backend, table, name)) {
    if (!sequence.identity) continue
    backend.lock(sequence, 'ShareRowExclusiveLock', 'the sequence behind the identity column changes its type too')
    backend.change<Sequence>(sequence.oid, { type: sequenceType(to) })
  }
  const facts = { type: to, collation }
  for (const each of family) {
    if (!backend.column(each, name)) rememberColumn(backend, each, name, { type: to })
    const now = backend.getTable(each.oid) ?? each
    backend.change<Table>(each.oid, {
      columns: changedColumns(now.columns, name, facts),
    })
  }
  reAddForeignKeys(backend, backend.getTable(table.oid) ?? table, name, cost.rewrite)
}

/** Why the type of a column is not known: a clause. */
function whyUnknown(backend: Backend, table: Table, name: string): string {
  const { told, catalog } = backend
  const then = told?.relations.get(table.oid)
  const column = then && isTable(then) ? backend.column(then, name) : undefined
  const doubt = column?.doubt ?? (told && then ? doubtOf(told, then) : null)
  if (doubt !== null && hasKnownType(column)) return `"${name}" is ${typeText(column.type)}, unless ${doubt}`
  const unread = (told ?? catalog).uncertain
  return unread === null || unread.isShown
    ? `the type of "${name}" so far is not in the migrations`
    : `the type of "${name}" so far is not in what was read of the migrations, and an earlier statement was not read (${unread.why})`
}

const twice = new WeakMap<readonly AlterTableCmd[], ReadonlySet<string>>()

/** The columns whose type a statement changes more than once. */
function changedTwice(all: readonly AlterTableCmd[]): ReadonlySet<string> {
  const known = twice.get(all)
  if (known) return known
  const [seen, found] = [new Set<string>(), new Set<string>()]
  for (const { subtype, name = '' } of all) {
    if (subtype !== 'AT_AlterColumnType') continue
    if (seen.has(name)) found.add(name)
    seen.add(name)
  }
  twice.set(all, found)
  return found
}

/** An earlier sub-command has certainly given the column another type. A second change to the same type is allowed. */
function isChanged(backend: Backend, table: Table, name: string): boolean {
  const before = backend.before.relations.get(table.oid)
  const then = before && isTable(before) ? backend.column(before, name) : undefined
  const now = backend.column(table, name)
  if (!hasKnownType(then) || !hasKnownType(now)) return false
  return typeText(then.type) !== typeText(now.type)
}

function requireChangeable(backend: Backend, command: Command, def: ColumnDef, column: Column | undefined): void {
  const { table, cmd } = command
  const name = cmd.name ?? ''
  if (systemColumns.has(name)) backend.fail('0A000', `cannot alter system column "${name}"`)
  backend.existingColumn(table, name)
  if (changedTwice(command.all).has(name) && isChanged(backend, table, name)) {
    backend.fail('0A000', `cannot alter type of column "${name}" twice`)
  }
  requireWritable(backend, def)
  if (command.only && table.children.length > 0) {
    backend.fail('42P16', `type of inherited column "${name}" must be changed in child tables too`)
  }
  if (isInherited(table, column)) backend.fail('42P16', `cannot alter inherited column "${name}"`)
  const keys = table.partitioning?.keys ?? []
  if (keys.some(key => key.column === name || (key.expression && columnsOf(key.expression).includes(name)))) {
    backend.fail(
      '42P16',
      `cannot alter column "${name}" because it is part of the partition key of relation "${table.name}"`,
    )
  }
  const generated = table.columns.find(other => other.generated && columnsOf(other.generated.expression).includes(name))
  if (generated) {
    backend.fail(
      !backend.since(15) ? '42601' : '0A000',
      `cannot alter type of a column used by a generated column: "${generated.name}"`,
    )
  }
  if (isRowTypeInUse(backend, table)) {
    backend.fail(
      '0A000',
      `cannot alter table "${table.name}" because its row type is used as the type of a column elsewhere`,
    )
  }
  for (const each of backend.withDescendants(table)) {
    const dependent = dependentsOf(backend, [{ kind: 'column', relation: each.oid, name }]).find(other =>
      blocksTypeChange(backend, other),
    )
    if (dependent) backend.fail('0A000', `cannot alter type of a column used by ${dependent.describe}`)
  }
  if (column && def.typeName) {
    const to = resolveType(backend, def.typeName)
    if (def.raw_default && column.default && !mayCastDefault(backend, column.default, column.type, to)) {
      backend.fail('42804', `default for column "${name}" cannot be cast automatically to type ${typeText(to)}`)
    }
    if (!def.raw_default && canCast(backend, column.type, to) === false) {
      backend.fail('42804', `column "${name}" cannot be cast automatically to type ${typeText(to)}`)
    }
  }
}

/**
 * False if the default certainly cannot be cast. What counts is the type that the expression has by itself: ATExecAlterColumnType takes off
 * the cast to the old type (strip_implicit_coercions). Only a literal in quotes and NULL have no other type than the column.
 */
function mayCastDefault(backend: Backend, value: Node, old: ColumnType, to: ColumnType): boolean {
  if ('A_Const' in value && value.A_Const.isnull) return true
  const isLiteral = 'A_Const' in value && value.A_Const.sval !== undefined
  const own = isLiteral ? old : typeOfNode(backend, value, () => null)
  return own === null || canCast(backend, own, to) !== false
}

/** Errors for types that no column can have. */
function requireWritable(backend: Backend, def: ColumnDef): void {
  if (!def.typeName) return
  const to = resolveType(backend, def.typeName)
  if (serialOf(def.typeName)) backend.fail('42704', `type "${typeText(def.typeName)}" does not exist`)
  if (def.collClause && !to.array && types.get(baseType(backend, to).name)?.collatable === false) {
    backend.fail('42804', `collations are not supported by type ${typeText(to)}`)
  }
  let subquery = false
  walk(def.raw_default, kind => {
    subquery ||= kind === 'SubLink'
  })
  if (subquery) backend.fail('0A000', 'cannot use subquery in transform expression')
}

/** Source: RememberAllDependentForRebuilding: views and rules, trigger WHEN and UPDATE OF, policies. */
function blocksTypeChange(backend: Backend, dependent: Dependent): boolean {
  const relation =
    dependent.kind === 'relation' && dependent.relation !== null ? backend.get(dependent.relation) : undefined
  if (relation) return relation.kind === 'view' || relation.kind === 'materialized view'
  return dependent.kind === 'rule' || dependent.kind === 'trigger' || dependent.kind === 'policy'
}

/** The indexes on the column that do not keep their file although the table keeps its own. */
function rebuiltIndexes(
  backend: Backend,
  table: Table,
  column: Column,
  to: Column['type'],
  collationChanged: boolean,
): Index[] {
  return (
    backend
      .indexesOf(table)
      .filter(index => index.kind === 'index' && indexColumns(index).includes(column.name))
      // A partition's index is made again from the index of the partitioned table, without checking its old file.
      .filter(
        index =>
          index.parent !== null || !indexSurvives(backend, index, column.name, column.type, to, collationChanged),
      )
  )
}

function rebuildIndex(backend: Backend, index: Index): void {
  backend.lock(index, 'AccessExclusiveLock', 'the index cannot be kept with the new type')
  backend.work(index, 'rebuild', 'the index cannot be kept with the new type')
  const table = backend.getTable(index.table)
  if (table) scan(backend, table, `index "${index.name}" is built again`)
}

/** An index that keeps its file is still dropped and made again, under AccessExclusive. */
function lockReusedIndexes(
  backend: Backend,
  family: readonly Table[],
  column: Column,
  rebuilt: readonly Index[],
): void {
  for (const table of family) {
    for (const index of backend.indexesOf(table)) {
      if (indexColumns(index).includes(column.name) && !rebuilt.includes(index)) {
        backend.lock(index, 'AccessExclusiveLock', 'the index is made again around its old file')
      }
    }
  }
}

/**
 * Foreign keys on either side are dropped and added again: AccessExclusive on the other table, and a new check after a
 * rewrite.
 */
function reAddForeignKeys(backend: Backend, table: Table, column: string, rewritten: boolean | 'unknown'): void {
  const because = `the foreign key on "${column}" is dropped and added again`
  const check = (a: Table, b: Table, valid: boolean): void => {
    if (rewritten === false || !valid) return
    for (const each of [a, b]) scan(backend, each, 'the foreign key is verified again', rewritten === true)
  }
  for (const constraint of table.constraints) {
    const target = constraint.references && backend.getTable(constraint.references.table)
    if (constraint.kind !== 'foreign key' || !target || !constraint.columns.includes(column)) continue
    if (target.oid !== table.oid) backend.lock(target, 'AccessExclusiveLock', because)
    requireSameTypes(backend, table, constraint.columns, target, constraint.references?.columns ?? [], constraint.name)
    check(table, target, constraint.valid)
  }
  for (const { table: other, constraint } of referencingForeignKeys(backend, table)) {
    if (!constraint.references?.columns.includes(column)) continue
    if (other.oid !== table.oid) backend.lock(other, 'AccessExclusiveLock', because)
    requireSameTypes(backend, other, constraint.columns, table, constraint.references.columns, constraint.name)
    check(other, table, constraint.valid)
  }
}

/** The foreign keys of all tables that reference this one. */
export function referencingForeignKeys(
  backend: Backend,
  table: Table,
): { table: Table; constraint: Table['constraints'][number] }[] {
  const found: { table: Table; constraint: Table['constraints'][number] }[] = []
  for (const relation of [backend.getTable(table.oid) ?? table, ...backend.mentioning(table.oid)]) {
    if (!isTable(relation)) continue
    for (const constraint of relation.constraints) {
      if (constraint.references?.table === table.oid) found.push({ table: relation, constraint })
    }
  }
  return found
}
