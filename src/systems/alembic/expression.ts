import { NotRead } from '../../code/given/not-read.ts'
import { listed, sqlAt } from '../../code/given/sql.ts'
import { type Argument, isNull, listIn, placeOf, textIn } from '../../code/given/value.ts'
import { jsonOf } from '../../code/json.ts'
import { plain, quoted, replaced, type Text, textAt, unknownIn } from '../../code/text.ts'
import type { Call, Host, Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { named } from './name.ts'
import { type Clause, describes, describing, made, thingIn } from './thing.ts'

/** An unknown value, which the driver sends beside the statement. */
function parameter(at: Span): Text {
  return textAt('$1', at)
}

/** `render_literal_value`: a value in SQL. */
export function literal(value: Argument, at: Span): Text {
  const place = placeOf(value, at)
  if (value === undefined || isNull(value)) return textAt('NULL', place)
  const clause = thingIn(value, 'clause')
  if (clause) return clause.full
  if (value.kind === 'text') return unknownIn(value) === null ? string(value, place) : parameter(place)
  if (value.kind === 'plain') return textAt(String(value.value), place)
  const json = value.kind === 'record' || value.kind === 'list' ? jsonOf(value) : null
  return json === null ? parameter(place) : string(textAt(json, place), place)
}

/** A string of SQL. */
export function string(text: Text, at: Span): Text {
  return plain(text) === '' ? textAt("''", at) : quoted(text, "'")
}

/** Values of parameters, by name. */
export interface Values {
  readonly has: (name: string) => boolean
  readonly get: (name: string) => Value | undefined
}

/**
 * `TextClause`: fills in parameters (`:name`) and removes the backslash before a colon. Throws NotRead where a parameter has no value.
 */
export function textClause(text: Text, values: Values): Text {
  if (!text.pieces.some(piece => piece.text.includes(':'))) return text
  const filled = replaced(text, /(?<![:\w\\]):(\w+)(?!:)/g, ({ 1: name = '', index, input }, found) => {
    const place = placeOf(found, [0, 0] as const)
    if (!values.has(name)) throw new NotRead(`the call gives no value for its parameter \`:${name}\``, place)
    const value = values.get(name)
    if (!/\bin\s*$/i.test(input.slice(0, index))) return literal(value, place)
    // An expanding parameter.
    if (value?.kind === 'list' && !value.isOpen) return inParentheses(value.items, place)
    return sqlAt(place)`(${literal(value, place)})`
  })
  return replaced(filled, /\\:/g, (_, found) => textAt(':', placeOf(found, [0, 0] as const)))
}

function inParentheses(values: readonly Value[], at: Span): Text {
  return sqlAt(at)`(${listed(
    values.map(value => literal(value, at)),
    at,
  )})`
}

/** An expression where a text counts as SQL: in conditions of checks and indexes. Throws NotRead for anything else. */
export function clauseIn(value: Argument, at: Span, what: string): Clause {
  const clause = thingIn(value, 'clause')
  if (clause) return clause
  const text = textClause(textIn(value, at, what), new Map())
  return { kind: 'clause', bare: text, full: text }
}

/** The value that stands for an expression. */
export function clauseOf(clause: Omit<Clause, 'kind'>): Host {
  const own: Clause = { kind: 'clause', ...clause }
  return made('an expression', own, {
    get: name => member(own, name),
    operation: (operator, other, at, isRight) => operation(own, operator, other, at, isRight),
  })
}

/** An expression whose two forms are the same. */
export function plainClause(text: Text): Host {
  return clauseOf({ bare: text, full: text })
}

/** `sa.text('…')`, with its method `bindparams`. */
export function textHost(text: Text, values: ReadonlyMap<string, Value> = new Map()): Host {
  const clause = (): Clause => {
    const filled = textClause(text, values)
    return { kind: 'clause', bare: filled, full: filled }
  }
  const more = describes('bindparams', call => {
    const own = new Map([...values, ...(call.named ?? [])])
    for (const each of call.args) {
      const bound = thingIn(each, 'clause')
      if (bound?.key === undefined) throw new NotRead('its arguments are unknown', placeOf(each, call.at))
      own.set(bound.key, each)
    }
    return textHost(text, own)
  })
  const host = made('a text', lazily(clause), {
    get: name => (name === 'bindparams' ? more : name === 'columns' ? describes('columns', () => host) : undefined),
  })
  unfilled.set(host, { text, values })
  return host
}

const unfilled = new WeakMap<Value, { readonly text: Text; readonly values: ReadonlyMap<string, Value> }>()

/** The text of `sa.text` with the values that it gets on execution; null: the value is something else. */
export function textWith(value: Argument, given: Values): Text | null {
  const own = value && unfilled.get(value)
  if (!own) return null
  return textClause(own.text, {
    has: name => given.has(name) || own.values.has(name),
    get: name => given.get(name) ?? own.values.get(name),
  })
}

/** A clause that is built when it is used: only then must all of its parameters be known. */
function lazily(make: () => Clause): Clause {
  return {
    kind: 'clause',
    get bare() {
      return make().bare
    },
    get full() {
      return make().full
    },
  }
}

const compared: ReadonlyMap<string, string> = new Map([
  ['is', '='],
  ['is not', '!='],
  ['<', '<'],
  ['<=', '<='],
  ['>', '>'],
  ['>=', '>='],
  ['+', '+'],
  ['-', '-'],
  ['*', '*'],
  ['/', '/'],
])

function operation(own: Clause, operator: string, other: Value, at: Span, isRight: boolean): Host | undefined {
  const sign = compared.get(operator)
  if (sign === undefined) return undefined
  if (isNull(other) && (operator === 'is' || operator === 'is not'))
    return compound(own, textAt(operator === 'is' ? 'IS' : 'IS NOT', at), { kind: 'text', pieces: [] }, at, 'NULL')
  const side = operand(other, at)
  return isRight ? both(side, sign, own, at) : both(own, sign, side, at)
}

function operand(value: Value, at: Span): Clause {
  const clause = thingIn(value, 'clause')
  if (clause) return clause
  const text = literal(value, at)
  return { kind: 'clause', bare: text, full: text }
}

function inside({ isCompound, ...clause }: Clause, at: Span): Pick<Clause, 'bare' | 'full'> {
  const sql = sqlAt(at)
  return isCompound ? { bare: sql`(${clause.bare})`, full: sql`(${clause.full})` } : clause
}

function both(left: Clause, sign: string, right: Clause, at: Span): Host {
  const isArithmetic = /^[-+*/]$/.test(sign)
  const side = (each: Clause) => (isArithmetic || each.isTogether ? inside(each, at) : each)
  const [a, b] = [side(left), side(right)]
  const sql = sqlAt(at)
  return clauseOf({
    bare: sql`${a.bare} ${sign} ${b.bare}`,
    full: sql`${a.full} ${sign} ${b.full}`,
    isCompound: true,
  })
}

function compound(own: Clause, sign: Text, right: Text, at: Span, end = ''): Host {
  const sql = sqlAt(at)
  const a = inside(own, at)
  return clauseOf({
    bare: sql`${a.bare} ${sign} ${right}${end}`,
    full: sql`${a.full} ${sign} ${right}${end}`,
    isCompound: true,
  })
}

/** Methods of expressions. */
function member(own: Clause, name: string): Value | undefined {
  const method = methods.get(name)
  return method && describes(name, call => method(own, call))
}

const suffix =
  (words: string) =>
  (own: Clause, { at }: Call): Host =>
    clauseOf({ ...own, bare: sqlAt(at)`${own.bare} ${words}`, full: sqlAt(at)`${own.full} ${words}` })

const comparison =
  (sign: string) =>
  (own: Clause, { args: [value], at }: Call): Host =>
    compound(own, textAt(sign, at), operand(value ?? { kind: 'plain', value: null, at }, at).full, at)

const methods: ReadonlyMap<string, (own: Clause, call: Call) => Host> = new Map([
  ['desc', suffix('DESC')],
  ['asc', suffix('ASC')],
  ['nullsfirst', suffix('NULLS FIRST')],
  ['nulls_first', suffix('NULLS FIRST')],
  ['nullslast', suffix('NULLS LAST')],
  ['nulls_last', suffix('NULLS LAST')],
  ['is_', comparison('IS')],
  ['isnot', comparison('IS NOT')],
  ['is_not', comparison('IS NOT')],
  ['like', comparison('LIKE')],
  ['ilike', comparison('ILIKE')],
  ['in_', (own, call) => among(own, 'IN', call)],
  ['notin_', (own, call) => among(own, 'NOT IN', call)],
  ['not_in', (own, call) => among(own, 'NOT IN', call)],
])

function among(own: Clause, words: string, { args: [value], at }: Call): Host {
  if (value?.kind === 'list' && !value.isOpen)
    return compound(own, textAt(words, at), inParentheses(value.items, at), at)
  return compound(own, textAt(words, at), sqlAt(at)`(${parameter(placeOf(value, at))})`, at)
}

/** `sa.and_` and `sa.or_`. */
export function together(word: 'AND' | 'OR'): Host {
  return describes(word.toLowerCase(), ({ args, at }) => {
    const all = args.map(arg => {
      const clause = clauseIn(arg, at, 'the condition')
      return clause.isTogether ? inside(clause, at) : clause
    })
    const join = (texts: readonly Text[]) => listed(texts, at, ` ${word} `)
    const isCompound = all.length > 1
    const own = { bare: join(all.map(({ bare }) => bare)), full: join(all.map(({ full }) => full)) }
    return clauseOf({ ...own, ...(isCompound && { isCompound, isTogether: true }) })
  })
}

/** A column by its name. */
export function columnClause(name: Text, table?: Text): Host {
  const bare = named(name)
  const place = placeOf(name, [0, 0] as const)
  return clauseOf({ bare, full: table ? sqlAt(place)`${table}.${bare}` : bare, key: plain(name) })
}

/** Functions that SQLAlchemy writes without parentheses (AnsiFunction of sqlalchemy/sql/functions.py). */
const withoutParentheses = new Set(
  'current_date current_time current_timestamp current_user localtime localtimestamp session_user sysdate user'.split(
    ' ',
  ),
)

/** `sa.func`: any name is a function; a name with a dot has a schema. */
export function functions(before: readonly string[] = []): Host {
  return {
    kind: 'host',
    name: 'func',
    isInert: true,
    get: name => functions([...before, name]),
    call: describing(({ args, at, nameAt }) => {
      const name = before.join('.')
      if (before.length === 0 || !/^[\w.]+$/.test(name)) throw new NotRead('the name of a function is not known', at)
      if (withoutParentheses.has(name.toLowerCase())) return plainClause(textAt(name.toUpperCase(), nameAt))
      const star = name === 'count' && args.length === 0 ? [textAt('*', nameAt)] : []
      const sides = args.map(arg => operand(arg, at))
      const sql = sqlAt(nameAt)
      const write = (form: 'bare' | 'full') =>
        sql`${name}(${listed([...star, ...sides.map(side => side[form])], nameAt)})`
      return clauseOf({ bare: write('bare'), full: write('full') })
    }),
  }
}

/** The default of a column: a text becomes a string of SQL, an expression stays as it is. */
export function defaultIn(value: Value, at: Span): Text {
  const clause = thingIn(value, 'clause')
  if (clause) return clause.bare
  if (value.kind === 'text' && unknownIn(value) === null) return string(value, placeOf(value, at))
  if (value.kind === 'unknown') throw new NotRead(value.why, placeOf(value, at))
  throw new NotRead('its default is not read', placeOf(value, at))
}

/** Expressions of a list. */
export function clausesIn(value: Argument, at: Span, what: string): Clause[] {
  return listIn(value, at, what).map(item => {
    const clause = thingIn(item, 'clause')
    if (clause) return clause
    const name = textIn(item, at, what)
    return { kind: 'clause', bare: named(name), full: named(name), key: plain(name) }
  })
}
