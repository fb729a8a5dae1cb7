import { NotRead } from '../../code/given/not-read.ts'
import { listed, sqlAt } from '../../code/given/sql.ts'
import { itemsOf, listIn, placeOf, textIn } from '../../code/given/value.ts'
import { plain, type Text, textAt, unknownIn } from '../../code/text.ts'
import type { Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { inQuotes, isColumn, path, string } from './column.ts'
import type { Described } from './described.ts'
import { flag, textOf } from './given.ts'

/** Indexes and constraints of Ecto.Adapters.Postgres.Connection. */

type Index = Extract<Described, { kind: 'index' }>
type Constraint = Extract<Described, { kind: 'constraint' }>

/** A column or an expression of an index, and its order. */
interface Element {
  readonly value: Value
  readonly direction: string | null
}

function elementsOf({ columns }: Index): Element[] {
  return columns.flatMap((value): Element[] => {
    // `[desc: :a]`
    if (value.kind === 'record') return [...value.entries].map(([direction, each]) => ({ value: each, direction }))
    if (value.kind === 'list') {
      const [direction, each] = value.items
      return each && direction?.kind === 'text' ? [{ value: each, direction: plain(direction) }] : []
    }
    return [{ value, direction: null }]
  })
}

const directions: ReadonlyMap<string, string> = new Map([
  ['asc', ' ASC'],
  ['asc_nulls_first', ' ASC NULLS FIRST'],
  ['asc_nulls_last', ' ASC NULLS LAST'],
  ['desc', ' DESC'],
  ['desc_nulls_first', ' DESC NULLS FIRST'],
  ['desc_nulls_last', ' DESC NULLS LAST'],
])

/** `default_index_name` */
function indexName(index: Index, at: Span): Text {
  const own = textOf(index.options, 'name', at)
  if (own) return own
  const words = [index.table, ...elementsOf(index).map(({ value }) => textIn(value, at, 'the column'))]
  if (words.some(word => unknownIn(word) !== null)) throw new NotRead('the name of the index is not known', at)
  const name = [...words.map(plain), 'index'].map(word => withoutEnd(word.replace(/[^\w]+/g, '_'))).join('_')
  return textAt(name, at)
}

function withoutEnd(word: string): string {
  return word.endsWith('_') ? word.slice(0, -1) : word
}

export function createIndex(index: Index, exists: boolean, at: Span): Text[] {
  const sql = sqlAt(at)
  const { options, table } = index
  const name = inQuotes(indexName(index, at))
  const prefix = textOf(options, 'prefix', at)
  const elements = elementsOf(index).map(({ value, direction }) => {
    const text = textIn(value, at, 'the column')
    const end = direction === null ? '' : directions.get(direction)
    if (end === undefined) throw new NotRead('the order of the index is not read', at)
    return sql`${isColumn(value) ? inQuotes(text) : text}${end}`
  })
  const using = textOf(options, 'using', at)
  const include = options.get('include')
  const included = include === undefined ? [] : itemsOf(include, at).map(item => textIn(item, at, 'the column'))
  const distinct = flag(options, 'nulls_distinct', at)
  const nulls = distinct === null ? '' : distinct ? ' NULLS DISTINCT' : ' NULLS NOT DISTINCT'
  const storage = textOf(options, 'options', at)
  const where = textOf(options, 'where', at)
  const words = `${flag(options, 'unique', at) ? 'UNIQUE ' : ''}INDEX ${flag(options, 'concurrently', at) ? 'CONCURRENTLY ' : ''}${exists ? 'IF NOT EXISTS ' : ''}`
  const only = flag(options, 'only', at) ? 'ONLY ' : ''
  const comment = textOf(options, 'comment', at)
  const place = prefix ? sql`${inQuotes(prefix)}.${name}` : name
  return [
    sql`CREATE ${words}${name} ON ${only}${path({ prefix, name: table }, at)}${using ? sql` USING ${using}` : ''} (${listed(elements, at)})${included.length > 0 ? sql` INCLUDE (${listed(included.map(inQuotes), at)})` : ''}${nulls}${storage ? sql` WITH (${storage})` : ''}${where ? sql` WHERE ${where}` : ''}`,
    ...(comment ? [sql`COMMENT ON INDEX ${place} IS ${string(comment, at)}`] : []),
  ]
}

export function dropIndex(index: Index, exists: boolean, cascade: string, at: Span): Text[] {
  const { options } = index
  const prefix = textOf(options, 'prefix', at)
  const words = `${flag(options, 'concurrently', at) ? 'CONCURRENTLY ' : ''}${exists ? 'IF EXISTS ' : ''}`
  return [sqlAt(at)`DROP INDEX ${words}${path({ prefix, name: indexName(index, at) }, at)}${cascade}`]
}

export function renameIndex(index: Index, to: Text, at: Span): Text[] {
  const prefix = textOf(index.options, 'prefix', at)
  return [sqlAt(at)`ALTER INDEX ${path({ prefix, name: indexName(index, at) }, at)} RENAME TO ${inQuotes(to)}`]
}

export function createConstraint({ table, name, options }: Constraint, at: Span): Text[] {
  const sql = sqlAt(at)
  const own = path({ prefix: textOf(options, 'prefix', at), name: table }, at)
  const [check, exclude] = [textOf(options, 'check', at), textOf(options, 'exclude', at)]
  if (!check && !exclude) throw new NotRead('it is neither a check nor an exclusion', at)
  const body = check ? sql`CHECK (${check})` : sql`EXCLUDE USING ${exclude ?? ''}`
  const valid = flag(options, 'validate', at) === false ? ' NOT VALID' : ''
  const comment = textOf(options, 'comment', at)
  return [
    sql`ALTER TABLE ${own} ADD CONSTRAINT ${inQuotes(name)} ${body}${valid}`,
    ...(comment ? [sql`COMMENT ON CONSTRAINT ${inQuotes(name)} ON ${own} IS ${string(comment, at)}`] : []),
  ]
}

export function dropConstraint(
  { table, name, options }: Constraint,
  exists: boolean,
  cascade: string,
  at: Span,
): Text[] {
  const own = path({ prefix: textOf(options, 'prefix', at), name: table }, at)
  return [sqlAt(at)`ALTER TABLE ${own} DROP CONSTRAINT ${exists ? 'IF EXISTS ' : ''}${inQuotes(name)}${cascade}`]
}

/** The columns of an index. */
export function columnsIn(value: Value | undefined, at: Span): readonly Value[] {
  if (value?.kind === 'record' && !value.isOpen) return [value]
  if (value?.kind === 'text') return [value]
  return listIn(value, placeOf(value, at), 'the columns')
}
