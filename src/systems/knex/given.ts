import { NotRead } from '../../code/given/not-read.ts'
import { listed } from '../../code/given/sql.ts'
import { type Argument, isNone, isNull, itemsOf, written } from '../../code/given/value.ts'
import { hole, plain, quoted, type Text, textAt, unknownIn } from '../../code/text.ts'
import type { Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { rawTextOf } from './raw-text.ts'

/** A value as a template of JavaScript writes it into SQL; SQL of `knex.raw` stays as it is. Throws NotRead for an unknown value. */
export function verbatim(value: Argument, at: Span): Text {
  if (value === undefined) return textAt('undefined', at)
  const raw = rawTextOf(value)
  if (raw) return raw
  if (value.kind === 'unknown') throw new NotRead(value.why)
  if (value.kind === 'plain') return textAt(String(value.value), at)
  if (value.kind !== 'list') return written(value, at)
  return listed(
    itemsOf(value, at).map(item => verbatim(item, at)),
    at,
    ',',
  )
}

/** `toNumber` of lib/util/helpers.js: the whole number that a value begins with, or the default. */
export function numberIn(value: Argument, otherwise: number, at: Span): Text {
  if (isNone(value) || isNull(value)) return textAt(String(otherwise), at)
  const text = verbatim(value, at)
  const whole = plain(text)
  const number = Number.parseInt(whole, 10)
  if (unknownIn(text) !== null) throw new NotRead('a number in it is not known')
  return String(number) === whole ? text : textAt(String(Number.isNaN(number) ? otherwise : number), at)
}

/** A quoted hole of unknown text: whatever the text is, the kind of statement is the same. */
export function quotedHole(at: Span, value: Value | undefined, quote: '"' | "'"): Text {
  const unknown = value?.kind === 'unknown' ? value : undefined
  return quoted(hole(at, unknown?.why ?? 'it is not known', unknown?.name), quote)
}
