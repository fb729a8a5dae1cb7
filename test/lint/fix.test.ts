import { expect, test } from 'vitest'
import { edited, fixedTexts } from '../../src/lint/fix.ts'
import { finding, report } from '../report/kit/builder.ts'

const fix = (at: number, insert: string, safety: 'safe' | 'unsafe' = 'safe') => ({
  title: 'x',
  safety,
  edits: [{ at: [at, at] as const, insert }],
})

test('edits apply at their places, in any order', () => {
  const edits = [
    { at: [0, 1] as const, insert: 'A' },
    { at: [3, 3] as const, insert: '!' },
    { at: [1, 2] as const, insert: '' },
  ]
  expect(edited('abc', edits)).toBe('Ac!')
  expect(edited('abc', edits.toReversed())).toBe('Ac!')
})

test('safe fixes that do not overlap apply together', () => {
  const files = { 'a.sql': 'abcdef', 'b.sql': 'x' }
  const findings = [
    finding({ path: 'a.sql', at: [0, 1], fix: fix(1, '1') }),
    finding({ path: 'a.sql', at: [0, 1], fix: fix(1, '2') }),
    finding({ path: 'a.sql', at: [4, 5], fix: fix(5, '3') }),
    finding({ path: 'b.sql', at: [0, 1], fix: fix(0, '4', 'unsafe') }),
  ]
  expect(fixedTexts(report(files, findings))).toEqual([{ path: 'a.sql', text: 'a1bcde3f', fixes: 2 }])
})
