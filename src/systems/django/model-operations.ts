import { NotRead } from '../../code/given/not-read.ts'
import { alterField, alterMany, renameTable } from './alter.ts'
import { addField, commentOnTable, createModel, deleteModel, removeField } from './create.ts'
import { type Field, fieldOf, fieldWith, isManyToMany, isRelation } from './field.ts'
import { isList, isMade, isRecord, isUnknown, type Kept, type Made } from './kept.ts'
import { indexName } from './names.ts'
import type { Context, Operation, OperationClass } from './operation.ts'
import {
  allModels,
  boundField,
  canMigrate,
  columnNamed,
  knownModel,
  localFields,
  type Model,
  modelKey,
  repointed,
  resolved,
  type State,
  tableOf,
  throughOf,
  togetherOf,
  withModel,
  withoutModel,
} from './state.ts'
import { dropConstraint, dropIndex, togetherIndex, uniqueOf } from './statements.ts'

/** Operations on models: django/db/migrations/operations/models.py. */

function create(operation: Operation, { app, editor }: Context, state: State, name: string): void {
  const model = knownModel(state, app, operation.text(name))
  if (!canMigrate(state, model)) return
  createModel(editor, state, model)
  // Since 5.1 models no longer have the option index_together; operations still know it.
  const [major, minor] = state.settings.version
  if (major > 5 || (major === 5 && minor >= 1))
    for (const names of model.together) editor.now(togetherIndex({ state, model }, names))
}

function remove(operation: Operation, { app, editor }: Context, state: State, name: string): void {
  const model = knownModel(state, app, operation.text(name))
  if (canMigrate(state, model)) deleteModel(editor, state, model)
}

function optionsOf(value: Kept | undefined): ReadonlyMap<string, Kept> {
  if (value === undefined || value === null) return new Map()
  if (isRecord(value)) return value.entries
  throw new NotRead(isUnknown(value) ? value.why : 'the options are not known')
}

function madeIn(value: Kept | undefined): Made[] {
  if (value === undefined || value === null) return []
  if (!isList(value) || !value.every(isMade)) throw new NotRead('the indexes and constraints are not known')
  return [...value]
}

function modelGiven(operation: Operation, app: string, { settings }: State): Model {
  const fields = new Map<string, Field>()
  for (const each of operation.list('fields')) {
    const [name, made] = isList(each) ? each : []
    if (typeof name !== 'string') throw new NotRead('the fields are not known', operation.at('fields'))
    fields.set(name, fieldOf(name, made ?? null, settings))
  }
  const options = optionsOf(operation.kept('options'))
  const bases = operation.kept('bases')
  return {
    app,
    name: operation.text('name'),
    fields,
    options,
    unique: togetherOf(options.get('unique_together')),
    together: togetherOf(options.get('index_together')),
    indexes: madeIn(options.get('indexes')),
    constraints: madeIn(options.get('constraints')),
    bases: isList(bases) ? bases.filter(each => typeof each === 'string') : [],
  }
}

const createModelOperation: OperationClass = {
  names: ['name', 'fields', 'options', 'bases', 'managers'],
  state: (operation, app, state) => withModel(state, modelGiven(operation, app, state)),
  up: (operation, context, _, to) => create(operation, context, to, 'name'),
  down: (operation, context, from) => remove(operation, context, from, 'name'),
}

const deleteModelOperation: OperationClass = {
  names: ['name'],
  state: (operation, app, state) => withoutModel(state, knownModel(state, app, operation.text('name'))),
  up: (operation, context, from) => remove(operation, context, from, 'name'),
  down: (operation, context, _, to) => create(operation, context, to, 'name'),
}

