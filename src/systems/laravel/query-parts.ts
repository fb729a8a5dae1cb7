import { NotRead } from '../../code/given/not-read.ts'
import { listed, sqlAt } from '../../code/given/sql.ts'
import { placeOf, textIn } from '../../code/given/value.ts'
import { plain, type Text, textAt, unknownIn } from '../../code/text.ts'
import type { Call, Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { inQuotes, rawTextOf, wrapped } from './given.ts'

/** A query of `DB::table` (Illuminate\Database\Query\Builder). Laravel sends values separately: `$1`. */
export interface Query {
  readonly table: Text
  at: Span
  readonly nameAt: Span
  /** Put before the names of tables. */
  readonly prefix: string
  readonly joins: Text[]
  readonly conditions: Text[]
  /** Order and limits, which only SELECT has. */
  readonly orders: Text[]
  limit: Text | null
  columns: readonly Text[] | null
  isDistinct: boolean
  /** Why its SQL is unknown; null: it is known. */
  unread: string | null
  /** The number of values so far. */
  values: number
}

export function nextPlace(query: Query, value: Value | undefined, at: Span): Text {
  const sql = rawTextOf(value)
  if (sql) return sql
  query.values++
  return textAt(`$${query.values}`, at)
}

export type Part = (query: Query, call: Call) => void

function where(word: 'and' | 'or'): Part {
  return (query, call) => {
    const { args, at } = call
    const [first, second, third] = args
    if (first?.kind === 'record' && !first.isOpen && args.length === 1) {
      const all = [...first.entries].map(([name, value]) => compared(query, textAt(name, at), '=', value, call))
      return condition(query, word, sqlAt(call.nameAt)`(${listed(all, at, ' and ')})`, call)
    }
    if (args.length < 2 || !first) throw new NotRead('a condition of the query is not read', at)
    const operator = args.length === 2 ? '=' : second?.kind === 'text' ? plain(second).toLowerCase() : ''
    if (!/^(?:[<>=]|<=|>=|<>|!=|(?:not )?i?like)$/.test(operator)) throw new NotRead('a condition is not read', at)
    condition(query, word, compared(query, first, operator, args.length === 2 ? second : third, call), call)
  }
}

function compared(query: Query, column: Value, operator: string, value: Value | undefined, call: Call): Text {
  const sql = sqlAt(call.nameAt)
  const name = wrapped(column, call.at, 'the column')
  if (value?.kind === 'plain' && value.value === null)
    return operator === '=' ? sql`${name} is null` : sql`${name} is not null`
  if (value?.kind === 'callable' || (value?.kind === 'host' && !rawTextOf(value)))
    throw new NotRead('a query in a query is not read', call.at)
  const left = /like$/.test(operator) ? sql`${name}::text` : name
  return sql`${left} ${operator} ${nextPlace(query, value, placeOf(value, call.at))}`
}

function condition(query: Query, word: string, sql: Text, { nameAt }: Call): void {
  query.conditions.push(query.conditions.length === 0 ? sql : sqlAt(nameAt)`${word} ${sql}`)
}

function isNull(word: 'and' | 'or', isNot: boolean): Part {
  return (query, call) => {
    const sql = sqlAt(call.nameAt)
    const name = wrapped(call.args[0], call.at, 'the column')
    condition(query, word, isNot ? sql`${name} is not null` : sql`${name} is null`, call)
  }
}

function isIn(isNot: boolean): Part {
  return (query, call) => {
    const [column, list] = call.args
    const sql = sqlAt(call.nameAt)
    if (list?.kind === 'callable' || list?.kind === 'host') throw new NotRead('a query in a query is not read', call.at)
    if (list?.kind === 'list' && !list.isOpen && list.items.length === 0)
      return condition(query, 'and', isNot ? sql`1 = 1` : sql`0 = 1`, call)
    // Whatever the number of its values is, the statement does the same with one of them.
    const items = list?.kind === 'list' && list.items.length > 0 ? list.items : [list]
    const places = listed(
      items.map(each => nextPlace(query, each, call.at)),
      call.nameAt,
    )
    const word = isNot ? 'not in' : 'in'
    condition(query, 'and', sql`${wrapped(column, call.at, 'the column')} ${word} (${places})`, call)
  }
}

/** A join by one comparison of columns (Builder::join). */
function join(word: 'inner' | 'left'): Part {
  return (query, { args, at, nameAt }) => {
    const [table, first, second, third] = args
    const operator = args.length === 3 ? '=' : second?.kind === 'text' ? plain(second) : ''
    const name = textIn(table, at, 'the table')
    if (
      args.length < 3 ||
      args.length > 4 ||
      !/^(?:[<>=]|<=|>=|<>|!=)$/.test(operator) ||
      / as /i.test(plain(name)) ||
      query.prefix !== ''
    )
      throw new NotRead('a join of the query is not read', at)
    const sql = sqlAt(nameAt)
    const [left, right] = [first, args.length === 3 ? second : third].map(each => wrapped(each, at, 'the column'))
    if (!left || !right) return
    query.joins.push(sql`${word} join ${inQuotes(name)} on ${left} ${operator} ${right}`)
  }
}

function ordered(query: Query, column: Value | undefined, word: 'asc' | 'desc', { at, nameAt }: Call): void {
  query.orders.push(sqlAt(nameAt)`${wrapped(column, at, 'the column')} ${word}`)
}

/** Builder::oldest and latest. */
function byTime(word: 'asc' | 'desc'): Part {
  return (query, call) => ordered(query, call.args[0] ?? textAt('created_at', call.nameAt), word, call)
}

function limit(query: Query, { args: [count], at }: Call): void {
  if (count?.kind !== 'plain' || typeof count.value !== 'number' || count.value < 0)
    throw new NotRead('its limit is unknown', at)
  query.limit = textAt(String(Math.trunc(count.value)), placeOf(count, at))
}

export const parts: ReadonlyMap<string, Part> = new Map<string, Part>([
  ['where', where('and')],
  ['orWhere', where('or')],
  ['whereNull', isNull('and', false)],
  ['whereNotNull', isNull('and', true)],
  ['orWhereNull', isNull('or', false)],
  ['orWhereNotNull', isNull('or', true)],
  ['whereIn', isIn(false)],
  ['whereNotIn', isIn(true)],
  [
    'whereRaw',
    (query, call) => {
      if (call.args.length > 1) throw new NotRead('values of raw SQL are not read', call.at)
      condition(query, 'and', textIn(call.args[0], call.at, 'the condition'), call)
    },
  ],
  [
    'select',
    (query, { args, at }) => {
      const columns = args.length === 1 && args[0]?.kind === 'list' && !args[0].isOpen ? args[0].items : args
      query.columns = columns.map(each => selected(each, at))
    },
  ],
  [
    'orderBy',
    (query, call) => {
      const [column, way] = call.args
      ordered(query, column, way?.kind === 'text' && /^desc$/i.test(plain(way)) ? 'desc' : 'asc', call)
    },
  ],
  ['orderByDesc', (query, call) => ordered(query, call.args[0], 'desc', call)],
  ['oldest', byTime('asc')],
  ['latest', byTime('desc')],
  ['join', join('inner')],
  ['leftJoin', join('left')],
  ['limit', limit],
  ['take', limit],
  [
    'distinct',
    (query, { args, at }) => {
      if (args.length > 0) throw new NotRead('`distinct` on columns is not read', at)
      query.isDistinct = true
    },
  ],
])

/** A column, `*`, `t.*`, or one with another name (Grammar::wrap). */
export function selected(value: Value, at: Span): Text {
  if (value.kind !== 'text' || unknownIn(value) !== null) return wrapped(value, at, 'the column')
  const name = plain(value)
  if (name === '*') return textAt('*', at)
  if (/^[^.*]+\.\*$/.test(name)) return textAt(`${plain(inQuotes(textAt(name.slice(0, -2), at)))}.*`, at)
  const [, column, other] = /^(\S+) as (\S+)$/i.exec(name) ?? []
  if (column === undefined || other === undefined) return wrapped(value, at, 'the column')
  return sqlAt(at)`${inQuotes(textAt(column, at))} as ${inQuotes(textAt(other, at))}`
}
