import { NotRead } from '../../code/given/not-read.ts'
import { isNull, placeOf } from '../../code/given/value.ts'
import { joined, plain, type Text, textAt } from '../../code/text.ts'
import { record, type Value } from '../../code/value.ts'
import { append } from '../../parse/list.ts'
import { without } from './command.ts'
import { defaultOf, literal } from './default.ts'
import type { Operation } from './given.ts'
import { column, commas, type Given, isSet, namesIn, table } from './given.ts'
import { nameOfIndex } from './name.ts'
import { type ColumnType, isOption, numberOf, typeIn, typeToSql } from './type.ts'

type Options = ReadonlyMap<string, Value>

/** Options of a column: ColumnDefinition::OPTION_NAMES, and those of PostgreSQL. */
const known = new Set(
  'limit precision scale default null collation comment primary_key if_exists if_not_exists array using cast_as as type enum_type stored first after'.split(
    ' ',
  ),
)

/** Rails 7.1 refuses unknown options; earlier versions ignore them. */
function checkOptions(given: Given, options: Options): void {
  for (const [name, value] of options) {
    if (known.has(name)) continue
    if (given.version >= 7.1 || name === 'auto_increment')
      throw new NotRead(`Rails has no option \`${name}\` of a column`, placeOf(value, given.at))
  }
}

export interface ColumnOf {
  readonly name: Text
  readonly type: ColumnType
  readonly options: Options
}

/** `new_column_definition`: an automatic primary key has a sequence, and is never null. */
function definitionOf(given: Given, { name, type, options }: ColumnOf): ColumnOf {
  const isKey = type.name === 'primary_key' || isOption(options, 'primary_key', given.at)
  const actual = type.name === 'virtual' ? typeIn(options.get('type'), given.at) : type
  if (!isKey) return { name, type: actual, options }
  const counts = /^(?:integer|bigint)$/.test(actual.name) && !options.has('default')
  const isLarge = actual.name === 'bigint' || numberOf(options, 'limit', given.at) === 8
  const serial = isLarge ? 'bigserial' : 'serial'
  const own = counts ? { name: serial, text: textAt(serial, placeOf(actual.text, given.at)) } : actual
  const notNull = { kind: 'plain', value: false, at: given.at } as const
  return { name, type: own, options: without(options, counts ? ['limit'] : [], { null: notNull }) }
}

/** `visit_ColumnDefinition`, with its type. */
export function columnSql(given: Given, of: ColumnOf): { readonly sql: Text; readonly type: string } {
  checkOptions(given, of.options)
  const { name, type, options } = definitionOf(given, of)
  const typeSql = typeToSql(given, type, options)
  const parts = [column(name), typeSql]
  if (type.name !== 'primary_key') append(parts, optionsSql(given, options, plain(typeSql)))
  return { sql: joined(parts, given.words(' ')), type: plain(typeSql) }
}

function optionsSql(given: Given, options: Options, type: string): Text[] {
  const { sql, at } = given
  const parts: Text[] = []
  const text = (name: string): Text | null => {
    const value = options.get(name)
    if (!value || isNull(value)) return null
    if (value.kind === 'text') return value
    throw new NotRead(value.kind === 'unknown' ? value.why : `the option \`${name}\` is not a text`, placeOf(value, at))
  }
  const collation = text('collation')
  if (collation) parts.push(sql`COLLATE "${collation}"`)
  const generated = text('as')
  if (generated)
    parts.push(sql`GENERATED ALWAYS AS (${generated}) ${isOption(options, 'stored', at) ? 'STORED' : 'VIRTUAL'}`)
  const value = options.get('default')
  const isRequired = isFalse(options.get('null'))
  if (value && !(isRequired && isNull(value))) parts.push(sql`DEFAULT ${defaultOf(given, value, type)}`)
  if (isRequired) parts.push(sql`NOT NULL`)
  if (isOption(options, 'primary_key', at)) parts.push(sql`PRIMARY KEY`)
  return parts
}

function isFalse(value: Value | undefined): boolean {
  if (value?.kind === 'unknown') throw new NotRead(value.why, value.at)
  return value?.kind === 'plain' && value.value === false
}

/** `COMMENT ON COLUMN`, if the call has the option. */
export function commentOn(given: Given, name: Text, column_: Text, options: Options): Text[] {
  const value = options.get('comment')
  if (value === undefined) return []
  return [given.sql`COMMENT ON COLUMN ${table(name, given.at)}.${column(column_)} IS ${commentOf(given, value)}`]
}

export function commentOf(given: Given, value: Value): Text {
  if (isNull(value)) return given.words('NULL')
  if (value.kind !== 'text')
    throw new NotRead(value.kind === 'unknown' ? value.why : 'the comment is not a text', placeOf(value, given.at))
  return literal(value, given.at)
}

