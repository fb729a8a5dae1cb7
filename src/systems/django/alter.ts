import { NotRead } from '../../code/given/not-read.ts'
import { append } from '../../parse/list.ts'
import { alterType, leavesText } from './alter-type.ts'
import { commentOnColumn, generatedFrom, typeSql } from './create.ts'
import { effectiveDefault } from './default.ts'
import type { Editor } from './editor.ts'
import { databaseDefaultSql } from './expression.ts'
import {
  columnOf,
  comparable,
  databaseDefault,
  type Field,
  fieldOf,
  hasColumn,
  hasDefault,
  isConstrained,
  isGenerated,
  isIndexed,
  isManyToMany,
  isNullable,
  isRelation,
  isUnique,
  quotedColumn,
} from './field.ts'
import { hasSpatialIndex, isSpatial } from './geometry.ts'
import { nameOfIndex } from './index-sql.ts'
import { isMade, type Kept, signature } from './kept.ts'
import { positive } from './kinds.ts'
import { indexName, quote } from './names.ts'
import { isFrom, type Settings } from './settings.ts'
import { type Bound, type Model, relationsTo, sidesOf, tableOf, targetOf, throughOf } from './state.ts'
import {
  dropConstraint,
  dropForeignKey,
  dropIndex,
  fieldIndex,
  foreignKey,
  foreignKeysOf,
  likeIndex,
  uniqueOf,
} from './statements.ts'
import { type ColumnType, columnType } from './types.ts'

/** BaseDatabaseSchemaEditor.alter_field. `model` has the present name of the table. */
export function alterField(editor: Editor, model: Model, from: Bound, to: Bound): void {
  if (!shouldBeAltered(from, to, new Set())) return
  if (isManyToMany(from.field) || isManyToMany(to.field)) {
    if (!isManyToMany(from.field) || !isManyToMany(to.field))
      throw new NotRead('Django refuses it: only one of them is a many-to-many field')
    const [before, after] = [throughOf(from), throughOf(to)]
    if (before && after) alterMany(editor, from, to)
    return
  }
  if (!hasColumn(from.field) || !hasColumn(to.field)) return
  if ((isGenerated(from.field) || isGenerated(to.field)) && !isSameGenerated(from, to))
    throw new NotRead('Django refuses to change how a column is generated')
  alterColumn(editor, model, from, to)
}

/** alter_field of Django 5: everything about a generated column may change but its expression, and whether it is stored. */
function isSameGenerated(from: Bound, to: Bound): boolean {
  if (!isGenerated(from.field) || !isGenerated(to.field)) return false
  const isStored = ({ field }: Bound) => field.get('db_persist') !== false
  if (isStored(from) !== isStored(to)) return false
  const isPositive = ({ field }: Bound) => {
    const output = field.get('output_field')
    return isMade(output) && positive.has(fieldOf(field.name, output, to.state.settings).kind)
  }
  if (isPositive(from) !== isPositive(to))
    throw new NotRead('the check that Django makes for a generated column is not read')
  return generatedFrom(from) === generatedFrom(to)
}

/** Since 4.2, the values of JSON that Django compares are objects of the driver (adapt_json_value), which are equal only to themselves. */
function isNeverSame({ kind }: Field, settings: Settings): boolean {
  return kind === 'JSONField' && isFrom(settings, [4, 2])
}

/** _field_should_be_altered */
function shouldBeAltered(from: Bound, to: Bound, without: ReadonlySet<string>): boolean {
  if (columnOf(from.field) !== columnOf(to.field)) return true
  const ignored = new Set(without)
  // Since 5.0, a renamed model with the same table is the same target. Before that, keys are dropped and added again.
  if (isRelation(from.field) && isRelation(to.field) && isFrom(to.state.settings, [5, 0])) {
    const [old, now] = [targetOf(from), targetOf(to)]
    if (old && now && tableOf(old) === tableOf(now)) ignored.add('to')
  }
  return comparable(from.field, ignored) !== comparable(to.field, ignored)
}

