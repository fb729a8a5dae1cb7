import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { visible, visibleJson } from '../../src/report/visible.ts'

describe('text that acts or hides is shown', () => {
  test.each([
    ['an ANSI escape', '\u001b[31mred', '␛[31mred'],
    ['the 8-bit escape', '\u009b31m', '\\u{9b}31m'],
    ['bell and backspace', '\u0007\b', '␇␈'],
    ['delete', '\u007f', '␡'],
    ['line ends and tabs', 'a\r\n\tb', 'a␍␊␉b'],
    ['NUL', '\0', '␀'],
    ['a right-to-left override', 'user\u202eresu', 'user\\u{202e}resu'],
    ['isolates', '\u2066x\u2069', '\\u{2066}x\\u{2069}'],
    ['zero-width characters', 'or\u200bders\u200d\ufeff', 'or\\u{200b}ders\\u{200d}\\u{feff}'],
    ['a soft hyphen', 'or\u00adders', 'or\\u{ad}ders'],
    ['tag characters', '\u{e0041}', '\\u{e0041}'],
    ['line separators', 'a\u2028b\u2029', 'a\\u{2028}b\\u{2029}'],
    ['lone surrogates', 'a\ud800b\udc00', 'a\\u{d800}b\\u{dc00}'],
    ['a selector after a letter', 'a\ufe0f', 'a\\u{fe0f}'],
    ['a command of GitHub Actions', 'a ::set-output name=x::y', 'a \\u{3a}:set-output name=x::y'],
    ['a command without properties', '::add-mask::e', '\\u{3a}:add-mask::e'],
    ['an older command', 'a ##[add-mask]e', 'a \\u{23}#[add-mask]e'],
    [
      'a command of Azure Pipelines',
      '##vso[task.setvariable variable=x]y',
      '\\u{23}#vso[task.setvariable variable=x]y',
    ],
  ])('%s', (_, text, expected) => {
    expect(visible(text)).toBe(expected)
  })

  test('by numbers in ASCII', () => {
    expect(visible('\u001b\u007f', true)).toBe('\\u{1b}\\u{7f}')
  })

  test.each(['orders_é', '注文', 'naïve e\u0301', '📦 ⚠️', 'שלום', 'a b', 'a::text', '::error_kind', '## a [b]'])(
    '%s is left as it is',
    text => {
      expect(visible(text)).toBe(text)
    },
  )
})

test('no character is left that acts or hides, whatever is beside it', () => {
  // The definition, asked of each character by itself: what is replaced must not depend on how the text is looked through.
  const hidden = /^[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]$/u
  const character = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    fc.constantFrom(
      ' ',
      '~',
      'a',
      '©',
      '⚠',
      '📦',
      '\ufe0e',
      '\ufe0f',
      '\u200b',
      '\u001b',
      '\u007f',
      '\ud800',
      '\u202e',
    ),
  )
  fc.assert(
    fc.property(fc.array(character), list => {
      const characters = Array.from(list.join(''))
      const expected = characters.map((each, i) => {
        const selects = /^[\ufe0e\ufe0f]$/.test(each) && /^\p{Extended_Pictographic}$/u.test(characters[i - 1] ?? '')
        return hidden.test(each) && !selects ? `\\u{${each.codePointAt(0)?.toString(16)}}` : each
      })
      fc.pre(!/##|::/.test(characters.join('')))
      expect(visible(characters.join(''), true)).toBe(expected.join(''))
    }),
  )
})

test('JSON with such characters escaped reads as the same value', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), value => {
      const text = visibleJson(value, 2)
      expect(JSON.parse(text)).toEqual(value)
      expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
    }),
  )
})
