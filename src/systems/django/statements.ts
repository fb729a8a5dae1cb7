import { NotRead } from '../../code/given/not-read.ts'
import type { ConstraintKind } from '../../parse/constraint-kind.ts'

import type { Deferred, Editor } from './editor.ts'
import { columnOf, isIndexed, isUnique } from './field.ts'
import { hasSpatialIndex, spatialColumn } from './geometry.ts'
import { indexName, quote, splitName } from './names.ts'
import { type Bound, columnNamed, type Model, resolved, tableOf, targetField, truncatedTable } from './state.ts'
import { columnType } from './types.ts'

/** Statements that Django makes of fields, with generated names: the `_create_…_sql` of the schema editors. */

/** The table and the column that a foreign key points to, by Django's naming rules if the model is unknown. Throws NotRead. */
function targetPlace(bound: Bound): { readonly table: string; readonly column: string } {
  const target = targetField(bound)
  if (target) return { table: tableOf(target.model), column: columnOf(target.field) }
  const label = resolved(bound.state, bound.field.get('to'), bound.model)
  if (!label) throw new NotRead('the model that it points to is not known')
  const named = bound.field.get('to_field')
  return { table: truncatedTable(label[0], label[1]), column: typeof named === 'string' ? named : 'id' }
}

function foreignKeyName(table: string, columns: readonly string[], to: Deferred['to'], short: boolean): string {
  const [, target] = splitName(to?.table ?? '')
  return indexName(table, columns, short ? '_fk' : `_fk_${target}_${to?.columns[0] ?? ''}`)
}

/** _create_fk_sql. `isShort`: with the name that keys get when they are created again because their target changed. */
export function foreignKey(model: Model, bound: Bound, isShort = false): Deferred {
  const { table, column } = targetPlace(bound)
  const name = (own: Deferred) => foreignKeyName(own.table, own.columns, own.to, isShort)
  return {
    app: model.app,
    table: tableOf(model),
    columns: [columnOf(bound.field)],
    to: { table, columns: [column] },
    sql: own =>
      `ALTER TABLE ${quote(own.table)} ADD CONSTRAINT ${quote(name(own))} FOREIGN KEY (${listed(own.columns)}) ` +
      `REFERENCES ${quote(own.to?.table ?? '')} (${listed(own.to?.columns ?? [])}) DEFERRABLE INITIALLY DEFERRED`,
    makes: own => ({ name: name(own), kind: 'foreign key', columns: own.columns }),
  }
}

export function foreignKeyInline(model: Model, bound: Bound): { readonly sql: string; readonly name: string } {
  const { table, column } = targetPlace(bound)
  const name = foreignKeyName(tableOf(model), [columnOf(bound.field)], { table, columns: [column] }, false)
  const [schema] = splitName(tableOf(model))
  const sql =
    `CONSTRAINT ${quote(name)} REFERENCES ${quote(table)}(${quote(column)}) DEFERRABLE INITIALLY DEFERRED` +
    `; SET CONSTRAINTS ${schema === '' ? '' : `${quote(schema)}.`}${quote(name)} IMMEDIATE`
  return { sql, name }
}

export function listed(columns: readonly string[]): string {
  return columns.map(quote).join(', ')
}

/** _create_unique_sql of unique_together, and of a field that becomes unique. */
export function uniqueOf(model: Model, columns: readonly string[]): Deferred {
  const name = (own: Deferred) => indexName(own.table, own.columns, '_uniq')
  return {
    app: model.app,
    table: tableOf(model),
    columns: [...columns],
    sql: own => `ALTER TABLE ${quote(own.table)} ADD CONSTRAINT ${quote(name(own))} UNIQUE (${listed(own.columns)})`,
    makes: own => ({ name: name(own), kind: 'unique', columns: own.columns }),
  }
}

/** _create_index_sql of a field, of index_together, and of patterns (LIKE). */
function indexOf(model: Model, columns: readonly string[], suffix: string, tail: string, opclass?: string): Deferred {
  const name = (own: Deferred) => indexName(own.table, own.columns, suffix)
  return {
    app: model.app,
    table: tableOf(model),
    columns: [...columns],
    sql: own =>
      `CREATE INDEX ${quote(name(own))} ON ${quote(own.table)} ` +
      `(${own.columns.map(each => `${quote(each)}${opclass === undefined ? '' : ` ${opclass}`}`).join(', ')})${tail}`,
    makes: own => ({ name: name(own), kind: 'index', columns: own.columns }),
  }
}

