import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lineHashes } from '../../src/report/line-hash.ts'

/** The definition itself, with big integers: the hundred significant characters that start with each line. */
function defined(text: string): string[] {
  const significant = text.replace(/\r\n|\r/g, '\n').replace(/[ \t]/g, '')
  const codes = [...Array(significant.length).keys()]
    .map(i => significant.charCodeAt(i))
    .concat(65535, Array(100).fill(0))
  const starts = [0, ...[...significant.matchAll(/\n/g)].map(end => end.index + 1)]
  const seen = new Map<string, number>()
  return starts.map(start => {
    const value = codes
      .slice(start, start + 100)
      .reduce((sum, code) => BigInt.asUintN(64, sum * 37n + BigInt(code)), 0n)
    const hash = value.toString(16)
    seen.set(hash, (seen.get(hash) ?? 0) + 1)
    return `${hash}:${seen.get(hash)}`
  })
}

describe("GitHub's hashes of lines", () => {
  // What github/codeql-action computes for these texts.
  test.each([
    ['', ['c129715d7a2bc9a3:1']],
    [' a\nb\n  \t\tc\n d', ['271789c17abda88f:1', '54703d4cd895b18:1', '180aee12dab6264:1', 'a23a3dc5e078b07b:1']],
    ['SELECT 1;', ['8cff0abdf2449af3:1']],
  ])('%j', (text, expected) => {
    expect(lineHashes(text)).toEqual(expected)
  })

  test('equal lines are counted', () => {
    const line = `${'x'.repeat(120)}\n`
    expect(lineHashes(line.repeat(3)).slice(0, 2)).toEqual([expect.stringMatching(/:1$/), expect.stringMatching(/:2$/)])
  })

  test('are the definition, over any text', () => {
    const piece = fc.constantFrom(
      'a',
      ' ',
      '\t',
      '\r',
      '\n',
      '\r\n',
      '📦',
      '\uffff',
      '\ufeff',
      'x'.repeat(60),
      'y'.repeat(150),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), pieces => {
        const text = pieces.join('')
        expect(lineHashes(text)).toEqual(defined(text))
      }),
    )
  })
})
