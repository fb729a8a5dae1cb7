import { NotRead } from '../../code/given/not-read.ts'
import { listed, sqlAt } from '../../code/given/sql.ts'
import { joined, plain, type Text, textAt } from '../../code/text.ts'
import type { Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { inQuotes, path } from './column.ts'
import { type Bound, type Condition, formOf, type Query, word } from './query.ts'
import { type Around, columns, expression, ordered } from './query-expression.ts'
import { type Selected, selected } from './query-select.ts'

/** The SQL of queries: `all`, `update_all` and `delete_all` of lib/ecto/adapters/postgres/connection.ex. Ecto sends values separately: `$1`. */

/** Columns to set, as `Repo.update_all(query, set: […])` is given them. */
export type Updates = ReadonlyMap<string, Value>

export function selectSql(query: Query, at: Span): Text {
  return new Sql(query, at).all()
}

export function updateSql(query: Query, updates: Updates, at: Span): Text {
  return new Sql(query, at).update(updates)
}

export function deleteSql(query: Query, at: Span): Text {
  return new Sql(query, at).delete()
}

class Sql {
  readonly #query: Query
  readonly #at: Span
  readonly #prefix: string
  readonly #count: { values: number }
  readonly #sql: ReturnType<typeof sqlAt>

  /** `prefix`: of the names in a query within another one. `count`: the number of values so far. */
  constructor(query: Query, at: Span, prefix = '', count = { values: 0 }) {
    if (query.unread !== null) throw new NotRead(query.unread, at)
    this.#query = query
    this.#at = at
    this.#prefix = prefix
    this.#count = count
    this.#sql = sqlAt(at)
  }

  all(isNamed = false): Text {
    const query = this.#query
    const sql = this.#sql
    // Values are numbered in the order of the parts (`@all_exprs` of lib/ecto/query/planner.ex).
    const distinct = this.#distinct()
    const fields = this.#selected().map(each =>
      isNamed && each.name ? sql`${each.sql} AS ${inQuotes(each.name)}` : each.sql,
    )
    const from = this.#named(0)
    const joins = query.joins.map(({ kind, on }, i) => this.#joined(kind, on, i + 1))
    const wheres = this.#conditions(' WHERE ', query.wheres)
    const groups = query.groups.flatMap(each => columns(each.code, this.#around(each)))
    const havings = this.#conditions(' HAVING ', query.havings)
    const orders = query.orders.flatMap(each => ordered(each.code, this.#around(each)))
    return joined([
      sql`SELECT${distinct} ${fields.length === 0 ? 'TRUE' : listed(fields, this.#at)} FROM ${from}`,
      ...joins,
      wheres,
      ...(groups.length === 0 ? [] : [sql` GROUP BY ${listed(groups, this.#at)}`]),
      havings,
      ...(orders.length === 0 ? [] : [sql` ORDER BY ${listed(orders, this.#at)}`]),
      ...(query.limit ? [sql` LIMIT ${expression(query.limit.code, this.#around(query.limit))}`] : []),
      ...(query.offset ? [sql` OFFSET ${expression(query.offset.code, this.#around(query.offset))}`] : []),
      ...(query.lock ? [sql` ${this.#lock(query.lock)}`] : []),
    ])
  }

  update(further: Updates): Text {
    const sql = this.#sql
    const query = this.#query
    this.#refuse([query.groups, query.orders, query.havings], 'update_all')
    const sets = [...query.updates.flatMap(each => this.#sets(each)), ...this.#given(further)]
    if (sets.length === 0) throw new NotRead('the columns that it changes are unknown', this.#at)
    const { from, on } = this.#using('FROM', true)
    return joined([
      sql`UPDATE ${this.#named(0)} SET ${listed(sets, this.#at)}${from}`,
      this.#conditions(' WHERE ', [...on, ...query.wheres]),
      this.#returning(),
    ])
  }

  delete(): Text {
    const sql = this.#sql
    const query = this.#query
    this.#refuse([query.groups, query.orders, query.havings, query.updates], 'delete_all')
    const { from, on } = this.#using('USING', false)
    return joined([
      sql`DELETE FROM ${this.#named(0)}${from}`,
      this.#conditions(' WHERE ', [...on, ...query.wheres]),
      this.#returning(),
    ])
  }

  /** Parts that Ecto refuses in such a query. */
  #refuse(parts: readonly (readonly unknown[])[], name: string): void {
    const { limit, offset, distinct, lock } = this.#query
    if (parts.some(each => each.length > 0) || limit || offset || distinct || lock)
      throw new NotRead(`\`${name}\` does not take all parts of the query`, this.#at)
  }

  #returning(): Text {
    if (!this.#query.select) return textAt('', this.#at)
    const fields = this.#selected().map(each => each.sql)
    return this.#sql` RETURNING ${fields.length === 0 ? 'TRUE' : listed(fields, this.#at)}`
  }

  /** `create_names` */
  #name(place: number): Text {
    const source = this.#sourceAt(place)
    const letter = 'table' in source ? (/^[a-z]/i.exec(plain(source.table))?.[0] ?? 't') : 's'
    return textAt(`${this.#prefix}${letter}${place}`, this.#at)
  }

  #sourceAt(place: number) {
    const source = place === 0 ? this.#query.source : this.#query.joins[place - 1]?.source
    if (!source) throw new NotRead('a name in the query is not known', this.#at)
    return source
  }

  /** A source and its name. */
  #named(place: number): Text {
    const source = this.#sourceAt(place)
    const sql = this.#sql
    if ('table' in source)
      return sql`${path({ prefix: source.prefix, name: source.table }, this.#at)} AS ${this.#name(place)}`
    return sql`(${this.#inner(source).all(true)}) AS ${this.#name(place)}`
  }

  #inner(query: Query): Sql {
    return new Sql(query, this.#at, `s${this.#prefix}`, this.#count)
  }

  #around({ names }: Bound, at = this.#at): Around {
    return {
      nameOf: name => {
        const place = typeof name === 'number' ? name : names.get(name)
        if (place === undefined) throw new NotRead(`\`${name}\` in the query is not known`, at)
        return this.#name(place)
      },
      next: where => textAt(`$${++this.#count.values}`, where),
      inner: query => this.#inner(query).all(),
    }
  }

  /** Conditions by name, of the source at this place: `where: [a: 1]`, `where: ^[a: 1]`. */
  #condition(bound: Bound, place: number): Text {
    const { form, items, at } = formOf(bound.code)
    const around = this.#around(bound)
    const sql = sqlAt(at)
    const each = (name: Text, value: Text) => sql`${this.#name(place)}.${inQuotes(name)} = ${value}`
    let all: Text[]
    if (form === 'keywords')
      all = items.map(pair => {
        const [name, code] = formOf(pair).items
        if (name?.kind !== 'text' || !code) throw new NotRead('a condition is not read', at)
        const own = formOf(code)
        const isOperation = own.form === 'call' && !/^(?:fragment|type|field|coalesce)$/.test(word(own.items[0]))
        if (isOperation) throw new NotRead('a condition is not read', at)
        return each(name, expression(code, around))
      })
    else if (form === 'pin') {
      const [given] = items
      if (given?.kind !== 'record' || given.isOpen) throw new NotRead('a condition is not known', at)
      all = [...given.entries.keys()].map(name => each(textAt(name, at), around.next(at)))
    } else return expression(bound.code, around)
    const [first, ...rest] = all
    if (!first) return textAt('TRUE', at)
    return rest.reduce((left, right) => sql`(${left}) AND (${right})`, first)
  }

  #joined(kind: string, on: Bound | null, place: number): Text {
    const sql = this.#sql
    const source = sql`${kind} ${this.#named(place)}`
    if (kind === 'CROSS JOIN') return sql` ${source}`
    return sql` ${source} ON ${on ? this.#condition(on, place) : 'TRUE'}`
  }

  /** `boolean` */
  #conditions(words: string, conditions: readonly Condition[]): Text {
    const sql = this.#sql
    const parts = conditions.filter(each => !isTrue(each))
    const [first, ...rest] = parts
    if (!first) return textAt('', this.#at)
    let last = first.word
    let all = sql`(${this.#condition(first, first.place ?? 0)})`
    for (const each of rest) {
      const own = sql`(${this.#condition(each, each.place ?? 0)})`
      all = each.word === last ? sql`${all} ${each.word} ${own}` : sql`(${all}) ${each.word} ${own}`
      last = each.word
    }
    return sql`${words}${all}`
  }

  /** `using_join`: the conditions of inner joins are among those of WHERE. */
  #using(words: 'FROM' | 'USING', mayBeOuter: boolean): { from: Text; on: Condition[] } {
    const sql = this.#sql
    const { joins } = this.#query
    const others = joins.findIndex(({ kind }) => kind !== 'INNER JOIN')
    const inner = others < 0 ? joins : joins.slice(0, others)
    if (others >= 0 && (!mayBeOuter || inner.length === 0)) throw new NotRead('its joins are not read', this.#at)
    if (inner.length === 0) return { from: textAt('', this.#at), on: [] }
    const from = inner.map((_, i) => this.#named(i + 1))
    const outer = joins.slice(inner.length).map(({ kind, on }, i) => this.#joined(kind, on, inner.length + i + 1))
    const on = inner.flatMap(({ on }, i): Condition[] => (on ? [{ ...on, word: 'AND', place: i + 1 }] : []))
    return { from: joined([sql` ${words} ${listed(from, this.#at)}`, ...outer]), on }
  }

  /** `update: [set: [a: 1], inc: [b: 1]]` */
  #sets(bound: Bound): Text[] {
    const { form, items, at } = formOf(bound.code)
    if (form !== 'keywords') throw new NotRead('the columns that it changes are unknown', at)
    return items.flatMap(pair => {
      const [how, code] = formOf(pair).items
      const own = formOf(code)
      const [given] = own.items
      if (own.form === 'pin' && given?.kind === 'record' && !given.isOpen)
        return this.#changes(word(how), given.entries)
      if (own.form !== 'keywords') throw new NotRead('the columns that it changes are unknown', at)
      return own.items.map(each => {
        const [name, value] = formOf(each).items
        if (name?.kind !== 'text' || !value) throw new NotRead('the columns that it changes are unknown', at)
        return this.#change(word(how), name, expression(value, this.#around(bound)), own.at)
      })
    })
  }

  /** What is given besides the query has no code: all its values are sent separately. */
  #given(updates: Updates): Text[] {
    return [...updates].flatMap(([how, value]) => {
      if (value.kind !== 'record' || value.isOpen)
        throw new NotRead('the columns that it changes are unknown', this.#at)
      return this.#changes(how, value.entries)
    })
  }

  #changes(how: string, entries: ReadonlyMap<string, Value>): Text[] {
    return [...entries].map(([name, value]) => {
      if (value.kind === 'host') throw new NotRead('a part of the query is not read', this.#at)
      return this.#change(how, textAt(name, this.#at), textAt(`$${++this.#count.values}`, this.#at), this.#at)
    })
  }

  /** `update_op` */
  #change(how: string, name: Text, value: Text, at: Span): Text {
    const sql = sqlAt(at)
    const column = inQuotes(name)
    const own = sql`${this.#name(0)}.${column}`
    switch (how) {
      case 'set':
        return sql`${column} = ${value}`
      case 'inc':
        return sql`${column} = ${own} + ${value}`
      case 'push':
        return sql`${column} = array_append(${own}, ${value})`
      case 'pull':
        return sql`${column} = array_remove(${own}, ${value})`
      default:
        throw new NotRead(`\`${how}\` of the query is not read`, at)
    }
  }

  #lock({ code }: Bound): Text {
    const { form, items, at } = formOf(code)
    const [value] = items
    if (form !== 'value' || value?.kind !== 'text') throw new NotRead('its lock is not read', at)
    return value
  }

  #distinct(): Text {
    const { distinct, orders } = this.#query
    const sql = this.#sql
    if (!distinct) return sql``
    const { form, items } = formOf(distinct.code)
    const [value] = items
    if (form === 'value' && value?.kind === 'plain' && typeof value.value === 'boolean')
      return value.value ? sql` DISTINCT` : sql``
    if (orders.length > 0) throw new NotRead('its order is not read', this.#at)
    const codes = form === 'keywords' ? items.flatMap(pair => formOf(pair).items[1] ?? []) : [distinct.code]
    const all = codes.flatMap(code => columns(code, this.#around(distinct)))
    return sql` DISTINCT ON (${listed(all, this.#at)})`
  }

  #selected(): Selected[] {
    return selected(this.#query.select, {
      nameOf: place => this.#name(place),
      columnsOf: place => {
        const source = this.#sourceAt(place)
        if (!('table' in source)) return this.#inner(source).names()
        return source.columns?.map(name => textAt(name, this.#at)) ?? null
      },
      around: bound => this.#around(bound),
      at: this.#at,
    })
  }

  /** The names of the columns that it gives to a query around it. */
  names(): Text[] | null {
    const before = this.#count.values
    const names = this.#selected().map(each => each.name)
    this.#count.values = before
    return names.every(name => name !== null) ? names : null
  }
}

function isTrue({ code }: Bound): boolean {
  const { form, items } = formOf(code)
  const [value] = items
  return form === 'value' && value?.kind === 'plain' && value.value === true
}
