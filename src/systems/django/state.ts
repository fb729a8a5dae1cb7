import { NotRead } from '../../code/given/not-read.ts'
import type { Constraint } from './catalog.ts'
import { columnOf, type Field, fieldOf, fieldWith, isAutoCreated, isManyToMany, isRelation } from './field.ts'
import { isNamed, type Kept, lastOf, type Made, textsOf } from './kept.ts'
import { quote, truncated, withoutQuotes } from './names.ts'
import type { Settings } from './settings.ts'

/** The models of all apps as the migrations so far describe them: ProjectState of django/db/migrations/state.py. It is immutable. */
export interface State {
  readonly settings: Settings
  /** By the label of the app, and the name in lower case. */
  readonly models: Tiers<Model>
  /** Constraints and indexes in the database, by the label of the app whose models have the table, and the table. */
  readonly catalog: Tiers<readonly Constraint[]>
  /** Collations under which different texts may be equal: they have no index for patterns. */
  readonly collations: ReadonlySet<string>
  /** Apps with an earlier migration that was not read. */
  readonly gaps: ReadonlySet<string>
}

export type Tiers<T> = ReadonlyMap<string, ReadonlyMap<string, T>>

export interface Model {
  readonly app: string
  readonly name: string
  readonly fields: ReadonlyMap<string, Field>
  readonly options: ReadonlyMap<string, Kept>
  /** `unique_together` and `index_together`. */
  readonly unique: readonly (readonly string[])[]
  readonly together: readonly (readonly string[])[]
  readonly indexes: readonly Made[]
  readonly constraints: readonly Made[]
  /** Labels of its base models, as they are written. */
  readonly bases: readonly string[]
  /** The name of the table behind a many-to-many field. */
  readonly isThrough?: boolean
}

/** A field in its model, in a state. */
export interface Bound {
  readonly state: State
  readonly model: Model
  readonly field: Field
}

/** A copy with an entry that is replaced or removed. */
export function withEntry<T>(tiers: Tiers<T>, first: string, second: string, value: T | undefined): Tiers<T> {
  const inner = new Map(tiers.get(first) ?? [])
  if (value === undefined) inner.delete(second)
  else inner.set(second, value)
  return new Map(tiers).set(first, inner)
}

export function modelKey(name: string): string {
  return name.toLowerCase()
}

export function modelIn(state: State, app: string, name: string): Model | undefined {
  return state.models.get(app)?.get(modelKey(name))
}

/** The model that an operation names. Throws NotRead where there is none. */
export function knownModel(state: State, app: string, name: string): Model {
  const found = modelIn(state, app, name)
  if (found) return found
  throw new NotRead(
    state.gaps.has(app)
      ? `the model \`${name}\` is not known: an earlier migration of its app is not read`
      : `the model \`${name}\` is not known`,
  )
}

export function withModel(state: State, model: Model): State {
  return { ...state, models: withEntry(state.models, model.app, modelKey(model.name), model) }
}

export function withoutModel(state: State, { app, name }: Model): State {
  return { ...state, models: withEntry(state.models, app, modelKey(name), undefined) }
}

export function* allModels(state: State): Generator<Model> {
  for (const models of state.models.values()) yield* models.values()
}

/** Options.db_table */
export function tableOf(model: Model): string {
  const said = model.options.get('db_table')
  return typeof said === 'string' && said !== '' ? said : truncatedTable(model.app, model.name)
}

/** The default name of a model's table. */
export function truncatedTable(app: string, name: string): string {
  return truncated(`${app}_${modelKey(name)}`)
}

/** Its table in SQL. */
export function quotedTable(model: Model): string {
  return quote(tableOf(model))
}

/** Options.can_migrate: Django does not migrate proxies, unmanaged models and swapped models. */
export function canMigrate({ settings }: State, model: Model): boolean {
  const { options } = model
  if (options.get('proxy') === true || options.get('managed') === false) return false
  const swappable = options.get('swappable')
  if (typeof swappable !== 'string') return true
  const used = settings.named(swappable)
  return used === null || used.toLowerCase() === `${model.app}.${model.name}`.toLowerCase()
}

