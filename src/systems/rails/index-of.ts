import { NotRead } from '../../code/given/not-read.ts'
import { placeOf, textIn } from '../../code/given/value.ts'
import { changed as changedText, joined, plain, type Text } from '../../code/text.ts'
import type { Value } from '../../code/value.ts'
import { compareUnits } from '../reading/version.ts'
import type { IndexOf } from './catalog.ts'
import { changed } from './command.ts'
import { literal } from './default.ts'
import type { Operation } from './given.ts'
import { column, commas, Given, namesIn, partsOf, said, table } from './given.ts'
import { checkedLength, type IndexColumns, indexColumnsIn, indexName, nameOfIndex } from './name.ts'

/** `add_index` as statements: the index, and its comment. `length` is for other databases. */
export function indexSql(given: Given, name: Text, of: Value | undefined): Text[] {
  const { sql, at, session } = given
  given.only(
    'name',
    'unique',
    'length',
    'order',
    'opclass',
    'where',
    'type',
    'using',
    'comment',
    'algorithm',
    'include',
    'nulls_not_distinct',
    'if_not_exists',
    'internal',
  )
  const what = indexColumnsIn(of, at)
  const own = given.text('name') ?? given.words(indexName(name, what, given.version))
  checkedLength(plain(own), placeOf(own, at))
  const parts = [sql`CREATE`]
  if (given.is('unique')) parts.push(sql`UNIQUE`)
  parts.push(sql`INDEX`)
  const algorithm = algorithmOf(given)
  if (algorithm) parts.push(algorithm)
  if (given.is('if_not_exists')) parts.push(sql`IF NOT EXISTS`)
  parts.push(sql`${column(own)} ON ${table(name, at)}`)
  const using = given.text('using')
  if (using) parts.push(sql`USING ${using}`)
  parts.push(
    sql`(${
      'columns' in what
        ? commas(
            what.columns.map(each => ordered(given, each)),
            at,
          )
        : what.expression
    })`,
  )
  const include = given.option('include')
  if (include) parts.push(sql`INCLUDE (${commas(namesIn(include, at, 'a column').map(column), at)})`)
  if (given.is('nulls_not_distinct')) parts.push(sql`NULLS NOT DISTINCT`)
  const where = given.text('where')
  if (where) parts.push(sql`WHERE ${isColumn(given, name, where) ? column(where) : where}`)
  const comment = given.text('comment')
  const { indexes: all } = session.catalog.known(plain(name))
  if (!all.some(index => index.name === plain(own)))
    all.push({
      name: plain(own),
      columns: 'columns' in what ? what.columns.map(plain) : plain(what.expression),
    })
  const made = joined(parts, given.words(' '))
  return comment ? [made, sql`COMMENT ON INDEX ${column(own)} IS ${literal(comment, at)}`] : [made]
}

function algorithmOf(given: Given): Text | null {
  const text = given.text('algorithm')
  if (!text) return null
  if (plain(text) === 'concurrently') return changedText(text, each => each.toUpperCase())
  throw new NotRead('Rails does not know this algorithm', placeOf(text, given.at))
}

/** A column of an index, with its operator class and its order. */
function ordered(given: Given, of: Text): Text {
  const own = (name: string): Text | null => {
    const value = given.option(name)
    if (value?.kind !== 'record') return value ? textIn(value, given.at, `the option \`${name}\``) : null
    if (value.isOpen) throw new NotRead('some of its options are unknown', value.at)
    const found = value.entries.get(plain(of))
    return found ? textIn(found, given.at, `the option \`${name}\``) : null
  }
  const [opclass, order] = [own('opclass'), own('order')]
  const parts = [column(of)]
  if (opclass) parts.push(opclass)
  if (order) parts.push(changedText(order, each => each.toUpperCase()))
  return joined(parts, given.words(' '))
}

/** A condition that is the name of a column becomes a quoted name. */
function isColumn(given: Given, name: Text, where: Text): boolean {
  return /^\w+$/.test(plain(where)) && given.session.catalog.table(plain(name))?.columns.has(plain(where)) === true
}

