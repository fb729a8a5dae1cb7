import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decode } from '../../src/parse/index.ts'

const bytes = (...parts: (string | number[])[]): Uint8Array =>
  Uint8Array.from(parts.flatMap(part => (typeof part === 'string' ? [...new TextEncoder().encode(part)] : part)))

const utf16 = (text: string, littleEndian: boolean): Uint8Array => {
  const units = [0xfeff, ...Array.from(text, (_, i) => text.charCodeAt(i))]
  return Uint8Array.from(units.flatMap(unit => (littleEndian ? [unit & 255, unit >> 8] : [unit >> 8, unit & 255])))
}

describe('decode (OF-25)', () => {
  test.each([
    ['UTF-8', bytes('SELECT é😀;\r\n'), 'SELECT é😀;\r\n'],
    ['UTF-8 with a byte order mark', bytes([0xef, 0xbb, 0xbf], 'SELECT 1'), 'SELECT 1'],
    ['UTF-16 LE', utf16('SELECT "a"', true), 'SELECT "a"'],
    ['UTF-16 BE', utf16('SELECT "b"', false), 'SELECT "b"'],
    ['nothing', bytes(), ''],
    ['only a byte order mark', bytes([0xef, 0xbb, 0xbf]), ''],
    ['a replacement character of its own', bytes("SELECT '\ufffd'"), "SELECT '\ufffd'"],
  ])('%s', (_, input, text) => {
    expect(decode('a.sql', input)).toEqual({ source: { path: 'a.sql', text }, problems: [] })
  })

  test('invalid bytes are reported where they are, the text around them is kept', () => {
    const { source, problems } = decode(
      'a.sql',
      bytes("SELECT '\ufffdé", [0xc3, 0xff], "'; -- ", [0xff], '\nDROP TABLE t'),
    )
    expect(source.text.replaceAll('\ufffd', '?')).toBe("SELECT '?é??'; -- ?\nDROP TABLE t")
    expect(problems.map(({ kind, span }) => [kind, ...span])).toEqual([['invalid-encoding', 10, 12]])
    expect(problems[0]?.message).toMatch(/^invalid byte sequence for UTF-8, in 3 places, of which this is the first/)
  })

  const latin1 = (text: string) => Uint8Array.from(text, c => c.charCodeAt(0))
  const noise = Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919 + (i >> 3) * 104_729) % 256)

  test.each([
    ['Latin-1', latin1("SELECT 'Grüße aus Köln';".repeat(1000)), /3000 places.*looks like ISO 8859-1 \(Latin-1\)$/],
    ['Windows-1252', latin1("SELECT 'Grüße \x93aus\x94 Köln';"), /looks like Windows-1252$/],
    [
      'Shift JIS',
      Uint8Array.from([0x27, 0x83, 0x65, 0x83, 0x58, 0x83, 0x67, 0x27]),
      /^invalid byte sequence for UTF-8/,
    ],
    ['a gzip archive', Uint8Array.from([0x1f, 0x8b, 8, 0, ...noise]), /^this is a gzip archive, not text$/],
    ['a PNG image', Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13, ...noise]), /^this is a PNG image, not text$/],
    [
      'an SQLite database',
      Uint8Array.from([...latin1('SQLite format 3\0'), ...noise]),
      /^this is an SQLite database, not text$/,
    ],
    ['noise', noise, /^this is binary, not text$/],
    ['UTF-16 LE without its mark', utf16('SELECT 1;', true).slice(2), /^this is UTF-16LE without a byte order mark$/],
    ['UTF-16 BE without its mark', utf16('SELECT 1;', false).slice(2), /^this is UTF-16BE without a byte order mark$/],
  ])('%s is one problem, and named', (_, input, message) => {
    const { source, problems } = decode('a.sql', input)
    const kind = message.source.endsWith('not text$') ? 'not-text' : 'invalid-encoding'
    expect(problems.map(each => each.kind)).toEqual([kind])
    expect(problems[0]?.message).toMatch(message)
    // A file that is not text is not read.
    if (problems[0]?.message.startsWith('this is')) expect(source.text).toBe('')
  })

  test('half a UTF-16 character is reported', () => {
    const { problems } = decode('a.sql', Uint8Array.from([...utf16('ab', true), 0x41]))
    expect(problems.map(({ span }) => span)).toEqual([[2, 3]])
  })

  test('NUL characters are one problem, at the first', () => {
    const { problems } = decode('a.sql', bytes('a\0\0b\0'))
    expect(problems.map(({ kind, span }) => [kind, ...span])).toEqual([['nul-character', 1, 3]])
    expect(problems[0]?.message).toMatch(/there are 3 in the file$/)
  })

  test('any bytes decode', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), input => {
        const { source, problems } = decode('a.sql', input)
        const kinds = problems.map(({ kind }) => kind)
        expect(kinds.length).toBe(new Set(kinds).size)
        for (const { span } of problems) {
          if (source.text !== '') expect(span[0]).toBeLessThan(span[1])
          expect(span[1]).toBeLessThanOrEqual(source.text.length)
        }
      }),
    )
  })

  test('valid text decodes to itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), text => {
        const { source, problems } = decode('a.sql', new TextEncoder().encode(`x${text}`))
        expect(source.text).toBe(`x${text}`)
        expect(problems.filter(({ kind }) => kind === 'invalid-encoding')).toEqual([])
      }),
    )
  })
})
