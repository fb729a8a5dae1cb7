import type { Span } from '../parse/span.ts'
import { answer, functionOf } from './host.ts'
import type { Run } from './run.ts'
import { hole, joined, type Text, textAt } from './text.ts'
import { type Call, type Entries, entry, type Host, truth, type Value } from './value.ts'

/** What readers of tools need that make SQL out of descriptions: tables, columns, options. */

/** Thrown by a reader where what a call makes is not known: `why` is a clause for people. */
export class NotRead extends Error {
  override name = 'NotRead'
  readonly why: string
  readonly at: Span | undefined
  constructor(why: string, at?: Span) {
    super(why)
    this.why = why
    this.at = at
  }
}

/** A function of a tool whose call is read by `read`. Where that throws NotRead, it is unread at the place that is told, or as a whole. */
export function built(run: Run, name: string, read: (call: Call) => Value | undefined): Host {
  return functionOf(name, call => {
    try {
      return read(call) ?? answer(call.at)
    } catch (error) {
      if (!(error instanceof NotRead)) throw error
      return run.notRead(error.at ?? call.at, error.why)
    }
  })
}

/** A template tag for SQL whose words are the tool's own, and stand for a place: the name of the call. */
export function wordsAt(at: Span): (words: TemplateStringsArray, ...parts: readonly Text[]) => Text {
  return (words, ...parts) => joined(words.flatMap((word, i) => [textAt(word, at), ...(parts[i] ? [parts[i]] : [])]))
}

/** Texts with a comma between them. */
export function commas(texts: readonly Text[], at: Span): Text {
  return joined(texts, textAt(', ', at))
}

/** Where a value is written; `otherwise` for what has no place of its own. */
export function placeOf(value: Value | undefined, otherwise: Span): Span {
  if (value === undefined || value.kind === 'host') return otherwise
  if (value.kind !== 'text') return value.at
  const [first, last] = [value.pieces[0], value.pieces.at(-1)]
  return first && last && first.at[0] <= last.at[1] ? [first.at[0], last.at[1]] : otherwise
}

/** A text, or a number as text; a place in it whose text is not known. Throws NotRead for anything else. */
export function textIn(value: Value | undefined, at: Span, what: string): Text {
  if (value?.kind === 'text') return value
  if (value?.kind === 'plain' && typeof value.value === 'number') return textAt(String(value.value), at)
  if (value?.kind === 'unknown') return hole(placeOf(value, at), value.why, value.name)
  throw new NotRead(`${what} is not a text`, placeOf(value, at))
}

/** A text of the options; null if there is none. */
export function optionalText(options: Value | undefined, name: string, at: Span): Text | null {
  const value = entry(options, name)
  if (value === undefined || truth(value) === false) return null
  return textIn(value, at, `\`${name}\``)
}

/** Whether an option is set to something that counts as true. Throws NotRead where that is not known. */
export function isSet(options: Value | undefined, name: string, at: Span): boolean {
  const value = entry(options, name)
  if (value === undefined) return false
  const is = truth(value)
  if (is === null) throw new NotRead(`whether \`${name}\` is set is not known`, placeOf(value, at))
  return is
}

/** A description all of whose entries are known. Throws NotRead for anything else. */
export function recordIn(value: Value | undefined, at: Span, what: string): Entries {
  if (value?.kind === 'record' && !value.isOpen) return value
  throw new NotRead(
    value?.kind === 'unknown'
      ? value.why
      : value?.kind === 'record'
        ? `a part of ${what} is not known`
        : `${what} is not a description`,
    placeOf(value, at),
  )
}

/** The same, where there need not be one. */
export function optionsIn(value: Value | undefined, at: Span): Entries | undefined {
  if (value === undefined || (value.kind === 'plain' && !value.value)) return undefined
  return recordIn(value, at, 'the options')
}

/** All the items of a list. Throws NotRead for anything else. */
export function listIn(value: Value | undefined, at: Span, what: string): readonly Value[] {
  if (value?.kind === 'list' && !value.isOpen) return value.items
  throw new NotRead(
    value?.kind === 'unknown'
      ? value.why
      : value?.kind === 'list'
        ? 'a part of a list is not known'
        : `${what} is not a list`,
    placeOf(value, at),
  )
}