/** An operation that changes an option of a model. */
function optionOperation(
  option: string,
  names: readonly string[],
  change: (model: Model, value: Kept) => Partial<Model>,
  apply: (context: Context, from: State, to: State, models: readonly [before: Model, after: Model]) => void,
): OperationClass {
  const both = (operation: Operation, context: Context, from: State, to: State) => {
    const name = operation.text('name')
    const after = knownModel(to, context.app, name)
    if (canMigrate(to, after)) apply(context, from, to, [knownModel(from, context.app, name), after])
  }
  return {
    names,
    state: (operation, app, state) => {
      const model = knownModel(state, app, operation.text('name'))
      const value = operation.kept(names[1] ?? '') ?? null
      if (isUnknown(value)) throw new NotRead(value.why, operation.at(names[1] ?? ''))
      const options = new Map(model.options).set(option, value)
      return withModel(state, { ...model, options, ...change(model, value) })
    },
    up: both,
    down: both,
  }
}

/** The tables behind the many-to-many fields of a model, before and after. */
function* manyTables(from: State, to: State, [before, after]: readonly [Model, Model]) {
  const news = localFields(to, after).filter(isManyToMany)
  for (const [i, field] of localFields(from, before).filter(isManyToMany).entries()) {
    const now = news[i]
    if (now)
      yield [
        { state: from, model: before, field },
        { state: to, model: after, field: now },
      ] as const
  }
}

const alterTable = optionOperation(
  'db_table',
  ['name', 'table'],
  () => ({}),
  ({ editor }, from, to, [before, after]) => {
    renameTable(editor, before, after)
    for (const [old, now] of manyTables(from, to, [before, after])) {
      const [was, is] = [throughOf(old), throughOf(now)]
      if (was && is) renameTable(editor, was, is)
    }
  },
)

const alterComment = optionOperation(
  'db_table_comment',
  ['name', 'table_comment'],
  () => ({}),
  ({ editor }, _, __, [, after]) => {
    const said = after.options.get('db_table_comment')
    commentOnTable(editor, after, typeof said === 'string' ? said : '')
  },
)

function difference(
  olds: readonly (readonly string[])[],
  news: readonly (readonly string[])[],
): readonly (readonly string[])[] {
  const known = new Set(news.map(each => JSON.stringify(each)))
  return olds.filter(each => !known.has(JSON.stringify(each)))
}

const alterUnique = optionOperation(
  'unique_together',
  ['name', 'unique_together'],
  (_, value) => ({ unique: togetherOf(value) }),
  ({ editor }, _, to, [before, after]) => {
    const own = new Set(after.constraints.map(({ named }) => named.get('name')))
    for (const names of difference(before.unique, after.unique)) {
      const columns = names.map(name => columnNamed(to, after, name))
      const found = editor.names(after, columns, each => each.kind === 'unique' && !own.has(each.name))
      const usual = indexName(tableOf(after), columns, '_uniq')
      const name = found.includes(usual) ? usual : found[0]
      if (name === undefined) throw new NotRead('the name of the constraint to drop is not known')
      dropConstraint(editor, after, name, 'unique')
    }
    for (const names of difference(after.unique, before.unique))
      editor.now(
        uniqueOf(
          after,
          names.map(name => columnNamed(to, after, name)),
        ),
      )
  },
)

const alterIndexes = optionOperation(
  'index_together',
  ['name', 'index_together'],
  (_, value) => ({ together: togetherOf(value) }),
  ({ editor }, _, to, [before, after]) => {
    const own = new Set(after.indexes.map(({ named }) => named.get('name')))
    for (const names of difference(before.together, after.together)) {
      const columns = names.map(name => columnNamed(to, after, name))
      const [name] = editor.names(after, columns, each => each.kind === 'index' && !own.has(each.name))
      if (name === undefined) throw new NotRead('the name of the index to drop is not known')
      dropIndex(editor, after, name)
    }
    for (const names of difference(after.together, before.together))
      editor.now(togetherIndex({ state: to, model: after }, names))
  },
)

const alterOrder = optionOperation(
  'order_with_respect_to',
  ['name', 'order_with_respect_to'],
  () => ({}),
  ({ editor }, from, to, [before, after]) => {
    const [old, now] = [before, after].map(model => typeof model.options.get('order_with_respect_to') === 'string')
    if (old && !now) removeField(editor, before, boundField(from, before, '_order'))
    else if (now && !old) {
      const bound = boundField(to, after, '_order')
      addField(editor, before, { ...bound, field: fieldWith(bound.field, 'default', 0) })
    }
  },
)

