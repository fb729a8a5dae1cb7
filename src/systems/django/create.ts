import { NotRead } from '../../code/given/not-read.ts'
import { append } from '../../parse/list.ts'
import { type Constraint, freeName } from './catalog.ts'
import { effectiveDefault } from './default.ts'
import type { Editor } from './editor.ts'
import { databaseDefaultSql, expressionSql } from './expression.ts'
import {
  className,
  columnOf,
  databaseDefault,
  type Field,
  hasColumn,
  isConstrained,
  isGenerated,
  isManyToMany,
  isNullable,
  isUnique,
  quotedColumn,
} from './field.ts'
import { columnsOfIndex, constraintSql, createIndexSql, methodOf, nameOfIndex } from './index-sql.ts'
import { isMade, type Kept, lastOf, type Made } from './kept.ts'
import { automatic, positive } from './kinds.ts'
import { stringLiteral } from './literal.ts'
import { quote } from './names.ts'
import { isFrom } from './settings.ts'
import {
  type Bound,
  columnNamed,
  localFields,
  type Model,
  quotedTable,
  type State,
  tableOf,
  throughOf,
} from './state.ts'
import {
  dropForeignKey,
  foreignKey,
  foreignKeyInline,
  foreignKeysOf,
  indexesOfField,
  listed,
  togetherIndex,
  uniqueOf,
} from './statements.ts'
import { columnType } from './types.ts'

/** Does some work on a part of an operation. If something of it is unknown, reports that and goes on with the rest. */
function attempt(note: Note, work: () => void, field?: string): void {
  try {
    work()
  } catch (error) {
    if (!(error instanceof NotRead)) throw error
    note(error.why, field)
  }
}

/** Reports that something of an operation is unknown. */
type Note = Editor['unread']

/** Unknown parts of a statement are reported after it. */
class Notes {
  readonly #all: (readonly [why: string, field: string | undefined])[] = []
  readonly add: Note = (why, field) => void this.#all.push([why, field])

