import { listed, sqlAt } from '../../code/given/sql.ts'
import { isTrue, listIn, optionsIn, placeOf, recordIn, textIf, textIn } from '../../code/given/value.ts'
import { cut, joined, noted, plain, type Text, textAt } from '../../code/text.ts'
import { type Call, entry, type Value } from '../../code/value.ts'
import { append } from '../../parse/list.ts'
import type { Span } from '../../parse/span.ts'
import { type Column, changedFirst, columnIn, enumCreation, keyText, mapped, nameIn } from './column.ts'
import { identifier, inQuotes, quotedTable, type TableName, tableIn, tableInSchema } from './name.ts'

/** Tables and their columns: `createTableQuery` and related functions of src/dialects/postgres/query-generator.js. Each text is one message. */

export function createTable({ args: [named, attributes, given], at, nameAt }: Call): Text[] {
  const sql = sqlAt(nameAt)
  const options = optionsIn(given, at)
  const bare = tableIn(named, at)
  const schema = textIf(entry(options, 'schema'), at)
  const table = bare.schema ? bare : { ...bare, schema }
  const all = [...recordIn(attributes, at, 'the columns').entries].map(([name, value]) =>
    columnIn(value, keyText(name, value, at), { table, kind: 'createTable', at }),
  )
  // Of two columns with the same `field` the later one counts.
  const columns = [...new Map(all.map(column => [plain(column.name), column])).values()]
  const types = all.flatMap(column => (column.values ? [enumCreation(column, table)] : []))
  const quoted = quotedTable(table, nameAt)
  const tableComment = textIf(entry(options, 'comment'), at)
  const comments = tableComment ? [sql`; COMMENT ON TABLE ${quoted} IS ${inQuotes(tableComment, "'", nameAt)}`] : []
  const parts: Text[] = []
  const keys: Text[] = []
  for (const column of columns) {
    const [definition, comment] = commentApart(column)
    const name = identifier(column.name, column.at)
    if (comment) comments.push(sql`; COMMENT ON COLUMN ${quoted}.${name} IS ${inQuotes(comment, "'", column.at)}`)
    parts.push(joined([name, textAt(' ', column.at), mapped({ ...column, sql: definition }, table)]))
    if (plain(definition).includes('PRIMARY KEY')) keys.push(name)
  }
  append(parts, uniqueKeys(options, at, nameAt))
  if (keys.length > 0) parts.push(sql`PRIMARY KEY (${listed(keys, nameAt)})`)
  return [...types, sql`CREATE TABLE IF NOT EXISTS ${quoted} (${listed(parts, nameAt)})${joined(comments)};`]
}

/** `attributeToSQL` of `createTable` puts the comment at the end of the definition. */
function commentApart({ sql }: Column): [Text, Text | null] {
  const start = plain(sql).indexOf('COMMENT ')
  return start < 0 ? [sql, null] : [cut(sql, 0, start), cut(sql, start + 8)]
}

function uniqueKeys(options: Value | undefined, at: Span, nameAt: Span): Text[] {
  const keys = entry(options, 'uniqueKeys')
  if (!keys) return []
  const all =
    keys.kind === 'list' ? listIn(keys, at, '`uniqueKeys`') : [...recordIn(keys, at, '`uniqueKeys`').entries.values()]
  return all.flatMap(key => {
    const own = recordIn(key, at, 'a unique key')
    if (entry(own, 'customIndex') && !isTrue(entry(own, 'customIndex'), at)) return []
    const fields = listIn(entry(own, 'fields'), at, '`fields`').map(field => identifier(nameIn(field, at), at))
    return [sqlAt(placeOf(own, nameAt))`UNIQUE (${listed(fields, nameAt)})`]
  })
}

export function dropTable({ args: [named, given], at, nameAt }: Call): Text[] {
  const options = optionsIn(given, at)
  const cascade = isTrue(entry(options, 'cascade'), at) || isTrue(entry(options, 'force'), at) ? ' CASCADE' : ''
  return [sqlAt(nameAt)`DROP TABLE IF EXISTS ${quotedTable(tableIn(named, at), nameAt)}${textAt(cascade, nameAt)};`]
}

export function renameTable({ args: [before, after], at, nameAt }: Call): Text[] {
  const [old, name] = [before, after].map(each => quotedTable(tableIn(each, at), nameAt))
  return old && name ? [sqlAt(nameAt)`ALTER TABLE ${old} RENAME TO ${name};`] : []
}

