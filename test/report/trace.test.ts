import { describe, expect, test } from 'vitest'
import { script } from '../../src/report/page/script.ts'
import { traceHtml } from '../../src/report/trace/html.ts'
import { locksBetween, locksSeenIn } from '../../src/report/trace/timeline.ts'
import { visible } from '../../src/report/visible.ts'
import { finding, plain } from './kit/builder.ts'
import { hostileText, oddPaths } from './kit/hostile.ts'
import { parsed } from './kit/page.ts'
import { hostileTrace, seen, seenRelation, traced, traceOf } from './kit/trace.ts'

const print = (trace: Parameters<typeof traceHtml>[0]) => traceHtml(trace, plain)
const orders = (part = {}) => seenRelation({ relation: 'orders', ...part })
const share = { lock: 'ShareLock' as const }

describe('the locks that a server has shown', () => {
  const spans = (...statements: Parameters<typeof traced>[0][]) =>
    locksSeenIn(statements.map(traced)).map(({ relation, mode, from, to }) => `${relation} ${mode} ${from}-${to}`)

  test('last from the statement that takes them to the end of the transaction, and no longer', () => {
    expect(
      spans(
        { text: 'BEGIN', transaction: 1 },
        { text: 'CREATE INDEX', transaction: 1, seen: seen([orders(share)]) },
        { text: 'SELECT', transaction: 1, seen: seen([orders({ ...share, isTaken: false })]) },
        { text: 'COMMIT', transaction: 1 },
        { text: 'VACUUM', seen: seen([orders({ lock: 'ShareUpdateExclusiveLock' })]) },
        { text: 'ANALYZE', seen: seen([orders({ lock: 'ShareUpdateExclusiveLock' })]) },
      ),
    ).toEqual(['orders ShareLock 1-3', 'orders ShareUpdateExclusiveLock 4-4', 'orders ShareUpdateExclusiveLock 5-5'])
  })

  test('become others when they become stronger, stay with a relation under its new name, and go with ROLLBACK TO', () => {
    expect(
      spans(
        { text: 'CREATE INDEX', transaction: 1, seen: seen([orders(share)]) },
        { text: 'RENAME', transaction: 1, seen: seen([orders()]) },
        { text: 'SELECT', transaction: 1, seen: seen([orders({ relation: 'sales', isTaken: false })]) },
      ),
    ).toEqual(['orders ShareLock 0-0', 'orders AccessExclusiveLock 1-2'])
    expect(
      spans(
        { text: 'CREATE INDEX', transaction: 1, seen: seen([orders(share)]) },
        { text: 'DROP', transaction: 1, seen: seen([seenRelation({ relation: 'users' })]) },
        { text: 'ROLLBACK TO s', transaction: 1, givesBack: true, seen: seen([orders({ ...share, isTaken: false })]) },
        { text: 'SELECT', transaction: 1, seen: seen([orders({ ...share, isTaken: false })]) },
      ),
    ).toEqual(['orders ShareLock 0-3', 'users AccessExclusiveLock 1-1'])
  })

  test('of a table that is dropped last as well, although the server no longer lists it', () => {
    expect(
      spans(
        { text: 'DROP TABLE orders', transaction: 1, seen: seen([orders()]) },
        { text: 'SELECT', transaction: 1 },
        { text: 'COMMIT', transaction: 1 },
      ),
    ).toEqual(['orders AccessExclusiveLock 0-2'])
  })

  test('are cut to the statements of one file', () => {
    const [lock] = locksSeenIn(
      [0, 1, 2, 3].map(i =>
        traced({ text: 'x', transaction: 1, seen: seen(i === 1 ? [orders({ work: 'rewrite' })] : []) }),
      ),
    )
    expect(
      locksBetween(
        [lock].flatMap(each => each ?? []),
        2,
        2,
      ),
    ).toEqual([{ ...lock, from: 0, to: 1, before: true, work: [] }])
    expect(
      locksBetween(
        [lock].flatMap(each => each ?? []),
        0,
        1,
      ),
    ).toEqual([])
  })
})

