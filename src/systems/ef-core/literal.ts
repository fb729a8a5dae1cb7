import { NotRead } from '../../code/given/not-read.ts'
import { listed, sqlAt } from '../../code/given/sql.ts'
import { placeOf } from '../../code/given/value.ts'
import { hole, joined, plain, quoted, type Text, textAt, unknownIn } from '../../code/text.ts'
import { type Host, unknown, type Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'

/** Values of .NET that have their own literal in SQL, by the type of the column. */
const literals = new WeakMap<Value, (type: string) => string | null>()

/** The literal of a .NET value for a type of SQL; null: unknown. */
export function dotNetValue(name: string, literal: (type: string) => string | null): Host {
  const made: Host = {
    kind: 'host',
    name,
    get: (member, at) =>
      /^(?:ToUniversalTime|AddTicks|ToLocalTime|Date)$/.test(member)
        ? unknown(`\`${member}\` is not evaluated`, at)
        : undefined,
  }
  literals.set(made, literal)
  return made
}

/** RelationalTypeMapping.GenerateSqlLiteral, for the type of the column; an unknown value stays unknown. */
export function sqlLiteral(value: Value, type: string, at: Span): Text {
  const place = placeOf(value, at)
  const own = literals.get(value)
  if (own) {
    const said = own(type)
    if (said === null) throw new NotRead(`its literal as ${type === '' ? 'SQL' : type} is unknown`, place)
    return textAt(said, place)
  }
  switch (value.kind) {
    case 'text':
      return /\[\]$/.test(type) ? sqlAt(place)`'${value}'` : textLiteral(value, type, place)
    case 'plain':
      return textAt(plainLiteral(value.value ?? null, type), place)
    case 'list': {
      if (value.isOpen) throw new NotRead('part of the list is unknown', place)
      const isBytes = /^bytea$/.test(type)
      if (isBytes) return textAt(bytes(value.items, place), place)
      const element = type.replace(/\[\]$/, '')
      const items = value.items.map(each => sqlLiteral(each, element, place))
      return sqlAt(place)`ARRAY[${listed(items, place, ',')}]::${type === '' ? 'text[]' : type}`
    }
    case 'unknown':
      return quoted(hole(place, value.why, value.name), "'")
    default:
      throw new NotRead('its value is not known', place)
  }
}

function textLiteral(value: Text, type: string, at: Span): Text {
  if (/^jsonb?$/.test(type) && unknownIn(value) === null && plain(value) === '') return textAt("'{}'", at)
  return joined([quoted(value.pieces.length === 0 ? textAt('', at) : value, "'")])
}

function plainLiteral(value: number | boolean | null, type: string): string {
  if (value === null) return 'NULL'
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE'
  if (/^(?:double precision|real|float\d?)$/.test(type) && Number.isInteger(value)) return `${value}.0`
  return String(value)
}

function bytes(items: readonly Value[], at: Span): string {
  const all = items.map(each => (each.kind === 'plain' && typeof each.value === 'number' ? each.value : null))
  if (all.includes(null)) throw new NotRead('its bytes are not known', at)
  return `BYTEA E'\\\\x${all.map(each => (each ?? 0).toString(16).toUpperCase().padStart(2, '0')).join('')}'`
}

/** `new DateTime(…)`: its parts, and whether it is in UTC. The earliest value stands for minus infinity (Npgsql 6 and later). */
export function dateTime(parts: readonly number[], kind: string): Host {
  const [year = 1, month = 1, day = 1, hour = 0, minute = 0, second = 0, millisecond = 0, microsecond = 0] = parts
  const two = (value: number) => String(value).padStart(2, '0')
  const date = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`
  // `.5` of half a second.
  const fraction = String((millisecond * 1000 + microsecond) / 1_000_000).slice(1)
  const time = `${two(hour)}:${two(minute)}:${two(second)}${fraction}`
  const isFirst = date === '0001-01-01' && time === '00:00:00'
  return dotNetValue('DateTime', type => {
    if (/^(?:timestamp(?:\(\d\))? with time zone|timestamptz(?:\(\d\))?|)$/.test(type)) {
      if (isFirst) return "TIMESTAMPTZ '-infinity'"
      return kind === 'Utc' || kind === 'offset' ? `TIMESTAMPTZ '${date}T${time}Z'` : null
    }
    if (/^timestamp/.test(type)) return isFirst ? "TIMESTAMP '-infinity'" : `TIMESTAMP '${date}T${time}'`
    if (type === 'date') return isFirst ? "DATE '-infinity'" : `DATE '${date}'`
    return null
  })
}
