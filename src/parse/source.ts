import { binaryKind, legacyEncoding, looksBinary, utf16Without } from './encoding.ts'
import type { Problem, Source } from './script.ts'

/**
 * Bytes of a migration file → its text. A byte order mark means UTF-8 or UTF-16 and is left out; without one, the bytes
 * are UTF-8. Bytes that cannot be decoded become U+FFFD, so that the text around them can still be read; all of them
 * together are one problem at the first such place. A file that is not text at all becomes an empty text, because
 * nobody meant it to be read.
 */
export function decode(path: string, bytes: Uint8Array): { source: Source; problems: Problem[] } {
  const { text, problems } = known.get(bytes) ?? decoded(bytes)
  return { source: { path, text }, problems: [...problems] }
}

interface Decoded {
  readonly text: string
  readonly problems: readonly Problem[]
}

/** What was decoded already: many parts of a run need the text of a file, and have its bytes. Nobody changes these. */
const known = new WeakMap<Uint8Array, Decoded>()

function decoded(bytes: Uint8Array): Decoded {
  const now = decodedNow(bytes)
  known.set(bytes, now)
  return now
}

function decodedNow(bytes: Uint8Array): Decoded {
  const encoding = encodingOf(bytes)
  const text = new TextDecoder(encoding).decode(bytes)
  // UTF-16 has a zero in nearly every pair, and the decoder leaves U+FFFD where it fails: most files need no second look.
  const other = encoding === 'utf-8' && text.includes('\0') ? utf16Without(bytes) : null
  const isText = other === null && (!text.includes('\ufffd') || decodes(encoding, bytes))
  if (!isText) {
    const kind = binaryKind(bytes)
    if (kind !== null) return unreadable('not-text', `this is ${kind}, not text`)
    if (other) return unreadable('invalid-encoding', `this is ${other.toUpperCase()} without a byte order mark`)
    if (encoding === 'utf-8' && looksBinary(bytes)) return unreadable('not-text', 'this is binary, not text')
  }
  const problems = [...invalidCharacters(encoding, bytes, text, isText), ...nulCharacters(text)]
  return { text, problems: problems.sort((a, b) => a.span[0] - b.span[0]) }
}

function unreadable(kind: Problem['kind'], message: string): Decoded {
  return { text: '', problems: [{ kind, message, span: [0, 0] }] }
}

function encodingOf(bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  return 'utf-8'
}

/**
 * One problem for all characters that could not be decoded, at the first. A U+FFFD that the file itself contains is not
 * a problem.
 */
function invalidCharacters(encoding: string, bytes: Uint8Array, text: string, isText: boolean): Problem[] {
  if (isText) return []
  const own = encoding === 'utf-8' ? replacementCharactersOf(bytes) : new Set<number>()
  let ordinal = 0
  let first: [number, number] | null = null
  let count = 0
  for (let i = text.indexOf('\ufffd'); i >= 0; i = text.indexOf('\ufffd', i + 1)) {
    if (own.has(ordinal++)) continue
    count++
    if (!first) first = [i, i + 1]
    else if (first[1] === i) first[1] = i + 1
  }
  if (!first) return []
  const times = count === first[1] - first[0] ? '' : `, in ${count} places, of which this is the first`
  const legacy = encoding === 'utf-8' ? legacyEncoding(bytes) : null
  const guess = legacy ? `; the file looks like ${legacy}` : ''
  const message = `invalid byte sequence for ${encoding.toUpperCase()}${times}${guess}`
  return [{ kind: 'invalid-encoding', message, span: first }]
}

function decodes(encoding: string, bytes: Uint8Array): boolean {
  try {
    new TextDecoder(encoding, { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}

/** U+FEFF in UTF-8, with which some editors begin a file. */
export const byteOrderMark: readonly number[] = [0xef, 0xbb, 0xbf]

export function startsWithMark(bytes: Uint8Array): boolean {
  return byteOrderMark.every((byte, i) => bytes[i] === byte)
}

/**
 * The numbers of those U+FFFD in the decoded text that the file itself contains (EF BF BD). The bytes are valid where
 * they are found: EF never continues a character, so a decoder is always in step there.
 */
function replacementCharactersOf(bytes: Uint8Array): Set<number> {
  const own = new Set<number>()
  let from = startsWithMark(bytes) ? byteOrderMark.length : 0
  let ordinal = 0
  const count = (stop: number): void => {
    const decoded = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(from, stop))
    for (let i = decoded.indexOf('\ufffd'); i >= 0; i = decoded.indexOf('\ufffd', i + 1)) ordinal++
  }
  for (let i = from; i + 2 < bytes.length; i++) {
    if (bytes[i] !== 0xef || bytes[i + 1] !== 0xbf || bytes[i + 2] !== 0xbd) continue
    count(i)
    own.add(ordinal++)
    from = i + 3
    i += 2
  }
  return own
}

/**
 * PostgreSQL's text cannot contain NUL, and its parser treats it as the end of the query. There is one problem for all,
 * at the first.
 */
function nulCharacters(text: string): Problem[] {
  const start = text.indexOf('\0')
  if (start < 0) return []
  let stop = start
  while (text[stop] === '\0') stop++
  let count = 0
  for (let i = start; i >= 0; i = text.indexOf('\0', i + 1)) count++
  const more = count === stop - start ? '' : `; there are ${count} in the file`
  return [{ kind: 'nul-character', message: `it stops reading at a NUL character${more}`, span: [start, stop] }]
}
