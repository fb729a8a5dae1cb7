import { NotRead } from '../../code/given/not-read.ts'
import { sqlAt } from '../../code/given/sql.ts'
import { isNone, isNull } from '../../code/given/value.ts'
import { jsonOf } from '../../code/json.ts'
import { joined, plain, quoted, replaced, type Text, textAt, unknownIn } from '../../code/text.ts'
import type { Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { quotedHole, verbatim } from './given.ts'
import { rawTextOf } from './raw-text.ts'

/** `escapeString` of lib/dialects/postgres/index.js. */
function stringLiteral(text: Text): Text {
  const at = text.pieces[0]?.at ?? [0, 0]
  if (text.pieces.length === 0) return textAt("''", at)
  const hasBackslash = text.pieces.some(piece => piece.unknown === undefined && piece.text.includes('\\'))
  if (!hasBackslash) return quoted(text, "'")
  const doubled = replaced(text, /\\/g, (_, found) => joined([found, found]))
  return joined([textAt('E', at), quoted(doubled, "'")])
}

/** `_escapeBinding`: a value in SQL. Knex sends most values beside the SQL; here the SQL contains them. */
export function bound(value: Value, at: Span): Text {
  const raw = rawTextOf(value)
  if (raw) return raw
  switch (value.kind) {
    case 'text':
      return stringLiteral(value)
    case 'plain':
      return textAt(value.value === undefined || value.value === null ? 'NULL' : String(value.value), at)
    case 'record': {
      const json = jsonOf(value)
      return json === null ? quotedHole(at, undefined, "'") : stringLiteral(textAt(json, at))
    }
    default:
      return quotedHole(at, value, "'")
  }
}

/** `formatDefault` of lib/formatter/formatterUtils.js, after the word `default`. */
export function defaultOf(value: Value | undefined, type: string, at: Span): Text {
  if (value === undefined || isNone(value)) return textAt('', at)
  if (isNull(value)) return textAt('null', at)
  const raw = rawTextOf(value)
  if (raw) return unknownIn(raw) === null ? raw : quotedHole(at, undefined, "'")
  if (value.kind === 'unknown') return quotedHole(at, value, "'")
  if (type === 'bool') return textAt(isOn(value) ? "'1'" : "'0'", at)
  if ((type === 'json' || type === 'jsonb') && (value.kind === 'record' || value.kind === 'list')) {
    const json = jsonOf(value)
    return json === null ? quotedHole(at, undefined, "'") : sqlAt(at)`'${json}'`
  }
  if (value.kind === 'record') return textAt("'[object Object]'", at)
  return stringLiteral(verbatim(value, at))
}

function isOn(value: Value): boolean {
  if (value.kind !== 'text') return value.kind !== 'plain' || Boolean(value.value)
  if (unknownIn(value) !== null) throw new NotRead('its default is not known')
  return plain(value) !== 'false' && plain(value) !== ''
}