/** _alter_many_to_many */
export function alterMany(editor: Editor, from: Bound, to: Bound): void {
  const [before, after] = [throughOf(from), throughOf(to)]
  if (!before || !after) throw new NotRead('the table behind it is unknown')
  renameTable(editor, before, after)
  const [ownBefore, otherBefore] = sidesOf(before)
  const [ownAfter, otherAfter] = sidesOf(after)
  const side = (state: Bound, model: Model, field: Field): Bound => ({ state: state.state, model, field })
  alterField(editor, after, side(from, before, otherBefore), side(to, after, otherAfter))
  alterField(editor, after, side(from, before, ownBefore), side(to, after, ownAfter))
}

/** alter_db_table */
export function renameTable(editor: Editor, from: Model, to: Model): void {
  const [before, after] = [tableOf(from), tableOf(to)]
  if (before === after) return
  editor.execute(`ALTER TABLE ${quote(before)} RENAME TO ${quote(after)}`)
  editor.renameTable(from.app, before, after)
}

/** _alter_field of both schema editors. */
function alterColumn(editor: Editor, model: Model, from: Bound, to: Bound): void {
  const [old, now] = [from.field, to.field]
  const { settings } = to.state
  const [oldType, newType] = [columnType(from), columnType(to)]
  if (changesGeometry(from, to)) return editor.unread('it changes dimensions or the index of a spatial field', now.name)
  const oldColumn = columnOf(old)
  const isChanged = typeChanges(editor, from, to, oldType, newType)
  const meta = new Set([
    ...model.constraints.flatMap(({ named }) => textOf(named.get('name'))),
    ...model.indexes.flatMap(index =>
      textOf(index.named.get('name') ?? nameIfKnown(() => nameOfIndex(index, to.state, model))),
    ),
  ])
  let dropped = false
  if (isConstrained(old) && shouldBeAltered(from, to, new Set(['db_comment'])))
    for (const name of foreignKeysOf(editor, model, oldColumn)) {
      dropForeignKey(editor, model, name)
      dropped = true
    }
  const becomesKey = !old.isPrimaryKey && now.isPrimaryKey
  if (isUnique(old) && (!isUnique(now) || becomesKey))
    for (const name of editor.names(model, [oldColumn], each => each.kind === 'unique' && !meta.has(each.name)))
      dropConstraint(editor, model, name, 'unique')
  const isTarget = (old.isPrimaryKey && now.isPrimaryKey) || (isUnique(old) && isUnique(now))
  const dropsIncoming = isTarget && (isChanged || oldType.collation !== newType.collation)
  const incoming = dropsIncoming ? related(from, to) : []
  for (const [, rel] of incoming)
    for (const name of foreignKeysOf(editor, rel.model, columnOf(rel.field))) dropForeignKey(editor, rel.model, name)
  if (isIndexed(old) && !isUnique(old) && (!isIndexed(now) || isUnique(now)))
    for (const name of editor.names(
      model,
      [oldColumn],
      each => each.kind === 'index' && each.method === undefined && !meta.has(each.name),
    ))
      dropIndex(editor, model, name)
  const check = (field: Field, column: string) =>
    positive.has(field.kind) ? (isFrom(settings, [5, 0]) ? 'positive' : column) : null
  const [oldCheck, newCheck] = [check(old, oldColumn), check(now, columnOf(now))]
  if (oldCheck !== newCheck && oldCheck !== null)
    for (const name of editor.names(model, [oldColumn], each => each.kind === 'check' && !meta.has(each.name)))
      dropConstraint(editor, model, name, 'check')
  const table = quote(tableOf(model))
  if (oldColumn !== columnOf(now)) {
    editor.execute(`ALTER TABLE ${table} RENAME COLUMN ${quote(oldColumn)} TO ${quotedColumn(now)}`)
    editor.renameColumn(model, oldColumn, columnOf(now))
  }
  const actions: string[] = []
  const after: (() => void)[] = []
  const isCommented = textOf(old.get('db_comment'))[0] !== textOf(now.get('db_comment'))[0]
  if (isChanged || oldType.collation !== newType.collation || oldType.suffix !== newType.suffix || isCommented) {
    const change = alterType(editor, model, from, to, typeSql(editor.unread, to))
    actions.push(change.sql)
    append(after, change.after)
    if (isCommented) after.push(() => commentOnColumn(editor, model, now, textOf(now.get('db_comment'))[0] ?? ''))
  }
  const [oldStanding, newStanding] = [databaseDefault(old), databaseDefault(now)]
  const column = `ALTER COLUMN ${quotedColumn(now)}`
  if (newStanding !== undefined) {
    if (oldStanding === undefined || signature(oldStanding) !== signature(newStanding))
      actions.push(`${column} SET DEFAULT ${databaseDefaultSql(to, newStanding)}`)
  } else if (oldStanding !== undefined) actions.push(`${column} DROP DEFAULT`)
  const tightens = isNullable(old) && !isNullable(now)
  const value = effectiveDefault(to)
  const setsDefault =
    tightens &&
    newStanding === undefined &&
    value !== null &&
    (value !== effectiveDefault(from) || value.includes('${') || isNeverSame(now, settings))
  if (setsDefault) actions.push(`${column} SET DEFAULT ${value}`)
  const nulls = isNullable(old) === isNullable(now) ? [] : [`${column} ${isNullable(now) ? 'DROP' : 'SET'} NOT NULL`]
  const fills = tightens && (hasDefault(now) || newStanding !== undefined)
  const together = fills ? actions : [...actions, ...nulls]
  if (together.length > 0) editor.execute(`ALTER TABLE ${table} ${together.join(', ')}`)
  if (fills && (actions.length > 0 || nulls.length > 0)) {
    const filling = newStanding === undefined ? (value ?? 'NULL') : databaseDefaultSql(to, newStanding)
    const update = `UPDATE ${table} SET ${quotedColumn(now)} = ${filling} WHERE ${quotedColumn(now)} IS NULL`
    editor.execute(
      isFrom(settings, [4, 0]) ? `${update}; SET CONSTRAINTS ALL IMMEDIATE` : update,
      'Django fills all rows that have no value in one UPDATE, as the field may no longer be null and has a default.',
    )
    for (const each of nulls) editor.execute(`ALTER TABLE ${table} ${each}`)
  }
  for (const each of after) each()
  if (old.isPrimaryKey && !now.isPrimaryKey)
    for (const { name, kind } of editor.constraintsOf(model))
      if (kind === 'primary key') dropConstraint(editor, model, name, kind)
  if (!now.isPrimaryKey && isUnique(now) && (!isUnique(old) || old.isPrimaryKey))
    editor.now(uniqueOf(model, [columnOf(now)]))
  if ((!isIndexed(old) || isUnique(old)) && isIndexed(now) && !isUnique(now)) editor.now(fieldIndex(model, to))
  const follow = becomesKey ? [...incoming, ...related(from, to)] : incoming
  if (becomesKey) addPrimaryKey(editor, model, columnOf(now))
  for (const [before, rel] of follow) {
    const change = alterType(editor, rel.model, before, rel, typeSql(editor.unread, rel))
    editor.execute(`ALTER TABLE ${quote(tableOf(rel.model))} ${change.sql}`)
    for (const each of change.after) each()
  }
  if (isConstrained(now) && (dropped || !isConstrained(old))) editor.now(foreignKey(model, to))
  if (dropsIncoming)
    for (const [, rel] of follow) if (isConstrained(rel.field)) editor.now(foreignKey(rel.model, rel, true))
  if (oldCheck !== newCheck && newCheck !== null) {
    const name = indexName(tableOf(model), [columnOf(now)], '_check')
    editor.execute(`ALTER TABLE ${table} ADD CONSTRAINT ${quote(name)} CHECK (${quotedColumn(now)} >= 0)`)
    editor.add(model.app, tableOf(model), { name, kind: 'check', columns: [columnOf(now)] })
  }
  if (setsDefault)
    editor.execute(
      `ALTER TABLE ${table} ${column} DROP DEFAULT`,
      'Django gives the default for the rows that are there, and drops it at once: new rows get it from the model.',
    )
  patterns(editor, model, from, to, isFrom(settings, [5, 0]) && leavesText(from, oldType, newType))
}

