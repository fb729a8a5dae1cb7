import { greatest } from '../../parse/list.ts'
import { fieldOf, hasDefault, isGenerated, isNullable, isRelation } from './field.ts'
import { isList, isMade, isNamed, isUnknown, type Kept, lastOf } from './kept.ts'
import type { Kind } from './kinds.ts'
import { jsonOf, plainLiteral, stringLiteral } from './literal.ts'
import { durationOf, momentOf } from './moment.ts'
import { type Bound, targetField } from './state.ts'
import { columnType } from './types.ts'

/**
 * BaseDatabaseSchemaEditor.effective_default in SQL: the value that existing rows get. Null: none. The result of a function of the
 * project is unknown; a constant of the column's type stands for it, because Django sends a constant, too.
 */
export function effectiveDefault(bound: Bound): string | null {
  const { field } = bound
  if (hasDefault(field)) {
    const given = field.get('default')
    const said = given === undefined ? 0 : given
    return literalOf(bound, field.kind === 'OrderWrt' && said === null ? 0 : said)
  }
  if (isGenerated(field)) return null
  if (!isNullable(field) && field.get('blank') === true && emptyStrings.has(field.kind))
    return field.kind === 'BinaryField' ? "'\\x'::bytea" : literalOf(bound, '')
  if (field.get('auto_now') === true || field.get('auto_now_add') === true) return standIn(bound, 'now')
  return null
}

/** Classes whose empty_strings_allowed is true, which get an empty text as their default. */
const emptyStrings: ReadonlySet<Kind | null> = new Set([
  'CharField',
  'TextField',
  'SlugField',
  'FileField',
  'FilePathField',
  'CITextField',
  'BinaryField',
  'ForeignKey',
  'HStoreField',
  'SearchVectorField',
  'SearchQueryField',
  'ArrayField',
] as const)

/** A value of a field as the database gets it (get_db_prep_save). */
export function literalOf(bound: Bound, said: Kept, levels = 10): string | null {
  const { field } = bound
  if (said === null || levels === 0) return null
  if (isRelation(field)) {
    const target = targetField(bound)
    if (said === '') return null
    return target ? literalOf(target, said, levels - 1) : (plainLiteral(said) ?? standIn(bound, nameOf(said)))
  }
  const value = called(said)
  if (value === undefined) return standIn(bound, nameOf(said))
  const text = typeof value === 'string' ? value : null
  switch (field.kind) {
    case 'JSONField': {
      const json = jsonOf(value)
      return json === null ? standIn(bound, nameOf(said)) : `${stringLiteral(json)}::jsonb`
    }
    case 'ArrayField':
      return arrayOf(bound, value, levels)
    case 'BooleanField':
    case 'NullBooleanField':
      return typeof value === 'object'
        ? standIn(bound, nameOf(said))
        : String(value === 'False' || value === 'f' ? false : Boolean(value))
    case 'CharField':
    case 'TextField':
    case 'SlugField':
    case 'FileField':
    case 'FilePathField':
    case 'CITextField':
      if (typeof value === 'boolean') return stringLiteral(value ? 'True' : 'False')
      return typeof value === 'object' ? standIn(bound, nameOf(said)) : stringLiteral(String(value))
    case 'FloatField':
      return typeof value === 'number'
        ? Number.isInteger(value)
          ? `${value}.0`
          : String(value)
        : standIn(bound, nameOf(said))
    case 'DecimalField':
      return typeof value === 'object' ? (decimalOf(value) ?? standIn(bound, nameOf(said))) : String(value)
    case 'IntegerField':
    case 'BigIntegerField':
    case 'SmallIntegerField':
    case 'PositiveIntegerField':
    case 'PositiveBigIntegerField':
    case 'PositiveSmallIntegerField':
    case 'AutoField':
    case 'BigAutoField':
    case 'SmallAutoField':
    case 'OrderWrt':
      return typeof value === 'object' ? standIn(bound, nameOf(said)) : String(Number(value))
    case 'DurationField': {
      const said = durationOf(value)
      return said === null ? standIn(bound, nameOf(value)) : constant(bound, said)
    }
    case 'UUIDField': {
      const own = text ?? uuidOf(value)
      return own === null ? standIn(bound, nameOf(said)) : `${stringLiteral(own.replaceAll('-', ''))}::uuid`
    }
    case 'DateTimeField':
    case 'DateField':
    case 'TimeField': {
      const moment = text ?? momentOf(value, field.kind)
      return moment === null ? standIn(bound, nameOf(said)) : constant(bound, moment)
    }
    case 'BinaryField':
      return text === null || /[^\0-\xff]/.test(text) ? standIn(bound, nameOf(said)) : `'\\x${hexOf(text)}'::bytea`
    default:
      // The class is unknown, or Django first parses its texts: dates, times, networks.
      return text !== null && field.kind !== null ? constant(bound, text) : standIn(bound, nameOf(said))
  }
}

