import type { Problem, Source } from './script.ts'

/**
 * Bytes of a migration file → its text.
 *
 * A byte order mark says UTF-8 or UTF-16 and is left out; without one the bytes are UTF-8. What cannot be decoded becomes
 * U+FFFD, so that the text around it is still seen, and a problem at that place.
 */
export function decode(path: string, bytes: Uint8Array): { source: Source; problems: Problem[] } {
  const encoding = encodingOf(bytes)
  const text = new TextDecoder(encoding).decode(bytes)
  const problems = [...invalidCharacters(encoding, bytes, text), ...nulCharacters(text)]
  return { source: { path, text }, problems: problems.sort((a, b) => a.span[0] - b.span[0]) }
}

function encodingOf(bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  return 'utf-8'
}

/** One problem per run of characters that could not be decoded. A U+FFFD that the file itself holds is none. */
function invalidCharacters(encoding: string, bytes: Uint8Array, text: string): Problem[] {
  if (decodes(encoding, bytes)) return []
  const own = encoding === 'utf-8' ? replacementCharactersOf(bytes) : new Set<number>()
  const problems: Problem[] = []
  let ordinal = 0
  let run: [number, number] | null = null
  for (let i = text.indexOf('\ufffd'); i >= 0; i = text.indexOf('\ufffd', i + 1)) {
    if (own.has(ordinal++)) continue
    if (run && run[1] === i) run[1] = i + 1
    else {
      run = [i, i + 1]
      problems.push({
        kind: 'invalid-encoding',
        message: `invalid byte sequence for ${encoding.toUpperCase()}`,
        span: run,
      })
    }
  }
  return problems
}

function decodes(encoding: string, bytes: Uint8Array): boolean {
  try {
    new TextDecoder(encoding, { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}

/**
 * Which of the U+FFFD in the decoded text stand in the file as such (EF BF BD), by their number. The bytes are valid
 * where they are found: EF never continues a character, so a decoder is always in step there.
 */
function replacementCharactersOf(bytes: Uint8Array): Set<number> {
  const own = new Set<number>()
  let from = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
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

/** PostgreSQL's text can hold no NUL, and its parser takes one for the end of the query. */
function nulCharacters(text: string): Problem[] {
  const problems: Problem[] = []
  for (let i = text.indexOf('\0'); i >= 0; ) {
    let stop = i
    while (text[stop] === '\0') stop++
    problems.push({ kind: 'nul-character', message: 'it stops reading at a NUL character', span: [i, stop] })
    i = text.indexOf('\0', stop)
  }
  return problems
}
