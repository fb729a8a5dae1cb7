/** Guesses what bytes are if they are not UTF-8: which encoding, or which kind of file. */

const signatures: readonly (readonly [name: string, bytes: readonly number[]])[] = [
  ['a gzip archive', [0x1f, 0x8b]],
  ['a ZIP archive', [0x50, 0x4b, 0x03, 0x04]],
  ['a PNG image', [0x89, 0x50, 0x4e, 0x47]],
  ['a JPEG image', [0xff, 0xd8, 0xff]],
  ['a PDF document', [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ['an SQLite database', [...'SQLite format 3\0'].map(c => c.charCodeAt(0))],
  ["a dump of pg_dump's own format", [...'PGDMP'].map(c => c.charCodeAt(0))],
  ['a bzip2 archive', [0x42, 0x5a, 0x68]],
  ['an XZ archive', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['a Zstandard archive', [0x28, 0xb5, 0x2f, 0xfd]],
  ['a program (ELF)', [0x7f, 0x45, 0x4c, 0x46]],
]

/** The kind of file according to its first bytes; null: no known kind. */
export function binaryKind(bytes: Uint8Array): string | null {
  return signatures.find(([, start]) => start.every((byte, i) => bytes[i] === byte))?.[0] ?? null
}

/** In text, at most one character in this many is a control character other than a blank, a line break and the like. */
const mostControls = 50

/** True for bytes that are not text in any encoding. */
export function looksBinary(bytes: Uint8Array): boolean {
  const blanks = new Set([0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x1a, 0x1b])
  let count = 0
  for (const byte of bytes) if ((byte < 0x20 && !blanks.has(byte)) || byte === 0x7f) count++
  return count * mostControls > bytes.length
}

/** UTF-16 without a byte order mark: in text with Latin letters every other byte is zero. */
export function utf16Without(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if (bytes.length < 4 || bytes.length % 2 !== 0) return null
  let [even, odd] = [0, 0]
  for (let i = 0; i < bytes.length; i += 2) {
    if (bytes[i] === 0) even++
    if (bytes[i + 1] === 0) odd++
  }
  const pairs = bytes.length / 2
  if (odd * 2 > pairs && even * 20 < pairs) return 'utf-16le'
  return even * 2 > pairs && odd * 20 < pairs ? 'utf-16be' : null
}

/**
 * The encoding of text that is not UTF-8, as a guess; null: it is not clear. The letters of Western Europe are single
 * bytes from C0 on, seldom two in a row. In Shift JIS, the first byte of a character is below that, and in GBK there
 * are many in a row.
 */
export function legacyEncoding(bytes: Uint8Array): string | null {
  let [high, letters, controls, runs] = [0, 0, 0, 0]
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number
    if (byte < 0x80) continue
    high++
    if (byte >= 0xc0) letters++
    if (byte < 0xa0) controls++
    if ((bytes[i - 1] ?? 0) < 0x80) runs++
  }
  if (letters * 2 < high || high * 2 > runs * 3) return null
  // Windows-1252 has quotes and dashes where ISO 8859-1 has control characters.
  return controls > 0 ? 'Windows-1252' : 'ISO 8859-1 (Latin-1)'
}
