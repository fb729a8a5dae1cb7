import { hole, joined, quoted, type Text, textAt } from '../../code/text.ts'
import { type Entries, truth, type Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { rawTextOf } from './raw-text.ts'
import { Unclear } from './unclear.ts'

type Words = (words: TemplateStringsArray, ...parts: readonly (Text | string)[]) => Text

/** SQL of words that Knex makes up, which stand for a place of the program, and of texts that have places of their own. */
export function wordsAt(at: Span): Words {
  return (words, ...parts) =>
    joined(
      words.flatMap((word, i) => {
        const part = parts[i]
        const own = textAt(word, at)
        if (part === undefined) return [own]
        return [own, typeof part === 'string' ? textAt(part, at) : part]
      }),
    )
}

export function isNothing(value: Value | undefined): value is undefined {
  return value === undefined || (value.kind === 'plain' && value.value === undefined)
}

export function isNull(value: Value | undefined): boolean {
  return value?.kind === 'plain' && value.value === null
}

/** A truth value. Throws Unclear when it is not known. */
export function isTrue(value: Value | undefined): boolean {
  if (value === undefined) return false
  const found = truth(value)
  if (found === null) throw new Unclear(value.kind === 'unknown' ? value.why : 'it depends on what is not known')
  return found
}

/** The value as options by name, or null if it is something else. Throws Unclear when it is not known. */
export function optionsIn(value: Value | undefined): Entries | null {
  if (value?.kind === 'unknown') throw new Unclear(value.why)
  if (value?.kind !== 'record') return null
  if (value.isOpen) throw new Unclear('some of its options are not known')
  return value
}

/** A value as a template of JavaScript writes it into SQL. Throws Unclear when it is not known. */
export function verbatim(value: Value | undefined, at: Span): Text {
  if (value === undefined) return textAt('undefined', at)
  const raw = rawTextOf(value)
  if (raw) return raw
  switch (value.kind) {
    case 'text':
      return value
    case 'plain':
      return textAt(String(value.value), at)
    case 'list':
      if (value.isOpen) throw new Unclear('a part of a list is not known')
      return joined(
        value.items.map(item => verbatim(item, at)),
        textAt(',', at),
      )
    case 'unknown':
      throw new Unclear(value.why)
    default:
      throw new Unclear('it is not text')
  }
}

/** `toNumber` of lib/util/helpers.js: the whole number that a value begins with, or another one. */
export function numberIn(value: Value | undefined, otherwise: number, at: Span): Text {
  if (isNothing(value) || isNull(value)) return textAt(String(otherwise), at)
  const text = verbatim(value, at)
  const whole = text.pieces.map(piece => piece.text).join('')
  const number = Number.parseInt(whole, 10)
  if (text.pieces.some(piece => piece.unknown !== undefined)) throw new Unclear('a number in it is not known')
  return String(number) === whole ? text : textAt(String(Number.isNaN(number) ? otherwise : number), at)
}

/** A place in quotes whose text is not known: whatever it is, the statement stays the same kind of statement. */
export function quotedHole(at: Span, value: Value | undefined, quote: '"' | "'"): Text {
  const unknown = value?.kind === 'unknown' ? value : undefined
  return quoted(hole(at, unknown?.why ?? 'it is not known', unknown?.name), quote)
}
