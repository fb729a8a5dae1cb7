import { NotRead } from '../../code/given/not-read.ts'
import type { Options } from '../../code/given/options.ts'
import { listed } from '../../code/given/sql.ts'
import { type Argument, isTrue, placeOf, written } from '../../code/given/value.ts'
import { changed, plain, type Text, textAt } from '../../code/text.ts'
import type { Value } from '../../code/value.ts'
import type { Given } from './given.ts'

/** Types that have another name in PostgreSQL; others are written in capital letters (`mapDataType` of db-migrate-pg). */
const names = new Map([
  ['string', 'VARCHAR'],
  ['int', 'INTEGER'],
  ['datetime', 'TIMESTAMP'],
  ['blob', 'BYTEA'],
])

export function typeOf({ at }: Given, type: Argument): Text {
  const text = written(type, at)
  const other = names.get(plain(text))
  return other === undefined ? changed(text, word => word.toUpperCase()) : textAt(other, placeOf(type, at))
}

/** `normalizeColumnSpec` of db-migrate-base: a text is the type. */
export function specOf(given: Given, value: Value): Options {
  if (value.kind !== 'text') return given.options(value)
  return given.options({ kind: 'record', at: placeOf(value, given.at), entries: new Map([['type', value]]) })
}

/** A column as `createColumnDef` of db-migrate-pg writes it. */
export function columnText(given: Given, name: Text, spec: Options, isOnlyKey: boolean): Text {
  const { at, sql } = given
  const type = spec.get('type')
  const word = plain(written(type, at))
  const isTimed = /^(?:time|timestamp)tz$/.test(word)
  const [isKey, counts] = [spec.is('primaryKey'), spec.is('autoIncrement')]
  const clauses: Text[] = []
  if (isTimed || spec.is('timezone')) clauses.push(sql`WITH TIME ZONE`)
  if (isKey && counts) clauses.push(sql`${word === 'bigint' ? 'BIGSERIAL' : 'SERIAL'}`)
  if (isKey && isOnlyKey) clauses.push(sql`PRIMARY KEY`)
  if (isSet(spec.get('notNull'), true)) clauses.push(sql`NOT NULL`)
  if (spec.is('unique')) clauses.push(sql`UNIQUE`)
  const byDefault = spec.get('defaultValue')
  if (byDefault) clauses.push(sql`DEFAULT ${defaultOf(given, byDefault)}`)
  const kind = isTimed ? textAt(word.slice(0, -2).toUpperCase(), placeOf(type, at)) : typeOf(given, type)
  const quoted = plain(name).startsWith('"') ? name : given.name(name)
  return sql`${quoted} ${isKey && counts ? '' : kind} ${lengthOf(given, spec)} ${listed(clauses, at, ' ')}`
}

export function lengthOf({ sql }: Given, spec: Options): Text {
  const length = spec.text('length')
  return length ? sql`(${length})` : sql``
}

/** True where the value is exactly this one. */
export function isSet(value: Argument, wanted: boolean): boolean {
  if (value?.kind === 'unknown') throw new NotRead(value.why, value.at)
  return value?.kind === 'plain' && value.value === wanted
}

function defaultOf(given: Given, value: Value): Text {
  const { at, sql } = given
  if (value.kind === 'text') return sql`'${value}'`
  if (value.kind === 'record') {
    const options = given.options(value)
    const raw = options.get('raw')
    if (raw?.kind === 'text' && isTrue(raw, at)) return raw
    const special = options.get('special')
    if (!raw && special?.kind === 'text' && plain(special) === 'CURRENT_TIMESTAMP') return special
  }
  if (value.kind === 'unknown') return written(value, at)
  if (value.kind === 'plain' && value.value !== null) return written(value, at)
  throw new NotRead('db-migrate refuses this default', placeOf(value, at))
}
