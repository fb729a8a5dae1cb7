import { placeOf } from '../../code/given/value.ts'
import { hole, type Text } from '../../code/text.ts'
import type { Call, Value } from '../../code/value.ts'
import type { Setting } from './builder.ts'
import { parameter, sqlOf } from './fragment.ts'
import { reference } from './name.ts'

type Place = Call['at']

/** What a value is where a function of the migration may stand for it: that gets the builder of expressions. */
export function madeIn(value: Value | undefined, at: Place, setting: Setting): Value | undefined {
  return value?.kind === 'callable' ? setting.run.invoke(value, [setting.expressions(setting)], at) : value
}

/** `parseExpression`: what `sql` and builders made, or a function makes; null: anything else. */
export function expressionIn(value: Value | undefined, at: Place, setting: Setting, place?: 'alone'): Text | null {
  if (value?.kind !== 'callable') return sqlOf(value, place) ?? null
  const made = madeIn(value, at, setting)
  return sqlOf(made, place) ?? hole(at, made?.kind === 'unknown' ? made.why : 'its result is unknown')
}

/** The SQL of an argument that is an expression or makes one, or a hole. */
export function expressionGiven(call: Call, setting: Setting, index = 0, place?: 'alone'): Text {
  const [value, at] = [call.args[index], call.argsAt[index] ?? call.at]
  return expressionIn(value, at, setting, place) ?? hole(at, whyNot(value, 'it is not an expression'))
}

/** `parseValueExpression`: an expression, or a value that is sent beside the text. */
export function valueIn(value: Value | undefined, at: Place, setting: Setting): Text {
  return expressionIn(value, placeOf(value, at), setting) ?? parameterOf(value, at)
}

/** `parseReferenceExpression`: an expression, or a column by its name. */
export function referenceIn(value: Value | undefined, at: Place, setting: Setting): Text {
  const place = placeOf(value, at)
  const made = expressionIn(value, place, setting)
  if (made) return made
  return value?.kind === 'text' ? reference(value, place) : hole(place, whyNot(value, 'it is not a name'))
}

/** `parseReferenceExpressionOrList`. */
export function referencesIn(value: Value | undefined, at: Place, setting: Setting): readonly Text[] {
  if (value?.kind !== 'list') return [referenceIn(value, at, setting)]
  const items = value.items.map(item => referenceIn(item, at, setting))
  return value.isOpen ? [...items, hole(at, 'part of the list is unknown')] : items
}

/** A value that is sent beside the text; functions and unknown values may be SQL. */
export function parameterOf(value: Value | undefined, at: Place): Text {
  if (value?.kind === 'text' || value?.kind === 'plain' || value?.kind === 'record' || value?.kind === 'list')
    return parameter(value, placeOf(value, at))
  return hole(at, whyNot(value, 'this kind of value is not read'))
}

function whyNot(value: Value | undefined, otherwise: string): string {
  return value?.kind === 'unknown' ? value.why : otherwise
}
