import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { lint } from '../../src/index.ts'
import { matcher, nameMatcher } from '../../src/lint/config/glob.ts'
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

test('time grows with the size of the file, not faster', async () => {
  const line = (i: number) =>
    `-- migrate-lint-disable-next-statement drop-column -- x\nALTER TABLE orders DROP COLUMN a${i};\n`
  const time = async (n: number) => {
    const content = Array.from({ length: n }, (_, i) => line(i)).join('')
    const start = performance.now()
    const report = await lint({ migrations: [{ path: '1.sql', content }] })
    expect(report.summary.suppressed).toBe(n)
    return performance.now() - start
  }
  await time(200)
  const [small, large] = [await time(500), await time(4000)]
  // Eight times the size; a quadratic part of any weight would make it 64 times.
  expect(large / small).toBeLessThan(24)
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