/** resolve_relation: the app and the name of the model that a field points to; null: unknown. */
export function resolved(
  state: State,
  to: Kept | undefined,
  model: Model,
): readonly [app: string, name: string] | null {
  if (to === 'self') return [model.app, model.name]
  const said = isNamed(to) ? (settingOf(state, to.path) ?? labelOfClass(to.path)) : to
  if (typeof said !== 'string') return null
  const [app, name] = said.split('.')
  return name === undefined ? [model.app, said] : [app ?? '', name]
}

function settingOf({ settings }: State, path: string): string | null {
  return path.startsWith('django.conf.settings.') ? settings.named(lastOf(path)) : null
}

/** `shop.models.Order` is `shop.Order`. */
function labelOfClass(path: string): string | null {
  const parts = path.split('.')
  const [app, name] = [parts[parts.indexOf('models') - 1], parts.at(-1)]
  return app === undefined || name === 'models' ? null : `${app}.${name}`
}

/** The model that a field points to; undefined where it is unknown. */
export function targetOf({ state, model, field }: Bound): Model | undefined {
  const label = resolved(state, field.get('to'), model)
  const found = label ? modelIn(state, label[0], label[1]) : undefined
  return found && concreteOf(state, found)
}

/** A proxy stands for the model that it inherits from. */
function concreteOf(state: State, model: Model, levels = 10): Model {
  if (model.options.get('proxy') !== true || levels === 0) return model
  const [base] = basesOf(state, model)
  return base ? concreteOf(state, base, levels - 1) : model
}

function basesOf(state: State, model: Model): Model[] {
  return model.bases.flatMap(each => {
    const label = resolved(state, each, model)
    const found = label ? modelIn(state, label[0], label[1]) : undefined
    return found && found !== model ? [found] : []
  })
}

/**
 * The fields of a model itself, in the order of its columns (Options.local_fields and local_many_to_many). Fields that Django made come
 * first, such as an implicit primary key.
 */
export function localFields(state: State, model: Model): Field[] {
  const own = [...model.fields.values()]
  const ordered = [...own.filter(isAutoCreated), ...own.filter(field => !isAutoCreated(field))]
  const hasKey = own.some(field => field.isPrimaryKey || field.kind === 'CompositePrimaryKey')
  if (!hasKey && basesOf(state, model).length === 0)
    ordered.unshift(fieldOf('id', { kind: 'made', path: state.settings.autoField, args: [], named: autoKey }))
  const ordersBy = model.options.get('order_with_respect_to')
  if (typeof ordersBy === 'string' && !model.fields.has('_order')) ordered.push(orderField)
  return ordered
}

const autoKey: ReadonlyMap<string, Kept> = new Map([
  ['primary_key', true],
  ['auto_created', true],
])

const orderField = fieldOf('_order', {
  kind: 'made',
  path: 'django.db.models.OrderWrt',
  args: [],
  named: new Map([['editable', false]]),
})

/** A field of a model or of a base model. Throws NotRead where there is none. */
export function boundField(state: State, model: Model, name: string, levels = 10): Bound {
  const own = localFields(state, model)
  const found =
    own.find(field => field.name === name) ??
    (name === 'pk' ? own.find(field => field.isPrimaryKey) : undefined) ??
    // `author_id` is the column of `author`.
    own.find(field => isRelation(field) && `${field.name}_id` === name)
  if (found) return { state, model, field: found }
  if (levels > 0)
    for (const base of basesOf(state, model)) {
      try {
        return boundField(state, base, name, levels - 1)
      } catch (error) {
        if (!(error instanceof NotRead)) throw error
      }
    }
  throw new NotRead(`the field \`${name}\` of \`${model.name}\` is not known`)
}

export function columnNamed(state: State, model: Model, name: string): string {
  return columnOf(boundField(state, model, name).field)
}

/** The target of a foreign key: `to_field`, or the primary key. Null where it is unknown. */
export function targetField(bound: Bound): Bound | null {
  const target = targetOf(bound)
  if (!target) return null
  const named = bound.field.get('to_field')
  try {
    return boundField(bound.state, target, typeof named === 'string' ? named : 'pk')
  } catch (error) {
    if (error instanceof NotRead) return null
    throw error
  }
}

