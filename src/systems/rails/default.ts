import { NotRead } from '../../code/given/not-read.ts'
import { isNull, placeOf, textIn } from '../../code/given/value.ts'
import { plain, quoted, type Text, textAt, unknownIn } from '../../code/text.ts'
import type { Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import type { Given } from './given.ts'

/**
 * `quote_default_expression`: a default as SQL. `type`: the type of the column in SQL; null: unknown, so that the value keeps its own
 * type. Throws NotRead where the conversion by Rails is unknown.
 */
export function defaultOf(given: Given, value: Value, type: string | null): Text {
  const at = placeOf(value, given.at)
  switch (value.kind) {
    case 'callable':
      return textIn(given.session.run.invoke(value, [], at), at, 'the default')
    case 'unknown':
      throw new NotRead(value.why, value.at)
    case 'text':
      return ofText(value, type, at)
    case 'plain':
      return isNull(value) ? textAt('NULL', at) : ofPlain(value.value, type, at)
    case 'list':
    case 'record': {
      const isArray = value.kind === 'list' && !(type !== null && isJson(type))
      const text = isArray
        ? array(value.items, at)
        : value.kind === 'record' && type === 'hstore'
          ? hstore(value, at)
          : json(value, at)
      return literal(textAt(text, at), at)
    }
    default:
      throw new NotRead('the default is not known', at)
  }
}

const kinds: readonly (readonly [RegExp, Kind])[] = [
  [/\[\]$/, 'array'],
  [/^jsonb?$/, 'json'],
  [/^(?:smallint|integer|bigint|int[248]?|(?:small|big)?serial)$/, 'integer'],
  [/^(?:decimal|numeric)\b/, 'decimal'],
  [/^(?:float|double precision|real)\b/, 'float'],
  [/^bool(?:ean)?$/, 'boolean'],
  [/^date$/, 'date'],
  [/^time/, 'time'],
  [/^uuid$/, 'uuid'],
  [/^bytea$/, 'binary'],
  [/^bit\b/, 'bit'],
  [/^(?:interval|money|point|daterange|numrange|tsrange|tstzrange|int[48]range|inet|cidr|macaddr)\b/, 'converted'],
  [/^(?:character varying|varchar|text|char|character|citext)\b/, 'text'],
]
type Kind =
  | 'array'
  | 'json'
  | 'integer'
  | 'decimal'
  | 'float'
  | 'boolean'
  | 'date'
  | 'time'
  | 'uuid'
  | 'binary'
  | 'bit'
  | 'converted'
  | 'text'

function kindOf(type: string | null): Kind | null {
  return kinds.find(([pattern]) => pattern.test(type ?? ''))?.[1] ?? null
}

function isJson(type: string): boolean {
  return kindOf(type) === 'json'
}

function ofText(value: Text, type: string | null, at: Span): Text {
  const kind = kindOf(type)
  const text = plain(value)
  const isKnown = unknownIn(value) === null
  switch (kind) {
    case 'uuid':
      return text.includes('()') ? value : uuid(value, at)
    case 'integer':
    case 'decimal':
    case 'float':
      if (isKnown && text === '') return textAt('NULL', at)
      if (isKnown && /^-?\d{1,15}(?:\.\d+)?$/.test(text)) return number(Number(text), kind, at)
      throw new NotRead('the default is converted to a number', at)
    case 'boolean':
      if (isKnown && text === '') return textAt('NULL', at)
      if (isKnown) return textAt(/^(?:0|f|F|false|FALSE|off|OFF)$/.test(text) ? 'FALSE' : 'TRUE', at)
      throw new NotRead('the default is converted to a truth value', at)
    case 'json':
      if (!isKnown) throw new NotRead('the default is not known', at)
      return literal(textAt(JSON.stringify(text), at), at)
    case 'date':
      if (/^\d{4}-\d\d-\d\d$/.test(text)) return literal(value, at)
      throw new NotRead('the default is converted to a date', at)
    case 'time':
      if (/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text)) return literal(value, at)
      throw new NotRead('the default is converted to a time', at)
    case 'bit':
      if (/^[01]+$/.test(text)) return textAt(`B'${text}'`, at)
      return /^[\da-f]+$/i.test(text) ? textAt(`X'${text}'`, at) : literal(value, at)
    case 'binary':
    case 'converted':
      throw new NotRead('the default is converted', at)
    default:
      return literal(value, at)
  }
}

