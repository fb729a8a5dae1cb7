import { NotRead, told } from '../../code/given/not-read.ts'
import { sqlAt } from '../../code/given/sql.ts'
import { isNone } from '../../code/given/value.ts'
import { answer, functionOf } from '../../code/host.ts'
import type { Run } from '../../code/run.ts'
import { joined, type Text, textAt } from '../../code/text.ts'
import { type Call, entry, type Host, nothing, type Value } from '../../code/value.ts'
import { append } from '../../parse/list.ts'
import type { Span } from '../../parse/span.ts'
import { verbatim } from './given.ts'
import { bound } from './literal.ts'
import { identifier, inSchema, nameOf, namesOf } from './name.ts'
import { setRawText } from './raw-text.ts'

import { type Condition, conditionMethod, conditionsOf, whereClause } from './where.ts'

/** A query, as described before the program waits for it: lib/query/querybuilder.js. */
interface Query {
  readonly at: Span
  table: { readonly value: Value; readonly at: Span } | null
  schema: Text | null
  method: 'select' | 'first' | 'insert' | 'update' | 'del'
  isDistinct: boolean
  readonly columns: Text[]
  readonly conditions: Condition[]
  /** The conditions contain their values, which Knex sends beside the SQL. */
  hasValues: boolean
  data: { readonly value: Value; readonly at: Span } | null
  returning: Text | null
  end: Text[]
  nameAt: Span
  /** A clause that says why it is not read. */
  unread: string | null
}

const queries = new WeakMap<Value, Query>()

/** ` where …` of a partial index, after a space; empty without a predicate. */
export function predicateOf(value: Value | undefined, at: Span): Text {
  if (isNone(value)) return textAt('', at)
  const query = queries.get(value)
  if (!query || query.unread !== null) throw new NotRead(query?.unread ?? 'its predicate is not read')
  if (query.hasValues) throw new NotRead('Knex loses the values of a predicate, so PostgreSQL refuses it')
  return sqlAt(at)` ${whereClause(query.conditions, at)}`
}

/** An empty query. */
export function newQuery(run: Run, at: Span, table?: Value, tableAt?: Span): Host {
  const query: Query = {
    at,
    table: table ? { value: table, at: tableAt ?? at } : null,
    schema: null,
    method: 'select',
    isDistinct: false,
    columns: [],
    conditions: [],
    hasValues: false,
    data: null,
    returning: null,
    end: [],
    nameAt: at,
    unread: null,
  }
  return queryHost(run, query)
}

/** The members of `knex` that begin a query: `knex.select`, `knex.whereNull`. */
export function queryStart(run: Run, member: string): Value | undefined {
  if (
    !/^(?:select|from|table|into|insert|update|del|delete|distinct|withSchema)$/.test(member) &&
    !conditionMethod(member)
  )
    return undefined
  return functionOf(`knex.${member}`, call => {
    const found = newQuery(run, call.at).get?.(member, call.nameAt)
    return found?.kind === 'host' && found.call ? found.call(call) : nothing(call.at)
  })
}

function queryHost(run: Run, query: Query): Host {
  const before = run.conditions
  const own: Host = {
    kind: 'host',
    name: 'a query',
    get: member => memberOf(member),
    settle: at => {
      if (query.unread !== null) return run.notRead(query.at, query.unread, true)
      const sql = run.onRows(() => told(run, query.at, () => sqlOf(query)))
      if (sql) run.send(sql, { at: query.at })
      return answer(at)
    },
  }
  queries.set(own, query)

  function memberOf(member: string): Value | undefined {
    if (/^(?:then|catch|finally|call|apply|bind)$/.test(member)) return undefined
    if (/^(?:toString|toQuery)$/.test(member))
      return functionOf(member, ({ at }) => told(run, at, () => sqlOf(query)) ?? nothing(at))
    return functionOf(member, call => {
      // The query that the program waits for is the whole chain.
      Object.assign(query, { at: call.at })
      try {
        if (run.conditions > before) throw new NotRead('a part of it depends on an unknown value')
        said(run, query, member, call)
        setWhenSelect(own, query)
      } catch (error) {
        if (!(error instanceof NotRead)) throw error
        query.unread ??= error.why
      }
      return own
    })
  }
  return own
}

/** A query may be part of other SQL, such as that of a view. */
function setWhenSelect(own: Host, query: Query): void {
  if (query.method === 'select' && query.table && query.unread === null) setRawText(own, sqlOf(query))
}