/** DatabaseSchemaEditor._alter_field of PostgreSQL: the second index of text columns. */
function patterns(editor: Editor, model: Model, from: Bound, to: Bound, isChanged: boolean): void {
  const [old, now] = [from.field, to.field]
  const isNew = (!(isIndexed(old) || isUnique(old)) && isIndexed(now)) || (!isUnique(old) && isUnique(now))
  if (isNew || isChanged) {
    const like = likeIndex(model, to)
    if (like) editor.now(like)
  }
  if (isUnique(old) && !(isIndexed(now) || isUnique(now)))
    dropIndex(editor, model, indexName(tableOf(model), [columnOf(old)], '_like'))
}

/** PostGIS casts where the number of dimensions changes, and builds or drops an index by its own names. */
function changesGeometry({ field: old }: Bound, { field: now }: Bound): boolean {
  if (!isSpatial(old) && !isSpatial(now)) return false
  return (old.get('dim') ?? 2) !== (now.get('dim') ?? 2) || hasSpatialIndex(old) !== hasSpatialIndex(now)
}

/** Whether the type changes. If that is unknown, this is reported, and the type counts as unchanged. */
function typeChanges(editor: Editor, from: Bound, to: Bound, old: ColumnType, now: ColumnType): boolean {
  if (old.type !== null && now.type !== null) return old.type !== now.type
  const own = (field: Field) =>
    comparable(field, new Set(['default', 'null', 'unique', 'db_index', 'db_default', 'db_constraint']))
  const isSame = from.field.kind === to.field.kind && own(from.field) === own(to.field)
  if (!isSame)
    editor.unread(
      `it is unknown whether the type of the column changes: ${old.type === null ? old.why : now.why}`,
      to.field.name,
    )
  return false
}

