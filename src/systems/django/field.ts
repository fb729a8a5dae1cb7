import { isMade, isNamed, type Kept, lastOf, signature } from './kept.ts'
import { type Kind, kindOf } from './kinds.ts'
import { quote } from './names.ts'

/** A field as a migration describes it. */
export interface Field {
  readonly name: string
  /** Its kind in Django (get_internal_type); null for an unknown class. */
  readonly kind: Kind | null
  /** Its class, with its module. */
  readonly path: string
  /** An option; undefined where there is none. */
  readonly get: (name: string) => Kept | undefined
  readonly options: ReadonlyMap<string, Kept>
  readonly isPrimaryKey: boolean
  /** A clause that says why some of its arguments are unknown; null: all are known. */
  readonly unknown: string | null
}

/** Names of the positional arguments of the classes. */
const byPlace: ReadonlyMap<string, readonly string[]> = new Map([
  ['ForeignKey', ['to', 'on_delete']],
  ['OneToOneField', ['to', 'on_delete']],
  ['ManyToManyField', ['to']],
  ['ArrayField', ['base_field', 'size']],
  ['CompositePrimaryKey', []],
])

/** Gives the base class of a project's class. */
export interface Classes {
  readonly extended: (path: string) => string | null
}

/** A field, made of its kept description. */
export function fieldOf(name: string, made: Kept, classes: Classes | null = null): Field {
  if (!isMade(made)) return field(name, null, isNamed(made) ? made.path : '', new Map(), 'the kind of field is unknown')
  const kind = kindOf(made) ?? kindOf({ path: classes?.extended(made.path) ?? '' })
  const names = (kind && byPlace.get(kind.is)) ?? ['verbose_name', 'name']
  const options = new Map<string, Kept>(kind?.defaults)
  let unknown: string | null = null
  for (const [i, value] of made.args.entries()) {
    const own = names[i]
    if (own !== undefined) options.set(own, value)
    else if (kind?.is !== 'CompositePrimaryKey') unknown = 'its arguments are unknown'
  }
  for (const [own, value] of made.named) options.set(own, value)
  return field(name, kind?.is ?? null, made.path, options, unknown)
}

function field(
  name: string,
  kind: Kind | null,
  path: string,
  options: ReadonlyMap<string, Kept>,
  unknown: string | null,
): Field {
  return {
    name,
    kind,
    path,
    options,
    unknown,
    get: option => options.get(option),
    isPrimaryKey: options.get('primary_key') === true,
  }
}

export function fieldWith(of: Field, option: string, value: Kept | undefined): Field {
  const options = new Map(of.options)
  if (value === undefined) options.delete(option)
  else options.set(option, value)
  return field(of.name, of.kind, of.path, options, of.unknown)
}

export function renamed(of: Field, name: string): Field {
  return field(name, of.kind, of.path, of.options, of.unknown)
}

/** A foreign key: it has a column, and points to another model. */
export function isRelation({ kind }: Field): boolean {
  return kind === 'ForeignKey' || kind === 'OneToOneField'
}

export function isManyToMany({ kind }: Field): boolean {
  return kind === 'ManyToManyField'
}

/** Whether it has a column. */
export function hasColumn({ kind }: Field): boolean {
  return kind !== 'ManyToManyField' && kind !== 'CompositePrimaryKey' && kind !== 'none'
}

export function isAutoCreated(field: Field): boolean {
  return field.get('auto_created') === true
}

/** Field.get_attname_column */
export function columnOf(field: Field): string {
  const said = field.get('db_column')
  if (typeof said === 'string' && said !== '') return said
  return isRelation(field) ? `${field.name}_id` : field.name
}

export function quotedColumn(field: Field): string {
  return quote(columnOf(field))
}

export function isNullable(field: Field): boolean {
  return field.get('null') === true || field.kind === 'NullBooleanField'
}

export function isUnique(field: Field): boolean {
  return field.get('unique') === true || field.isPrimaryKey || field.kind === 'OneToOneField'
}

/** db_index, which some classes have by default. */
export function isIndexed(field: Field): boolean {
  const said = field.get('db_index')
  if (typeof said === 'boolean') return said
  return isRelation(field) || field.kind === 'SlugField'
}

/** A foreign key that exists as a constraint in the database. */
export function isConstrained(field: Field): boolean {
  return isRelation(field) && field.get('db_constraint') !== false
}

export function isGenerated({ kind }: Field): boolean {
  return kind === 'GeneratedField'
}

export function hasDefault(field: Field): boolean {
  const said = field.get('default')
  if (said === undefined || (isNamed(said) && said.path.endsWith('NOT_PROVIDED'))) return field.kind === 'OrderWrt'
  return true
}

export function databaseDefault(field: Field): Kept | undefined {
  const said = field.get('db_default')
  return isNamed(said) && said.path.endsWith('NOT_PROVIDED') ? undefined : said
}

/** Options that change nothing in the database (Field.non_db_attrs). */
const harmless = new Set(
  (
    'blank choices db_column editable error_messages help_text limit_choices_to on_delete related_name related_query_name ' +
    'validators verbose_name'
  ).split(' '),
)

/** Field.deconstruct leaves out options with their default values. */
const usual: ReadonlyMap<string, Kept> = new Map<string, Kept>([
  ['null', false],
  ['unique', false],
  ['primary_key', false],
  ['serialize', true],
  ['auto_created', false],
  ['db_constraint', true],
  ['auto_now', false],
  ['auto_now_add', false],
])

/** The part of two fields that Django compares to see whether anything changes (_field_should_be_altered). */
export function comparable(field: Field, without: ReadonlySet<string>): string {
  const parts: string[] = [`${field.path.startsWith('django.') ? lastOf(field.path) : field.path}`]
  for (const [name, value] of field.options) {
    if (harmless.has(name) || without.has(name) || usual.get(name) === value) continue
    if (name === 'db_index' && value === (isRelation(field) || field.kind === 'SlugField')) continue
    parts.push(`${name}=${name === 'to' ? signature(value).toLowerCase() : signature(value)}`)
  }
  return parts.sort().join(' ')
}

/** The class of a field, for people. */
export function className({ path }: Pick<Field, 'path'>): string {
  return lastOf(path)
}
