import { NotRead } from '../../code/given/not-read.ts'
import { indexStatement } from './create.ts'
import { constraintForm, constraintSql, createIndexSql, nameOfIndex } from './index-sql.ts'
import type { Kept, Made } from './kept.ts'
import { quote } from './names.ts'
import type { Context, Operation, OperationClass } from './operation.ts'
import {
  canMigrate,
  columnNamed,
  knownModel,
  type Model,
  quotedTable,
  type State,
  tableOf,
  withModel,
} from './state.ts'
import { dropConstraint, dropIndex } from './statements.ts'

/** Operations on indexes and constraints: django/db/migrations/operations/models.py and django/contrib/postgres/operations.py. */

/** The model of an operation in a state; null: Django does not migrate its table. */
function modelOf(operation: Operation, app: string, state: State): Model | null {
  const model = knownModel(state, app, operation.text('model_name'))
  return canMigrate(state, model) ? model : null
}

function addIndex(operation: Operation, { app, editor }: Context, state: State, index: Made, isConcurrent: boolean) {
  const model = modelOf(operation, app, state)
  if (!model) return
  editor.execute(createIndexSql(index, state, model, isConcurrent))
  editor.add(app, tableOf(model), indexStatement(index, state, model).makes())
}

function removeIndex(
  operation: Operation,
  { app, editor }: Context,
  state: State,
  name: string,
  isConcurrent: boolean,
) {
  const model = modelOf(operation, app, state)
  if (model) dropIndex(editor, model, name, isConcurrent)
}

function indexNamed(operation: Operation, app: string, state: State): Made {
  const model = knownModel(state, app, operation.text('model_name'))
  const name = operation.text('name')
  const found = model.indexes.find(each => nameOfIndex(each, state, model) === name)
  if (!found) throw new NotRead(`the index \`${name}\` is not known`)
  return found
}

function nameGiven(operation: Operation): string {
  const said = operation.made('index').named.get('name')
  if (typeof said === 'string') return said
  throw new NotRead('the name of the index is not known', operation.at('index'))
}

function addIndexOperation(isConcurrent: boolean): OperationClass {
  return {
    names: ['model_name', 'index'],
    state: (operation, app, state) => {
      const model = knownModel(state, app, operation.text('model_name'))
      return withModel(state, { ...model, indexes: [...model.indexes, operation.made('index')] })
    },
    up: (operation, context, _, to) => addIndex(operation, context, to, operation.made('index'), isConcurrent),
    down: (operation, context, from) => removeIndex(operation, context, from, nameGiven(operation), isConcurrent),
  }
}

function removeIndexOperation(isConcurrent: boolean): OperationClass {
  return {
    names: ['model_name', 'name'],
    state: (operation, app, state) => {
      const model = knownModel(state, app, operation.text('model_name'))
      const name = operation.text('name')
      const indexes = model.indexes.filter(each => nameOfIndex(each, state, model) !== name)
      return withModel(state, { ...model, indexes })
    },
    up: (operation, context, from) => removeIndex(operation, context, from, operation.text('name'), isConcurrent),
    down: (operation, context, _, to) =>
      addIndex(operation, context, to, indexNamed(operation, context.app, to), isConcurrent),
  }
}

function withName(index: Made, name: string): Made {
  return { ...index, named: new Map(index.named).set('name', name) }
}

function rename({ editor }: Context, model: Model, from: string, to: string): void {
  if (from === to) return
  editor.execute(`ALTER INDEX ${quote(from)} RENAME TO ${quote(to)}`)
  editor.renameConstraint(model, from, to)
}

/** RenameIndex, for an index with a name and for one of `index_together` without a name. */
const renameIndex: OperationClass = {
  names: ['model_name', 'new_name', 'old_name', 'old_fields'],
  state: (operation, app, state) => {
    const model = knownModel(state, app, operation.text('model_name'))
    const name = operation.text('new_name')
    const fields = operation.list('old_fields')
    if (fields.length > 0) {
      const made: Made = {
        kind: 'made',
        path: 'django.db.models.Index',
        args: [],
        named: new Map<string, Kept>([
          ['fields', fields],
          ['name', name],
        ]),
      }
      const together = model.together.filter(each => JSON.stringify(each) !== JSON.stringify(fields))
      return withModel(state, { ...model, indexes: [...model.indexes, made], together })
    }
    const old = operation.text('old_name')
    const indexes = model.indexes.map(each => (nameOfIndex(each, state, model) === old ? withName(each, name) : each))
    return withModel(state, { ...model, indexes })
  },
  up: (operation, context, from, to) => {
    const model = modelOf(operation, context.app, to)
    if (!model) return
    const fields = operation.list('old_fields')
    if (fields.length === 0) {
      rename(context, model, operation.text('old_name'), operation.text('new_name'))
      return
    }
    const before = knownModel(from, context.app, operation.text('model_name'))
    const columns = fields.map(each => columnNamed(from, before, String(each)))
    const [old] = context.editor.names(before, columns, ({ kind }) => kind === 'index')
    if (old === undefined) throw new NotRead('the name of the index is not known')
    rename(context, model, old, operation.text('new_name'))
  },
  down: (operation, context, _, to) => {
    const model = modelOf(operation, context.app, to)
    if (model && operation.list('old_fields').length === 0)
      rename(context, model, operation.text('new_name'), operation.text('old_name'))
  },
}

