import { NotRead } from '../../code/given/not-read.ts'
import { sqlAt } from '../../code/given/sql.ts'
import { type Argument, isNull, placeOf, textIn } from '../../code/given/value.ts'
import type { Run } from '../../code/run.ts'
import { joined, plain, type Text, textAt } from '../../code/text.ts'
import type { Call, Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { foreignOptions } from './constraint.ts'
import { clauseIn, defaultIn } from './expression.ts'
import { type Given, givenIn, numberIn } from './given.ts'
import { named } from './name.ts'
import { type Column, type ForeignKey, type Generated, type SqlType, thingIn, thingOf } from './thing.ts'
import { hasType, typeIn } from './type.ts'

const options = [
  'name',
  'type_',
  'autoincrement',
  'comment',
  'default',
  'doc',
  'index',
  'info',
  'insert_default',
  'nullable',
  'onupdate',
  'primary_key',
  'server_default',
  'server_onupdate',
  'unique',
]

/** Throws NotRead where something that matters is unknown. */
export function columnOf(call: Call, run: Run): Column {
  const given = givenIn(call, [], options, { takesRest: true })
  const { at, nameAt } = call
  const rest = [...given.rest]
  const name = given.some('name') ?? (isName(rest[0]) ? rest.shift() : undefined)
  // Everything that is not a constraint or another part of a column is taken for its type.
  const type = given.get('type_') ?? (isItem(rest[0]) ? undefined : rest.shift())
  const items = rest.map(item => thingOf(item) ?? notRead(item, at))
  const of = <Kind extends string>(kind: Kind) =>
    items.filter((item): item is Extract<typeof item, { kind: Kind }> => item.kind === kind)
  const default_ = given.get('server_default')
  const own = default_ && thingOf(default_)
  const all = own?.kind === 'identity' || own?.kind === 'computed' ? [...items, own] : items
  const identity = all.find((item): item is Generated => item.kind === 'identity') ?? null
  const computed = all.find((item): item is Generated => item.kind === 'computed') ?? null
  if (items.some(({ kind }) => !itemKinds.has(kind))) throw new NotRead('a part of the column is not read', at)
  const autoincrement = given.some('autoincrement')
  return {
    kind: 'column',
    at: nameAt,
    name: textIn(name, at, 'the name of the column'),
    type: hasType(type) ? typeIn(type, at, run) : untyped(of('foreign key'), at),
    isNullable: given.get('nullable') === undefined ? null : given.is('nullable'),
    isPrimary: given.is('primary_key'),
    isUnique: given.is('unique'),
    hasIndex: given.is('index'),
    hasDefault: given.some('default') !== undefined || of('sequence').length > 0,
    serverDefault:
      default_ === undefined || isNull(default_) || own?.kind === 'identity' || own?.kind === 'computed'
        ? null
        : defaultIn(default_, at),
    comment: given.text('comment', 'the comment'),
    identity,
    computed,
    autoincrement: autoincrement === undefined || autoincrement.kind === 'text' ? 'auto' : given.is('autoincrement'),
    foreignKeys: of('foreign key'),
    checks: of('constraint'),
  }
}

const itemKinds = new Set(['foreign key', 'constraint', 'identity', 'computed', 'sequence'])

function isName(value: Argument): boolean {
  return value?.kind === 'text' || (value?.kind === 'unknown' && thingOf(value) === undefined)
}

function isItem(value: Argument): boolean {
  return value === undefined || itemKinds.has(thingOf(value)?.kind ?? '')
}

function notRead(item: Value, at: Span): never {
  throw new NotRead(item.kind === 'unknown' ? item.why : 'a part of the column is not read', placeOf(item, at))
}

/** A column takes its type from the referenced one, which the migration does not know: SQLAlchemy then has no type for it. */
function untyped(keys: readonly ForeignKey[], at: Span): SqlType {
  if (keys.length === 0) throw new NotRead('the column has no type', at)
  throw new NotRead('the type of the column is that of the one it refers to', at)
}

/** `Identity`. */
export function identityOf(call: Call): Generated {
  const { at, nameAt } = call
  const given = givenIn(call, ['always', 'on_null', ...sequenceOptions])
  const words = given.is('always') ? 'ALWAYS' : 'BY DEFAULT'
  const own = sequenceSql(given, nameAt)
  if (given.some('on_null') !== undefined) throw new NotRead('its option `on_null` is not read', at)
  const sql = sqlAt(nameAt)
  return { kind: 'identity', sql: sql`GENERATED ${words} AS IDENTITY${own ? sql` (${own})` : ''}` }
}

export const sequenceOptions = [
  'start',
  'increment',
  'minvalue',
  'maxvalue',
  'nominvalue',
  'nomaxvalue',
  'cycle',
  'cache',
  'order',
]

/** `get_identity_options`. */
export function sequenceSql(given: Given, at: Span): Text | null {
  const parts: Text[] = []
  const add = (name: string, words: string) => {
    const value = numberIn(given.some(name), at)
    if (value) parts.push(sqlAt(at)`${words} ${value}`)
  }
  add('increment', 'INCREMENT BY')
  add('start', 'START WITH')
  add('minvalue', 'MINVALUE')
  add('maxvalue', 'MAXVALUE')
  if (given.some('nominvalue') !== undefined) parts.push(textAt('NO MINVALUE', at))
  if (given.some('nomaxvalue') !== undefined) parts.push(textAt('NO MAXVALUE', at))
  add('cache', 'CACHE')
  if (given.some('cycle') !== undefined) parts.push(textAt(given.is('cycle') ? 'CYCLE' : 'NO CYCLE', at))
  return parts.length === 0 ? null : joined(parts, textAt(' ', at))
}

/** `Computed`. `storesByDefault`: SQLAlchemy before 2.1, which writes STORED by default. */
export function computedOf(call: Call, storesByDefault: boolean): Generated {
  const { at, nameAt } = call
  const given = givenIn(call, ['sqltext', 'persisted'])
  const persisted = given.some('persisted')
  const isStored = persisted === undefined ? storesByDefault : given.is('persisted')
  const end = isStored ? ' STORED' : persisted === undefined ? '' : ' VIRTUAL'
  const text = clauseIn(given.get('sqltext'), at, 'the expression').bare
  return { kind: 'computed', sql: sqlAt(nameAt)`GENERATED ALWAYS AS (${text})${end}` }
}

/** `ForeignKey`. */
export function foreignKeyOf(call: Call): ForeignKey {
  const given = givenIn(call, ['column'], foreignOptions)
  return { kind: 'foreign key', target: textIn(given.get('column'), call.at, 'the column it refers to'), given }
}

/** A column in a table. `primary`: all columns of the primary key; `refers`: foreign keys of the table name the column. */
export function specification(column: Column, primary: readonly Text[], refers: boolean): Text {
  const { at, type, identity, computed, serverDefault } = column
  const sql = sqlAt(at)
  const isKey = primary.some(name => plain(name) === plain(column.name))
  const serial = isKey && countsByItself(column, primary.length, refers) && !column.hasDefault && !identity
  const parts = [named(column.name)]
  if (serial && type.serial) parts.push(textAt(type.serial, at))
  else {
    parts.push(type.sql)
    if (serverDefault) parts.push(sql`DEFAULT ${serverDefault}`)
  }
  if (computed) parts.push(computed.sql)
  if (identity) parts.push(identity.sql)
  const isNullable = column.isNullable ?? (!isKey && !identity)
  if (!isNullable && !identity) parts.push(textAt('NOT NULL', at))
  else if (isNullable && identity) parts.push(textAt('NULL', at))
  return joined(parts, textAt(' ', at))
}

/** `_autoincrement_column` of a primary key. */
function countsByItself(column: Column, keys: number, refers: boolean): boolean {
  if (column.autoincrement === true) return true
  if (column.autoincrement === false || keys !== 1 || !column.type.serial) return false
  return !column.hasDefault && !column.serverDefault && !column.computed && !refers && column.foreignKeys.length === 0
}

export function columnIn(value: Argument, at: Span): Column {
  const column = thingIn(value, 'column')
  if (column) return column
  throw new NotRead(value?.kind === 'unknown' ? value.why : 'the column is not read', placeOf(value, at))
}