export function addColumn(given: Given, name: Text, of: ColumnOf): void {
  const { sql, session } = given
  const isV5 = given.version <= 5 && of.type.name === 'primary_key'
  const own: ColumnOf = isV5
    ? {
        ...of,
        type: { ...of.type, name: 'integer' },
        options: without(of.options, [], { primary_key: { kind: 'plain', value: true, at: given.at } }),
      }
    : of
  const made = columnSql(given, own)
  const isThere = isOption(of.options, 'if_not_exists', given.at) ? hasColumn(given, name, of.name) : false
  if (isThere) return
  const words = isThere === null ? 'ADD COLUMN IF NOT EXISTS' : 'ADD'
  session.alter(given, name, [sql`${words} ${made.sql}`], commentOn(given, name, of.name, of.options))
  session.catalog.known(plain(name)).columns.set(plain(of.name), made.type)
}

/** Whether the column exists, which Rails asks the database; null: unknown. */
function hasColumn(given: Given, name: Text, of: Text): boolean | null {
  return given.session.catalog.has(plain(name), ({ columns: all }) => all.has(plain(of)))
}

/** The SQL that drops a column; empty if it does not exist and the call allows that. */
export function removeColumn(given: Given, name: Text, removed: Text, options: Options): Text[] {
  const isThere = isOption(options, 'if_exists', given.at) ? hasColumn(given, name, removed) : true
  if (isThere === false) return []
  const found = given.session.catalog.table(plain(name))
  const gone = plain(removed)
  found?.columns.delete(gone)
  for (const list of [found?.indexes, found?.keys])
    for (let i = (list?.length ?? 0) - 1; i >= 0; i--) if (list?.[i]?.columns.includes(gone)) list.splice(i, 1)
  return [given.sql`DROP COLUMN ${isThere ? '' : 'IF EXISTS '}${column(removed)}`]
}

/** The type of a column in SQL, if an earlier migration shows it. */
function typeOf(given: Given, name: Text, of: Text): string | null {
  return given.session.catalog.table(plain(name))?.columns.get(plain(of)) ?? null
}

const add: Operation = given => {
  const { args, options } = given.command
  const name = given.name(0, 'the table')
  addColumn(given, name, { name: given.name(1, 'the column'), type: typeIn(args[2], given.at), options })
  return undefined
}

const addSeveral: Operation = given => {
  const { args, options } = given.command
  const name = given.name(0, 'the table')
  for (const each of args.slice(1))
    for (const own of namesIn(each, given.at, 'the column'))
      addColumn(given, name, {
        name: own,
        type: typeIn(options.get('type'), given.at),
        options: without(options, ['type']),
      })
  return undefined
}

const remove: Operation = given => {
  const name = given.name(0, 'the table')
  given.session.alter(given, name, removeColumn(given, name, given.name(1, 'the column'), given.command.options))
  return undefined
}

const removeSeveral: Operation = given => {
  const name = given.name(0, 'the table')
  const { args, options } = given.command
  const names = args.slice(1).flatMap(each => namesIn(each, given.at, 'the column'))
  const actions = names.flatMap(each => removeColumn(given, name, each, options))
  if (given.session.settings.rails >= 7) given.session.alter(given, name, actions)
  else for (const action of actions) given.session.alter(given, name, [action])
  return undefined
}

/** `change_column`: always the type; the default and NOT NULL if the call gives them. */
const change: Operation = given => {
  const { sql, session } = given
  const { args, options } = given.command
  const [name, own] = [given.name(0, 'the table'), given.name(1, 'the column')]
  checkOptions(given, options)
  const { type } = definitionOf(given, { name: own, type: typeIn(args[2], given.at), options })
  const typeSql = typeToSql(given, type, options)
  const quoted = column(own)
  const parts = [sql`ALTER COLUMN ${quoted} TYPE ${typeSql}`]
  const collation = given.text('collation')
  if (collation) parts.push(sql` COLLATE "${collation}"`)
  const [using, castAs] = [given.text('using'), given.option('cast_as')]
  if (using) parts.push(sql` USING ${using}`)
  else if (castAs)
    parts.push(
      sql` USING CAST(${quoted} AS ${typeToSql(given, typeIn(castAs, given.at), without(options, ['array']))})`,
    )
  const more: Text[] = []
  const value = options.get('default')
  if (value) more.push(changedDefault(given, own, value, plain(typeSql)))
  const isNullable = options.get('null')
  if (isNullable) more.push(sql`ALTER COLUMN ${quoted} ${isSet(isNullable, given.at) ? 'DROP' : 'SET'} NOT NULL`)
  const after = commentOn(given, name, own, options)
  session.catalog.known(plain(name)).columns.set(plain(own), plain(typeSql))
  if (given.version > 5.1) session.alter(given, name, [commas([joined(parts), ...more], given.at)], after)
  else {
    session.alter(given, name, [joined(parts)])
    if (value && more[0]) session.alter(given, name, [more[0]])
    if (isNullable) changeNull(given, name, own, isNullable, value)
    session.alter(given, name, [], after)
  }
  return undefined
}

function changedDefault(given: Given, own: Text, value: Value, type: string | null): Text {
  if (isNull(value)) return given.sql`ALTER COLUMN ${column(own)} DROP DEFAULT`
  return given.sql`ALTER COLUMN ${column(own)} SET DEFAULT ${defaultOf(given, value, type)}`
}

