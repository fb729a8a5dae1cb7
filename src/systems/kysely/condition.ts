import { listed, sqlAt } from '../../code/given/sql.ts'
import { hole, plain, type Text } from '../../code/text.ts'
import type { Call, Value } from '../../code/value.ts'
import type { Setting } from './builder.ts'
import { literal, sqlOf } from './fragment.ts'
import { referenceIn, valueIn } from './operand.ts'

/** `where(column, operator, value)` or `where(sql…)`: `parseValueBinaryOperationOrExpression` of src/parser/binary-operation-parser.ts. */
export function condition(call: Call, setting: Setting): Text {
  const { args, argsAt, at } = call
  if (args.length === 1) return valueIn(args[0], argsAt[0] ?? at, setting)
  return args.length === 3 ? comparison(call, setting) : hole(at, 'Kysely refuses this number of arguments')
}

/** A column or expression, an operator and a value. */
export function comparison(call: Call, setting: Setting): Text {
  const [left, operator] = call.args
  const before = referenceIn(left, call.argsAt[0] ?? call.at, setting)
  return sqlAt(call.nameAt)`${before} ${operatorGiven(operator, call)} ${compared(call, setting)}`
}

/** The same of two columns: `whereRef`. */
export function columnComparison(call: Call, setting: Setting): Text {
  const [left, operator, right] = call.args
  const [before, after] = [left, right].map((side, i) => referenceIn(side, call.argsAt[i * 2] ?? call.at, setting))
  return before && after
    ? sqlAt(call.nameAt)`${before} ${operatorGiven(operator, call)} ${after}`
    : hole(call.at, 'something is missing that Kysely needs')
}

/** A word for an operator, or what `sql` made. */
function operatorGiven(value: Value | undefined, call: Call): Text {
  const own = sqlOf(value)
  if (own) return own
  const place = call.argsAt[1] ?? call.at
  if (value?.kind !== 'text') return hole(place, value?.kind === 'unknown' ? value.why : 'it is not an operator')
  return operators.has(plain(value)) ? value : hole(place, 'Kysely refuses this operator')
}

function compared(call: Call, setting: Setting): Text {
  const [, operator, value] = call.args
  const place = call.argsAt[2] ?? call.at
  if (value?.kind === 'list') return valuesIn(value, place, setting)
  const isIs = operator?.kind === 'text' && ['is', 'is not'].includes(plain(operator))
  return value && isIs && isTruth(value) ? literal(value, place) : valueIn(value, place, setting)
}

/** `needsIsOperator`. */
export function isTruth(value: Value): boolean {
  return value.kind === 'plain' && (value.value === null || typeof value.value === 'boolean')
}

/** A list of values; a parameter each where none of them is SQL. */
function valuesIn(value: Extract<Value, { readonly kind: 'list' }>, place: Call['at'], setting: Setting): Text {
  if (value.isOpen) return hole(place, 'part of the list is unknown')
  return sqlAt(place)`(${listed(
    value.items.map(item => valueIn(item, place, setting)),
    place,
  )})`
}

/** src/operation-node/operator-node.ts */
const operators: ReadonlySet<string> = new Set([
  ...'= == != <> > >= < <= @> <@ ^@ && ? ?& ?| !< !> <=> !~ ~ ~* !~* @@ @@@ !! <-> + - * / % ^ & | # << >> || -> ->>'.split(
    ' ',
  ),
  ...'in,not in,is,is not,like,not like,match,ilike,not ilike,regexp,is distinct from,is not distinct from'.split(','),
  ...'exists,not exists,not,between,between symmetric'.split(','),
])