const add: Operation = given => {
  for (const sql of indexSql(given, given.name(0, 'the table'), given.command.args[1])) given.send(sql)
  return undefined
}

/** The index that a call means, by its name, or by its columns if it has any name. */
function indexFor(given: Given, name: Text, of: Value | undefined): Text {
  const own = given.text('name')
  const what = of ?? given.option('column')
  if (own && !what) return partsOf(own).own
  const columns = indexColumnsIn(what, given.at)
  const found = foundIndex(given, name, columns, own)
  if (found) return given.words(found.name)
  return own ?? given.words(indexName(name, columns, given.version))
}

function foundIndex(given: Given, name: Text, of: IndexColumns, own: Text | undefined): IndexOf | undefined {
  const wanted = 'columns' in of ? of.columns.map(said) : said(of.expression)
  const indexes = given.session.catalog.table(plain(name))?.indexes ?? []
  return indexes.find(
    index => (!own || index.name === plain(own)) && JSON.stringify(index.columns) === JSON.stringify(wanted),
  )
}

const remove: Operation = given => {
  const { sql, session } = given
  given.only(
    'name',
    'column',
    'algorithm',
    'if_exists',
    'unique',
    'where',
    'using',
    'order',
    'opclass',
    'length',
    'include',
    'comment',
    'if_not_exists',
    'nulls_not_distinct',
    'type',
  )
  const name = given.name(0, 'the table')
  const own = indexFor(given, name, given.arg(1))
  const { schema } = partsOf(name)
  const algorithm = algorithmOf(given)
  const isThere = given.is('if_exists')
    ? session.catalog.has(plain(name), ({ indexes: all }) => all.some(index => index.name === plain(own)))
    : true
  if (isThere === false) return undefined
  const exists = isThere ? '' : 'IF EXISTS '
  const quoted = schema ? sql`${column(schema)}.${column(own)}` : column(own)
  given.send(sql`DROP INDEX ${algorithm ?? ''} ${exists}${quoted}`)
  const indexes = session.catalog.table(plain(name))?.indexes
  const i = indexes?.findIndex(index => index.name === plain(own)) ?? -1
  if (i >= 0) indexes?.splice(i, 1)
  return undefined
}

const rename: Operation = given => {
  const { sql, session } = given
  const [name, from, to] = [given.name(0, 'the table'), given.name(1, 'the index'), given.name(2, 'the new name')]
  checkedLength(plain(to), placeOf(to, given.at))
  const { schema } = partsOf(name)
  given.send(sql`ALTER INDEX ${schema ? sql`${column(schema)}.` : ''}${column(from)} RENAME TO ${table(to, given.at)}`)
  const found = session.catalog.table(plain(name))?.indexes.find(index => index.name === plain(from))
  if (found) found.name = plain(to)
  return undefined
}

/** The indexes of a renamed table whose names Rails made get new ones. */
export function renamedIndexes(given: Given, from: Text, to: Text): Text[] {
  // The database gives them by their names.
  const indexes = [...(given.session.catalog.table(plain(to))?.indexes ?? [])].sort((a, b) =>
    compareUnits(a.name, b.name),
  )
  const own = (text: Text) => plain(partsOf(text).own)
  return indexes.flatMap(index => {
    if (typeof index.columns === 'string' || index.name !== nameOfIndex(own(from), index.columns, given.version))
      return []
    const next = nameOfIndex(own(to), index.columns, given.version)
    const sql = given.sql`ALTER INDEX "${index.name}" RENAME TO "${next}"`
    index.name = next
    return [sql]
  })
}

export const indexes: Readonly<Record<string, Operation>> = {
  add_index: add,
  remove_index: remove,
  rename_index: rename,
}

/** The options of an index that is part of another call, as a separate call. */
export function asIndex(given: Given, options: ReadonlyMap<string, Value>): Given {
  return new Given(given.session, changed(given.command, { options }))
}
