import { NotRead } from '../../code/given/not-read.ts'
import { listed, sqlAt } from '../../code/given/sql.ts'
import { isNull, isTrue, placeOf, textIn } from '../../code/given/value.ts'
import { joined, ofKind, type Text, textAt } from '../../code/text.ts'
import type { Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { inQuotes, listOf, literal, rawTextOf, withPrefix, wrapped } from './given.ts'
import { type Settings, since } from './settings.ts'

/** A command of a blueprint other than a column, with the modifiers after it: `onDelete`, `online`. */
export interface Command {
  readonly name: string
  at: Span
  readonly nameAt: Span
  readonly conditions: number
  readonly attributes: Map<string, Value>
  /** The columns, and the name of the index or constraint. */
  readonly columns: readonly Value[]
  readonly index: Text | null
}

/** The table for which commands are compiled. */
export interface OfTable {
  /** As the call gives it, without the prefix. */
  readonly name: Text
  /** Quoted, with the prefix. */
  readonly sql: Text
  readonly settings: Settings
}

const dropped = { dropPrimary: 'primary key', dropUnique: 'unique', dropForeign: 'foreign key' } as const

function said({ attributes }: Command, name: string): Value | undefined {
  const value = attributes.get(name)
  return isNull(value) ? undefined : value
}

function isSaid(command: Command, name: string): boolean {
  return isTrue(said(command, name), command.at)
}

function columnList(command: Command, after = ''): Text {
  const { columns, at, nameAt } = command
  return listed(
    columns.map(each => joined([wrapped(each, at, 'the column'), textAt(after, nameAt)])),
    nameAt,
  )
}

function indexName({ index, at }: Command): Text {
  if (!index) throw new NotRead('the name of the index is not known', at)
  return inQuotes(index)
}

/** The statements of a command (PostgresGrammar::compile…). */
export function commandSql(command: Command, table: OfTable): Text[] {
  const sql = sqlAt(command.nameAt)
  const { settings } = table
  const alter = sql`alter table ${table.sql}`
  switch (command.name) {
    case 'primary':
      return [sql`${alter} add primary key (${columnList(command)})`]
    case 'unique':
      return unique(command, table)
    case 'index':
      return [createIndex(command, table, word(command, 'algorithm'), columnList(command))]
    case 'spatialIndex': {
      const operators = since(settings, [12, 21]) ? word(command, 'operatorClass') : null
      return [createIndex(command, table, sql`gist`, withOperators(command, operators))]
    }
    case 'vectorIndex':
      if (!since(settings, [12, 47])) throw new NotRead('this version of Laravel has no vector indexes', command.at)
      return [createIndex(command, table, sql`hnsw`, withOperators(command, sql`vector_cosine_ops`))]
    case 'fulltext':
      return [fullText(command, table)]
    case 'foreign':
      return [foreign(command, table)]
    case 'dropColumn': {
      if (command.columns.length === 0) throw new NotRead('no column is named', command.at)
      const drops = command.columns.map(each => sql`drop column ${wrapped(each, command.at, 'the column')}`)
      return [sql`${alter} ${listed(drops, command.nameAt)}`]
    }
    case 'dropPrimary':
    case 'dropUnique':
    case 'dropForeign':
      return [ofKind(sql`${alter} drop constraint ${indexName(command)}`, dropped[command.name])]
    case 'dropIndex':
    case 'dropFullText':
    case 'dropSpatialIndex':
      return [sql`drop index ${indexName(command)}`]
    case 'drop':
      return [sql`drop table ${table.sql}`]
    case 'dropIfExists':
      return [sql`drop table if exists ${table.sql}`]
    case 'rename': {
      const to = textIn(said(command, 'to'), command.at, 'the name')
      return [sql`${alter} rename to ${inQuotes(withPrefix(to, settings.prefix, command.nameAt))}`]
    }
    case 'renameColumn':
    case 'renameIndex': {
      const [from, to] = ['from', 'to'].map(name => wrapped(said(command, name), command.at, 'the name'))
      if (!from || !to) return []
      if (command.name === 'renameIndex') return [sql`alter index ${from} rename to ${to}`]
      return [sql`${alter} rename column ${from} to ${to}`]
    }
    case 'tableComment': {
      if (!since(settings, [9, 0])) throw new NotRead('this version of Laravel has no comments on tables', command.at)
      const text = said(command, 'comment')
      return [
        sql`comment on table ${table.sql} is ${text ? literal(text, command.at, true) : textAt("''", command.nameAt)}`,
      ]
    }
    default:
      throw new NotRead(`\`${command.name}\` is not read yet`, command.at)
  }
}

/** A word of SQL that goes into the statement as it is; null: none. */
function word(command: Command, name: string): Text | null {
  const value = said(command, name)
  if (value === undefined) return null
  const text = rawTextOf(value) ?? textIn(value, command.at, `\`${name}\``)
  return text.pieces.length === 0 ? null : text
}

function withOperators(command: Command, operators: Text | null): Text {
  if (!operators) return columnList(command)
  const { columns, at, nameAt } = command
  return listed(
    columns.map(each => joined([wrapped(each, at, 'the column'), textAt(' ', nameAt), operators])),
    nameAt,
  )
}

function createIndex(command: Command, { sql: table, settings }: OfTable, method: Text | null, columns: Text): Text {
  const sql = sqlAt(command.nameAt)
  const using = method ? sql` using ${method}` : ''
  return sql`create index ${online(command, settings)}${indexName(command)} on ${table}${using} (${columns})`
}

function online(command: Command, settings: Settings): string {
  return since(settings, [12, 23]) && isSaid(command, 'online') ? 'concurrently ' : ''
}

function unique(command: Command, table: OfTable): Text[] {
  const { settings } = table
  const sql = sqlAt(command.nameAt)
  const name = indexName(command)
  const alter = sql`alter table ${table.sql} add constraint ${name}`
  const nulls = since(settings, [12, 3]) ? said(command, 'nullsNotDistinct') : undefined
  const distinct = nulls ? (isTrue(nulls, command.at) ? ' nulls not distinct' : ' nulls distinct') : ''
  const method = word(command, 'algorithm')
  const isApart = since(settings, [12, 23]) && (method !== null || isSaid(command, 'online'))
  const ending = since(settings, [9, 0]) ? deferral(command) : textAt('', command.nameAt)
  if (!isApart) return [sql`${alter} unique${distinct} (${columnList(command)})${ending}`]
  const using = method ? sql` using ${method}` : ''
  return [
    sql`create unique index ${online(command, settings)}${name} on ${table.sql}${using} (${columnList(command)})`,
    sql`${alter} unique using index ${name}${ending}`,
  ]
}

function deferral(command: Command): Text {
  const sql = sqlAt(command.nameAt)
  if (said(command, 'deferrable') === undefined) return sql``
  const isDeferrable = isSaid(command, 'deferrable')
  const initially = said(command, 'initiallyImmediate')
  if (!isDeferrable) return sql` not deferrable`
  if (initially === undefined) return sql` deferrable`
  return isTrue(initially, command.at) ? sql` deferrable initially immediate` : sql` deferrable initially deferred`
}

function fullText(command: Command, { sql: table, settings }: OfTable): Text {
  const sql = sqlAt(command.nameAt)
  const language = said(command, 'language')
  const tongue = language ? textIn(language, command.at, 'the language') : textAt('english', command.nameAt)
  const columns = command.columns.map(each => sql`to_tsvector('${tongue}', ${wrapped(each, command.at, 'the column')})`)
  const inside = listed(columns, command.nameAt, ' || ')
  return sql`create index ${online(command, settings)}${indexName(command)} on ${table} using gin ((${inside}))`
}

function foreign(command: Command, { sql: table, settings }: OfTable): Text {
  const { at, nameAt } = command
  const sql = sqlAt(nameAt)
  const [on, references] = [said(command, 'on'), said(command, 'references')]
  if (!on || !references) throw new NotRead('it refers to nothing', at)
  const target =
    rawTextOf(on) ?? inQuotes(withPrefix(textIn(on, placeOf(on, at), 'the table'), settings.prefix, nameAt))
  const columns = listed(
    listOf(references, at).map(each => wrapped(each, at, 'the column')),
    nameAt,
  )
  const parts = [
    sql`alter table ${table} add constraint ${indexName(command)} foreign key (${columnList(command)})`,
    sql` references ${target} (${columns})`,
  ]
  for (const [name, words] of [
    ['onDelete', ' on delete '],
    ['onUpdate', ' on update '],
  ] as const) {
    const action = said(command, name)
    if (action) parts.push(sql`${words}${textIn(action, placeOf(action, at), 'the action')}`)
  }
  parts.push(deferral(command))
  if (said(command, 'notValid') !== undefined) parts.push(sql` not valid`)
  return joined(parts)
}
