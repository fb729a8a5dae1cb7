import { NotRead } from '../../code/given/not-read.ts'
import { listed } from '../../code/given/sql.ts'
import { type Argument, itemsOf, placeOf, written } from '../../code/given/value.ts'
import { plain, replaced, type Text, textAt } from '../../code/text.ts'
import type { Span } from '../../parse/span.ts'
import { type Given, literalOf } from './given.ts'

/** A value as SQL: `escapeValue` of src/utils/escapeValue.ts. Throws NotRead where it is unknown. */
export function escaped(given: Given, value: Argument): Text {
  const { at, sql } = given
  const literal = literalOf(value)
  if (literal) return written(literal, at)
  switch (value?.kind) {
    case 'plain':
      return textAt(value.value === null ? 'NULL' : String(value.value), value.at)
    case 'text':
      return inDollars(value, placeOf(value, at))
    case 'unknown':
      return written(value, at)
    case 'list': {
      const items = listed(
        itemsOf(value, at).map(item => escaped(given, item)),
        value.at,
        ',',
      )
      return sql`ARRAY[${replaced(items, /ARRAY/g, () => textAt('', value.at))}]`
    }
    default:
      throw new NotRead('it is not a value that the tool can write', placeOf(value, at))
  }
}

function inDollars(text: Text, at: Span): Text {
  // All that stand in it, found at once: a text may have thousands.
  const taken = new Set(Array.from(plain(text).matchAll(/\$pg([a-z]+)(?=\$)/g), ([, letters]) => letters))
  let number = 0
  while (taken.has(word(number))) number++
  const dollars = textAt(`$pg${word(number)}$`, at)
  return { kind: 'text', pieces: [...dollars.pieces, ...text.pieces, ...dollars.pieces] }
}

/** `a` to `z`, `aa`, `ab` and so on (src/utils/stringIdGenerator.ts). */
function word(number: number): string {
  const letter = String.fromCharCode(97 + (number % 26))
  return number < 26 ? letter : word(Math.floor(number / 26) - 1) + letter
}

/** `makeComment` of src/utils/makeComment.ts. */
export function commentOn(given: Given, on: Text, comment: Argument): Text {
  return given.sql`COMMENT ON ${on} IS ${escaped(given, comment)};`
}

/** `formatLines` of src/utils/formatLines.ts: each clause on its own line, after a prefix. */
export function lines({ at, sql }: Given, clauses: readonly Text[], before: Text): Text {
  const all = clauses.map(clause => {
    const line = replaced(clause, /[\r\n]+/g, (_, found) => textAt(' ', placeOf(found, at)))
    return sql`${before}${line}`
  })
  return listed(all, at, ',\n')
}
