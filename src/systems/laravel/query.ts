import { NotRead, told } from '../../code/given/not-read.ts'
import { listed, sqlAt } from '../../code/given/sql.ts'
import { placeOf, textIn } from '../../code/given/value.ts'
import { answer, functionOf } from '../../code/host.ts'
import { joined, plain, type Text, textAt } from '../../code/text.ts'
import { type Call, type Host, unknown, type Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { inQuotes, rawTextOf, withPrefix, wrapped } from './given.ts'
import type { Context } from './schema.ts'

/** A query of `DB::table` (Illuminate\Database\Query\Builder). Laravel sends values separately: `$1`. */
interface Query {
  readonly table: Text
  at: Span
  readonly nameAt: Span
  readonly conditions: Text[]
  /** Order and limits, which only SELECT has. */
  readonly orders: Text[]
  columns: readonly Text[] | null
  /** Why its SQL is unknown; null: it is known. */
  unread: string | null
  /** The number of values so far. */
  values: number
}

export function queryHost(context: Context, call: Call): Value {
  const { run, settings } = context
  const { at, nameAt, args, argsAt } = call
  return (
    told(run, at, () => {
      const table = textIn(args[0], argsAt[0] ?? at, 'the table')
      if (args.length !== 1 || / as /i.test(plain(table))) throw new NotRead('the query is not read', at)
      return hostOf(context, {
        table: inQuotes(withPrefix(table, settings.prefix, nameAt)),
        at,
        nameAt,
        conditions: [],
        orders: [],
        columns: null,
        unread: null,
        values: 0,
      })
    }) ?? unknown('the query is not read', at)
  )
}

function hostOf(context: Context, query: Query): Host {
  const { run } = context
  const before = run.conditions
  const own: Host = {
    kind: 'host',
    name: 'a query',
    get: name =>
      functionOf(name, call => {
        Object.assign(query, { at: call.at })
        const part = parts.get(name)
        const last = ends.get(name)
        if (part && run.conditions === before) {
          try {
            part(query, call)
          } catch (error) {
            if (!(error instanceof NotRead)) throw error
            query.unread ??= error.why
          }
          return own
        }
        if (last) {
          run.onRows(() =>
            told(run, call.at, () => {
              if (query.unread !== null) throw new NotRead(query.unread, call.at)
              run.send(last(query, call), { at: call.at })
            }),
          )
          return answer(call.at)
        }
        if (/^(?:chunk|chunkById|each|eachById|lazy|lazyById|cursor)$/.test(name)) {
          const row = unknown("it is the database's answer", call.at)
          run.unread(call.at, 'the function for each row is not read', true)
          for (const work of call.args)
            if (work.kind === 'callable') run.perhaps(() => run.invoke(work, [row], call.at))
          return answer(call.at)
        }
        query.unread ??= `\`${name}\` of a query is not read yet`
        return own
      }),
  }
  return own
}

function nextPlace(query: Query, value: Value | undefined, at: Span): Text {
  const sql = rawTextOf(value)
  if (sql) return sql
  query.values++
  return textAt(`$${query.values}`, at)
}

type Part = (query: Query, call: Call) => void

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
    if (list?.kind !== 'list' || list.isOpen) throw new NotRead('the number of its values is unknown', call.at)
    if (list.items.length === 0) return condition(query, 'and', isNot ? sql`1 = 1` : sql`0 = 1`, call)
    const places = listed(
      list.items.map(each => nextPlace(query, each, call.at)),
      call.nameAt,
    )
    const word = isNot ? 'not in' : 'in'
    condition(query, 'and', sql`${wrapped(column, call.at, 'the column')} ${word} (${places})`, call)
  }
}

const parts: ReadonlyMap<string, Part> = new Map<string, Part>([
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
      query.columns = columns.map(each => (isStar(each) ? textAt('*', at) : wrapped(each, at, 'the column')))
    },
  ],
  [
    'orderBy',
    (query, call) => {
      const [column, way] = call.args
      const word = way?.kind === 'text' && /^desc$/i.test(plain(way)) ? 'desc' : 'asc'
      query.orders.push(sqlAt(call.nameAt)`${wrapped(column, call.at, 'the column')} ${word}`)
    },
  ],
])

function isStar(value: Value): boolean {
  return value.kind === 'text' && plain(value) === '*'
}

function whereSql({ conditions, nameAt }: Query): Text {
  return conditions.length === 0
    ? textAt('', nameAt)
    : joined([textAt(' where ', nameAt), listed(conditions, nameAt, ' ')])
}

