import { NotRead } from '../../code/given/not-read.ts'
import { listed, sqlAt } from '../../code/given/sql.ts'
import { textIn } from '../../code/given/value.ts'
import { ofKind, type Text, textAt } from '../../code/text.ts'
import { known, type Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import {
  columnType,
  defaultOf,
  endOf,
  inQuotes,
  path,
  referenceName,
  referenceSql,
  referenceType,
  string,
  type TableName,
} from './column.ts'
import { type Described, described, type Options } from './described.ts'
import { flag, isNil, optionsIn, textOf } from './given.ts'
import type { Settings } from './settings.ts'

/** A command in a block of `create table` or `alter table`. */
export interface Change {
  readonly what: 'add' | 'add_if_not_exists' | 'modify' | 'remove' | 'remove_if_exists'
  readonly column: Text
  readonly type: Value | undefined
  readonly options: Options
  readonly at: Span
}

type Table = Extract<Described, { kind: 'table' }>

const tableOptions = ['primary_key', 'prefix', 'comment', 'options', 'modifiers', 'engine']

export function nameOf(table: Table, at: Span): TableName {
  return { prefix: textOf(table.options, 'prefix', at), name: table.name }
}

/** `execute_ddl({:create, table, columns})` */
export function createTable(
  table: Table,
  changes: readonly Change[],
  exists: boolean,
  settings: Settings,
  at: Span,
): Text[] {
  const sql = sqlAt(at)
  const { options } = table
  for (const name of options.keys())
    if (!tableOptions.includes(name)) throw new NotRead(`its option \`${name}\` is not read`, at)
  const name = nameOf(table, at)
  const all = [...primaryKey(table, settings, at), ...changes]
  const parts = all.flatMap(change => definition(change, name, settings))
  const keys = all.filter(({ options: own }) => flag(own, 'primary_key', at)).map(({ column }) => inQuotes(column))
  if (keys.length > 0) parts.push(sql`PRIMARY KEY (${listed(keys, at)})`)
  const modifiers = textOf(options, 'modifiers', at)
  const end = options.get('options')
  const own = end && !isNil(end) ? sql` ${textIn(end, at, '`options`')}` : ''
  const start = sql`CREATE ${modifiers ? sql`${modifiers} ` : ''}TABLE ${exists ? 'IF NOT EXISTS ' : ''}`
  return [sql`${start}${path(name, at)} (${listed(parts, at)})${own}`, ...comments(table, all, name, at)]
}

function comments({ options }: Table, changes: readonly Change[], name: TableName, at: Span): Text[] {
  const sql = sqlAt(at)
  const comment = textOf(options, 'comment', at)
  const own = comment ? [sql`COMMENT ON TABLE ${path(name, at)} IS ${string(comment, at)}`] : []
  for (const { column, options: each, at: place } of changes) {
    const text = textOf(each, 'comment', place)
    if (text)
      own.push(sqlAt(place)`COMMENT ON COLUMN ${path(name, place)}.${inQuotes(column)} IS ${string(text, place)}`)
  }
  return own
}

/** The primary key that a table gets by default. */
function primaryKey({ options }: Table, settings: Settings, at: Span): Change[] {
  const said = options.get('primary_key')
  if (said?.kind === 'plain' && said.value === false) return []
  if (said === undefined && settings.primaryKey === null) return []
  const isAsked = said === undefined || (said.kind === 'plain' && said.value === true)
  const own = isAsked ? new Map<string, Value>() : optionsIn(said, null, at)
  const all = new Map([...(settings.primaryKey ?? []), ...own])
  const column = textOf(all, 'name', at) ?? textAt('id', at)
  const type = all.get('type') ?? textAt('bigserial', at)
  all.delete('name')
  all.delete('type')
  return [{ what: 'add', column, type, options: new Map([...all, ['primary_key', known(true, at)]]), at }]
}

/** `column_definition`, followed by the constraint of a reference. */
function definition({ column, type, options, at }: Change, table: TableName, settings: Settings): Text[] {
  const sql = sqlAt(at)
  const reference = described(type, 'reference')
  if (reference) {
    const own = referenceType(reference, options, settings, at)
    const end = endOf(options, reference.options.get('type') ?? textAt('bigserial', at), at)
    return [sql`${inQuotes(column)} ${own}${end}`, referenceSql(reference, table, column, settings, at)]
  }
  if (type === undefined) throw new NotRead('the column has no type', at)
  return [sql`${inQuotes(column)} ${columnType(type, options, at)}${endOf(options, type, at)}`]
}

/** `execute_ddl({:alter, table, changes})`: one statement for all of them. */
export function alterTable(table: Table, changes: readonly Change[], settings: Settings, at: Span): Text[] {
  const sql = sqlAt(at)
  const name = nameOf(table, at)
  const parts = changes.flatMap(change => changed(change, name, settings))
  const keys = changes
    .filter(({ what, options }) => /^add/.test(what) && flag(options, 'primary_key', at))
    .map(({ column }) => inQuotes(column))
  if (keys.length > 0) parts.push(sql`ADD PRIMARY KEY (${listed(keys, at)})`)
  if (parts.length === 0) return []
  return [
    sql`ALTER TABLE ${path(name, at)} ${listed(parts, at)}`,
    ...comments({ ...table, options: new Map() }, changes, name, at),
  ]
}

/** `column_change` */
function changed(change: Change, table: TableName, settings: Settings): Text[] {
  const { what, column, type, options, at } = change
  const sql = sqlAt(at)
  const name = inQuotes(column)
  const reference = described(type, 'reference')
  switch (what) {
    case 'add':
    case 'add_if_not_exists': {
      const [first, ...others] = definition(change, table, settings)
      const exists = what === 'add' ? '' : 'IF NOT EXISTS '
      return [sql`ADD COLUMN ${exists}${first ?? ''}`, ...others.map(each => sql`ADD ${each}`)]
    }
    case 'remove':
    case 'remove_if_exists': {
      const exists = what === 'remove' ? '' : 'IF EXISTS '
      const key = reference
        ? [
            ofKind(
              sql`DROP CONSTRAINT ${exists}${inQuotes(referenceName(reference, table, column, at))}`,
              'foreign key',
            ),
          ]
        : []
      return [...key, sql`DROP COLUMN ${exists}${name}`]
    }
    default: {
      if (type === undefined) throw new NotRead('the column has no type', at)
      const from = options.get('from')
      const old = described(from?.kind === 'list' ? from.items[0] : from, 'reference')
      const parts = old
        ? [ofKind(sql`DROP CONSTRAINT ${inQuotes(referenceName(old, table, column, at))}`, 'foreign key')]
        : []
      const own = reference ? referenceType(reference, options, settings, at) : columnType(type, options, at)
      const collation = textOf(options, 'collation', at)
      parts.push(sql`ALTER COLUMN ${name} TYPE ${own}${collation ? sql` COLLATE ${inQuotes(collation)}` : ''}`)
      if (reference) parts.push(sql`ADD ${referenceSql(reference, table, column, settings, at)}`)
      const isNull = flag(options, 'null', at)
      if (isNull !== null) parts.push(sql`ALTER COLUMN ${name} ${isNull ? 'DROP' : 'SET'} NOT NULL`)
      if (options.has('default')) parts.push(sql`ALTER COLUMN ${name} SET${defaultOf(options, type, at)}`)
      return parts
    }
  }
}

/** The changes that revert a block of changes; null: it cannot be reverted. */
export function reversed(changes: readonly Change[]): Change[] | null {
  const back: Change[] = []
  for (const change of [...changes].reverse()) {
    const { what, type, options } = change
    const from = options.get('from')
    if (what === 'add') back.push({ ...change, what: 'remove' })
    else if (what === 'add_if_not_exists') back.push({ ...change, what: 'remove_if_exists' })
    else if (what === 'remove' && type !== undefined) back.push({ ...change, what: 'add' })
    else if (what === 'modify' && from !== undefined) {
      const [old, more] = from.kind === 'list' && from.items[1]?.kind === 'record' ? from.items : [from]
      const own = more?.kind === 'record' ? new Map(more.entries) : new Map<string, Value>()
      if (type) own.set('from', type)
      back.push({ ...change, type: old, options: own })
    } else return null
  }
  return back
}

/** The columns of `timestamps()`. */
export function timestamps(value: Value | undefined, settings: Settings, at: Span): Change[] {
  const options = new Map([...settings.timestamps, ...optionsIn(value, null, at)])
  const type = options.get('type') ?? textAt('naive_datetime', at)
  const others = new Map([...options].filter(([name]) => !['inserted_at', 'updated_at', 'type'].includes(name)))
  if (!others.has('null')) others.set('null', known(false, at))
  return ['inserted_at', 'updated_at'].flatMap((name): Change[] => {
    const said = options.get(name)
    if (said?.kind === 'plain' && said.value === false) return []
    const column = said === undefined ? textAt(name, at) : textIn(said, at, 'the name of the column')
    return [{ what: 'add', column, type, options: others, at }]
  })
}