/** With a value, rows without one get it first. */
function changeNull(given: Given, name: Text, own: Text, isNullable: Value, value: Value | undefined): void {
  const { sql, session } = given
  const isSetNull = isSet(isNullable, given.at)
  const action = sql`ALTER COLUMN ${column(own)} ${isSetNull ? 'DROP' : 'SET'} NOT NULL`
  if (isSetNull || !value || isNull(value)) return session.alter(given, name, [action])
  const quoted = table(name, given.at)
  const set = sql`UPDATE ${quoted} SET ${column(own)}=${defaultOf(given, value, typeOf(given, name, own))} WHERE ${column(own)} IS NULL`
  session.alter(given, name, [], [set, sql`ALTER TABLE ${quoted} ${action}`])
}

const changeOfNull: Operation = given => {
  const isNullable = given.command.args[2]
  if (!isNullable) throw new NotRead('the call does not say whether the column may be null', given.at)
  if (isNullable.kind === 'unknown') throw new NotRead(isNullable.why, isNullable.at)
  changeNull(given, given.name(0, 'the table'), given.name(1, 'the column'), isNullable, given.command.args[3])
  return undefined
}

const changeOfDefault: Operation = given => {
  const { args, options } = given.command
  const [name, own] = [given.name(0, 'the table'), given.name(1, 'the column')]
  const changes = options.has('from') && options.has('to') ? options.get('to') : undefined
  const value = changes ?? args[2] ?? record(options, given.at)
  given.session.alter(given, name, [changedDefault(given, own, value, typeOf(given, name, own))])
  return undefined
}

const rename: Operation = given => {
  const { sql, session } = given
  const [name, from, to] = [given.name(0, 'the table'), given.name(1, 'the column'), given.name(2, 'the new name')]
  given.send(sql`ALTER TABLE ${table(name, given.at)} RENAME COLUMN ${column(from)} TO ${column(to)}`)
  const found = session.catalog.known(plain(name))
  found.columns.set(plain(to), found.columns.get(plain(from)) ?? null)
  found.columns.delete(plain(from))
  for (const [i, index] of found.indexes.entries()) {
    if (typeof index.columns === 'string' || !index.columns.includes(plain(from))) continue
    const now = index.columns.map(each => (each === plain(from) ? plain(to) : each))
    const isDefault = index.name === nameOfIndex(plain(name), index.columns, 7.1)
    const next = isDefault ? nameOfIndex(plain(name), now, 7.1) : index.name
    if (isDefault) given.send(sql`ALTER INDEX "${index.name}" RENAME TO "${next}"`)
    found.indexes[i] = { name: next, columns: now }
  }
  return undefined
}

/** `add_timestamps`. Before Migration[5.0] they may be null, and before Migration[6.0] they have no precision. */
function timestampOptions(given: Given, options: Options): Options {
  const at = given.at
  const nullable = options.get('null')
  const isGiven = nullable !== undefined && !isNull(nullable)
  const precision = { kind: 'plain', value: 6, at } as const
  return without(options, [], {
    ...(!isGiven && { null: { kind: 'plain', value: given.version < 5, at } }),
    ...(given.version >= 6 && !options.has('precision') && { precision }),
  })
}

export function timestamps(given: Given, options: Options): ColumnOf[] {
  const own = timestampOptions(given, options)
  const type: ColumnType = { name: 'datetime', text: given.words('datetime') }
  return ['created_at', 'updated_at'].map(name => ({ name: given.words(name), type, options: own }))
}

const addTimestamps: Operation = given => {
  const name = given.name(0, 'the table')
  const columns = timestamps(given, given.command.options)
  if (given.session.settings.rails < 7) for (const each of columns) addColumn(given, name, each)
  else {
    const made = columns.map(each => ({ each, ...columnSql(given, each) }))
    const found = given.session.catalog.known(plain(name))
    for (const { each, type } of made) found.columns.set(plain(each.name), type)
    const words = given.is('if_not_exists') ? 'ADD COLUMN IF NOT EXISTS' : 'ADD'
    given.session.alter(
      given,
      name,
      made.map(({ sql }) => given.sql`${words} ${sql}`),
    )
  }
  return undefined
}

const removeTimestamps: Operation = given => {
  const name = given.name(0, 'the table')
  const actions = ['updated_at', 'created_at'].flatMap(each =>
    removeColumn(given, name, given.words(each), given.command.options),
  )
  if (given.session.settings.rails >= 7) given.session.alter(given, name, actions)
  else for (const action of actions) given.session.alter(given, name, [action])
  return undefined
}

export const columns: Readonly<Record<string, Operation>> = {
  add_column: add,
  add_columns: addSeveral,
  remove_column: remove,
  remove_columns: removeSeveral,
  change_column: change,
  change_column_null: changeOfNull,
  change_column_default: changeOfDefault,
  rename_column: rename,
  add_timestamps: addTimestamps,
  remove_timestamps: removeTimestamps,
}
