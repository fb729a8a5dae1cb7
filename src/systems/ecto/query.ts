import type { Form } from '../../code/elixir/quoted.ts'
import { NotRead } from '../../code/given/not-read.ts'
import { placeOf } from '../../code/given/value.ts'
import { functionOf } from '../../code/host.ts'
import { plain } from '../../code/text.ts'
import { type Call, type Host, unknown, type Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { type Schemas, type Source, sourceOf } from './schema.ts'

/** Queries of Ecto.Query, as the macros put them together. Their SQL is made when the repo gets them (`query-sql.ts`). */
export interface Query {
  readonly source: Source | Query
  readonly joins: readonly Join[]
  readonly wheres: readonly Condition[]
  readonly havings: readonly Condition[]
  readonly groups: readonly Bound[]
  readonly orders: readonly Bound[]
  readonly updates: readonly Bound[]
  readonly select: Bound | null
  readonly distinct: Bound | null
  readonly limit: Bound | null
  readonly offset: Bound | null
  readonly lock: Bound | null
  /** Why its SQL is not known; null: it is. */
  readonly unread: string | null
  readonly at: Span
}

/** Code, and the sources that its names stand for, by their places in the query. */
export interface Bound {
  readonly code: Value
  readonly names: ReadonlyMap<string, number>
}

export interface Condition extends Bound {
  readonly word: 'AND' | 'OR'
  /** The place of the source that conditions by name are about; undefined: the first. */
  readonly place?: number
}

export interface Join {
  readonly kind: string
  readonly source: Source | Query
  /** Null: `true`. */
  readonly on: Bound | null
}

const all = new WeakMap<Value, Query>()

export function queryIn(value: Value | undefined): Query | undefined {
  return value && all.get(value)
}

/** A query, or the query of all rows of a table. Throws NotRead where it is not known. */
export function queryOf(value: Value | undefined, schemas: Schemas, at: Span): Query {
  const found = queryIn(value)
  if (found) return found
  return allOf(sourceOf(value, schemas, at), at)
}

function allOf(source: Source | Query, at: Span): Query {
  return {
    source,
    joins: [],
    wheres: [],
    havings: [],
    groups: [],
    orders: [],
    updates: [],
    select: null,
    distinct: null,
    limit: null,
    offset: null,
    lock: null,
    unread: null,
    at,
  }
}

function asValue(query: Query): Host {
  const value: Host = { kind: 'host', name: 'a query', onlyRows: true }
  all.set(value, query)
  return value
}

/** What quoted code is, and what is in it. */
export function formOf(code: Value | undefined): {
  readonly form: Form
  readonly items: readonly Value[]
  readonly at: Span
} {
  const [form, ...items] = code?.kind === 'list' ? code.items : []
  if (form?.kind !== 'text' || code?.kind !== 'list') throw new NotRead('this part of the query is not read')
  return { form: plain(form) as Form, items, at: code.at }
}

export function word(value: Value | undefined): string {
  return value?.kind === 'text' ? plain(value) : ''
}

/** The names that code gives to the sources of a query: `x`, `[x, y]`. */
function namesIn(code: Value | undefined): Map<string, number> {
  const found = new Map<string, number>()
  if (code === undefined || code.kind === 'plain') return found
  const { form, items } = formOf(code)
  if (form === 'name') return found.set(word(items[0]), 0)
  if (form !== 'list') throw new NotRead('the names in the query are not read')
  for (const [i, each] of items.entries()) {
    const own = formOf(each)
    if (own.form !== 'name' || word(own.items[0]) === '...') throw new NotRead('the names in the query are not read')
    found.set(word(own.items[0]), i)
  }
  return found
}

const kindsOfJoin: ReadonlyMap<string, string> = new Map([
  ['join', 'INNER JOIN'],
  ['inner_join', 'INNER JOIN'],
  ['left_join', 'LEFT OUTER JOIN'],
  ['right_join', 'RIGHT OUTER JOIN'],
  ['full_join', 'FULL OUTER JOIN'],
  ['cross_join', 'CROSS JOIN'],
])

/** The macros of Ecto.Query, by their full names. */
export function queryMacros(schemas: Schemas): (name: string) => Value | undefined {
  return name => {
    const own = /^Ecto\.Query\.(\w+)$/.exec(name)?.[1]
    if (own === undefined) return undefined
    if (own === 'dynamic') return functionOf(own, ({ at }) => unknown('it is a part of a query', at))
    return functionOf(own, call => made(own, call, schemas))
  }
}

function made(name: string, call: Call, schemas: Schemas): Value {
  const { args, at } = call
  try {
    const [of, ...rest] = args
    const query = { ...queryOf(of, schemas, placeOf(of, at)), at }
    try {
      if (name === 'subquery') return asValue(allOf(query, at))
      return asValue(name === 'from' ? from(query, rest, schemas) : piped(name, query, rest, schemas))
    } catch (error) {
      if (!(error instanceof NotRead)) throw error
      return asValue({ ...query, unread: query.unread ?? error.why })
    }
  } catch (error) {
    if (!(error instanceof NotRead)) throw error
    return { ...unknown(error.why, at), mayReach: 'rows' }
  }
}

function from(query: Query, [bound, parts]: readonly Value[], schemas: Schemas): Query {
  const names = namesIn(bound)
  if (parts === undefined) return query
  const { form, items } = formOf(parts)
  if (form !== 'keywords' && !(form === 'list' && items.length === 0)) throw new NotRead('the query is not read')
  return items.reduce<Query>((each, pair) => {
    const [name, code] = formOf(pair).items
    return code ? withPart(each, word(name), code, names, schemas) : each
  }, query)
}

function piped(name: string, query: Query, args: readonly Value[], schemas: Schemas): Query {
  if (name === 'join') return pipedJoin(query, args, schemas)
  const [first, second] = args
  const names = second === undefined ? new Map<string, number>() : namesIn(first)
  const code = second ?? first
  if (args.length > 2 || code === undefined) throw new NotRead('the query is not read')
  return withPart(query, name, code, names, schemas)
}

function pipedJoin(query: Query, args: readonly Value[], schemas: Schemas): Query {
  const [kind, bound, target, options] = args
  if (args.length < 3 || !kind || !target) throw new NotRead('a join of the query is not read')
  const [qualifier] = formOf(kind).items
  const names = namesIn(bound)
  const joined = withPart(query, `${word(qualifier)}_join`, target, names, schemas)
  if (options === undefined) return joined
  return formOf(options).items.reduce<Query>((each, pair) => {
    const [name, code] = formOf(pair).items
    return code ? withPart(each, word(name), code, names, schemas) : each
  }, joined)
}

/** The query with one part more. `names` gets the name of a joined table. */
function withPart(query: Query, name: string, code: Value, names: Map<string, number>, schemas: Schemas): Query {
  const bound: Bound = { code, names: new Map(names) }
  const kind = kindsOfJoin.get(name)
  if (kind) {
    const { items, form, at } = formOf(code)
    const isIn = form === 'call' && word(items[0]) === 'in'
    const [own, of] = isIn ? items.slice(1) : [undefined, code]
    const place = query.joins.length + 1
    const source = joinedTo(of, schemas, at)
    if (own) names.set(word(formOf(own).items[0]), place)
    return { ...query, joins: [...query.joins, { kind, source, on: null }] }
  }
  switch (name) {
    case 'on': {
      const last = query.joins.at(-1)
      if (!last) throw new NotRead('a join of the query is not read')
      return { ...query, joins: [...query.joins.slice(0, -1), { ...last, on: bound }] }
    }
    case 'where':
      return { ...query, wheres: [...query.wheres, { ...bound, word: 'AND' }] }
    case 'or_where':
      return { ...query, wheres: [...query.wheres, { ...bound, word: 'OR' }] }
    case 'having':
      return { ...query, havings: [...query.havings, { ...bound, word: 'AND' }] }
    case 'or_having':
      return { ...query, havings: [...query.havings, { ...bound, word: 'OR' }] }
    case 'group_by':
      return { ...query, groups: [...query.groups, bound] }
    case 'order_by':
      return { ...query, orders: [...query.orders, bound] }
    case 'prepend_order_by':
      return { ...query, orders: [bound, ...query.orders] }
    case 'update':
      return { ...query, updates: [...query.updates, bound] }
    case 'select':
      return { ...query, select: bound }
    case 'distinct':
      return { ...query, distinct: bound }
    case 'limit':
      return { ...query, limit: bound }
    case 'offset':
      return { ...query, offset: bound }
    case 'lock':
      return { ...query, lock: bound }
    default:
      throw new NotRead(`\`${name}\` of the query is not read`)
  }
}

function joinedTo(code: Value | undefined, schemas: Schemas, at: Span): Source | Query {
  const { form, items } = formOf(code)
  const [value] = items
  if (form === 'subquery' || form === 'pin') {
    const found = queryIn(value)
    if (found && form === 'subquery') return found
    if (found && found.wheres.length + found.joins.length === 0 && 'table' in found.source) return found.source
  }
  if (form === 'value' || form === 'module') return sourceOf(value, schemas, at)
  throw new NotRead('a join of the query is not read')
}
