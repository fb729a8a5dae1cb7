import { NotRead } from '../../code/given/not-read.ts'
import type { Options } from '../../code/given/options.ts'
import { listed } from '../../code/given/sql.ts'
import { type Argument, isTrue, itemsOf, placeOf } from '../../code/given/value.ts'
import { changed, plain, type Text } from '../../code/text.ts'
import { entry, record, type Value } from '../../code/value.ts'
import { type Given, literalOf, type Operation, textIf, textOf } from './given.ts'

/** `generateIndexName` of src/operations/indexes/shared.ts. */
function indexName(given: Given, table: Argument, columns: readonly Value[], options: Options): Text {
  const { sql, at } = given
  const place = placeOf(table, at)
  const [schema, own] = [entry(table, 'schema'), entry(table, 'name')]
  const inSchema = (name: Value) =>
    given.name(schema ? record([['schema', schema] as const, ['name', name] as const], place) : name)
  if (options.is('name')) {
    const name = options.get('name')
    return name && own && schema?.kind === 'text' ? inSchema(name) : given.name(name)
  }
  const words = columns.map(column => {
    if (literalOf(column)) throw new NotRead('node-pg-migrate needs a name for this index', placeOf(column, at))
    return given.bare(column.kind === 'record' ? entry(column, 'name') : column)
  })
  const unique = options.is('unique') ? '_unique' : ''
  return inSchema(sql`${textOf(own ?? table, at)}_${listed(words, at, '_')}${unique}_index`)
}

/** `generateColumnString` of the same file. */
function columnText(given: Given, column: Argument): Text {
  const literal = literalOf(column)
  if (literal) return textOf(literal, given.at)
  const name = given.bare(column)
  const word = plain(name)
  if (!/[^\w".]/.test(word)) return given.name(name)
  return word.endsWith(')') ? name : given.sql`(${name})`
}

const createIndex: Operation = (given, table, rawColumns, value) => {
  const { sql, at } = given
  const options = given.options(value)
  const unique = options.when('unique', ' UNIQUE')
  if (options.is('nulls') && unique === '')
    throw new NotRead('node-pg-migrate refuses `nulls` of an index that is not unique', at)
  const columns = itemsOf(rawColumns, at)
  const parts = columns.map(column => {
    if (column.kind !== 'record' || literalOf(column)) return columnText(given, column)
    const own = given.options(column)
    const opclass = own.is('opclass') ? [given.name(own.get('opclass'))] : []
    const sort = own.get('sort')
    const words = sort?.kind === 'text' && isTrue(sort, at) ? [sort] : []
    if (sort?.kind === 'unknown') throw new NotRead(sort.why, sort.at)
    return listed([columnText(given, own.get('name')), ...opclass, ...words], at, ' ')
  })
  const words = (name: string, before: string) => {
    const text = textIf(options.get(name), at)
    return text ? sql`${before}${text}` : sql``
  }
  const include = options.is('include') ? sql` INCLUDE (${given.names(options.get('include'))})` : sql``
  const nulls = changed(words('nulls', ' NULLS '), text => text.toUpperCase())
  const concurrently = options.when('concurrently', ' CONCURRENTLY')
  const bareTable = table?.kind === 'record' ? (entry(table, 'name') ?? table) : table
  const head = sql`CREATE${unique} INDEX${concurrently}${options.when('ifNotExists', ' IF NOT EXISTS')}`
  const on = sql`${given.name(table)}${words('method', ' USING ')} (${listed(parts, at)})`
  return sql`${head} ${indexName(given, bareTable, columns, options)} ON ${on}${include}${nulls}${words('where', ' WHERE ')};`
}

const dropIndex: Operation = (given, table, columns, value) => {
  const options = given.options(value)
  const name = indexName(given, table, itemsOf(columns, given.at), options)
  const head = given.sql`DROP INDEX${options.when('concurrently', ' CONCURRENTLY')}${options.when('ifExists', ' IF EXISTS')}`
  return given.sql`${head} ${name}${options.when('cascade', ' CASCADE')};`
}

/** src/operations/indexes/. */
export const indexes: Readonly<Record<string, Operation>> = {
  createIndex,
  addIndex: createIndex,
  dropIndex,
  renameIndex: (given, name, other) => given.sql`ALTER INDEX ${given.name(name)} RENAME TO ${given.name(other)};`,
}