describe('the page of a trace (OF-10)', () => {
  test('is whole, loads nothing, and shows any text as it is', () => {
    for (const text of ['plain', hostileText, '</script>', '-->', '`a`', '" onload="x', '&lt;']) {
      const page = print(hostileTrace(oddPaths, text))
      const { tags, text: shown } = parsed(page)
      expect(page.match(/<script/g)).toHaveLength(1)
      for (const tag of tags) {
        // Names of attributes, whatever is in their values.
        expect(tag.replace(/"[^"]*"/g, '')).not.toMatch(/ (?:src|on[a-z]+|background|action|formaction|data)=/)
        for (const [, address = ''] of tag.matchAll(/ (?:href|xlink:href)="([^"]*)"/g))
          expect(address).toMatch(/^#[a-z]+(?:-\d+)?$/)
      }
      expect(page.replace(script, '')).not.toMatch(/@import|url\((?!#)/)
      for (const path of oddPaths) expect(shown).toContain(visible(path))
    }
  })

  test('has a bar for each lock in both pictures, which leads to the row of its statement', () => {
    const trace = traceOf({
      '1.sql': [
        traced({ text: 'BEGIN', transaction: 1 }),
        traced({
          text: 'CREATE INDEX',
          transaction: 1,
          seen: seen([orders({ ...share, read: 9 })], { milliseconds: 30 }),
        }),
        traced({ text: 'COMMIT', transaction: 1 }),
      ],
    })
    const page = print(trace)
    const bars = [...page.matchAll(/<a class="bar (\w+)" href="#([\w-]+)" aria-label="([^"]*)">/g)].map(
      ([, ...parts]) => parts,
    )
    const bar = [
      'writes',
      's-1',
      'orders: ShareLock, blocks writes, from line 2 of 1.sql to line 3 of 1.sql, is read, 31 ms',
    ]
    expect(bars).toEqual([bar, bar])
    expect(page).toContain('<tr id="s-1" tabindex="-1"><th scope="row" data-label="Line">2</th>')
    expect(page).toContain('blocks writes, 9 rows read<br/><span class="quiet">ShareLock</span>')
    // 3 of 940 pixels less the names are for the two others.
    const widths = [...page.matchAll(/<rect x="[\d.]+" y="52" width="([\d.]+)"/g)].map(([, width]) => Number(width))
    expect(widths[0]).toBeLessThan(380)
    expect(widths[1]).toBeGreaterThan(800)
  })

  test('says first what is wrong, and each finding at its statement', () => {
    const trace = traceOf({
      '1.sql': [
        traced({ text: 'DROP TABLE a' }),
        traced({
          text: 'DROP TABLE b',
          seen: seen([], { refused: { sqlstate: '42P01', message: 'no b', detail: null } }),
        }),
      ],
    })
    const files = trace.files.map(file => ({
      ...file,
      findings: [
        finding({ path: '1.sql', at: [16, 20], message: 'about b' }),
        finding({ path: '1.sql', at: [900, 901], message: 'about none' }),
      ],
    }))
    const page = print({ ...trace, files, failures: [{ path: '1.sql', isDown: false }] })
    expect(page).toContain('<h1 class="bad">1.sql does not apply: the migrations after it were not run.</h1>')
    const [before = '', a = '', b = ''] = page.split('<tr id=')
    expect(before).toContain('about none')
    expect(a).not.toContain('about')
    expect(b).toContain('fails: no b (SQLSTATE 42P01)')
    expect(b).toContain('about b')
  })

  test('stays within bounds, and says what is missing', () => {
    const statements = Array.from({ length: 5000 }, (_, i) =>
      traced({ text: `ALTER TABLE t${i % 60}`, seen: seen([seenRelation({ relation: `t${i % 60}` })]) }),
    )
    const page = print(traceOf({ '1.sql': statements, '2.sql': [traced({ text: 'SELECT 1' })] }))
    expect(page).toContain('Not drawn: 20 more relations, 3501 earlier statements.')
    expect(page).toContain('And 1000 more statements, not listed.')
    expect(page).toContain('And 1 more migration, not listed.')
    expect(page.length).toBeLessThan(6_000_000)
    parsed(page)
  })
})
