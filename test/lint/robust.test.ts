import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { rules } from '../../rules/index.ts'
import { lint } from '../../src/index.ts'
import { matcher, nameMatcher } from '../../src/lint/config/glob.ts'
import { suppress } from '../../src/lint/suppression/suppression.ts'
import { directives } from '../../src/parse/directive.ts'
import { parse } from '../../src/parse/parse.ts'
import { loadParser } from '../../src/parse/parser.ts'

beforeAll(loadParser)

const word = fc.constantFrom(
  'ALTER TABLE',
  'orders',
  'a',
  'DROP COLUMN',
  'ADD',
  'CREATE INDEX',
  'ON',
  '(',
  ')',
  ';',
  ',',
  "'",
  '"',
  '$$',
  'DO',
  'BEGIN',
  'END',
  'COMMIT',
  '--',
  '/*',
  '*/',
  '\n',
  '\r\n',
  '\0',
  '\ufeff',
  '😀',
  '\ud800',
  '$' + '{x}',
  ':x',
  '\\i f',
  'COPY orders FROM stdin',
  '-- migrate-lint-disable',
  '-- migrate-lint-enable x',
  '-- migrate-lint-disable-file drop-column',
  '-- migrate-lint-disable-line',
  '/* migrate-lint-disable-next-statement',
  '-- squawk-ignore a',
  'NOT NULL',
  'int',
  'DEFAULT',
  'SELECT',
  '1',
  'EXECUTE',
)
const text = fc.array(word, { maxLength: 40 }).map(words => words.join(' '))

test('any text gives a report, every place is in the text, and no part of this program fails', async () => {
  const setup = { path: '1.sql', content: 'CREATE TABLE orders (a int);' }
  await fc.assert(
    fc.asyncProperty(text, fc.boolean(), async (content, compat) => {
      const report = await lint({
        migrations: [setup, { path: '2.sql', content }],
        config: { compat, preset: 'all', requireReason: true },
      })
      expect(report.internalErrors).toEqual([])
      for (const { at, path, message } of [...report.findings, ...report.suppressed]) {
        const length = report.sources.get(path)?.text.length ?? -1
        expect(0 <= at[0] && at[0] <= at[1] && at[1] <= length, `${message} at ${at}`).toBe(true)
      }
    }),
    { numRuns: 300 },
  )
})

test('bytes of any kind are read', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async content => {
      expect((await lint({ migrations: [{ path: '1.sql', content }] })).internalErrors).toEqual([])
    }),
    { numRuns: 200 },
  )
})

test('comments silence findings with the same number of looks at each, however many there are', () => {
  const looks = (n: number) => {
    let count = 0
    const counted = <Of extends object>(of: Of): Of =>
      new Proxy(of, {
        get: (target, key, receiver) => {
          count++
          return Reflect.get(target, key, receiver)
        },
      })
    const line = (i: number) =>
      `-- migrate-lint-disable-next-statement drop-column -- x\nALTER TABLE orders DROP COLUMN a${i};\n`
    const script = parse({ path: '1.sql', text: Array.from({ length: n }, (_, i) => line(i)).join('') })
    const { suppressed } = suppress({
      script,
      directives: directives(script, { compat: false }).map(counted),
      findings: script.statements.map(({ span: at }) =>
        counted({ rule: 'drop-column', severity: 'error', at, message: 'x', why: 'x', help: [] } as const),
      ),
      rules,
      ran: () => true,
      dismissed: () => false,
      requireReason: false,
    })
    expect(suppressed).toHaveLength(n)
    return count
  }
  // Eight times the size. Sorting adds less than half of that, and a quadratic part would make it 64 times.
  expect(looks(4000) / looks(500)).toBeLessThan(12)
})

test.each([
  ['*.sql', 'a/b.sql', true],
  ['*.sql', 'a/b.txt', false],
  ['a', 'a/b/c.sql', true],
  ['a/', 'a/b/c.sql', true],
  ['a/*.sql', 'a/b/c.sql', false],
  ['a/**', 'a/b/c.sql', true],
  ['./a/b.sql', 'a/b.sql', true],
  ['a/b', 'a/b/c.sql', true],
  ['b', 'ab/c.sql', false],
  ['2026*', 'db/20260101_x.sql', true],
])('the glob %s and the path %s: %s', (pattern, path, expected) => {
  expect(matcher([pattern])(path)).toBe(expected)
})

test('globs of names', () => {
  expect(['users', 'app.users', 'lookup_a'].map(nameMatcher('lookup_*'))).toEqual([false, false, true])
  expect(['users', 'app.users'].map(nameMatcher('app.*'))).toEqual([false, true])
})
