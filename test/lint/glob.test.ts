import fc from 'fast-check'
import picomatch from 'picomatch/posix.js'
import { describe, expect, test } from 'vitest'
import { globProblem, matcher, nameMatcher, pathMatcher } from '../../src/lint/config/glob.ts'
import { automaton } from '../../src/lint/config/glob-automaton.ts'
import { literalStart, type Piece, type Times } from '../../src/lint/config/glob-pattern.ts'

/** All texts of at most so many of these characters, in which no segment is empty or stands for a folder itself. */
function texts(characters: string, length: number): string[] {
  const all = ['']
  for (let from = 0, size = 1; size <= length; size++) {
    const end = all.length
    for (; from < end; from++) for (const character of characters) all.push(`${all[from]}${character}`)
  }
  return all.filter(text => text.split('/').every(segment => !/^\.{0,2}$/.test(segment)))
}

/** picomatch takes three stars for one or for two, and wants something behind the point of `*.*`. */
const isUsual = (glob: string, path: string) => !glob.includes('***') && !(glob === '*.*' && path.endsWith('.'))

describe('as picomatch', () => {
  test.each([true, false])('every short pattern and every short path, hidden names like others: %s', dot => {
    const paths = texts('ab./', 4)
    const wrong = texts('ab.*?/', 4).flatMap(glob => {
      const [own, other] = [dot ? nameMatcher(glob) : pathMatcher(glob), picomatch(glob, { dot })]
      return paths.filter(path => isUsual(glob, path) && own(path) !== other(path)).map(path => `${glob} ${path}`)
    })
    expect(wrong).toEqual([])
  })

  const word = fc.string({ unit: fc.constantFrom('a', 'b', '-', '1'), minLength: 1, maxLength: 3 })
  const option = fc.oneof(
    word,
    fc.tuple(word, fc.constantFrom('*', '?')).map(parts => parts.join('')),
  )
  const list = fc.array(option, { minLength: 2, maxLength: 3 })
  const part = fc.oneof(
    { weight: 3, arbitrary: word },
    { weight: 2, arbitrary: fc.constantFrom('*', '?', '[ab]', '[a-b]', '[^b1/]', '{a..b}', '{1..3}', '\\*', '\\?') },
    { weight: 1, arbitrary: list.map(options => `{${options.join(',')}}`) },
    { weight: 1, arbitrary: fc.tuple(list, word).map(([options, more]) => `{${options.join(',')},{${more},b}a}`) },
    {
      weight: 1,
      // picomatch takes what may cost it too much for text: groups whose options begin alike, or in a row.
      arbitrary: fc
        .tuple(
          word,
          fc.constantFrom('@', '?', '+', '*'),
          fc.uniqueArray(fc.constantFrom('a', 'b', '1'), { minLength: 1 }),
          word,
        )
        .map(([before, times, options, after]) => `${before}${times}(${options.join('|')})${after}`),
    },
  )
  const segment = fc.oneof(
    { weight: 4, arbitrary: fc.array(part, { minLength: 1, maxLength: 3 }).map(parts => parts.join('')) },
    { weight: 1, arbitrary: fc.constant('**') },
  )
  // It goes its own ways with two stars that are not a segment.
  // It takes a question mark behind braces for one of regular expressions, and has its own mind on a star before `/**`.
  const pattern = fc
    .array(segment, { minLength: 1, maxLength: 4 })
    .map(segments => segments.join('/'))
    .filter(glob => !/\*\*[^/]|[^/]\*\*|[)\]}]\?|[)*][^/]*\/\*\*$/.test(glob))
  const name = fc.string({ unit: fc.constantFrom('a', 'b', '-', '1', '*'), minLength: 1, maxLength: 4 })
  const path = fc.array(name, { minLength: 1, maxLength: 4 }).map(names => names.join('/'))

  test('braces, ranges, sets and groups', () => {
    let matched = 0
    fc.assert(
      fc.property(pattern, path, (glob, text) => {
        const expected = picomatch.isMatch(text, glob, { dot: true })
        matched += Number(expected)
        expect(nameMatcher(glob)(text), `${glob} and ${text}`).toBe(expected)
      }),
      { numRuns: 20_000 },
    )
    expect(matched).toBeGreaterThan(300)
  })
})

