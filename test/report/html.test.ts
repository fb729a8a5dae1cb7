import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { lint } from '../../src/index.ts'
import type { Report } from '../../src/lint/report.ts'
import { html } from '../../src/report/html.ts'
import { script, scriptHash } from '../../src/report/page/script.ts'
import { visible } from '../../src/report/visible.ts'
import { effect, finding, plain, report, spanOf } from './kit/builder.ts'
import { hostileText, many, oddPaths, reportOf } from './kit/hostile.ts'
import { decoded, parsed } from './kit/page.ts'

const print = (given: Report) => html(given, plain)
const wrapped = { execution: { inTransaction: true, singleMessage: false, spansFiles: false } }
const tables = { path: '1.sql', content: 'CREATE TABLE orders (id bigint PRIMARY KEY, note text);' }

describe('the page (OF-10)', () => {
  test('lets only its own script run, and loads nothing', () => {
    expect(scriptHash).toBe(`sha256-${createHash('sha256').update(script).digest('base64')}`)
    const page = print(reportOf(oddPaths, hostileText))
    expect(page).toContain(`default-src 'none'; style-src 'unsafe-inline'; script-src '${scriptHash}';`)
    expect(page.match(/<script/g)).toHaveLength(1)
    const { tags } = parsed(page)
    for (const tag of tags) {
      expect(tag).not.toMatch(/ (?:src|on[a-z]+|background|action|formaction|data)=/)
      for (const [, address = ''] of tag.matchAll(/ (?:href|xlink:href)="([^"]*)"/g)) {
        expect(address).toMatch(/^(?:#[a-z]+(?:-\d+)?|https:\/\/example\.org\/rules\/[a-z-]+\.md)$/)
      }
    }
    expect(page.replace(script, '')).not.toMatch(/@import|url\((?!#)/)
  })

  test('is whole and shows any text as it is', () => {
    for (const text of ['plain', hostileText, '</script>', ']]>', '-->', '`a`', '<!--', '" onload="x', '&lt;']) {
      const { text: seen } = parsed(print(reportOf(oddPaths, text)))
      const [first = ''] = text.split(/[\r\n`]/)
      expect(seen).toContain(`m${visible(first.trimEnd())}`)
      for (const path of oddPaths) expect(seen).toContain(visible(path))
    }
  })

  test('of a run without findings says so', () => {
    const page = print(report({ 'a.sql': 'SELECT 1;' }))
    expect(page).toContain('<h1 class="good">No dangers in 1 migration</h1>')
    expect(page).not.toContain('<form')
    parsed(page)
    parsed(print(report({})))
  })

  test('says why the linter could not do its work', () => {
    const error = { part: 'r', path: 'a.sql', line: 3, message: 'no <b>', stack: null }
    const { text } = parsed(print(report({}, [], { internalErrors: [error], notices: ['x.sql cannot be read'] })))
    expect(text).toContain('internal error in r on a.sql:3: no <b>')
    expect(text).toContain('x.sql cannot be read')
  })

  test('shows the statement with its place marked, and what to do instead, to be copied', async () => {
    const content = "BEGIN;\n-- two\nCREATE INDEX i\n  ON orders (note) WHERE note <> 'a<b';\nCOMMIT;"
    const page = print(
      await lint({ migrations: [tables, { path: '2.sql', content }], report: path => path === '2.sql' }),
    )
    expect(page).toContain(
      '<code><span class="no">3</span><mark><span class="k">CREATE</span> <span class="k">INDEX</span></mark> i\n' +
        '<span class="no">4</span>  <span class="k">ON</span> orders (note) <span class="k">WHERE</span> note &lt;&gt; ' +
        '<span class="s">&#39;a&lt;b&#39;</span>;</code></pre>',
    )
    const [, copied = ''] = /<div class="copyable"><pre[^>]*><code>([\s\S]*?)<\/code><\/pre><\/div>/.exec(page) ?? []
    expect(decoded(copied.replace(/<[^>]*>/g, ''))).toBe(
      "CREATE INDEX CONCURRENTLY i\n  ON orders (note) WHERE note <> 'a<b';",
    )
    parsed(page)
  })

  test('shows more than a thousand findings in a line each, and all of 30,000', () => {
    const page = print(many())
    expect(page.match(/<article /g)).toHaveLength(30_000)
    expect(page.match(/<pre /g)?.length).toBe(2000)
    expect(page).toContain('The first 1000 findings are shown in full, the others in one line each.')
    expect(page.length).toBeLessThan(20_000_000)
  })
})

describe('the overview', () => {
  test('has a row for each table and a column for each migration, with the strongest lock and what was found', async () => {
    const migrations = [
      tables,
      { path: '2.sql', content: 'CREATE INDEX i ON orders (note);', ...wrapped },
      { path: '3.sql', content: 'CREATE TABLE other (id int);' },
      { path: '4.sql', content: 'ALTER TABLE orders DROP COLUMN note;', ...wrapped },
    ]
    const page = print(await lint({ migrations }))
    const [, drawn = ''] = /<figure class="overview">([\s\S]*?)<\/figure>/.exec(page) ?? []
    expect(drawn).toContain('2 migrations and 1 table.')
    expect(
      [...drawn.matchAll(/<g class="bar (\w+)"><title>([^<]*)</g)].map(([, look, title]) => [look, title]),
    ).toEqual([
      ['writes', '2.sql: orders, blocks writes, with long work, 1 finding'],
      ['reads', '4.sql: orders, blocks reads and writes'],
    ])
    expect(drawn.match(/<circle class="found error"/g)).toHaveLength(1)
    expect(page.match(/class="legend"/g)).toHaveLength(1)
    parsed(page)
  })

  test('stays within bounds, and says what is missing', () => {
    const names = Array.from({ length: 200 }, (_, i) => `${1000 + i}.sql`)
    const findings = names.map((path, i) =>
      finding({ path, at: [0, 6], effects: [effect({ relation: `table_${i % 50}`, lock: 'ShareLock' })] }),
    )
    const page = print(report(Object.fromEntries(names.map(path => [path, 'SELECT 1;'])), findings))
    expect(page).toContain('Not drawn: 20 more tables, 60 earlier migrations.')
    const [, width = ''] = /<svg role="img" aria-labelledby="overview" width="(\d+)"/.exec(page) ?? []
    expect(Number(width)).toBeLessThan(1100)
  })
})

test('the header names project, branch, commit, server and date, where they are known', () => {
  const origin = { project: 'shop <b>', branch: 'feature/x', commit: 'a'.repeat(40), date: '2026-03-04T05:06:07.890Z' }
  const { text } = parsed(print(report({ 'a.sql': 'SELECT 1;' }, [], { origin })))
  expect(text).toContain(`shop <b> · branch feature/x · commit ${'a'.repeat(12)} · 2026-03-04 05:06 UTC`)
  const bare = { project: 'x', branch: null, commit: null, date: '2026-03-04T05:06:07.890Z' }
  expect(parsed(print(report({ 'a.sql': 'SELECT 1;' }, [], { origin: bare }))).text).toContain(
    'x · 2026-03-04 05:06 UTC',
  )
})

test('words of the grammar are coloured as keywords, and names that are such words are not', () => {
  const sql = 'CREATE TABLE name (type text, value int);\nalter table t add column data int;'
  const page = print(report({ 'a.sql': sql }, [finding({ path: 'a.sql', at: [0, sql.length], help: [] })]))
  const [, quoted = ''] = /<pre class="sql"[^>]*>([\s\S]*?)<\/pre>/.exec(page) ?? []
  const coloured = [...quoted.matchAll(/<span class="k">(\w+)<\/span>/g)].map(([, word]) => word)
  expect(coloured).toEqual(['CREATE', 'TABLE', 'int', 'alter', 'table', 'column', 'int'])
})

describe('the chart of locks', () => {
  const chart = async (content: string, how = wrapped) => {
    const page = print(
      await lint({ migrations: [tables, { path: '2.sql', content, ...how }], report: path => path === '2.sql' }),
    )
    parsed(page)
    const [, svg = ''] = /(<svg role="img"[\s\S]*?<\/svg>)/.exec(page) ?? []
    return { page, svg }
  }
  const bars = (svg: string) =>
    [...svg.matchAll(/<g class="bar (\w+)"><title>([^<]*)<\/title><rect x="(\d+)" y="(\d+)" width="(\d+)"/g)].map(
      ([, look, title, x, y, width]) => ({ look, title, from: Number(x), y: Number(y), to: Number(x) + Number(width) }),
    )

  test('has a bar from the statement that takes a lock to the end of its transaction', async () => {
    const { svg } = await chart(
      'SELECT 1;\nCREATE INDEX i ON orders (note);\nSELECT 2;\nALTER TABLE orders DROP COLUMN note;\nSELECT 3;',
    )
    const [share, exclusive] = bars(svg)
    expect(share).toMatchObject({ look: 'writes', title: 'orders: ShareLock, blocks writes' })
    expect(exclusive).toMatchObject({ look: 'reads', title: 'orders: AccessExclusiveLock, blocks reads and writes' })
    // Five statements: the first lock from the second to the third, the other from the fourth to the end.
    const step = ((exclusive?.from ?? 0) - (share?.from ?? 0)) / 2
    expect((share?.to ?? 0) - (share?.from ?? 0)).toBe(2 * step - 2)
    expect((exclusive?.to ?? 0) - (exclusive?.from ?? 0)).toBe(2 * step - 2)
    expect(svg.match(/class="work"/g)).toHaveLength(1)
    expect(svg.match(/class="tick"[^>]*>(\d)/g)).toHaveLength(5)
    expect(svg).toContain('<title>one transaction</title>')
  })

  test('has a lane for each relation', async () => {
    const { page, svg } = await chart('CREATE TABLE a (id int REFERENCES orders);\nCOMMENT ON TABLE orders IS $$x$$;')
    expect(new Set(bars(svg).map(({ y }) => y)).size).toBe((page.match(/class="lane"/g) ?? []).length)
  })

  test('says the same in a table', async () => {
    const { page } = await chart('SELECT 1;\nCREATE INDEX i ON orders (note);\nSELECT 2;')
    expect(page).toContain(
      '<tr><th scope="row"><code>orders</code></th><td data-label="Locked from">line 2</td>' +
        '<td data-label="to the end of">line 3</td><td data-label="Blocks">writes</td>' +
        '<td data-label="Lock"><code>ShareLock</code></td><td data-label="Long work">builds an index (line 2)</td></tr>',
    )
  })

  test('stays within bounds, and says what is missing', () => {
    const text = 'SELECT 1;\n'.repeat(1000)
    const statements = Array.from({ length: 1000 }, (_, i) => ({ at: [i * 10, i * 10 + 8] as const, transaction: 1 }))
    const locks = Array.from({ length: 500 }, (_, i) => ({
      relation: `relation_${i % 40}_${'x'.repeat(i % 40)}`,
      kind: 'table' as const,
      mode: 'ShareLock' as const,
      from: i,
      to: 999,
      before: false,
      work: [{ statement: i, work: 'scan' as const, certain: i % 2 === 0 }],
    }))
    const timelines = [{ path: 'a.sql', statements, locks }]
    const page = print(report({ 'a.sql': text }, [finding({ path: 'a.sql', at: [0, 6] })], { timelines }))
    expect(page).toContain('Not drawn: 20 more relations, 760 more statements.')
    expect(page).toContain('And 300 more locks.')
    const [, width = ''] = /<svg role="img" [^>]*width="(\d+)"/.exec(page) ?? []
    expect(Number(width)).toBeLessThan(3000)
    for (const { from, to } of bars(page)) expect(to).toBeGreaterThan(from)
    parsed(page)
  })

  test('is there for migrations without findings, too', async () => {
    const given = await lint({ migrations: [tables, { path: '2.sql', content: 'COMMENT ON TABLE orders IS $$x$$;' }] })
    const page = print({ ...given, findings: [] })
    expect(page).toContain('<h2 id="others">Nothing found</h2>')
    expect(page).toContain('<summary><code>2.sql</code> <span class="quiet">1 relation locked</span></summary>')
  })
})

test('a relation appears once per effect, eight at most', () => {
  const sql = 'DROP SCHEMA s CASCADE;'
  const effects = Array.from({ length: 12 }, (_, i) => effect({ relation: `t${i}`, lock: 'AccessExclusiveLock' }))
  const page = print(report({ 'a.sql': sql }, [finding({ path: 'a.sql', at: spanOf(sql, 'DROP SCHEMA'), effects })]))
  expect(page.match(/<th scope="row">/g)).toHaveLength(8)
  expect(page).toContain('And 4 more relations.')
})
