import { NotRead } from '../../code/given/not-read.ts'
import { sqlAt } from '../../code/given/sql.ts'
import { listIn, placeOf, recordIn, textIn } from '../../code/given/value.ts'
import { cut, joined, plain, type Text, textAt } from '../../code/text.ts'
import { entry, type Host, type Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { identifier } from './name.ts'
import { escaped, expressionIn } from './value.ts'

/** Conditions: `whereItemsQuery` of src/dialects/abstract/query-generator.js, for calls without a model. */

/** src/operators.js: the description of each symbol, and its SQL. */
const comparisons: ReadonlyMap<string, string> = new Map([
  ['eq', '='],
  ['ne', '!='],
  ['gte', '>='],
  ['gt', '>'],
  ['lte', '<='],
  ['lt', '<'],
  ['not', 'IS NOT'],
  ['is', 'IS'],
  ['in', 'IN'],
  ['notIn', 'NOT IN'],
  ['like', 'LIKE'],
  ['notLike', 'NOT LIKE'],
  ['iLike', 'ILIKE'],
  ['notILike', 'NOT ILIKE'],
  ['startsWith', 'LIKE'],
  ['endsWith', 'LIKE'],
  ['substring', 'LIKE'],
  ['regexp', '~'],
  ['notRegexp', '!~'],
  ['iRegexp', '~*'],
  ['notIRegexp', '!~*'],
  ['between', 'BETWEEN'],
  ['notBetween', 'NOT BETWEEN'],
  ['overlap', '&&'],
  ['contains', '@>'],
  ['contained', '<@'],
])

/** Sequelize.Op. As the name of an entry, the text stands for the symbol. */
export const operators: Host = {
  kind: 'host',
  name: 'Op',
  get: (name, at) =>
    comparisons.has(name) || name === 'and' || name === 'or' || name === 'col' ? textAt(symbol(name), at) : undefined,
}

function symbol(name: string): string {
  return `Symbol(${name})`
}

function operatorIn(key: string): string | null {
  return /^Symbol\((\w+)\)$/.exec(key)?.[1] ?? null
}

/** How to write a plain value: into the text, or as a parameter of the message. */
export type Written = (value: Value, at: Span) => Text

/** A condition; null where there is none. Throws NotRead where it is unknown. */
export function conditions(
  where: Value | undefined,
  at: Span,
  written: Written = escaped,
  between = 'AND',
): Text | null {
  if (where === undefined || (where.kind === 'plain' && (where.value ?? null) === null)) return null
  if (where.kind !== 'record') return item(null, where, at, written)
  const own = recordIn(where, at, 'the condition')
  // Symbols come first, as in `getComplexKeys`.
  const entries = [...own.entries]
  const symbols = entries.filter(([key]) => operatorIn(key) !== null)
  const names = entries.filter(([key]) => operatorIn(key) === null)
  return bound(
    [...symbols, ...names].map(([key, value]) => item(key, value, at, written)),
    between,
    own.at,
  )
}

function bound(items: readonly (Text | null)[], word: string, at: Span): Text | null {
  const all = items.flatMap(each => each ?? [])
  return all.length === 0 ? null : joined(all, textAt(` ${word} `, at))
}

function item(key: string | null, value: Value, at: Span, written: Written): Text | null {
  const place = placeOf(value, at)
  const isNone = value.kind === 'plain' && !value.value
  if (isNone && value.value === undefined) throw new NotRead('a value of the condition is not known', place)
  const operator = key === null ? null : operatorIn(key)
  if (isNone && value.value === null) return compared(key, textAt('NULL', place), 'IS', place)
  const made = expressionIn(value)
  if (made && (key === null || value.kind !== 'host' || value.name !== 'fn')) return made
  if (operator === 'and' || operator === 'or' || operator === 'not') return group(operator, value, at, written)
  if (operator !== null || (key === null && value.kind !== 'record' && value.kind !== 'list'))
    throw new NotRead('the condition is not read', place)
  if (key === null) return value.kind === 'list' ? group('and', value, at, written) : conditions(value, at, written)
  if (value.kind === 'list') return single(key, 'in', value, at)
  if (value.kind !== 'record') return compared(key, written(value, at), '=', place)
  const parts = [...recordIn(value, at, 'the condition').entries]
  for (const word of ['or', 'and'])
    if (value.entries.has(symbol(word))) return ofOne(key, word.toUpperCase(), entry(value, symbol(word)), at, written)
  if (parts.length > 1) return ofOne(key, 'AND', value, at, written)
  const [name, inner] = parts[0] ?? []
  const only = name === undefined ? null : operatorIn(name)
  if (only === null || !inner) throw new NotRead('the condition is not read', place)
  return single(key, only, inner, at)
}

/** `_whereBind`: several conditions of one column. */
function ofOne(key: string, word: string, value: Value | undefined, at: Span, written: Written): Text | null {
  const items =
    value?.kind === 'record'
      ? [...value.entries].map(([name, each]) => ({ ...value, entries: new Map([[name, each]]) }))
      : listIn(value, at, 'the condition')
  const all = bound(
    items.map(each => item(key, each, at, written)),
    word,
    placeOf(value, at),
  )
  return all && sqlAt(placeOf(value, at))`(${all})`
}

/** `_whereGroupBind`. */
function group(operator: 'and' | 'or' | 'not', value: Value, at: Span, written: Written): Text | null {
  const place = placeOf(value, at)
  const word = operator === 'or' ? 'OR' : 'AND'
  const inner =
    value.kind === 'list'
      ? bound(
          listIn(value, at, 'the condition').map(each => {
            const own = conditions(each, at, written)
            const isLong =
              (each.kind === 'record' && each.entries.size > 1) || (each.kind === 'list' && each.items.length > 1)
            return own && isLong ? sqlAt(place)`(${own})` : own
          }),
          word,
          place,
        )
      : conditions(value, at, written, word)
  if (!inner) return operator === 'and' ? null : textAt('0 = 1', place)
  return sqlAt(place)`${textAt(operator === 'not' ? 'NOT ' : '', place)}(${inner})`
}

/** `_whereParseSingleValueObject`. */
function single(key: string, operator: string, value: Value, at: Span): Text | null {
  const place = placeOf(value, at)
  const isNull = value.kind === 'plain' && value.value === null
  const name =
    operator !== 'not'
      ? operator
      : value.kind === 'list'
        ? 'notIn'
        : isNull || (value.kind === 'plain' && typeof value.value === 'boolean')
          ? 'not'
          : 'ne'
  const word = comparisons.get(name)
  if (word === undefined || value.kind === 'record') throw new NotRead('the condition is not read', place)
  switch (name) {
    case 'in':
    case 'notIn': {
      const made = expressionIn(value)
      if (made) return compared(key, made, word, place)
      const items = listIn(value, at, 'the compared value').map(each => escaped(each, at))
      if (items.length === 0) return name === 'in' ? compared(key, textAt('(NULL)', place), word, place) : null
      return compared(key, sqlAt(place)`(${joined(items, textAt(', ', place))})`, word, place)
    }
    case 'between':
    case 'notBetween': {
      const [from, to] = listIn(value, at, 'the compared value')
      if (!from || !to) throw new NotRead('the condition is not read', place)
      return compared(key, sqlAt(place)`${escaped(from, at)} AND ${escaped(to, at)}`, word, place)
    }
    case 'startsWith':
    case 'endsWith':
    case 'substring': {
      const text = textIn(value, at, 'the compared value')
      const [before, after] = [name === 'startsWith' ? '' : '%', name === 'endsWith' ? '' : '%']
      return compared(
        key,
        escaped(sqlAt(place)`${textAt(before, place)}${text}${textAt(after, place)}`, at),
        word,
        place,
      )
    }
  }
  const comparator = isNull && name === 'eq' ? 'IS' : isNull && name === 'ne' ? 'IS NOT' : word
  return compared(key, escaped(value, at), comparator, place)
}

function compared(key: string | null, value: Text, comparator: string, at: Span): Text {
  if (key === null) return value
  if (/^\$.*\$$/.test(key)) throw new NotRead('a column of another table is not read', at)
  return sqlAt(at)`${identifier(textAt(key, at), at)} ${textAt(comparator, at)} ${value}`
}

/** The word and the condition with spaces before them; an empty text without a condition. */
export function afterWord(word: string, condition: Text | null, at: Span): Text {
  return condition && plain(condition) !== '' ? sqlAt(at)` ${textAt(word, at)} ${condition}` : cut(textAt('', at), 0)
}