function addConstraint(operation: Operation, { app, editor }: Context, state: State, made: Made, tail = ''): void {
  const model = modelOf(operation, app, state)
  if (!model) return
  const { name, kind, columns, alone, isIndex } = constraintSql(made, state, model)
  editor.execute(`${alone}${tail}`)
  editor.add(app, tableOf(model), {
    name,
    kind: kind === 'exclude' ? 'index' : kind,
    columns,
    ...(isIndex && { isIndexAlone: true }),
  })
}

function removeConstraint(operation: Operation, { app, editor }: Context, state: State, made: Made): void {
  const model = modelOf(operation, app, state)
  if (!model) return
  const { name, kind, isIndex } = constraintForm(made)
  if (isIndex) dropIndex(editor, model, name)
  else dropConstraint(editor, model, name, kind === 'exclude' ? 'exclusion' : kind)
}

function constraintNamed(operation: Operation, app: string, state: State): Made {
  const model = knownModel(state, app, operation.text('model_name'))
  const name = operation.text('name')
  const found = model.constraints.find(({ named }) => named.get('name') === name)
  if (!found) throw new NotRead(`the constraint \`${name}\` is not known`)
  return found
}

function addConstraintOperation(tail: string): OperationClass {
  return {
    names: ['model_name', 'constraint'],
    state: (operation, app, state) => {
      const model = knownModel(state, app, operation.text('model_name'))
      return withModel(state, { ...model, constraints: [...model.constraints, operation.made('constraint')] })
    },
    up: (operation, context, _, to) => addConstraint(operation, context, to, operation.made('constraint'), tail),
    down: (operation, context, _, to) => removeConstraint(operation, context, to, operation.made('constraint')),
  }
}

const removeConstraintOperation: OperationClass = {
  names: ['model_name', 'name'],
  state: (operation, app, state) => {
    const model = knownModel(state, app, operation.text('model_name'))
    const name = operation.text('name')
    const constraints = model.constraints.filter(({ named }) => named.get('name') !== name)
    return withModel(state, { ...model, constraints })
  },
  up: (operation, context, from) =>
    removeConstraint(operation, context, from, constraintNamed(operation, context.app, from)),
  down: (operation, context, _, to) =>
    addConstraint(operation, context, to, constraintNamed(operation, context.app, to)),
}

/** AlterConstraint: changes only what Python does. */
const alterConstraint: OperationClass = {
  names: ['model_name', 'name', 'constraint'],
  state: (operation, app, state) => {
    const model = knownModel(state, app, operation.text('model_name'))
    const name = operation.text('name')
    const made = operation.made('constraint')
    const constraints = model.constraints.map(each => (each.named.get('name') === name ? made : each))
    return withModel(state, { ...model, constraints })
  },
}

const validateConstraint: OperationClass = {
  names: ['model_name', 'name'],
  up: (operation, { app, editor }, from) => {
    const model = modelOf(operation, app, from)
    if (model) editor.execute(`ALTER TABLE ${quotedTable(model)} VALIDATE CONSTRAINT ${quote(operation.text('name'))}`)
  },
}

export const indexOperations: ReadonlyMap<string, OperationClass> = new Map([
  ['AddIndex', addIndexOperation(false)],
  ['AddIndexConcurrently', addIndexOperation(true)],
  ['RemoveIndex', removeIndexOperation(false)],
  ['RemoveIndexConcurrently', removeIndexOperation(true)],
  ['RenameIndex', renameIndex],
  ['AddConstraint', addConstraintOperation('')],
  ['AddConstraintNotValid', addConstraintOperation(' NOT VALID')],
  ['RemoveConstraint', removeConstraintOperation],
  ['AlterConstraint', alterConstraint],
  ['ValidateConstraint', validateConstraint],
])