function said(run: Run, query: Query, member: string, call: Call): void {
  const { args, argsAt, nameAt } = call
  const [first] = args
  const at = argsAt[0] ?? nameAt
  const way = conditionMethod(member)
  if (way) {
    append(query.conditions, conditionsOf(run, way, call, grouped))
    if (!/^where(?:Not)?Null$/.test(way.kind) && (way.kind !== 'whereRaw' || args.length > 1)) query.hasValues = true
    return
  }
  switch (member) {
    case 'from':
    case 'table':
    case 'into':
      query.table = { value: first ?? nothing(at), at }
      return
    case 'withSchema':
      query.schema = verbatim(first, at)
      return
    case 'select':
    case 'distinct':
    case 'column':
    case 'columns':
    case 'first':
      for (const [i, arg] of args.entries()) query.columns.push(namesOf(arg, argsAt[i] ?? nameAt))
      if (member === 'distinct') query.isDistinct = true
      if (member === 'first') query.method = 'first'
      break
    case 'insert':
    case 'update':
      query.method = member
      query.data = { value: first ?? nothing(at), at }
      // `update('column', value)`
      if (member === 'update' && first?.kind === 'text') throw new NotRead('the values that it sets are not read')
      if (args[1] && !isNone(args[1])) query.returning = namesOf(args[1], argsAt[1] ?? nameAt)
      break
    case 'del':
    case 'delete':
      query.method = 'del'
      if (first && !isNone(first)) query.returning = namesOf(first, at)
      break
    case 'returning':
      query.returning = namesOf(first, at)
      return
    case 'transacting':
    case 'queryContext':
    case 'timeout':
    case 'debug':
      return
    default:
      throw new NotRead(`\`${member}\` of a query is not read yet`)
  }
  query.nameAt = nameAt
}

/** Conditions in parentheses. */
function grouped(run: Run, describe: Value, at: Span): readonly Condition[] {
  const inner = newQuery(run, at)
  run.invoke(describe, [inner], at, inner)
  const query = queries.get(inner)
  if (!query || query.unread !== null) throw new NotRead(query?.unread ?? 'its conditions are not read')
  return query.conditions
}

/** The SQL of a query: lib/query/querycompiler.js. */
function sqlOf(query: Query): Text {
  const { table, schema, method, nameAt, returning, data } = query
  const words = sqlAt(nameAt)
  if (!table) throw new NotRead('it names no table')
  const name = schema && table.value.kind === 'text' ? inSchema(schema, table.value) : table.value
  const of = nameOf(name, table.at)
  const clause = whereClause(query.conditions, nameAt)
  const where = clause.pieces.length === 0 ? clause : words` ${clause}`
  const back = returning ? words` returning ${returning}` : words``
  switch (method) {
    case 'insert':
      return words`insert into ${of} ${inserted(data)}${back}`
    case 'update':
      return words`update ${of} set ${changes(data)}${where}${back}`
    case 'del':
      return words`delete from ${of}${where}${back}`
    default: {
      const columns = query.columns.length === 0 ? words`*` : joined(query.columns, textAt(', ', nameAt))
      const start = query.isDistinct ? words`select distinct ${columns}` : words`select ${columns}`
      return words`${start} from ${of}${where}${method === 'first' ? ' limit 1' : ''}`
    }
  }
}

/** `("a", "b") values (1, 2), (3, 4)`, with the columns of the first row sorted by name. */
function inserted(data: Query['data']): Text {
  const rows = data?.value.kind === 'list' ? data.value.items : data ? [data.value] : []
  const at = data?.at ?? [0, 0]
  const words = sqlAt(at)
  const comma = textAt(', ', at)
  const [first] = rows
  const isOpen = data?.value.kind === 'list' && data.value.isOpen
  if (isOpen || first?.kind !== 'record' || first.entries.size === 0)
    throw new NotRead('the values that it inserts are not read')
  const columns = [...first.entries.keys()].sort()
  const values = rows.map(row => {
    if (row.kind !== 'record' || row.isOpen) throw new NotRead('the values that it inserts are unknown')
    if ([...row.entries.keys()].some(key => !first.entries.has(key)))
      throw new NotRead('the values that it inserts are not read')
    const each = columns.map(column => {
      const value = entry(row, column)
      return value === undefined ? words`DEFAULT` : bound(value, at)
    })
    return words`(${joined(each, comma)})`
  })
  const names = columns.map(column => identifier(textAt(column, at)))
  return words`(${joined(names, comma)}) values ${joined(values, comma)}`
}

function changes(data: Query['data']): Text {
  if (data?.value.kind !== 'record' || data.value.isOpen) throw new NotRead('the values that it sets are unknown')
  const { at, value } = data
  const parts = [...value.entries].flatMap(([name, each]) =>
    isNone(each) ? [] : [sqlAt(at)`${nameOf(textAt(name, at), at)} = ${bound(each, at)}`],
  )
  if (parts.length === 0) throw new NotRead('the values that it sets are not read')
  return joined(parts, textAt(', ', at))
}