export function addColumn({ args: [named, key, value], at, nameAt }: Call): Text[] {
  const table = tableIn(named, at)
  const column = columnIn(value, nameIn(key, at), { table, kind: 'addColumn', at })
  const name = identifier(column.name, nameAt)
  const added = sqlAt(nameAt)`ALTER TABLE ${tableInSchema(table, nameAt)} ADD COLUMN ${name} ${mapped(column, table)};`
  return [column.values ? joined([enumCreation(column, table), added]) : added]
}

export function removeColumn({ args: [named, key], at, nameAt }: Call): Text[] {
  const table = tableInSchema(tableIn(named, at), nameAt)
  return [sqlAt(nameAt)`ALTER TABLE ${table} DROP COLUMN ${identifier(nameIn(key, at), nameAt)};`]
}

/** It first asks the database for the column. */
export function renameColumn({ args: [named, before, after], at, nameAt }: Call): Text[] {
  const table = quotedTable(tableIn(named, at), nameAt)
  const [old, name] = [before, after].map(each => identifier(nameIn(each, at), nameAt))
  return old && name ? [sqlAt(nameAt)`ALTER TABLE ${table} RENAME COLUMN ${old} TO ${name};`] : []
}

const lost = 'Sequelize drops NOT NULL and the default of a column unless `changeColumn` repeats them.'

/** `changeColumnQuery`: drops NOT NULL and the default unless the description repeats them. */
export function changeColumn({ args: [named, key, value], at, nameAt }: Call): Text[] {
  const table = tableIn(named, at)
  const column = columnIn(value, nameIn(key, at), { table, kind: 'changeColumn', at })
  const name = identifier(column.name, nameAt)
  const sql = sqlAt(nameAt)
  const alter = sql`ALTER TABLE ${quotedTable(table, nameAt)}`
  const parts: Text[] = []
  let definition = mapped(column, table)
  const has = (word: string) => plain(definition).includes(word)
  const none = () => textAt('', nameAt)
  if (has('NOT NULL')) {
    parts.push(sql`${alter} ALTER COLUMN ${name} SET NOT NULL;`)
    definition = changedFirst(definition, 'NOT NULL', none)
  } else if (!has('REFERENCES')) parts.push(noted(sql`${alter} ALTER COLUMN ${name} DROP NOT NULL;`, lost))
  if (has('DEFAULT')) {
    const start = plain(definition).indexOf('DEFAULT')
    const found = plain(definition).indexOf(';', start)
    const end = found < 0 ? plain(definition).length : found
    parts.push(sql`${alter} ALTER COLUMN ${name} SET DEFAULT ${cut(definition, start + 8, end)};`)
    definition = joined([cut(definition, 0, start), cut(definition, end)])
  } else if (!has('REFERENCES')) parts.push(noted(sql`${alter} ALTER COLUMN ${name} DROP DEFAULT;`, lost))
  if (plain(column.sql).startsWith('ENUM(')) {
    parts.push(enumCreation(column, table, true))
    definition = sql`${definition} USING (${name}::${enumOf(column, table)})`
  }
  const isUnique = /UNIQUE;*$/.exec(plain(definition))
  if (isUnique) {
    definition = cut(definition, 0, isUnique.index)
    parts.push(sql`${alter} ADD UNIQUE (${name});`)
  }
  if (has('REFERENCES')) {
    const references = cut(definition, plain(definition).indexOf('REFERENCES'))
    parts.push(sql`${alter} ADD FOREIGN KEY (${name}) ${references};`)
  } else parts.push(sql`${alter} ALTER COLUMN ${name} TYPE ${definition};`)
  return [joined(parts)]
}

/** Only the name of its type. */
function enumOf(column: Column, table: TableName): Text {
  return mapped({ ...column, sql: textAt('ENUM()', column.at) }, table)
}

export function createSchema({ args, at, nameAt }: Call): Text[] {
  return [sqlAt(nameAt)`CREATE SCHEMA IF NOT EXISTS ${identifier(textIn(args[0], at, 'the schema'), nameAt)};`]
}

export function dropSchema({ args, at, nameAt }: Call): Text[] {
  return [sqlAt(nameAt)`DROP SCHEMA IF EXISTS ${identifier(textIn(args[0], at, 'the schema'), nameAt)} CASCADE;`]
}

export function dropEnum({ args, at, nameAt }: Call): Text[] {
  return [sqlAt(nameAt)`DROP TYPE IF EXISTS ${identifier(textIn(args[0], at, 'the type'), nameAt)};`]
}
