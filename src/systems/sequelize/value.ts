import { NotRead } from '../../code/given/not-read.ts'
import { listed, sqlAt } from '../../code/given/sql.ts'
import { placeOf, textIn } from '../../code/given/value.ts'
import { functionOf } from '../../code/host.ts'
import { hole, joined, plain, replaced, type Text, textAt, unknownIn } from '../../code/text.ts'
import { type Call, entry, type Host, type Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { identifiers, inQuotes } from './name.ts'
import { isType, type Type, typeIn, upper } from './type.ts'

/** Values as Sequelize writes them into SQL: `escape` of src/sql-string.js and of the query generator, `stringify` of the types. */

/** The results of `literal`, `fn`, `col` and `cast`: `handleSequelizeMethod`. */
const expressions = new WeakMap<Value, () => Text>()

export function expressionIn(value: Value): Text | undefined {
  return expressions.get(value)?.()
}

function expression(name: string, write: (call: Call) => Text): Host {
  return functionOf(name, call => {
    const own: Host = { kind: 'host', name }
    expressions.set(own, () => write(call))
    return own
  })
}

export const expressionMakers: ReadonlyMap<string, Host> = new Map([
  ['literal', expression('literal', ({ args, at }) => textIn(args[0], at, 'the literal'))],
  [
    'fn',
    expression('fn', ({ args: [name, ...args], at, nameAt }) => {
      const given = args.map(arg => expressionIn(arg) ?? escaped(arg.kind === 'text' ? dollars(arg) : arg, at))
      return sqlAt(nameAt)`${textIn(name, at, 'the name of the function')}(${listed(given, nameAt)})`
    }),
  ],
  ['col', expression('col', ({ args, at, nameAt }) => columnOf(textIn(args[0], at, 'the column'), nameAt))],
  [
    'cast',
    expression('cast', ({ args: [value, type], at, nameAt }) => {
      if (!value) throw new NotRead('the cast value is unknown', at)
      return sqlAt(nameAt)`CAST(${escaped(value, at)} AS ${upper(textIn(type, at, 'the type'))})`
    }),
  ],
])

function dollars(text: Text): Text {
  return replaced(text, /\$/g, (_, found) => joined([found, found]))
}

function columnOf(text: Text, at: Span): Text {
  return plain(text).startsWith('*') ? textAt('*', at) : identifiers(text, at)
}

/** `defaultValueSchemable`: whether the database has the default and not Sequelize. */
export function isInDatabase(value: Value | undefined): value is Value {
  if (value === undefined || (value.kind === 'plain' && value.value === undefined)) return false
  return value.kind !== 'callable' && !isType(value)
}

/** A value in SQL, for a column of this type if it is known. An unknown value becomes a hole. */
export function escaped(value: Value, at: Span, type?: Type): Text {
  const made = expressionIn(value)
  if (made) return made
  const place = placeOf(value, at)
  if (value.kind === 'plain' && (value.value === null || value.value === undefined)) return textAt('NULL', place)
  if (value.kind === 'unknown') return hole(place, value.why, value.name)
  switch (type?.key) {
    case 'JSON':
    case 'JSONB':
      return inQuotes(textAt(jsonOf(value, at), place), "'", place)
    case 'FLOAT':
    case 'REAL':
    case 'DOUBLE':
    case 'DOUBLE PRECISION':
      return sqlAt(place)`'${textOf(value, at)}'`
    case 'INTEGER':
    case 'BIGINT':
    case 'SMALLINT':
    case 'TINYINT':
    case 'MEDIUMINT':
    case 'DECIMAL':
    case 'NUMERIC':
      return simple(value, at)
    case 'ARRAY':
      return arrayOf(value, at, type)
    case 'DATE':
    case 'DATEONLY':
    case 'BLOB':
    case 'RANGE':
    case 'HSTORE':
    case 'GEOMETRY':
    case 'GEOGRAPHY':
      throw new NotRead('Sequelize turns this value into another text', place)
  }
  return value.kind === 'list' ? arrayOf(value, at) : simple(value, at)
}

function textOf(value: Value, at: Span): Text {
  if (value.kind === 'plain') return textAt(String(value.value), value.at)
  return textIn(value, at, 'the value')
}

function simple(value: Value, at: Span): Text {
  if (value.kind === 'plain') return textAt(String(value.value), value.at)
  if (value.kind === 'text') return inQuotes(value, "'", at)
  throw new NotRead('Sequelize cannot write this value into SQL', placeOf(value, at))
}

function arrayOf(value: Value, at: Span, type?: Type): Text {
  if (value.kind !== 'list' || value.isOpen) throw new NotRead('the items are not known', placeOf(value, at))
  if (type?.item?.key === 'ENUM') throw new NotRead('Sequelize cannot write this default', value.at)
  const items = value.items.map(item => escaped(item, at, type?.item))
  const made = sqlAt(value.at)`ARRAY[${joined(items, textAt(',', value.at))}]`
  return type ? sqlAt(value.at)`${made}::${type.sql}` : made
}

/** JSON.stringify. Throws NotRead where a part is unknown. */
function jsonOf(value: Value, at: Span): string {
  switch (value.kind) {
    case 'text': {
      const why = unknownIn(value)
      if (why !== null) throw new NotRead(why, placeOf(value, at))
      return JSON.stringify(plain(value))
    }
    case 'plain':
      return JSON.stringify(value.value ?? null)
    case 'list':
      if (value.isOpen) break
      return `[${value.items.map(item => jsonOf(item, at)).join(',')}]`
    case 'record': {
      if (value.isOpen) break
      const entries = [...value.entries].filter(([, each]) => each.kind !== 'plain' || each.value !== undefined)
      return `{${entries.map(([name, each]) => `${JSON.stringify(name)}:${jsonOf(each, at)}`).join(',')}}`
    }
  }
  throw new NotRead('a part of the value is not known', placeOf(value, at))
}

/** The type in a description of a column, or in its place. */
export function typeOrText(value: Value | undefined, at: Span): { type?: Type; sql: Text; at: Span } {
  const type = typeIn(value)
  if (type) return { type, sql: type.sql, at: type.at }
  if (value === undefined || value.kind === 'record' || value.kind === 'host')
    throw new NotRead('its type is not known', placeOf(value, at))
  return { sql: textIn(value, at, 'the type'), at: placeOf(value, at) }
}

/** A member of an object, unless it is `undefined`, `null`, `false`, 0 or an empty text. */
export function given(value: Value | undefined, name: string): Value | undefined {
  const found = entry(value, name)
  return found?.kind === 'plain' && !found.value ? undefined : found
}