/** create_many_to_many_intermediary_model: the model behind a many-to-many field; null where the project describes one, or it is unknown. */
export function throughOf({ state, model, field }: Bound): Model | null {
  const label = resolved(state, field.get('to'), model)
  if (!isManyToMany(field) || (field.get('through') ?? null) !== null || !label) return null
  const [app, target] = label
  const own = modelKey(model.name)
  const other = modelKey(target)
  const [from, to] = own === other ? [`from_${own}`, `to_${other}`] : [own, other]
  const said = field.get('db_table')
  const table = typeof said === 'string' ? said : truncated(`${withoutQuotes(tableOf(model))}_${field.name}`)
  const options = new Map<string, Kept>([['db_table', table]])
  const tablespace = model.options.get('db_tablespace')
  if (tablespace !== undefined) options.set('db_tablespace', tablespace)
  const key = (name: string, to: string) => {
    const named = new Map<string, Kept>([
      ['to', to],
      ['related_name', `${model.name}_${field.name}+`],
    ])
    if (field.get('db_constraint') === false) named.set('db_constraint', false)
    const place = field.get('db_tablespace')
    if (place !== undefined) named.set('db_tablespace', place)
    return fieldOf(name, { kind: 'made', path: 'django.db.models.ForeignKey', args: [], named })
  }
  return {
    app: model.app,
    name: `${model.name}_${field.name}`,
    fields: new Map([
      [from, key(from, `${model.app}.${model.name}`)],
      [to, key(to, `${app}.${target}`)],
    ]),
    options,
    unique: [[from, to]],
    together: [],
    indexes: [],
    constraints: [],
    bases: [],
    isThrough: true,
  }
}

/** The two fields of the model behind a many-to-many field: to the model that has the field, and to its target. */
export function sidesOf(through: Model): readonly [own: Field, other: Field] {
  const [own, other] = [...through.fields.values()]
  if (!own || !other) throw new NotRead('the models on its two sides are unknown')
  return [own, other]
}

/** All fields that point to a model, in the order of _all_related_fields: by the name of the reverse relation. */
export function relationsTo(state: State, model: Model): Bound[] {
  const found: (Bound & { readonly order: string })[] = []
  const look = (owner: Model) => {
    for (const field of owner.fields.values()) {
      if (isManyToMany(field)) {
        const through = throughOf({ state, model: owner, field })
        if (through) look(through)
      } else if (isRelation(field) && targetOf({ state, model: owner, field }) === model)
        found.push({ state, model: owner, field, order: reverseName(owner, field) })
    }
  }
  for (const owner of allModels(state)) look(owner)
  return found.sort((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : 0))
}

function reverseName(owner: Model, field: Field): string {
  const said = field.get('related_query_name') ?? field.get('related_name')
  if (typeof said !== 'string') return modelKey(owner.name)
  return said
    .replaceAll('%(class)s', modelKey(owner.name))
    .replaceAll('%(model_name)s', modelKey(owner.name))
    .replaceAll('%(app_label)s', owner.app)
}

/** A list of lists of names, or one list of names: normalize_together. */
export function togetherOf(value: Kept | undefined): string[][] {
  if (!Array.isArray(value)) return []
  const items: readonly Kept[] = value
  return items.every(item => typeof item === 'string') && items.length > 0 ? [textsOf(items)] : items.map(textsOf)
}

/** A model whose fields point to another model from now on. */
export function repointed(state: State, from: Model, to: string): State {
  let next = state
  for (const model of allModels(state)) {
    let fields: Map<string, Field> | null = null
    for (const [name, field] of model.fields)
      for (const which of ['to', 'through'] as const) {
        const label = isRelation(field) || isManyToMany(field) ? resolved(state, field.get(which), model) : null
        if (label?.[0] !== from.app || modelKey(label[1]) !== modelKey(from.name)) continue
        fields ??= new Map(model.fields)
        fields.set(name, fieldWith(fields.get(name) ?? field, which, to))
      }
    if (fields) next = withModel(next, { ...model, fields })
  }
  return next
}
