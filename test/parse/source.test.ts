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
    expect(problems.map(({ kind, span }) => [kind, ...span])).toEqual([
      ['invalid-encoding', 10, 12],
      ['invalid-encoding', 18, 19],
    ])
  })

  test('half a UTF-16 character is reported', () => {
    const { problems } = decode('a.sql', Uint8Array.from([...utf16('ab', true), 0x41]))
    expect(problems.map(({ span }) => span)).toEqual([[2, 3]])
  })

  test('NUL characters are reported, one problem for each run', () => {
    const { problems } = decode('a.sql', bytes('a\0\0b\0'))
    expect(problems.map(({ kind, span }) => [kind, ...span])).toEqual([
      ['nul-character', 1, 3],
      ['nul-character', 4, 5],
    ])
  })

  test('any bytes decode', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), input => {
        const { source, problems } = decode('a.sql', input)
        for (const { span } of problems) {
          expect(span[0]).toBeLessThan(span[1])
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
