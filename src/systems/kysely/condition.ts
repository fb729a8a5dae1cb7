import { listed, sqlAt } from '../../code/given/sql.ts'
import { hole, plain, type Text } from '../../code/text.ts'
import type { Call, Value } from '../../code/value.ts'
import { literal, parameter, sqlOf } from './fragment.ts'
import { reference } from './name.ts'

/** `where(column, operator, value)` or `where(sql…)`: src/parser/binary-operation-parser.ts. */
export function condition(call: Call): Text {
  const [left, operator, right] = call.args
  if (call.args.length === 1) return sqlOf(left) ?? notKnown(left, call, 0)
  if (call.args.length !== 3) return hole(call.at, 'Kysely refuses this number of arguments')
  const [before, after] = [side(left, call, 0), valueGiven(right, operator, call)]
  return sqlAt(call.nameAt)`${before} ${operatorGiven(operator, call)} ${after}`
}

/** A column by its name, or SQL of `sql`. */
function side(value: Value | undefined, call: Call, index: number): Text {
  const own = sqlOf(value)
  if (own) return own
  return value?.kind === 'text' ? reference(value, call.argsAt[index] ?? call.at) : notKnown(value, call, index)
}

function operatorGiven(value: Value | undefined, call: Call): Text {
  const own = sqlOf(value)
  if (own) return own
  if (value?.kind !== 'text') return notKnown(value, call, 1)
  return operators.has(plain(value)) ? value : hole(call.argsAt[1] ?? call.at, 'Kysely refuses this operator')
}

function valueGiven(value: Value | undefined, operator: Value | undefined, call: Call): Text {
  const place = call.argsAt[2] ?? call.at
  const own = sqlOf(value)
  if (own) return own
  if (value?.kind === 'list') {
    if (value.isOpen) return hole(place, 'part of the list is unknown')
    const items = value.items.map(item => sqlOf(item) ?? parameterOf(item, place))
    return sqlAt(place)`(${listed(items, place)})`
  }
  const isTruth = value?.kind === 'plain' && (value.value === null || typeof value.value === 'boolean')
  const isIs = operator?.kind === 'text' && ['is', 'is not'].includes(plain(operator))
  return isTruth && isIs ? literal(value, place) : parameterOf(value, place)
}

/** A value that Kysely sends beside the text. Functions and unknown values may be SQL instead. */
export function parameterOf(value: Value | undefined, at: Call['at']): Text {
  if (value?.kind === 'text' || value?.kind === 'plain' || value?.kind === 'record' || value?.kind === 'list')
    return parameter(value, at)
  return hole(at, value?.kind === 'unknown' ? value.why : 'this kind of value is not read')
}

function notKnown(value: Value | undefined, call: Call, index: number): Text {
  const why = value?.kind === 'unknown' ? value.why : 'this kind of value is not read'
  return hole(call.argsAt[index] ?? call.at, why)
}

/** src/operation-node/operator-node.ts */
const operators: ReadonlySet<string> = new Set([
  ...'= == != <> > >= < <= @> <@ ^@ && ? ?& ?| !< !> <=> !~ ~ ~* !~* @@ @@@ !! <-> + - * / % ^ & | # << >> || -> ->>'.split(
    ' ',
  ),
  ...'in,not in,is,is not,like,not like,match,ilike,not ilike,regexp,is distinct from,is not distinct from'.split(','),
  ...'exists,not exists,not,between,between symmetric'.split(','),
])
