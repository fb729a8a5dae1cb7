import { isAtom } from '../../code/elixir/literal.ts'
import { NotRead } from '../../code/given/not-read.ts'
import { listed, sqlAt } from '../../code/given/sql.ts'
import { placeOf } from '../../code/given/value.ts'
import { cut, joined, plain, type Text, textAt, unknownIn } from '../../code/text.ts'
import type { Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { dbType, inQuotes, string } from './column.ts'
import { formOf, type Query, queryIn, word } from './query.ts'

/** Expressions of queries: `expr` of lib/ecto/adapters/postgres/connection.ex. */

/** What the expressions of a query need from the query around them. */
export interface Around {
  /** The name in SQL of a source, by its name in the code or its place. */
  readonly nameOf: (name: string | number) => Text
  /** The place of a value that is sent apart from the SQL: `$1`. */
  readonly next: (at: Span) => Text
  /** The SQL of a query in this one, without parentheses. */
  readonly inner: (query: Query) => Text
}

/** Operators with parentheses around them where they are in others. */
const operators: ReadonlyMap<string, string> = new Map([
  ['==', ' = '],
  ['!=', ' != '],
  ['<=', ' <= '],
  ['>=', ' >= '],
  ['<', ' < '],
  ['>', ' > '],
  ['+', ' + '],
  ['-', ' - '],
  ['*', ' * '],
  ['/', ' / '],
  ['and', ' AND '],
  ['or', ' OR '],
  ['ilike', ' ILIKE '],
  ['like', ' LIKE '],
])

/** Functions of Ecto.Query.API and WindowAPI that are functions of PostgreSQL with the same name. */
const functions = new Set(
  (
    'count sum avg min max coalesce exists all any row_number rank dense_rank percent_rank cume_dist ntile first_value last_value nth_value ' +
    'lag lead'
  ).split(' '),
)

export function expression(code: Value, around: Around): Text {
  const { form, items, at } = formOf(code)
  const sql = sqlAt(at)
  const [first] = items
  switch (form) {
    case 'name':
      return around.nameOf(word(first))
    case 'field':
      return sql`${sourceOf(items[1], around)}.${inQuotes(textIn(first, at))}`
    case 'value':
      return literal(first, at)
    case 'float':
      return sql`${float(word(first), at)}::float`
    case 'pin':
      if (first?.kind === 'host') throw new NotRead('a part of the query is not read', at)
      return around.next(at)
    case 'list':
      return array(
        items.map(each => expression(each, around)),
        at,
      )
    case 'tuple':
      return sql`(${listed(
        items.map(each => expression(each, around)),
        at,
        ',',
      )})`
    case 'subquery': {
      const query = queryIn(first)
      if (!query) throw new NotRead('a query in the query is not known', at)
      return sql`(${around.inner(query)})`
    }
    case 'call':
      return call(word(first), items.slice(1), at, around)
    default:
      throw new NotRead('a part of the query is not read', at)
  }
}

function textIn(value: Value | undefined, at: Span): Text {
  if (value?.kind === 'text' && unknownIn(value) === null) return value
  throw new NotRead('a name in the query is not known', at)
}

function sourceOf(code: Value | undefined, around: Around): Text {
  const { form, items, at } = formOf(code)
  if (form !== 'name') throw new NotRead('a part of the query is not read', at)
  return around.nameOf(word(items[0]))
}

function literal(value: Value | undefined, at: Span): Text {
  if (value?.kind === 'list' && !value.isOpen)
    return array(
      value.items.map(each => literal(each, at)),
      at,
    )
  if (value?.kind === 'plain') {
    if ((value.value ?? null) === null) return textAt('NULL', at)
    return textAt(String(value.value).toUpperCase(), at)
  }
  if (value?.kind !== 'text' || unknownIn(value) !== null) throw new NotRead('a value in the query is not known', at)
  if (isAtom(value) && plain(value) !== '') throw new NotRead('an atom in the query is not read', at)
  return string(value, at)
}

/** Float.to_string */
function float(written: string, at: Span): string {
  const value = Number(written)
  if (!Number.isFinite(value) || /e/i.test(`${written}${value}`))
    throw new NotRead('a number in the query is not read', at)
  return Number.isInteger(value) ? `${value}.0` : String(value)
}

function array(items: readonly Text[], at: Span): Text {
  return items.length === 0 ? textAt("'{}'", at) : sqlAt(at)`ARRAY[${listed(items, at, ',')}]`
}

/** `maybe_paren` */
function within(code: Value, around: Around): Text {
  const { form, items, at } = formOf(code)
  const name = form === 'call' ? word(items[0]) : ''
  const isOperator = (operators.has(name) && items.length === 3) || name === 'is_nil'
  const own = expression(code, around)
  return isOperator ? sqlAt(at)`(${own})` : own
}

function call(name: string, args: readonly Value[], at: Span, around: Around): Text {
  const sql = sqlAt(at)
  const [first, second] = args
  const operator = operators.get(name)
  if (operator !== undefined && first && second && args.length === 2)
    return sql`${within(first, around)}${operator}${within(second, around)}`
  switch (name) {
    case 'is_nil':
      if (first && args.length === 1) return sql`${expression(first, around)} IS NULL`
      break
    case 'not':
      if (first && args.length === 1) return sql`NOT (${expression(first, around)})`
      break
    case 'in':
      if (first && second) return isIn(first, second, at, around)
      break
    case 'fragment':
      return fragment(args, at, around)
    case 'field': {
      const own = second && formOf(second)
      if (own && (own.form === 'value' || own.form === 'pin'))
        return sql`${sourceOf(first, around)}.${inQuotes(textIn(own.items[0], at))}`
      break
    }
    case 'type':
      if (first && second) return sql`${within(first, around)}::${typeOf(second, at)}`
      break
    case 'datetime_add':
    case 'date_add':
      if (args.length === 3 && first) return shifted(name, first, args.slice(1), at, around)
      break
    case 'ago':
    case 'from_now':
      if (args.length === 2) return shifted('datetime_add', null, args, at, around, name === 'ago')
      break
    case 'filter':
      if (first && second) return sql`${expression(first, around)} FILTER (WHERE ${expression(second, around)})`
      break
    case 'over':
      if (first) return sql`${expression(first, around)} OVER ${window(second, at, around)}`
      break
    case 'count':
      if (args.length === 0) return textAt('count(*)', at)
      break
  }
  if (!functions.has(name)) throw new NotRead(`\`${name}\` in the query is not read`, at)
  const isDistinct = second !== undefined && isWord(second, 'distinct')
  const own = (isDistinct ? args.slice(0, 1) : args).map(each => expression(each, around))
  return sql`${name}(${isDistinct ? 'DISTINCT ' : ''}${listed(own, at)})`
}

function isWord(code: Value, wanted: string): boolean {
  const { form, items } = formOf(code)
  return form === 'value' && word(items[0]) === wanted
}

function isIn(left: Value, right: Value, at: Span, around: Around): Text {
  const sql = sqlAt(at)
  const own = formOf(right)
  const items = own.form === 'list' ? own.items : null
  if (items?.length === 0) return textAt('false', at)
  const of = expression(left, around)
  const values = own.form === 'value' && own.items[0]?.kind === 'list' ? own.items[0] : null
  if (values)
    return sql`${of} IN (${listed(
      values.items.map(each => literal(each, at)),
      at,
      ',',
    )})`
  if (items)
    return sql`${of} IN (${listed(
      items.map(each => expression(each, around)),
      at,
      ',',
    )})`
  if (own.form === 'subquery') return sql`${of} IN ${expression(right, around)}`
  return sql`${of} = ANY(${expression(right, around)})`
}

/** `fragment("lower(?)", x.name)` */
function fragment([first, ...args]: readonly Value[], at: Span, around: Around): Text {
  const own = formOf(first)
  const text = own.items[0]
  if (own.form !== 'value' || text?.kind !== 'text' || unknownIn(text) !== null)
    throw new NotRead('a fragment of the query is not read', at)
  const whole = plain(text)
  const parts: Text[] = []
  let start = 0
  let count = 0
  for (const { index, 0: mark } of whole.matchAll(/\\?\?/g)) {
    parts.push(cut(text, start, index))
    start = index + mark.length
    const arg = args[count]
    if (mark === '\\?') parts.push(textAt('?', at))
    else if (arg) {
      count++
      parts.push(within(arg, around))
    } else throw new NotRead('a fragment of the query is not read', at)
  }
  if (count !== args.length) throw new NotRead('a fragment of the query is not read', at)
  const sql = joined([...parts, cut(text, start)])
  return /^\s*select\s/i.test(whole) ? sqlAt(at)`(${sql})` : sql
}

/** `tagged_to_db` */
function typeOf(code: Value, at: Span): Text {
  const { form, items } = formOf(code)
  const [value] = items
  if (form === 'tuple' && items.length === 2 && value && isWord(value, 'array') && items[1])
    return sqlAt(at)`${typeOf(items[1], at)}[]`
  if (form === 'module' && value?.kind === 'unknown' && value.name === 'Ecto.UUID') return textAt('uuid', at)
  if (form !== 'value' || value?.kind !== 'text' || !isAtom(value))
    throw new NotRead('a type in the query is not read', at)
  return /^(?:id|integer)$/.test(plain(value)) ? textAt('bigint', placeOf(value, at)) : dbType(value, at)
}

/** A time and an interval. `time`: null for the present, which is sent separately. */
function shifted(
  name: 'datetime_add' | 'date_add',
  time: Value | null,
  [count, unit]: readonly Value[],
  at: Span,
  around: Around,
  isBack = false,
): Text {
  const sql = sqlAt(at)
  const start = time ? expression(time, around) : around.next(at)
  const isTyped = time !== null && formOf(time).form === 'call' && word(formOf(time).items[0]) === 'type'
  const type = (word: string) => (isTyped ? '' : `::${word}`)
  const own = formOf(count)
  const unitName = unit && formOf(unit).form === 'value' ? word(formOf(unit).items[0]) : ''
  if (!/^(?:year|month|week|day|hour|minute|second|millisecond|microsecond)$/.test(unitName))
    throw new NotRead('an interval in the query is not read', at)
  const [value] = own.items
  const isCount = own.form === 'value' && value?.kind === 'plain' && typeof value.value === 'number'
  const interval = isCount
    ? sql`interval '${String(isBack ? -Number(value.value) : value.value)} ${unitName}'`
    : own.form === 'pin'
      ? sql`(${around.next(at)}::numeric * interval '1 ${unitName}')`
      : null
  if (!interval) throw new NotRead('an interval in the query is not read', at)
  return name === 'datetime_add'
    ? sql`${start}${type('timestamp')} + ${interval}`
    : sql`(${start}${type('date')} + ${interval})::date`
}

/** `window_exprs` */
function window(code: Value | undefined, at: Span, around: Around): Text {
  const sql = sqlAt(at)
  if (code === undefined) return textAt('()', at)
  const { form, items } = formOf(code)
  if (form === 'list' && items.length === 0) return textAt('()', at)
  if (form !== 'keywords') throw new NotRead('a window of the query is not read', at)
  const parts = items.map(pair => {
    const [name, of] = formOf(pair).items
    if (!of) throw new NotRead('a window of the query is not read', at)
    if (word(name) === 'partition_by') return sql`PARTITION BY ${listed(columns(of, around), at)}`
    if (word(name) === 'order_by') return sql`ORDER BY ${listed(ordered(of, around), at)}`
    throw new NotRead('a window of the query is not read', at)
  })
  return sql`(${listed(parts, at, ' ')})`
}

/** One expression or a list of them; an atom is a column of the first source. */
export function columns(code: Value, around: Around): Text[] {
  const { form, items } = formOf(code)
  return (form === 'list' ? items : [code]).map(each => column(each, around))
}

function column(code: Value, around: Around): Text {
  const { form, items, at } = formOf(code)
  const [value] = items
  if (form === 'value' && value?.kind === 'text' && isAtom(value) && plain(value) !== '')
    return sqlAt(at)`${around.nameOf(0)}.${inQuotes(value)}`
  return expression(code, around)
}

const directions: ReadonlyMap<string, string> = new Map([
  ['asc', ''],
  ['asc_nulls_last', ' ASC NULLS LAST'],
  ['asc_nulls_first', ' ASC NULLS FIRST'],
  ['desc', ' DESC'],
  ['desc_nulls_last', ' DESC NULLS LAST'],
  ['desc_nulls_first', ' DESC NULLS FIRST'],
])

/** `order_by_expr`: `[asc: x.a, desc: x.b]`, `x.a`, `[:a, :b]`. */
export function ordered(code: Value, around: Around): Text[] {
  const { form, items } = formOf(code)
  const all = form === 'keywords' || form === 'list' ? items : [code]
  return all.map(each => {
    const own = formOf(each)
    if (own.form !== 'pair') return column(each, around)
    const [name, of] = own.items
    const direction = directions.get(word(name))
    if (direction === undefined || !of) throw new NotRead('the order of the query is not read', own.at)
    return sqlAt(own.at)`${column(of, around)}${direction}`
  })
}
