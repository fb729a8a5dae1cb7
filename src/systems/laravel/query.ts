import { NotRead, told } from '../../code/given/not-read.ts'
import { listed, sqlAt } from '../../code/given/sql.ts'
import { textIn } from '../../code/given/value.ts'
import { answer, functionOf, ofDatabase } from '../../code/host.ts'
import { joined, plain, type Text, textAt } from '../../code/text.ts'
import { type Call, type Host, unknown, type Value } from '../../code/value.ts'
import { inQuotes, withPrefix, wrapped } from './given.ts'
import { nextPlace, parts, type Query, selected } from './query-parts.ts'
import type { Context } from './schema.ts'

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
        prefix: settings.prefix,
        joins: [],
        orders: [],
        limit: null,
        columns: null,
        isDistinct: false,
        unread: null,
        values: 0,
      })
    }) ?? unknown('the query is not read', at)
  )
}

function hostOf(context: Context, query: Query): Host {
  const { run } = context
  const before = run.conditions
  const ask = (call: Call, make: () => Text) =>
    run.onRows(() =>
      told(run, call.at, () => {
        if (query.unread !== null) throw new NotRead(query.unread, call.at)
        run.send(make(), { at: call.at })
      }),
    )
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
          ask(call, () => last(query, call))
          return answer(call.at)
        }
        if (/^(?:chunk|chunkById|each|eachById|lazy|lazyById|cursor)$/.test(name)) {
          ask(call, () => firstRows(name, query, call))
          const works = call.args.filter(({ kind }) => kind === 'callable')
          if (works.length > 0) run.doubt(call.nameAt, `it runs for rows, and ${ofDatabase}`)
          run.perhaps(() => {
            for (const work of works) run.invoke(work, [answer(call.at)], call.at)
          })
          return answer(call.at)
        }
        query.unread ??= `\`${name}\` of a query is not read yet`
        return own
      }),
  }
  return own
}

function whereSql({ conditions, nameAt }: Query): Text {
  return conditions.length === 0
    ? textAt('', nameAt)
    : joined([textAt(' where ', nameAt), listed(conditions, nameAt, ' ')])
}

/** Grammar::compileSelect. */
function selectSql(query: Query, columns: Text, limit = query.limit): Text {
  const { table, joins, orders, isDistinct, nameAt } = query
  const sql = sqlAt(nameAt)
  return joined([
    sql`select ${isDistinct ? 'distinct ' : ''}${columns} from ${table}`,
    ...joins.map(each => sql` ${each}`),
    whereSql(query),
    ...(orders.length === 0 ? [] : [sql` order by ${listed(orders, nameAt)}`]),
    ...(limit ? [sql` limit ${limit}`] : []),
  ])
}

type End = (query: Query, call: Call) => Text

function asks(columns: (query: Query, call: Call) => Text, limit?: string): End {
  return (query, call) =>
    selectSql(query, columns(query, call), limit === undefined ? query.limit : textAt(limit, call.nameAt))
}

function columnsOf(query: Query, { args: [given], nameAt, at }: Call): Text {
  const own = given?.kind === 'list' && !given.isOpen ? given.items.map(each => selected(each, at)) : null
  const all = query.columns ?? own
  return all ? listed(all, nameAt) : textAt('*', nameAt)
}

function oneColumn(_: Query, { args: [column], at }: Call): Text {
  return wrapped(column, at, 'the column')
}

/** Statements that change rows have no columns to select here. */
function changes(make: End): End {
  return (query, call) => {
    if (query.orders.length > 0 || query.columns || query.isDistinct)
      throw new NotRead('the query is not read', call.at)
    return make(query, call)
  }
}

/** The rows that UPDATE and DELETE change; those of a join or with a limit are found in a query of their own (PostgresGrammar). */
function whichRows(query: Query): Text {
  if (query.joins.length === 0 && !query.limit) return whereSql(query)
  const { table, nameAt } = query
  const sql = sqlAt(nameAt)
  return sql` where "ctid" in (${selectSql(query, sql`${table}."ctid"`)})`
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
  const conditions = whichRows(query)
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
    if (query.joins.length > 0 || query.limit) throw new NotRead('the query is not read', call.at)
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
  ['first', asks(columnsOf, '1')],
  ['pluck', asks(oneColumn)],
  ['value', asks(oneColumn, '1')],
  ['count', count],
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
      return sqlAt(call.nameAt)`delete from ${query.table}${whichRows(query)}`
    }),
  ],
  ['truncate', changes((query, { nameAt }) => sqlAt(nameAt)`truncate ${query.table} restart identity cascade`)],
])

function exists(query: Query, call: Call): Text {
  return sqlAt(call.nameAt)`select exists(${selectSql(query, columnsOf(query, { ...call, args: [] }))}) as "exists"`
}

function count(query: Query, { nameAt, at }: Call): Text {
  if (query.isDistinct || query.limit) throw new NotRead('the query is not read', at)
  return selectSql(query, textAt('count(*) as aggregate', nameAt))
}

/** The first query of those that give some rows at a time to a function (BuildsQueries). */
function firstRows(name: string, query: Query, { args, named, at, nameAt }: Call): Text {
  if ((named?.size ?? 0) > 0) throw new NotRead('its arguments are not read', at)
  if (name === 'cursor') return selectSql(query, columnsOf(query, { args: [], argsAt: [], at, nameAt }))
  if (query.limit) throw new NotRead('the query is not read', at)
  const size = args[/^each/.test(name) ? 1 : 0]
  const isCount = size?.kind === 'plain' && typeof size.value === 'number'
  if (size && !isCount) throw new NotRead('the number of rows is not read', at)
  const rows = String(isCount ? size.value : 1000)
  const isById = name.endsWith('ById')
  const key = args[/^lazy/.test(name) ? 1 : 2]
  const orders = isById
    ? [...query.orders, sqlAt(nameAt)`${key ? wrapped(key, at, 'the column') : '"id"'} asc`]
    : query.orders
  const columns = columnsOf(query, { args: [], argsAt: [], at, nameAt })
  const limit = textAt(isById ? rows : `${rows} offset 0`, nameAt)
  return selectSql({ ...query, orders }, columns, limit)
}
