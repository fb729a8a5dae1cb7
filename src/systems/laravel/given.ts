import { NotRead } from '../../code/given/not-read.ts'
import { listed } from '../../code/given/sql.ts'
import { isNone, isNull, itemsOf, placeOf, textIn } from '../../code/given/value.ts'
import { changed, hole, joined, plain, quoted, replaced, type Text, textAt, unknownIn } from '../../code/text.ts'
import type { Call, Host, Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'

/** The arguments of Laravel's calls. The functions throw NotRead where an argument is unknown. */

export interface Given {
  /** By the name of its parameter; undefined: not given, or null. */
  readonly get: (name: string) => Value | undefined
  /** Whether the call gives it, even as null. */
  readonly has: (name: string) => boolean
  readonly at: (name: string) => Span
}

/** Arguments by place or by name. */
export function given({ args, argsAt, named, at }: Call, parameters: readonly string[]): Given {
  for (const name of named?.keys() ?? [])
    if (!parameters.includes(name)) throw new NotRead(`\`${name}\` is not read yet`, at)
  if (args.length > parameters.length) throw new NotRead('it gets too many arguments', at)
  const givenAs = (name: string) => args[parameters.indexOf(name)] ?? named?.get(name)
  return {
    get: name => {
      const value = givenAs(name)
      return isNone(value) || isNull(value) ? undefined : value
    },
    has: name => givenAs(name) !== undefined,
    at: name => placeOf(givenAs(name), argsAt[parameters.indexOf(name)] ?? at),
  }
}

const raw = new WeakMap<Value, Text>()

/** The result of `DB::raw`: SQL as it is. */
export function expressionHost(sql: Text): Host {
  const made: Host = { kind: 'host', name: 'a raw expression', get: () => undefined }
  raw.set(made, sql)
  return made
}

export function rawTextOf(value: Value | undefined): Text | undefined {
  return value && raw.get(value)
}

/** A name with each part between dots quoted by itself (Grammar::wrap); raw SQL stays as it is. */
export function wrapped(value: Value | undefined, at: Span, what: string): Text {
  const sql = rawTextOf(value)
  if (sql) return sql
  const name = textIn(value, at, what)
  if (/ as /i.test(plain(name)) || plain(name).includes('->')) throw new NotRead(`${what} is not a plain name`, at)
  return inQuotes(name)
}

export function inQuotes(name: Text): Text {
  if (!plain(name).includes('.') || unknownIn(name) !== null) return quoted(name, '"')
  const parts: Text[] = []
  let rest = name
  replaced(name, /[^.]+/g, (_, found) => {
    parts.push(quoted(found, '"'))
    rest = found
    return found
  })
  return listed(parts, rest.pieces[0]?.at ?? [0, 0], '.')
}

/** The name of a table with the prefix of the connection before its last part (Grammar::wrapTable). */
export function withPrefix(table: Text, prefix: string, at: Span): Text {
  if (prefix === '' || unknownIn(table) !== null) return table
  const start = plain(table).lastIndexOf('.') + 1
  let place = 0
  return replaced(joined([textAt('', at), table]), /[^.]+/g, ([word], found) => {
    const isLast = plain(table).indexOf(word, place) >= start
    place += word.length + 1
    return isLast ? joined([textAt(prefix, at), found]) : found
  })
}

/** One value, or a list of them: `(array) $columns`. */
export function listOf(value: Value | undefined, at: Span): readonly Value[] {
  return rawTextOf(value) ? [value as Value] : itemsOf(value, at)
}

/** A value as text in single quotes, as `default '5'` has it. */
export function literal(value: Value, at: Span, escapes: boolean): Text {
  const place = placeOf(value, at)
  if (value.kind === 'plain') {
    const said = typeof value.value === 'boolean' ? String(Number(value.value)) : String(value.value ?? '')
    return textAt(`'${said}'`, place)
  }
  if (value.kind === 'text')
    return escapes ? quoted(value, "'") : joined([textAt("'", place), value, textAt("'", place)])
  if (value.kind === 'unknown') {
    const text = hole(place, value.why, value.name)
    const own = value.isScalar
      ? { ...text, pieces: text.pieces.map(piece => ({ ...piece, isScalar: true as const })) }
      : text
    return quoted(own, "'")
  }
  // A case of an enumeration of this file.
  const inside = value.kind === 'record' ? value.entries.get('value') : undefined
  if (inside) return literal(inside, place, escapes)
  throw new NotRead('it is not a plain value', place)
}

/** A number or a text within a type. */
export function sizeIn(value: Value, at: Span): Text {
  if (value.kind === 'unknown') throw new NotRead(value.why, at)
  return textIn(value, at, 'the size')
}

/** A name that Laravel makes of other names: in lower case, without dots and hyphens (Blueprint::createIndexName). */
export function madeName(parts: readonly Text[], type: string, at: Span): Text {
  const whole = joined([...parts.flatMap(part => [part, textAt('_', at)]), textAt(type, at)])
  const made = replaced(
    changed(whole, text => text.toLowerCase()),
    /[-.]/g,
    () => textAt('_', at),
  )
  return unknownIn(whole) === null ? textAt(plain(made), at) : made
}