  tell(note: Note): void {
    for (const [why, field] of this.#all) note(why, field)
  }
}

/** The type of a column in SQL. An unknown type is reported, and a name takes its place. */
export function typeSql(note: Note, bound: Bound): string {
  const { type, why } = columnType(bound)
  if (type !== null) return type
  note(why, bound.field.name)
  const { field } = bound
  const name = className(field).replace(/\W/g, '')
  return `"\${${name || 'type'}}"`
}

/** column_sql with the check and the suffix that table_sql and add_field append. */
function columnSql(note: Note, model: Model, bound: Bound, isAdded: boolean): string {
  const { field } = bound
  const parts = [typeSql(note, bound)]
  const { collation, suffix } = columnType(bound)
  if (collation !== null) parts.push(`COLLATE ${quote(collation)}`)
  const said = databaseDefault(field)
  const standing = said === undefined ? null : databaseDefaultSql(bound, said)
  const value = isAdded && standing === null ? effectiveDefault(bound) : null
  if (standing !== null) parts.push(`DEFAULT ${standing}`)
  else if (value !== null) parts.push(`DEFAULT ${value}`)
  if (isGenerated(field)) parts.push(generatedSql(bound))
  else parts.push(isNullable(field) ? 'NULL' : 'NOT NULL')
  if (field.isPrimaryKey) parts.push('PRIMARY KEY')
  else if (isUnique(field)) parts.push('UNIQUE')
  const tablespace = field.get('db_tablespace') ?? model.options.get('db_tablespace')
  if (typeof tablespace === 'string' && tablespace !== '' && isUnique(field))
    parts.push(`USING INDEX TABLESPACE ${quote(tablespace)}`)
  const check = positive.has(field.kind) ? [`CHECK (${quotedColumn(field)} >= 0)`] : []
  const end = suffix === '' ? [] : [suffix]
  append(parts, isAdded ? [...end, ...check] : [...check, ...end])
  return `${quotedColumn(field)} ${parts.join(' ')}`
}

function generatedSql(bound: Bound): string {
  return `GENERATED ALWAYS AS (${generatedFrom(bound)}) ${bound.field.get('db_persist') === false ? 'VIRTUAL' : 'STORED'}`
}

/** GeneratedField.generated_sql: the expression of a generated column. */
export function generatedFrom({ field, state, model }: Bound): string {
  const expression = field.get('expression')
  if (expression === undefined) throw new NotRead('the expression of the column is not known')
  return expressionSql(expression, { state, model })
}

/** The constraints that PostgreSQL makes of the definition of a column, with names that it chooses. */
function ownConstraints(taken: readonly Constraint[], model: Model, field: Field): Constraint[] {
  const [table, column] = [tableOf(model), columnOf(field)]
  const made: Constraint[] = []
  const add = (kind: Constraint['kind'], name: string) => made.push({ name, kind, columns: [column] })
  if (field.isPrimaryKey) add('primary key', freeName(taken, table, '', 'pkey'))
  else if (isUnique(field)) add('unique', freeName(taken, table, column, 'key'))
  if (positive.has(field.kind)) add('check', freeName(taken, table, column, 'check'))
  if (automatic.has(field.kind)) add('sequence', freeName(taken, table, column, 'seq'))
  return made
}

/** BaseDatabaseSchemaEditor.create_model */
export function createModel(editor: Editor, state: State, model: Model): void {
  const table = tableOf(model)
  for (const names of model.unique)
    attempt(editor.unread, () =>
      editor.defer(
        uniqueOf(
          model,
          names.map(name => columnNamed(state, model, name)),
        ),
      ),
    )
  const fields = localFields(state, model)
  const columns = fields.filter(hasColumn)
  const definitions: string[] = []
  const notes = new Notes()
  const made: Constraint[] = []
  let hasValues = false
  for (const field of columns) {
    const bound = { state, model, field }
    definitions.push(columnSql(notes.add, model, bound, false))
    hasValues ||= hasValue(databaseDefault(field)) || hasValue(field.get('expression'))
    append(made, ownConstraints(made, model, field))
    if (isConstrained(field)) attempt(editor.unread, () => editor.defer(foreignKey(model, bound)), field.name)
  }
  for (const constraint of model.constraints)
    attempt(notes.add, () => {
      const { name, kind, inside, alone, isIndex, columns: own } = constraintSql(constraint, state, model)
      const entry: Constraint = {
        name,
        kind: kind === 'exclude' ? 'index' : kind,
        columns: own,
        ...(isIndex && { isIndexAlone: true }),
      }
      if (inside !== null && !(hasValues && isFrom(state.settings, [5, 0]))) {
        definitions.push(inside)
        made.push(entry)
      } else editor.defer({ app: model.app, table, columns: [...own], sql: () => alone, makes: () => entry })
    })
  const composite = fields.find(({ kind }) => kind === 'CompositePrimaryKey')
  if (composite) definitions.push(`PRIMARY KEY (${listed(keysOf(composite, state, model))})`)
  const tablespace = model.options.get('db_tablespace')
  const where = typeof tablespace === 'string' && tablespace !== '' ? ` TABLESPACE ${quote(tablespace)}` : ''
  editor.execute(`CREATE TABLE ${quote(table)} (${definitions.join(', ')})${where}`)
  notes.tell(editor.unread)
  for (const constraint of made) editor.add(model.app, table, constraint)
  const comment = model.options.get('db_table_comment')
  if (typeof comment === 'string' && comment !== '') commentOnTable(editor, model, comment)
  for (const field of columns) {
    const said = field.get('db_comment')
    if (typeof said === 'string' && said !== '') commentOnColumn(editor, model, field, said)
  }
  for (const field of columns)
    attempt(editor.unread, () => {
      for (const index of indexesOfField(model, { state, model, field })) editor.defer(index)
    })
  if (!isFrom(state.settings, [5, 1]))
    for (const names of model.together)
      attempt(editor.unread, () => editor.defer(togetherIndex({ state, model }, names)))
  for (const index of model.indexes) attempt(editor.unread, () => editor.defer(indexStatement(index, state, model)))
  for (const field of fields) {
    const through = isManyToMany(field) ? throughOf({ state, model, field }) : null
    if (through) createModel(editor, state, through)
    else if (isManyToMany(field) && (field.get('through') ?? null) === null)
      editor.unread('the model that it points to is not known', field.name)
  }
}

/** CompositePrimaryKey('tenant', 'id') */
function keysOf(field: Field, state: State, model: Model): string[] {
  const names = field.get('fields')
  return Array.isArray(names) ? names.map(name => columnNamed(state, model, String(name))) : []
}

/** Whether Django sends a value beside the SQL: constraints of the table then come after it. */
function hasValue(said: Kept | undefined): boolean {
  if (said === undefined) return false
  if (!isMade(said)) return true
  if (lastOf(said.path) === 'Value') return true
  return [...said.args, ...said.named.values()].some(each => isMade(each) && hasValue(each))
}

/** Index.create_sql, as a statement that may wait. */
export function indexStatement(index: Made, state: State, model: Model) {
  const sql = createIndexSql(index, state, model, false)
  const name = nameOfIndex(index, state, model)
  const method = methodOf(index)
  const columns = columnsOfIndex(index, state, model)
  return {
    app: model.app,
    table: tableOf(model),
    columns,
    sql: () => sql,
    makes: (): Constraint => ({ name, kind: 'index', columns, ...(method !== '' && method !== 'btree' && { method }) }),
  }
}

export function commentOnTable(editor: Editor, model: Model, comment: string): void {
  editor.execute(`COMMENT ON TABLE ${quotedTable(model)} IS ${stringLiteral(comment)}`)
}

export function commentOnColumn(editor: Editor, model: Model, field: Field, comment: string): void {
  editor.execute(`COMMENT ON COLUMN ${quotedTable(model)}.${quotedColumn(field)} IS ${stringLiteral(comment)}`)
}

/** BaseDatabaseSchemaEditor.delete_model */
export function deleteModel(editor: Editor, state: State, model: Model): void {
  for (const field of localFields(state, model)) {
    const through = isManyToMany(field) ? throughOf({ state, model, field }) : null
    if (through) deleteModel(editor, state, through)
  }
  editor.execute(`DROP TABLE ${quotedTable(model)} CASCADE`)
  editor.dropTable(model)
}

/** BaseDatabaseSchemaEditor.add_field, for the table of `model`. */
export function addField(editor: Editor, model: Model, bound: Bound): void {
  const { field, state } = bound
  if (isManyToMany(field)) {
    const through = throughOf(bound)
    if (through) createModel(editor, state, through)
    else if ((field.get('through') ?? null) === null) throw new NotRead('the model that it points to is not known')
    return
  }
  if (!hasColumn(field)) return
  const table = tableOf(model)
  const notes = new Notes()
  let definition = columnSql(notes.add, model, bound, true)
  const key = isConstrained(field) ? foreignKeyInline(model, bound) : null
  if (key) definition += ` ${key.sql}`
  editor.execute(`ALTER TABLE ${quote(table)} ADD COLUMN ${definition}`)
  notes.tell(editor.unread)
  const taken = editor.constraintsOf(model)
  for (const constraint of ownConstraints(taken, model, field)) editor.add(model.app, table, constraint)
  if (key) editor.add(model.app, table, { name: key.name, kind: 'foreign key', columns: [columnOf(field)] })
  if (databaseDefault(field) === undefined && effectiveDefault(bound) !== null)
    editor.execute(
      `ALTER TABLE ${quote(table)} ALTER COLUMN ${quotedColumn(field)} DROP DEFAULT`,
      'Django gives the default to the rows that are there, and drops it at once: new rows get it from the model.',
    )
  const comment = field.get('db_comment')
  if (typeof comment === 'string' && comment !== '') commentOnColumn(editor, model, field, comment)
  for (const index of indexesOfField(model, bound)) editor.defer(index)
}

/** BaseDatabaseSchemaEditor.remove_field */
export function removeField(editor: Editor, model: Model, bound: Bound): void {
  const { field, state } = bound
  if (isManyToMany(field)) {
    const through = throughOf(bound)
    if (through) deleteModel(editor, state, through)
    else if ((field.get('through') ?? null) === null) throw new NotRead('the model that it points to is not known')
    return
  }
  if (!hasColumn(field)) return
  const column = columnOf(field)
  if (isConstrained(field) || field.kind === 'ForeignKey')
    for (const name of foreignKeysOf(editor, model, column)) dropForeignKey(editor, model, name)
  editor.execute(`ALTER TABLE ${quotedTable(model)} DROP COLUMN ${quote(column)} CASCADE`)
  editor.dropColumn(model, column)
}