/** Options that AlterModelOptions removes when they are not given (ALTER_OPTION_KEYS). Only `managed` matters to the database. */
const alterOptions: OperationClass = {
  names: ['name', 'options'],
  state: (operation, app, state) => {
    const model = knownModel(state, app, operation.text('name'))
    const given = optionsOf(operation.kept('options'))
    const options = new Map(model.options)
    for (const name of ['managed', 'default_related_name', 'base_manager_name']) options.delete(name)
    for (const [name, value] of given) options.set(name, value)
    return withModel(state, { ...model, options })
  },
}

const alterManagers: OperationClass = { names: ['name', 'managers'] }

function renamedModel(state: State, app: string, from: string, to: string): State {
  const model = knownModel(state, app, from)
  const next = withModel(withoutModel(state, model), { ...model, name: to })
  const label = `${app}.${to}`
  const pointed = repointed(next, model, label)
  // Models that inherit from it refer to it, too.
  let whole = pointed
  for (const each of allModels(pointed)) {
    const isBase = (base: string) => {
      const found = resolved(pointed, base, each)
      return found?.[0] === app && modelKey(found[1]) === modelKey(from)
    }
    if (each.bases.some(isBase))
      whole = withModel(whole, { ...each, bases: each.bases.map(base => (isBase(base) ? label : base)) })
  }
  return whole
}

/** RenameModel.database_forwards, for both directions. */
function renameModel(
  { app, editor }: Context,
  from: State,
  to: State,
  names: readonly [old: string, now: string],
): void {
  const [before, after] = [knownModel(from, app, names[0]), knownModel(to, app, names[1])]
  if (!canMigrate(to, after)) return
  renameTable(editor, before, after)
  for (const owner of allModels(from))
    for (const field of owner.fields.values()) {
      const label = isRelation(field) || isManyToMany(field) ? resolved(from, field.get('to'), owner) : null
      if (label?.[0] !== app || modelKey(label[1]) !== modelKey(before.name)) continue
      // Fields without a reverse relation are not among the related objects, unless they are many-to-many fields.
      const reverse = field.get('related_name')
      if (isRelation(field) && typeof reverse === 'string' && reverse.endsWith('+')) continue
      const model = owner === before ? after : knownModel(to, owner.app, owner.name)
      alterField(editor, model, { state: from, model: owner, field }, boundField(to, model, field.name))
    }
  for (const [old, now] of manyTables(from, to, [before, after])) {
    const label = resolved(to, now.field.get('to'), after)
    const isSelf = label?.[0] === app && modelKey(label[1]) === modelKey(after.name)
    if (!isSelf && throughOf(now)) alterMany(editor, old, now)
  }
}

const renameModelOperation: OperationClass = {
  names: ['old_name', 'new_name'],
  state: (operation, app, state) => renamedModel(state, app, operation.text('old_name'), operation.text('new_name')),
  up: (operation, context, from, to) =>
    renameModel(context, from, to, [operation.text('old_name'), operation.text('new_name')]),
  down: (operation, context, from, to) =>
    renameModel(context, from, to, [operation.text('new_name'), operation.text('old_name')]),
}

export const modelOperations: ReadonlyMap<string, OperationClass> = new Map([
  ['CreateModel', createModelOperation],
  ['DeleteModel', deleteModelOperation],
  ['RenameModel', renameModelOperation],
  ['AlterModelTable', alterTable],
  ['AlterModelTableComment', alterComment],
  ['AlterUniqueTogether', alterUnique],
  ['AlterIndexTogether', alterIndexes],
  ['AlterOrderWithRespectTo', alterOrder],
  ['AlterModelOptions', alterOptions],
  ['AlterModelManagers', alterManagers],
])