/** The result of calling a default, if it is known: `dict` gives an empty one. Undefined: unknown. */
function called(said: Kept): Kept | undefined {
  if (isNamed(said)) {
    const name = said.path
    if (name === 'dict') return { kind: 'record', entries: new Map() }
    if (name === 'list' || name === 'set' || name === 'tuple') return []
    if (name === 'str') return ''
    if (name === 'int' || name === 'float') return 0
    return name === 'bool' ? false : undefined
  }
  if (isUnknown(said)) return undefined
  return said
}

/** `uuid.UUID('…')` */
function uuidOf(value: Kept): string | null {
  if (!isMade(value) || value.path !== 'uuid.UUID') return null
  const said = value.args[0] ?? value.named.get('hex')
  return typeof said === 'string' && /^[\da-f-]{32,36}$/i.test(said) ? said.toLowerCase() : null
}

/** Bytes of a literal such as `b'x'`. */
function hexOf(bytes: string): string {
  return [...bytes].map(each => each.charCodeAt(0).toString(16).padStart(2, '0')).join('')
}

function decimalOf(value: Kept): string | null {
  if (!isMade(value) || lastOf(value.path) !== 'Decimal') return null
  const [said] = value.args
  return typeof said === 'string' || typeof said === 'number' ? String(said) : null
}

function arrayOf(bound: Bound, value: Kept, levels: number): string {
  if (!isList(value)) return standIn(bound, nameOf(value))
  const inner = bound.field.get('base_field')
  const field = fieldOf(bound.field.name, inner ?? null, bound.state.settings)
  const items = value.map(item => (item === null ? 'NULL' : literalOf({ ...bound, field }, item, levels - 1)))
  // psycopg writes a list as one array literal. Only numbers and texts are read in it.
  const texts = value.map(item => (typeof item === 'number' || typeof item === 'boolean' ? String(item) : item))
  if (items.includes(null) || !texts.every(item => typeof item === 'string')) return standIn(bound, 'list')
  const literal = stringLiteral(
    `{${texts.map(each => (/^[\w.-]+$/.test(each) ? each : `"${each.replace(/["\\]/g, '\\$&')}"`)).join(',')}}`,
  )
  return `${literal}${castOfItems(value)}`
}

/** The type that psycopg gives a list by its items; none for texts. */
function castOfItems(items: readonly Kept[]): string {
  const numbers = items.filter(each => typeof each === 'number')
  if (numbers.length < items.filter(each => each !== null).length || numbers.length === 0)
    return items.some(each => typeof each === 'boolean') ? '::bool[]' : ''
  if (!numbers.every(Number.isInteger)) return '::float8[]'
  const most = greatest(numbers.map(each => (each < 0 ? -each - 1 : each)))
  return most < 2 ** 31 ? '::int4[]' : '::int8[]'
}

function nameOf(said: Kept): string {
  if (isNamed(said) || isMade(said)) return lastOf(said.path)
  return 'default'
}

/** A constant of unknown value. */
function standIn(bound: Bound, name: string): string {
  const word = /^\w{1,60}$/.test(name) ? name : 'default'
  return constant(bound, `\${${word}}`)
}

function constant(bound: Bound, text: string): string {
  const { type } = columnType(bound)
  const short = type === 'timestamp with time zone' ? 'timestamptz' : type
  const literal = stringLiteral(text)
  return short === null || /^(?:varchar|text|serial|bigserial)/.test(short) ? literal : `${literal}::${short}`
}
