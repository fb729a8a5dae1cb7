import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PositionIndex, positionsIn } from '../../src/report/position.ts'

const place = (text: string, offset: number) => {
  const { line, column } = new PositionIndex(text).at(offset)
  return `${line}:${column}`
}

describe('line and column of an offset', () => {
  test.each([
    ['the beginning', 'SELECT 1;\n', 0, '1:1'],
    ['the end of a line', 'ab\ncd', 2, '1:3'],
    ['the beginning of the next', 'ab\ncd', 3, '2:1'],
    ['after CRLF', 'ab\r\ncd', 4, '2:1'],
    ['after a lone CR', 'ab\rcd', 3, '2:1'],
    ['after mixed line ends', 'a\r\n\n\rb', 5, '4:1'],
    ['after a tab: one column', '\tx', 1, '1:2'],
    ['after an emoji: two UTF-16 units', '📦x', 2, '1:3'],
    ['the empty line after the last line end', 'ab\n', 3, '2:1'],
    ['an empty file', '', 0, '1:1'],
    ['before the text', 'ab', -5, '1:1'],
    ['behind the text', 'a\nb', 99, '2:2'],
  ])('%s', (_, text, offset, expected) => {
    expect(place(text, offset)).toBe(expected)
  })

  const texts = fc
    .array(fc.constantFrom('a', '\t', '\r', '\n', '\r\n', '📦', 'é'), { maxLength: 40 })
    .map(parts => parts.join(''))

  test('is what counting line ends from the beginning gives', () => {
    fc.assert(
      fc.property(texts, fc.nat(80), (text, at) => {
        const offset = Math.min(at, text.length)
        const before = text.slice(0, offset)
        // A CRLF that the offset cuts in two has not ended its line yet.
        const isCut = text[offset - 1] === '\r' && text[offset] === '\n'
        const lines = (isCut ? before.slice(0, -1) : before).split(/\r\n|\r|\n/)
        const column = (lines.at(-1) ?? '').length + 1 + (isCut ? 1 : 0)
        expect(new PositionIndex(text).at(offset)).toEqual({ line: lines.length, column, offset })
      }),
    )
  })

  test('lines are the text without its line ends', () => {
    fc.assert(
      fc.property(texts, text => {
        const index = new PositionIndex(text)
        const lines = Array.from({ length: index.lines }, (_, i) => text.slice(...index.line(i + 1)))
        expect(lines).toEqual(text.split(/\r\n|\r|\n/))
      }),
    )
  })
})

test('a source is indexed once, and a source that is gone has one empty line', () => {
  const source = { path: 'a.sql', text: 'a\nb' }
  expect(positionsIn(source)).toBe(positionsIn(source))
  expect(positionsIn(undefined).range([3, 9])).toEqual({
    start: { line: 1, column: 1, offset: 0 },
    end: { line: 1, column: 1, offset: 0 },
  })
})
