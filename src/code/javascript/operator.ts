import { databaseNamed } from '../../parse/database-name.ts'
import type { Span } from '../../parse/span.ts'
import { arithmetic, isOrdered, orders, whyNotCalculated } from '../calculation.ts'
import { ofDatabase } from '../host.ts'
import { hole, joined, plain, type Text, textAt, unknownIn } from '../text.ts'
import { known, truth, unknown, type Value } from '../value.ts'

/** The deepest nesting of lists that become text. */
const deepestList = 20

/** A value as `+` and templates put it into text. `name`: how the program writes an unknown value. */
export function asText(value: Value, at: Span, name?: string, levels = deepestList): Text {
  switch (value.kind) {
    case 'text':
      return value
    case 'plain':
      return textAt(String(value.value), at)
    case 'unknown':
      return hole(at, value.why, name)
    case 'list': {
      if (value.isOpen) return hole(at, 'part of the list is unknown', name)
      if (levels === 0) return hole(at, 'its lists are nested too deeply', name)
      return joined(
        value.items.map(item => asText(item, at, undefined, levels - 1)),
        textAt(',', at),
      )
    }
    case 'host':
      return hole(at, `${value.name} is not text`, name)
    default:
      return hole(at, 'it is not text', name)
  }
}

/** The value that JavaScript compares; undefined: unknown. */
function comparable(value: Value): { readonly is: string | number | boolean | null | undefined } | undefined {
  if (value.kind === 'plain') return { is: value.value }
  if (value.kind === 'text' && unknownIn(value) === null) return { is: plain(value) }
  return undefined
}

/** An operator between two values. */
export function between(operator: string, left: Value, right: Value, at: Span): Value {
  if (operator === '+') {
    if (left.kind === 'plain' && right.kind === 'plain' && isNumber(left.value) && isNumber(right.value))
      return known(left.value + right.value, at)
    const isText = left.kind === 'text' || right.kind === 'text'
    if (isText) return joined([asText(left, at), asText(right, at)])
    return unknown(whyNotCalculated(left, right), at)
  }
  const [a, b] = [comparable(left), comparable(right)]
  if (!a || !b) {
    const asked = /^[!=]==?$/.test(operator) ? (isPostgres(left, right) ?? isPostgres(right, left)) : undefined
    if (asked !== undefined) return known(operator.startsWith('!') !== asked, at)
    const isNothing = (value: Value) => value.kind === 'plain' && (value.value === null || value.value === undefined)
    // A value that exists differs from nothing, whatever it is.
    const isSure = (isNothing(left) && right.kind !== 'unknown') || (isNothing(right) && left.kind !== 'unknown')
    if (isSure && /^[!=]==?$/.test(operator)) return known(operator.startsWith('!'), at)
    return unknown(whyNotCalculated(left, right), at)
  }
  switch (operator) {
    case '===':
      return known(a.is === b.is, at)
    case '!==':
      return known(a.is !== b.is, at)
    case '==':
      return known(loosely(a.is, b.is), at)
    case '!=':
      return known(!loosely(a.is, b.is), at)
  }
  if (typeof a.is === 'string' && typeof b.is === 'string' && orders.has(operator))
    return known(isOrdered(operator, a.is, b.is), at)
  const [x, y] = [Number(a.is), Number(b.is)]
  const calculate = arithmetic.get(operator)
  if (calculate) return known(calculate(x, y), at)
  return orders.has(operator) ? known(isOrdered(operator, x, y), at) : unknown('its value is calculated', at)
}

/** Names of settings that select the database: `process.env.DB`, `config.db.type`. */
const ofDialects =
  /^(?:\w+_)?(?:db|database|dialect|client|driver|engine|provider|type|connection)(?:_?(?:type|client|name|driver|dialect))?$/i

/** Whether a setting that selects the database equals this name, given that it is PostgreSQL's. Undefined: this is not such a comparison. */
function isPostgres(setting: Value, word: Value): boolean | undefined {
  if (setting.kind !== 'unknown' || setting.why === ofDatabase || !ofDialects.test(setting.name ?? '')) return undefined
  if (word.kind !== 'text' || unknownIn(word) !== null) return undefined
  const database = databaseNamed(plain(word))
  return database === undefined ? undefined : database === 'postgresql'
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number'
}

/** `null == undefined`, and `1 == '1'`. */
function loosely(a: string | number | boolean | null | undefined, b: typeof a): boolean {
  if (a === null || a === undefined || b === null || b === undefined) return (a ?? null) === (b ?? null)
  return typeof a === typeof b ? a === b : Number(a) === Number(b)
}

/** `!x`, `-x`, `typeof x`. */
export function before(operator: string, value: Value, at: Span): Value {
  const isTrue = truth(value)
  if (operator === '!') return isTrue === null ? unknown(whyNotCalculated(value, value), at) : known(!isTrue, at)
  if (operator === 'void') return known(undefined, at)
  if (operator === 'typeof') {
    if (value.kind === 'unknown') return unknown(value.why, at)
    if (value.kind === 'plain') return textAt(value.value === null ? 'object' : typeof value.value, at)
    return textAt(value.kind === 'text' ? 'string' : value.kind === 'callable' ? 'function' : 'object', at)
  }
  if (value.kind === 'plain' && operator === '-') return known(-Number(value.value), at)
  if (value.kind === 'plain' && operator === '+') return known(Number(value.value), at)
  return unknown(whyNotCalculated(value, value), at)
}