function orderSql({ orders, nameAt }: Query): Text | '' {
  return orders.length === 0 ? '' : sqlAt(nameAt)` order by ${listed(orders, nameAt)}`
}

type End = (query: Query, call: Call) => Text

function asks(columns: (query: Query, call: Call) => Text, ending = ''): End {
  return (query, call) =>
    sqlAt(call.nameAt)`select ${columns(query, call)} from ${query.table}${whereSql(query)}${orderSql(query)}${ending}`
}

function columnsOf(query: Query, { args: [given], nameAt, at }: Call): Text {
  const own = given?.kind === 'list' && !given.isOpen ? given.items.map(each => wrapped(each, at, 'the column')) : null
  const all = query.columns ?? own
  return all ? listed(all, nameAt) : textAt('*', nameAt)
}

function oneColumn(_: Query, { args: [column], at }: Call): Text {
  return wrapped(column, at, 'the column')
}

/** Statements that change rows have no order and no limit here. */
function changes(make: End): End {
  return (query, call) => {
    if (query.orders.length > 0 || query.columns) throw new NotRead('the query is not read', call.at)
    return make(query, call)
  }
}

const update: End = (query, call) => {
  const [row] = call.args
  if (row?.kind !== 'record' || row.isOpen || row.entries.size === 0)
    throw new NotRead('the columns that it changes are unknown', call.at)
  // The values of SET come before those of the conditions.
  const count = query.values
  query.values = 0
  const sets = [...row.entries].map(
    ([name, value]) => sqlAt(call.nameAt)`${inQuotes(textAt(name, call.at))} = ${nextPlace(query, value, call.at)}`,
  )
  const shift = query.values
  query.values += count
  const conditions = joined([whereSql(query)])
  const shifted = {
    ...conditions,
    pieces: conditions.pieces.map(piece => ({ ...piece, text: moved(piece.text, shift) })),
  }
  return sqlAt(call.nameAt)`update ${query.table} set ${listed(sets, call.nameAt)}${shifted}`
}

function moved(text: string, by: number): string {
  return /^\$\d{1,6}$/.test(text) ? `$${Number(text.slice(1)) + by}` : text
}

function insert(ending: string): End {
  return (query, call) => {
    const [given] = call.args
    const rows = given?.kind === 'list' && !given.isOpen ? given.items : given ? [given] : []
    const [first] = rows
    if (first?.kind !== 'record' || first.isOpen) throw new NotRead('the rows are not known', call.at)
    const names = [...first.entries.keys()]
    // Query\Builder::insert puts the columns of several rows in order.
    if (rows.length > 1) names.sort()
    const lines = rows.map(row => {
      if (row.kind !== 'record' || row.isOpen || row.entries.size !== names.length)
        throw new NotRead('the rows are not known', call.at)
      const values = names.map(name => nextPlace(query, row.entries.get(name), call.at))
      return sqlAt(call.nameAt)`(${listed(values, call.nameAt)})`
    })
    const columns = names.map(name => inQuotes(textAt(name, call.at)))
    return sqlAt(
      call.nameAt,
    )`insert into ${query.table} (${listed(columns, call.nameAt)}) values ${listed(lines, call.nameAt)}${ending}`
  }
}

const ends: ReadonlyMap<string, End> = new Map<string, End>([
  ['get', asks(columnsOf)],
  ['first', asks(columnsOf, ' limit 1')],
  ['pluck', asks(oneColumn)],
  ['value', asks(oneColumn, ' limit 1')],
  ['count', asks((_, { nameAt }) => textAt('count(*) as aggregate', nameAt))],
  ['exists', exists],
  ['doesntExist', exists],
  ['update', changes(update)],
  ['insert', changes(insert(''))],
  ['insertOrIgnore', changes(insert(' on conflict do nothing'))],
  ['insertGetId', changes(insert(' returning "id"'))],
  [
    'delete',
    changes((query, call) => {
      if (call.args.length > 0) throw new NotRead('it deletes by a key', call.at)
      return sqlAt(call.nameAt)`delete from ${query.table}${whereSql(query)}`
    }),
  ],
  ['truncate', changes((query, { nameAt }) => sqlAt(nameAt)`truncate ${query.table} restart identity cascade`)],
])

function exists(query: Query, { nameAt }: Call): Text {
  return sqlAt(nameAt)`select exists(select * from ${query.table}${whereSql(query)}) as "exists"`
}
