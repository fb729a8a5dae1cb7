import { NotRead } from '../../code/given/not-read.ts'
import { sqlAt } from '../../code/given/sql.ts'
import { asName, changed, cut, joined, lengthOf, plain, quoted, replaced, type Text, textAt } from '../../code/text.ts'
import type { Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { quotedHole, verbatim } from './given.ts'
import { rawTextOf } from './raw-text.ts'

/** `wrapString` of lib/formatter/wrappingFormatter.js: a name with dots, and perhaps an alias. */
export function wrapped(name: Text): Text {
  const text = sure(name)
  const alias = / as /i.exec(text)
  if (alias) {
    const [first, second] = [cut(name, 0, alias.index), cut(name, alias.index + alias[0].length)]
    return joined([wrapped(first), textAt(' as ', placeOf(name)), identifier(trimmedPart(second))])
  }
  const parts: Text[] = []
  let start = 0
  for (const part of text.split('.')) {
    parts.push(identifier(trimmedPart(cut(name, start, start + part.length))))
    start += part.length + 1
  }
  return joined(parts, textAt('.', placeOf(name)))
}

/** `wrapIdentifierImpl` of lib/dialects/postgres/index.js. */
export function identifier(name: Text): Text {
  const text = sure(name)
  if (text === '*') return name
  const accessor = /^(.*?)(\[[0-9]+\])/.exec(text)
  if (!accessor) return lengthOf(name) === 0 ? textAt('""', placeOf(name)) : quoted(asName(name), '"')
  const [whole, before = ''] = accessor
  return joined([quoted(asName(cut(name, 0, before.length)), '"'), cut(name, before.length, whole.length)])
}

/** `wrap`: a name, SQL of `knex.raw`, or a record of names by alias. An unknown value becomes an unknown name. */
export function nameOf(value: Value | undefined, at: Span): Text {
  const raw = value && rawTextOf(value)
  if (raw) return raw
  switch (value?.kind) {
    case 'text':
      return wrapped(value)
    case 'plain':
      return typeof value.value === 'number' ? textAt(String(value.value), at) : wrapped(verbatim(value, at))
    case 'record':
      if (value.isOpen) throw new NotRead('some of its names are not known')
      return joined(
        [...value.entries].map(([alias, each]) => sqlAt(at)`${nameOf(each, at)} as ${identifier(textAt(alias, at))}`),
        textAt(', ', at),
      )
    case 'unknown':
      return quotedHole(at, value, '"')
    default:
      throw new NotRead('its name is not known')
  }
}

/** `columnize`: one name, or a list of them. */
export function namesOf(value: Value | undefined, at: Span): Text {
  if (value?.kind !== 'list') return nameOf(value, at)
  if (value.isOpen) throw new NotRead('part of the list is unknown')
  return joined(
    value.items.map(item => nameOf(item, at)),
    textAt(', ', at),
  )
}

/** `_indexCommand` of lib/schema/tablecompiler.js: the name that Knex gives to an index or a constraint. */
export function madeName(
  kind: 'index' | 'unique' | 'foreign',
  table: Text,
  columns: Value | undefined,
  at: Span,
): Text {
  const items = columns?.kind === 'list' ? columns.items : columns ? [columns] : []
  if (columns?.kind === 'list' && columns.isOpen) throw new NotRead('part of the list is unknown')
  const words = items.map(item => (item.kind === 'unknown' ? quotedHoleInside(item, at) : verbatim(item, at)))
  const underscore = textAt('_', at)
  const start = replaced(table, /[.-]/g, (_, found) => changed(found, text => text.replace(/./g, '_')))
  const name = joined([start, underscore, joined(words, underscore), textAt(`_${kind}`, at)])
  return wrapped(changed(name, text => text.toLowerCase()))
}

function quotedHoleInside(value: Value, at: Span): Text {
  const hole = quotedHole(at, value, '"')
  return { kind: 'text', pieces: hole.pieces.filter(piece => piece.unknown !== undefined) }
}

/** A name with its schema, `schema.name`, before Knex wraps it. */
export function inSchema(schema: Text | null, name: Text): Text {
  return schema === null ? name : joined([schema, textAt('.', placeOf(name)), name])
}

/** The characters, with a neutral character for each unknown one. */
function sure(text: Text): string {
  return text.pieces.map(piece => (piece.unknown === undefined ? piece.text : 'x'.repeat(piece.text.length))).join('')
}

function trimmedPart(text: Text): Text {
  const whole = plain(text)
  const start = whole.length - whole.trimStart().length
  return cut(text, start, whole.trimEnd().length)
}

function placeOf(text: Text): Span {
  return text.pieces[0]?.at ?? [0, 0]
}