/** `OID::Uuid`: what is not a UUID is NULL; later versions write the others in their usual form. */
function uuid(value: Text, at: Span): Text {
  const text = plain(value)
  if (unknownIn(value) !== null || /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/.test(text)) return literal(value, at)
  if (/^\{?(?:[\da-f]{4}-?){8}\}?$/i.test(text)) throw new NotRead('the default is converted to a UUID', at)
  return textAt('NULL', at)
}

function ofPlain(value: number | boolean | null | undefined, type: string | null, at: Span): Text {
  const kind = kindOf(type)
  if (typeof value === 'boolean') {
    if (kind === 'text') return literal(textAt(value ? 't' : 'f', at), at)
    if (kind === 'integer') return textAt(value ? '1' : '0', at)
    if (kind === 'json') return literal(textAt(String(value), at), at)
    return textAt(value ? 'TRUE' : 'FALSE', at)
  }
  const said = Number(value)
  switch (kind) {
    case 'text':
    case 'json':
      return literal(textAt(String(said), at), at)
    case 'boolean':
      return textAt(said === 0 ? 'FALSE' : 'TRUE', at)
    case 'integer':
    case 'decimal':
    case 'float':
      return number(said, kind, at)
    case null:
      return textAt(String(said), at)
    default:
      throw new NotRead('the default is converted', at)
  }
}

/** Ruby writes `1.0` for a number that may have a fraction. */
function number(value: number, kind: 'integer' | 'decimal' | 'float', at: Span): Text {
  if (kind === 'integer') return textAt(String(Math.trunc(value)), at)
  if (!/^-?\d+(?:\.\d+)?$/.test(String(value))) throw new NotRead('the default is a very large or small number', at)
  return textAt(Number.isInteger(value) ? `${value}.0` : String(value), at)
}

/** A string of SQL; an empty one is just two quotes. */
export function literal(text: Text, at: Span): Text {
  return text.pieces.length === 0 ? textAt("''", at) : quoted(text, "'")
}

/** `PG::TextEncoder::Array` */
function array(items: readonly Value[], at: Span): string {
  const said = items.map(item => {
    if (isNull(item)) return 'NULL'
    if (item.kind === 'plain') return item.value === true ? 't' : item.value === false ? 'f' : String(item.value)
    if (item.kind === 'list') return array(item.items, at)
    if (item.kind !== 'text' || unknownIn(item) !== null)
      throw new NotRead('the default is not known', placeOf(item, at))
    const text = plain(item)
    const isPlain = text !== '' && !/[\s{}",\\]/.test(text) && text.toLowerCase() !== 'null'
    return isPlain ? text : `"${text.replace(/["\\]/g, '\\$&')}"`
  })
  return `{${said.join(',')}}`
}

function hstore(value: Extract<Value, { kind: 'record' }>, at: Span): string {
  if (value.entries.size > 0 || value.isOpen) throw new NotRead('the default is converted', at)
  return ''
}

/** `ActiveSupport::JSON.encode` */
function json(value: Value, at: Span): string {
  switch (value.kind) {
    case 'plain':
      return JSON.stringify(value.value ?? null)
    case 'text':
      if (unknownIn(value) !== null) throw new NotRead('the default is not known', at)
      return JSON.stringify(plain(value)).replace(
        /[<>&\u2028\u2029]/g,
        each => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`,
      )
    case 'list':
      if (value.isOpen) throw new NotRead('the default is not known', at)
      return `[${value.items.map(item => json(item, at)).join(',')}]`
    case 'record':
      if (value.isOpen) throw new NotRead('the default is not known', at)
      return `{${[...value.entries].map(([name, each]) => `${JSON.stringify(name)}:${json(each, at)}`).join(',')}}`
    default:
      throw new NotRead('the default is not known', at)
  }
}