export function togetherIndex(bound: Omit<Bound, 'field'>, names: readonly string[]): Deferred {
  const { state, model } = bound
  return indexOf(
    model,
    names.map(name => columnNamed(state, model, name)),
    '_idx',
    tablespaceSql(bound, model.options.get('db_tablespace')),
  )
}

function tablespaceSql({ state }: Omit<Bound, 'field'>, own: unknown): string {
  const found = state.settings.named('DEFAULT_INDEX_TABLESPACE') ?? own
  return typeof found === 'string' && found !== '' ? ` TABLESPACE ${quote(found)}` : ''
}

/** _create_index_sql of one field. */
export function fieldIndex(model: Model, bound: Bound): Deferred {
  const own = bound.field.get('db_tablespace')
  const tail =
    typeof own === 'string' && own !== ''
      ? ` TABLESPACE ${quote(own)}`
      : tablespaceSql(bound, model.options.get('db_tablespace'))
  return indexOf(model, [columnOf(bound.field)], '', tail)
}

/** _create_like_index_sql: texts get a second index, for patterns. Null: it gets none. */
export function likeIndex(model: Model, bound: Bound): Deferred | null {
  const { field, state } = bound
  if (!isIndexed(field) && !isUnique(field)) return null
  const { type, collation } = columnType(bound)
  if (type === null || type.includes('[')) return null
  if (collation !== null && state.collations.has(collation)) return null
  const opclass = type.startsWith('varchar')
    ? 'varchar_pattern_ops'
    : type.startsWith('text')
      ? 'text_pattern_ops'
      : null
  if (opclass === null) return null
  const own = field.get('db_tablespace')
  const tail =
    typeof own === 'string' && own !== ''
      ? ` TABLESPACE ${quote(own)}`
      : tablespaceSql(bound, model.options.get('db_tablespace'))
  return indexOf(model, [columnOf(field)], '_like', tail, opclass)
}

/** _create_spatial_index_sql of PostGIS. */
function spatialIndex(model: Model, { field }: Bound): Deferred {
  const name = (own: Deferred) => indexName(own.table, own.columns, '_id')
  return {
    app: model.app,
    table: tableOf(model),
    columns: [columnOf(field)],
    sql: own =>
      `CREATE INDEX ${quote(name(own))} ON ${quote(own.table)} USING GIST (${own.columns.map(each => spatialColumn(field, quote(each))).join()})`,
    makes: own => ({ name: name(own), kind: 'index', columns: own.columns }),
  }
}

/** _field_indexes_sql */
export function indexesOfField(model: Model, bound: Bound): Deferred[] {
  if (hasSpatialIndex(bound.field) !== false) return [spatialIndex(model, bound)]
  const like = likeIndex(model, bound)
  return [
    ...(isIndexed(bound.field) && !isUnique(bound.field) ? [fieldIndex(model, bound)] : []),
    ...(like ? [like] : []),
  ]
}

/** sql_delete_fk */
export function dropForeignKey(editor: Editor, model: Model, name: string): void {
  editor.execute(
    `SET CONSTRAINTS ${quote(name)} IMMEDIATE; ALTER TABLE ${quote(tableOf(model))} DROP CONSTRAINT ${quote(name)}`,
    undefined,
    'foreign key',
  )
  editor.drop(model, name)
}

/** sql_delete_unique, sql_delete_check, sql_delete_pk */
export function dropConstraint(editor: Editor, model: Model, name: string, kind: ConstraintKind): void {
  editor.execute(`ALTER TABLE ${quote(tableOf(model))} DROP CONSTRAINT ${quote(name)}`, undefined, kind)
  editor.drop(model, name)
}

export function dropIndex(editor: Editor, model: Model, name: string, isConcurrent = false): void {
  editor.forget(model, name)
  editor.execute(`DROP INDEX ${isConcurrent ? 'CONCURRENTLY ' : ''}IF EXISTS ${quote(name)}`)
}

/** The names of the foreign keys of a column. */
export function foreignKeysOf(editor: Editor, model: Model, column: string): string[] {
  return editor.names(model, [column], ({ kind }) => kind === 'foreign key')
}
