import { alterField } from './alter.ts'
import { addField, removeField } from './create.ts'
import { type Field, fieldOf, fieldWith, isRelation, renamed } from './field.ts'
import type { Context, Operation, OperationClass } from './operation.ts'
import { allModels, boundField, canMigrate, knownModel, modelKey, resolved, type State, withModel } from './state.ts'

/** Operations on fields: django/db/migrations/operations/fields.py. */

function given(operation: Operation, { settings }: State): Field {
  return fieldOf(operation.text('name'), operation.kept('field') ?? null, settings)
}

function keepsDefault(operation: Operation): boolean {
  return operation.kept('preserve_default') !== false
}

function setField(operation: Operation, app: string, state: State): State {
  const model = knownModel(state, app, operation.text('model_name'))
  const field = given(operation, state)
  const kept = keepsDefault(operation) ? field : fieldWith(field, 'default', undefined)
  return withModel(state, { ...model, fields: new Map(model.fields).set(field.name, kept) })
}

const fieldNames = ['model_name', 'name', 'field', 'preserve_default']

const addFieldOperation: OperationClass = {
  names: fieldNames,
  state: setField,
  up: (operation, { app, editor }, from, to) => {
    const name = operation.text('model_name')
    const after = knownModel(to, app, name)
    if (!canMigrate(to, after)) return
    addField(editor, knownModel(from, app, name), { state: to, model: after, field: given(operation, to) })
  },
  down: (operation, { app, editor }, from) => {
    const model = knownModel(from, app, operation.text('model_name'))
    if (canMigrate(from, model)) removeField(editor, model, boundField(from, model, operation.text('name')))
  },
}

const removeFieldOperation: OperationClass = {
  names: ['model_name', 'name'],
  state: (operation, app, state) => {
    const model = knownModel(state, app, operation.text('model_name'))
    const fields = new Map(model.fields)
    fields.delete(operation.text('name'))
    return withModel(state, { ...model, fields })
  },
  up: addFieldOperation.down as NonNullable<OperationClass['down']>,
  down: (operation, { app, editor }, from, to) => {
    const name = operation.text('model_name')
    const model = knownModel(to, app, name)
    if (canMigrate(to, model))
      addField(editor, knownModel(from, app, name), boundField(to, model, operation.text('name')))
  },
}

/** AlterField.database_forwards, which is database_backwards as well. */
function alter(operation: Operation, { app, editor }: Context, from: State, to: State): void {
  const name = operation.text('model_name')
  const after = knownModel(to, app, name)
  if (!canMigrate(to, after)) return
  const before = knownModel(from, app, name)
  const field = operation.text('name')
  const now = boundField(to, after, field)
  const value = given(operation, to).get('default')
  const is = keepsDefault(operation) ? now : { ...now, field: fieldWith(now.field, 'default', value) }
  alterField(editor, before, boundField(from, before, field), is)
}

const alterFieldOperation: OperationClass = {
  names: fieldNames,
  state: (operation, app, state) => {
    const model = knownModel(state, app, operation.text('model_name'))
    // Throws NotRead if the field does not exist.
    boundField(state, model, operation.text('name'))
    return setField(operation, app, state)
  },
  up: alter,
  down: alter,
}

function renameIn(state: State, app: string, owner: string, from: string, to: string): State {
  const model = knownModel(state, app, owner)
  const { field } = boundField(state, model, from)
  const fields = new Map(model.fields)
  fields.delete(from)
  fields.set(to, renamed(field, to))
  const now = (names: readonly string[]) => names.map(each => (each === from ? to : each))
  let next = withModel(state, {
    ...model,
    fields,
    unique: model.unique.map(now),
    together: model.together.map(now),
  })
  for (const other of allModels(next)) {
    let own: Map<string, Field> | null = null
    for (const [name, each] of other.fields) {
      if (!isRelation(each) || each.get('to_field') !== from) continue
      const label = resolved(next, each.get('to'), other)
      if (label?.[0] !== app || modelKey(label[1]) !== modelKey(owner)) continue
      own ??= new Map(other.fields)
      own.set(name, fieldWith(each, 'to_field', to))
    }
    if (own) next = withModel(next, { ...other, fields: own })
  }
  return next
}

function rename(
  { app, editor }: Context,
  owner: string,
  from: State,
  to: State,
  names: readonly [string, string],
): void {
  const after = knownModel(to, app, owner)
  if (!canMigrate(to, after)) return
  const before = knownModel(from, app, owner)
  alterField(editor, before, boundField(from, before, names[0]), boundField(to, after, names[1]))
}

const renameFieldOperation: OperationClass = {
  names: ['model_name', 'old_name', 'new_name'],
  state: (operation, app, state) =>
    renameIn(state, app, operation.text('model_name'), operation.text('old_name'), operation.text('new_name')),
  up: (operation, context, from, to) =>
    rename(context, operation.text('model_name'), from, to, [operation.text('old_name'), operation.text('new_name')]),
  down: (operation, context, from, to) =>
    rename(context, operation.text('model_name'), from, to, [operation.text('new_name'), operation.text('old_name')]),
}

export const fieldOperations: ReadonlyMap<string, OperationClass> = new Map([
  ['AddField', addFieldOperation],
  ['RemoveField', removeFieldOperation],
  ['AlterField', alterFieldOperation],
  ['RenameField', renameFieldOperation],
])
