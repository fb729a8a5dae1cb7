import type { Piece } from '../../code/text.ts'
import type { Span } from '../../parse/span.ts'

/** How to read the characters of a place. */
export interface Reading {
  /** XML 1.1 has two more line ends. */
  readonly is11: boolean
  /** In an attribute, line ends and tabs become spaces. */
  readonly isAttribute: boolean
  /** The entities of the document. Null: references have no meaning, as in a CDATA section. */
  readonly entities: ReadonlyMap<string, string> | null
}

/**
 * The text at a place of a well-formed document, in pieces: characters as they are, and references and line ends, each of which points to
 * the whole of its place.
 */
export function characters(source: string, [start, end]: Span, reading: Reading): Piece[] {
  const { is11, isAttribute, entities } = reading
  const pieces: Piece[] = []
  let from = start
  const stop = (at: number, to: number, text: string) => {
    if (from < at) pieces.push({ text: source.slice(from, at), at: [from, at], isVerbatim: true })
    if (to > at) pieces.push({ text, at: [at, to], isVerbatim: false })
    from = to
  }
  for (let at = start; at < end; at = Math.max(at + 1, from)) {
    const char = source[at] ?? ''
    const next = source[at + 1]
    if (char === '&' && entities !== null) {
      const close = source.indexOf(';', at)
      stop(at, close + 1, referred(source.slice(at + 1, close), entities))
    } else if (char === '\r') {
      const isPair = at + 1 < end && (next === '\n' || (is11 && next === '\u0085'))
      stop(at, at + (isPair ? 2 : 1), isAttribute ? ' ' : '\n')
    } else if (isAttribute && (char === '\n' || char === '\t')) stop(at, at + 1, ' ')
    else if (is11 && (char === '\u0085' || char === '\u2028')) stop(at, at + 1, isAttribute ? ' ' : '\n')
  }
  stop(end, end, '')
  return pieces
}

/** `#10` → a line end, `lt` → `<`. */
function referred(name: string, entities: ReadonlyMap<string, string>): string {
  if (!name.startsWith('#')) return own.get(name) ?? entities.get(name) ?? ''
  const number = name.startsWith('#x') ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
  return String.fromCodePoint(number)
}

/** The longest text of an entity, in UTF-16 units. */
const longest = 10_000

/**
 * The entities that the document type declares as plain text in the document itself. Entities that are files, or contain tags or other
 * entities, are not among them and so are unknown: nothing outside of the document is read.
 */
export function entitiesOf(declaration: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const part of withoutComments(declaration).split('<!ENTITY').slice(1)) {
    const [, name, double, single] = declared.exec(part.slice(0, longest)) ?? []
    const value = double ?? single
    // The first declaration of a name counts, and a document cannot change XML's own entities.
    if (name !== undefined && value !== undefined && !found.has(name) && !own.has(name)) found.set(name, value)
  }
  return found
}

const declared = /^\s+([^\s%"'<>&;]+)\s+(?:"([^"<&%]*)"|'([^'<&%]*)')\s*>/

/** The entities that every document has. */
const own: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['gt', '>'],
  ['lt', '<'],
  ['quot', '"'],
  ['apos', "'"],
])

function withoutComments(text: string): string {
  const [first = '', ...rest] = text.split('<!--')
  const kept = rest.map(part => {
    const end = part.indexOf('-->')
    return end < 0 ? '' : part.slice(end + '-->'.length)
  })
  return [first, ...kept].join(' ')
}