test.each([
  // A set is negated by `!` as by `^`, and never stands for a slash.
  ['[!a]', 'b', true],
  ['[!a]', 'a', false],
  ['a[!b]c', 'a/c', false],
  ['[]]', ']', true],
  ['[!]]', 'a', true],
  ['[a-]', '-', true],
  ['[\\]]', ']', true],
  // Ranges count, as in shells.
  ['{8..11}', '10', true],
  ['{8..11}', '12', false],
  ['{08..11}', '09', true],
  ['{08..11}', '9', false],
  ['{11..8}', '8', true],
  ['{1..}', '{1..}', true],
  // Marks that do not form a group stand for themselves: files may have such names.
  ['a(1).sql', 'a(1).sql', true],
  ['a+|b', 'a+|b', true],
  ['{a}', '{a}', true],
  ['{a', '{a', true],
  ['a}', 'a}', true],
  ['[a', '[a', true],
  ['@(a', '@(a', true],
  ['{@(a,b}', '@(a', true],
  ['a\\', 'a\\', true],
  ['\\{a,b}', '{a,b}', true],
  ['?', '😀', true],
  ['[😀]', '😀', true],
  ['+(a|aa)b', 'aaaaab', true],
  ['*(a|b)', 'abba', true],
  ['@({a,b}|c)d', 'bd', true],
  ['{a/**,b}/c', 'a/x/y/c', true],
  ['{a/**,b}/c', 'a/c', true],
])('the glob %s and the text %s: %s', (glob, text, expected) => {
  expect(globProblem(glob)).toBeNull()
  expect(nameMatcher(glob)(text)).toBe(expected)
})

test('a pattern behind an exclamation mark matches all else, with and without a slash', () => {
  const paths = ['a.sql', 'db/a.sql', 'db/b.sql']
  expect(paths.map(matcher(['!a.sql']))).toEqual([false, false, true])
  expect(paths.map(matcher(['!db/a.sql']))).toEqual([true, false, true])
  expect(paths.map(matcher(['!db']))).toEqual([true, false, false])
  expect(paths.map(matcher(['./']))).toEqual([true, true, true])
  expect(paths.map(matcher([]))).toEqual([false, false, false])
})

test.each([
  ['', 'is empty'],
  ['a'.repeat(1_001), 'is longer than 1000 characters'],
  ['{1..99999999}', 'has {1..99999999}, of more than 1000 words'],
  ['{1..999}'.repeat(4), 'stands for too many characters and wildcards'],
  ['!(a|b).sql', 'has "!(…)", which is not supported: name what should match instead of what should not'],
  ['!(a', null],
  ['!a/@(b|c).sql', null],
  ['a/!(b).sql', 'has "!(…)", which is not supported: name what should match instead of what should not'],
])('the problem of the glob %s: %s', (glob, problem) => {
  expect(globProblem(glob)).toBe(problem)
  // Nothing that is wrong matches anything.
  if (problem !== null)
    expect([nameMatcher(glob)('a'), matcher([glob])('a'), pathMatcher(glob)('a')]).toEqual([false, false, false])
})

test.each([
  ['db/*.sql', 'db', '*.sql'],
  ['db/a/**', 'db/a', '**'],
  ['*.sql', '', '*.sql'],
  ['/*.sql', '/', '*.sql'],
  ['/db/x*/y', '/db', 'x*/y'],
  ['../{a,b}/c', '..', '{a,b}/c'],
  ['d\\[b/a?', 'd[b', 'a?'],
  ['😀/a*', '😀', 'a*'],
])('the glob %s begins with the path %s', (glob, directory, rest) => {
  expect(literalStart(glob)).toEqual({ directory, rest })
})

test('a text without a wildcard is not a glob', () => {
  expect(['db/a.sql', 'a(1)', '{a}', '\\*'].map(literalStart)).toEqual([null, null, null, null])
})

test('no pattern and no text makes it slow: it asks each place of a pattern at most once for each character', () => {
  let asked = 0
  const any: Piece = {
    kind: 'any',
    test: () => {
      asked++
      return true
    },
  }
  const { pieces } = fc.letrec<{ piece: Piece; pieces: Piece[] }>(tie => ({
    piece: fc.oneof(
      // Without a bound, some patterns have a million pieces. The parser takes a thousand at most.
      { maxDepth: 3, withCrossShrink: true },
      fc.constantFrom<Piece>(any, any, { kind: 'star' }, { kind: 'rest' }, { kind: 'segments' }),
      fc.record({
        kind: fc.constant('choice' as const),
        options: fc.array(tie('pieces'), { minLength: 1, maxLength: 3 }),
        times: fc.constantFrom<Times>('once', 'maybe', 'any', 'some'),
      }),
    ),
    pieces: fc.array(tie('piece'), { maxLength: 4 }),
  }))
  const places = (of: readonly Piece[]): number =>
    of.reduce((sum, piece) => {
      if (piece.kind === 'choice') return sum + places(piece.options.flat())
      return sum + (piece === any ? 1 : 0)
    }, 0)
  fc.assert(
    fc.property(
      fc.array(pieces, { minLength: 1, maxLength: 4 }),
      fc.constantFrom('a', 'ab', 'a/', 'aab'),
      (all, text) => {
        asked = 0
        automaton(all, { dot: false })(text.repeat(300))
        // Where ways are tried out one after another, the number doubles with each character.
        expect(asked).toBeLessThanOrEqual(places(all.flat()) * text.length * 300)
      },
    ),
    { numRuns: 300 },
  )
})
