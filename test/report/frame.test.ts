import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Span } from '../../src/parse/span.ts'
import { codeFrame } from '../../src/report/frame.ts'
import { palette } from '../../src/report/palette.ts'
import { columnsOf } from '../../src/report/width.ts'
import { plain, spanOf } from './kit/builder.ts'

function frame(text: string, at: Span | string, width = 80, ascii = false): string {
  const span = typeof at === 'string' ? spanOf(text, at) : at
  const style = { paint: palette({ ...plain, ascii }), mark: (marks: string) => marks, width, ascii }
  return `\n${codeFrame({ path: 'a.sql', text }, span, style).join('\n')}\n`
}

describe('a code frame', () => {
  test('marks exactly the span', () => {
    expect(frame('-- up\nDROP TABLE orders;\n', 'TABLE')).toBe(`
  2 │ DROP TABLE orders;
    │      ^^^^^
`)
  })

  test('marks an empty span, and the end of the file, with one caret', () => {
    expect(frame('BEGIN;\n', [7, 7])).toBe(`
  2 │
    │ ^
`)
    expect(frame('BEGIN', [5, 5])).toBe(`
  1 │ BEGIN
    │      ^
`)
  })

  test('expands tabs and measures wide characters, emoji and combining marks', () => {
    expect(frame('\tDROP\tTABLE "注文📦e\u0301"; -- x', '"注文📦e\u0301"')).toBe(`
  1 │     DROP    TABLE "注文📦e\u0301"; -- x
    │                   ^^^^^^^^^
`)
  })

  test('shows what hides, and marks the symbol', () => {
    expect(frame('DROP TABLE "a\u202eb";', '"a\u202eb"')).toBe(`
  1 │ DROP TABLE "a\\u{202e}b";
    │            ^^^^^^^^^^^^
`)
  })

  test('shows first and last line of a longer span, without the white space at its ends', () => {
    const text = 'SELECT 1; ALTER TABLE orders\r\n  ADD a int,\r\n  ADD b int\r\n;\r\n'
    expect(frame(text, 'ALTER TABLE orders\r\n  ADD a int,\r\n  ADD b int\r\n')).toBe(`
  1 │ SELECT 1; ALTER TABLE orders
    │           ^^^^^^^^^^^^^^^^^^
  ⋮
  3 │   ADD b int
    │   ^^^^^^^^^
`)
    expect(frame(text, 'ADD a int,\r\n  ADD b')).toBe(`
  2 │   ADD a int,
    │   ^^^^^^^^^^
  3 │   ADD b int
    │   ^^^^^
`)
  })

  test('cuts long lines around the span', () => {
    const long = `${'a '.repeat(50)}DROP${' b'.repeat(50)}`
    expect(frame(long, 'DROP', 46)).toBe(`
  1 │ … a a a a a a a a DROP b b b b b b b b …
    │                   ^^^^
`)
    expect(frame(`DROP${' b'.repeat(50)}`, 'DROP', 46)).toBe(`
  1 │ DROP b b b b b b b b b b b b b b b b b…
    │ ^^^^
`)
    expect(frame(`${'a '.repeat(50)}DROP`, 'DROP', 46)).toBe(`
  1 │ …a a a a a a a a a a a a a a a a a DROP
    │                                    ^^^^
`)
    expect(frame(`${'a '.repeat(50)}DROP`, 'DROP', 46, true)).toContain('\n  1 | ...')
  })

  test('shows the part around it of a line of two megabytes', () => {
    const line = `${'x'.repeat(1_000_000)}📦DROP${'注'.repeat(1_000_000)}`
    const shown = frame(line, 'DROP')
    expect(shown).toContain('DROP')
    expect(shown.length).toBeLessThan(1_000)
  })

  test('never is wider than the terminal, and the marks are under what they mark', () => {
    const piece = fc.constantFrom(
      'a',
      'bc ',
      '\t',
      '注',
      '📦',
      '👩\u200d💻',
      '🇩🇪',
      '\u001b',
      '\u202e',
      'e\u0301',
      '\ud800',
      '⚠️',
      '\r\n',
      '\n',
    )
    const texts = fc.array(piece, { maxLength: 80 }).map(parts => parts.join(''))
    fc.assert(
      fc.property(texts, texts, texts, fc.integer({ min: 30, max: 100 }), (before, marked, after, width) => {
        const text = `${before}[${marked}]${after}`
        const lines = frame(text, [before.length, before.length + marked.length + 2], width)
          .trim()
          .split('\n')
        const code = lines.findIndex(line => line.includes('['))
        const marks = lines[code + 1] ?? ''
        const columnBefore = (line: string, sign: string) => columnsOf(line.slice(0, line.indexOf(sign)))
        // The first line of the frame lost its margin to trim().
        const margin = code === 0 ? '  ' : ''
        expect(columnBefore(margin + (lines[code] ?? ''), '[')).toBe(columnBefore(marks, '^'))
        for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(width)
      }),
    )
  })
})
