import { told } from '../../code/given/not-read.ts'
import { listed, sqlAt } from '../../code/given/sql.ts'
import { isNull, textIn } from '../../code/given/value.ts'
import type { Run } from '../../code/run.ts'
import { plain, type Text } from '../../code/text.ts'
import type { Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { attribute, type Column, isSet } from './attribute.ts'
import { changeSql, columnSql } from './column.ts'
import { type Command, commandSql, type OfTable } from './command.ts'
import { inQuotes, literal, madeName, withPrefix } from './given.ts'
import { type Settings, since } from './settings.ts'

/** The description of a table, until its end (Illuminate\Database\Schema\Blueprint). */
export interface Blueprint extends OfTable {
  readonly run: Run
  readonly isCreating: boolean
  isTemporary: boolean
  readonly columns: Column[]
  /** In the order of sending; columns are among them if they have their own statement. */
  readonly commands: (Command | Column)[]
  /** The call that describes the table. */
  readonly at: Span
  readonly nameAt: Span
  /** The number of unknown conditions around that call. */
  readonly conditions: number
}

export function newBlueprint(
  run: Run,
  settings: Settings,
  name: Text,
  place: { readonly at: Span; readonly nameAt: Span },
  isCreating: boolean,
): Blueprint {
  return {
    run,
    settings,
    name,
    sql: inQuotes(withPrefix(name, settings.prefix, place.nameAt)),
    isCreating,
    isTemporary: false,
    columns: [],
    commands: [],
    at: place.at,
    nameAt: place.nameAt,
    conditions: run.conditions,
  }
}

/** The name that Laravel makes for an index or a constraint. */
export function madeIndexName({ name, settings }: Blueprint, type: string, columns: readonly Value[], at: Span): Text {
  const texts = columns.map(each => textIn(each, at, 'the column'))
  return madeName([withPrefix(name, settings.prefix, at), ...texts], type, at)
}

/** The column or command is sent later: a condition around it is one around that SQL. */
export function described({ run, conditions }: Blueprint): void {
  if (run.conditions > conditions) run.promise()
}

/** Sends everything that was described (Blueprint::toSql). */
export function build(blueprint: Blueprint): void {
  const { settings, isCreating, columns, commands } = blueprint
  addFluentIndexes(blueprint)
  const notes = columns.map(column => comment(blueprint, column))
  if (isCreating) sendCreate(blueprint)
  else if (!since(settings, [11, 0])) {
    sendTogether(blueprint, true)
    sendTogether(blueprint, false)
  }
  // Before Laravel 10 they are a part of the statement for the columns.
  const isTogether = !since(settings, [10, 0])
  if (isTogether) for (const column of columns) start(blueprint, column)?.()
  for (const each of commands) {
    if ('index' in each) send(blueprint, each, () => commandSql(each, blueprint))
    else if (!isCreating && since(settings, [11, 0]))
      send(blueprint, each, () => [isSet(each, 'change') ? change(blueprint, [each]) : add(blueprint, [each])])
  }
  for (const [i, column] of columns.entries()) {
    if (!isTogether) start(blueprint, column)?.()
    notes[i]?.()
  }
}

/** The command may have been described under a condition. */
function send({ run, conditions }: Blueprint, what: Command | Column, make: () => readonly Text[]): void {
  const work = () =>
    told(run, what.at, () => {
      for (const sql of make()) run.send(sql, { at: what.at })
    })
  if (what.conditions <= conditions) work()
  else run.perhaps(work)
}

/** Blueprint::addFluentIndexes: the first of them counts. */
function addFluentIndexes(blueprint: Blueprint): void {
  for (const column of blueprint.columns)
    for (const kind of ['primary', 'unique', 'index', 'fulltext', 'fullText', 'spatialIndex', 'vectorIndex']) {
      const value = column.attributes.get(kind)
      if (value === undefined || isNull(value)) continue
      const isDropped = value.kind === 'plain' && value.value === false
      if (isDropped && !isSet(column, 'change')) continue
      const type =
        kind === 'fullText' ? 'fulltext' : kind === 'index' && column.type === 'vector' ? 'vectorIndex' : kind
      const own = value.kind === 'text' ? value : null
      told(blueprint.run, column.at, () => {
        const name = isDropped ? `drop${kind.charAt(0).toUpperCase()}${kind.slice(1)}` : type
        blueprint.commands.push({
          name,
          at: column.at,
          nameAt: column.nameAt,
          conditions: column.conditions,
          attributes: new Map(),
          columns: [column.name],
          index: own ?? madeIndexName(blueprint, type, [column.name], column.nameAt),
        })
      })
      break
    }
}

/** The first number of a column (compileAutoIncrementStartingValues); null: the default. */
function start(blueprint: Blueprint, column: Column): (() => void) | null {
  const { settings, name, sql: table } = blueprint
  const sql = sqlAt(column.nameAt)
  const first = attribute(column, 'startingValue') ?? attribute(column, 'from')
  if (!first || !isSet(column, 'autoIncrement') || isSilent(blueprint, column)) return null
  return () =>
    send(blueprint, column, () => {
      const value = textIn(first, column.at, 'the number')
      if (since(settings, [12, 51]))
        return [sql`select setval(pg_get_serial_sequence('${table}', '${column.name}'), ${value}, false)`]
      const short = since(settings, [11, 0]) ? settings.prefix + (plain(name).split('.').at(-1) ?? '') : plain(name)
      return [sql`alter sequence ${short}_${column.name}_seq restart with ${value}`]
    })
}

/** The comment of a column; null: it has none, and the comment does not change. */
function comment(blueprint: Blueprint, column: Column): (() => void) | null {
  const { settings, sql: table } = blueprint
  const sql = sqlAt(column.nameAt)
  const text = attribute(column, 'comment')
  if (isSilent(blueprint, column)) return null
  if (!text && !(isSet(column, 'change') && since(settings, [10, 0]))) return null
  return () =>
    send(blueprint, column, () => {
      const said = text ? literal(text, column.at, true) : 'NULL'
      return [sql`comment on column ${table}.${inQuotes(column.name)} is ${said}`]
    })
}

/** True for a change whose SQL Doctrine makes of the differences that it finds (Blueprint::addFluentCommands of Laravel 10). */
function isSilent({ settings }: Blueprint, column: Column): boolean {
  return isSet(column, 'change') && settings.asksDoctrine && since(settings, [10, 0])
}

function hasPrimary({ commands }: Blueprint): boolean {
  return commands.some(each => 'index' in each && each.name === 'primary')
}

function sendCreate(blueprint: Blueprint): void {
  const { run, settings, columns, sql: table, at, nameAt, conditions } = blueprint
  const parts = columns
    .filter(column => !isSet(column, 'change'))
    .flatMap(column => {
      if (column.conditions > conditions) run.unread(column.at, 'it is described under an unknown condition')
      return told(run, column.at, () => columnSql(column, settings, hasPrimary(blueprint))) ?? []
    })
  const words = blueprint.isTemporary ? 'create temporary' : 'create'
  run.send(sqlAt(nameAt)`${words} table ${table} (${listed(parts, nameAt)})`, { at })
}

/** Up to Laravel 10, all changes are one statement, and all new columns are another; the changes come first. */
function sendTogether(blueprint: Blueprint, isChange: boolean): void {
  const { columns, conditions, settings, run } = blueprint
  const own = columns.filter(column => isSet(column, 'change') === isChange)
  if (isChange && settings.asksDoctrine) {
    for (const { at } of own) run.unread(at, 'it compares with the table in the database (doctrine/dbal)')
    return
  }
  const make = isChange ? change : add
  const readable = own.filter(column => told(run, column.at, () => make(blueprint, [column])) !== null)
  const sure = readable.filter(column => column.conditions <= conditions)
  const [first] = sure
  const last = sure.at(-1)
  if (first && last) send(blueprint, { ...first, at: [first.at[0], last.at[1]] }, () => [make(blueprint, sure)])
  for (const column of readable)
    if (column.conditions > conditions) send(blueprint, column, () => [make(blueprint, [column])])
}

function add(blueprint: Blueprint, columns: readonly Column[]): Text {
  const [{ nameAt } = blueprint] = columns
  const sql = sqlAt(nameAt)
  const parts = columns.map(
    column => sqlAt(column.nameAt)`add column ${columnSql(column, blueprint.settings, hasPrimary(blueprint))}`,
  )
  return sql`alter table ${blueprint.sql} ${listed(parts, nameAt)}`
}

function change(blueprint: Blueprint, columns: readonly Column[]): Text {
  const [{ nameAt } = blueprint] = columns
  const parts = columns.map(column => changeSql(column, blueprint.settings))
  return sqlAt(nameAt)`alter table ${blueprint.sql} ${listed(parts, nameAt)}`
}