/** _related_non_m2m_objects: fields that point to the changed field, before and after, and the fields that point to those in turn. */
function related(from: Bound, to: Bound, levels = 5): (readonly [Bound, Bound])[] {
  if (levels === 0) return []
  const relevant = (bound: Bound) =>
    relationsTo(bound.state, bound.model).filter(({ field }) => {
      const named = field.get('to_field')
      return (bound.field.isPrimaryKey && (named ?? null) === null) || named === bound.field.name
    })
  const [olds, news] = [relevant(from), relevant(to)]
  return news.flatMap((rel, i) => {
    const before = olds[i]
    return before ? [[before, rel] as const, ...related(before, rel, levels - 1)] : []
  })
}

function addPrimaryKey(editor: Editor, model: Model, column: string): void {
  const table = tableOf(model)
  const name = indexName(table, [column], '_pk')
  editor.execute(`ALTER TABLE ${quote(table)} ADD CONSTRAINT ${quote(name)} PRIMARY KEY (${quote(column)})`)
  editor.add(model.app, table, { name, kind: 'primary key', columns: [column] })
}

function textOf(value: Kept | undefined): string[] {
  return typeof value === 'string' && value !== '' ? [value] : []
}

function nameIfKnown(name: () => string): string | undefined {
  try {
    return name()
  } catch (error) {
    if (error instanceof NotRead) return undefined
    throw error
  }
}
