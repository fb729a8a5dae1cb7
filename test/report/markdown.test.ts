import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lint } from '../../src/index.ts'
import type { Report } from '../../src/lint/report.ts'
import { markdown, markdownReport } from '../../src/report/markdown.ts'
import { visible } from '../../src/report/visible.ts'
import { effect, finding, plain, report, spanOf } from './kit/builder.ts'
import { hostileText, many, oddPaths, reportOf } from './kit/hostile.ts'
import { decoded, looked, rendered } from './kit/rendered.ts'

const blob = 'https://github.com/acme/shop/blob/0123456789abcdef/'
const sql = 'BEGIN;\nCREATE INDEX i\n  ON orders (email);\n'
const index = finding({
  path: 'db/a.sql',
  at: spanOf(sql, 'CREATE INDEX'),
  message: 'Building "i" blocks writes to "orders".',
  why: 'It takes long.',
  help: [
    'Start with `-- migrate:up`:',
    { code: 'CREATE INDEX CONCURRENTLY i\n  ON orders (email);', language: 'sql' },
    '- or not',
  ],
  effects: [effect({ relation: 'orders', lock: 'ShareLock', work: 'build' })],
  related: [{ path: 'db/b.sql', at: [0, 1], message: 'created here' }],
})
const drop = finding({ path: 'db/b.sql', at: [0, 4], severity: 'warning', rule: 'drop-table', message: 'Gone.' })
const note = { ...index, severity: 'note' as const, rule: 'wide-index' }
const files = { 'db/a.sql': sql, 'db/b.sql': 'DROP TABLE a|b;' }

describe('the Markdown report (OF-10)', () => {
  test('has the verdict, a list of the findings, and the details of each file (GA-33)', () => {
    expect(markdownReport(report(files, [drop, index, note]), { link: blob })).toBe(`\
### ❌ migrate-lint: 1 error, 1 warning in 2 of 2 migrations (and 1 note)

| | Rule | Where | What it blocks or breaks |
|---|---|---|---|
| [❌&nbsp;error](#migrate-lint-0123456789abcdef) | [<code>blocking-index-build</code>](https://example.org/rules/blocking-index-build.md) | [<code>db/<wbr>a.sql:2</code>](${blob}db/a.sql#L2) | <code>orders</code>: blocks INSERT, UPDATE, DELETE, for the whole build |
| [⚠️&nbsp;warning](#migrate-lint-0123456789abcdef) | [<code>drop-table</code>](https://example.org/rules/drop-table.md) | [<code>db/<wbr>b.sql:1</code>](${blob}db/b.sql#L1) | Gone. |

<details><summary><code>db/b.sql</code>: 1 warning</summary>

<a id="migrate-lint-0123456789abcdef"></a>

**⚠️ Gone.**

[<code>line 1</code>](${blob}db/b.sql#L1) · [<code>drop-table</code>](https://example.org/rules/drop-table.md)

\`\`\`sql
DROP TABLE a|b;
\`\`\`

CREATE INDEX holds a lock that blocks every INSERT, UPDATE and DELETE on the table until the whole index is built.

Build it concurrently:

\`\`\`sql
CREATE INDEX CONCURRENTLY orders_email_idx ON orders (email);
\`\`\`

</details>

<details><summary><code>db/a.sql</code>: 1 error</summary>

<a id="migrate-lint-0123456789abcdef"></a>

**❌ Building "i" blocks writes to "orders".**

[<code>line 2</code>](${blob}db/a.sql#L2) · [<code>blocking-index-build</code>](https://example.org/rules/blocking-index-build.md)

\`\`\`sql
CREATE INDEX i
\`\`\`

- <code>orders</code>: <code>ShareLock</code> blocks INSERT, UPDATE, DELETE, for the whole build: longer the larger the table

- [<code>db/b.sql:1</code>](${blob}db/b.sql#L1): created here

It takes long.

Start with <code>-- migrate:up</code>:

\`\`\`sql
CREATE INDEX CONCURRENTLY i
  ON orders (email);
\`\`\`

- or not

</details>
`)
  })

  test('is one line without findings, and does not say how long the run took', () => {
    const given = report({ 'a.sql': '', 'b.sql': '' })
    expect(markdown(given, plain)).toBe('### ✅ migrate-lint: No dangers in 2 migrations\n')
    expect(markdown({ ...given, milliseconds: 3 }, plain)).toBe(markdown(given, plain))
  })

  test('tells notes when asked', () => {
    expect(markdown(report(files, [note]), plain)).toBe(
      '### ✅ migrate-lint: No dangers in 2 migrations (and 1 note)\n',
    )
    expect(markdown(report(files, [note]), { ...plain, notes: true })).toContain('wide-index')
  })

  test('says what kept the linter from its work', () => {
    const error = { part: 'r', path: 'a.sql', line: 3, message: 'no <b>', stack: null }
    const printed = markdownReport(report({}, [], { internalErrors: [error], notices: ['x.sql cannot be read'] }))
    expect(printed).toBe(
      '### ⚠️ migrate-lint: No migrations\n\n- internal error in r on a.sql:3: no &#60;b&#62;\n\n- x.sql cannot be read\n',
    )
    const told = markdownReport(report(files, [drop]), { trouble: 'x.sql could not be read.' })
    expect(told).toContain('\n\n**x.sql could not be read.**\n\n| |')
  })

  test('folds the list of read files if there are findings', () => {
    const printed = markdownReport(report(files, [drop], { notices: ['Reading db/ as dbmate'] }))
    expect(printed).toMatch(
      /\n<\/details>\n\n<details><summary>What was read<\/summary>\n\n- Reading db\/ as dbmate\n\n<\/details>\n$/,
    )
  })

  test('shows the whole statement, and the part around the finding of a long one', async () => {
    const content = `SELECT 1,\n${'  2,\n'.repeat(40)}  3;\nALTER TABLE orders\n  DROP COLUMN a,\n  DROP COLUMN b;\n`
    const base = { path: '0.sql', content: 'CREATE TABLE orders (id int, a int, b int);' }
    const given = await lint({ migrations: [base, { path: '1.sql', content }] })
    const printed = markdownReport(given)
    expect(printed).toContain('```sql\nALTER TABLE orders\n  DROP COLUMN a,\n  DROP COLUMN b;\n```')
  })
})

describe('whatever the text is', () => {
  const check = (text: string, paths: readonly string[]) => {
    const given = reportOf(paths, text)
    const printed = markdownReport(given, { link: blob })
    for (const line of printed.split('\n')) expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
    const html = rendered(printed)
    const { links, odd, text: seen } = looked(html)
    expect(odd).toEqual([])
    for (const address of links)
      expect(address).toMatch(/^https:\/\/(?:example\.org\/rules\/|github\.com\/acme\/shop\/blob\/0123456789abcdef\/)/)
    const rows = html.match(/<tr>[\s\S]*?<\/tr>/g) ?? []
    expect(rows).toHaveLength(given.findings.length + 1)
    for (const row of rows) expect(row.match(/<t[dh]>/g)).toHaveLength(4)
    expect(html.match(/<details/g)).toHaveLength(given.findings.length)
    // GitHub looks for mentions outside of code, in the text that is rendered.
    expect(decoded(html.replace(/<pre>[\s\S]*?<\/pre>|<[^>]*>/g, ''))).not.toMatch(/[@#]\w|gh-\d/i)
    return { seen, html }
  }

  test('only shows text', () => {
    for (const piece of [
      'plain',
      '@everyone and @acme/team, a@b.org',
      'https://evil.example www.evil.example [a](https://evil.example) ![a](https://evil.example) <https://evil.example>',
      '# no | table | row',
      '</details><script>alert(1)</script><!-- --> <![CDATA[ ]]> &lt;b&gt; &#64;x',
      '`a` ``b`` ```c',
      '``````',
      '\\| \\` \\\\| \\',
      '***a*** __b__ ~~c~~ _d_ $x$ a_b_c',
      '#1 GH-1 acme/shop#1',
      '1. a',
      '- a',
      '+ a',
      '> a',
      '===',
      '---',
      '[x]: https://evil.example',
      '| --- |',
      '    indented',
      '📦 é 注文',
    ]) {
      const { seen } = check(piece, [`x${piece}`])
      const [first = ''] = piece.split(/`+/)
      expect(seen).toContain(`m${visible(first)}`.trimEnd())
    }
    check(hostileText, [...oddPaths, `x${hostileText}`])
  })

  test('over any text', () => {
    const pieces = fc.constantFrom(
      ...'`*_[]()<>|~$@#!\\&-+=.:/ \n\t1a',
      '```',
      '](x)',
      '<b>',
      '://',
      'www.',
      '\n\n',
      '\u202e',
    )
    fc.assert(
      fc.property(
        fc.array(pieces, { maxLength: 25 }).map(all => all.join('')),
        text => void check(text, [`x${text}`]),
      ),
      { numRuns: 150 },
    )
  })

  test('SQL stands in its fence as it is (GA-33)', () => {
    for (const text of ['SELECT `a`;', '```', '~~~', 'a````b ``` c', '</details>', '-->', 'a\\|b @x']) {
      const given = report({ a: text }, [
        finding({ path: 'a', at: [0, text.length], help: ['x', { code: text, language: 'sql' }] }),
      ])
      const blocks = [
        ...rendered(markdownReport(given)).matchAll(/<pre><code class="language-sql">([\s\S]*?)\n<\/code><\/pre>/g),
      ]
      expect(blocks.map(([, block = '']) => decoded(block))).toEqual([text, text])
    }
  })

  test('a path has its link, encoded, when it is in the repository (GA-33)', () => {
    const printed = markdownReport(reportOf(["db/a b(c)'|#?%é.sql", '../x.sql', '/abs.sql', 'a/../../x.sql']), {
      link: blob,
    })
    expect(looked(rendered(printed)).links.filter(address => address.startsWith(blob))).toEqual(
      ['#L2', '#L2', '#L1'].map(line => `${blob}db/a%20b%28c%29%27%7C%23%3F%25%C3%A9.sql${line}`),
    )
  })
})

describe('with a limit', () => {
  const size = (text: string) => new TextEncoder().encode(text).length
  const complete = (given: Report) => size(markdownReport(given))

  test('nothing changes if there is room', () => {
    const given = report(files, [drop, index])
    expect(markdownReport(given, { limit: complete(given) + 200 })).toBe(markdownReport(given))
  })

  test('whole files are removed first, then rows, and the report says how many', () => {
    const given = reportOf(Array.from({ length: 20 }, (_, i) => `db/${i}.sql`))
    for (let limit = complete(given); limit > 300; limit -= 611) {
      const printed = markdownReport(given, { limit })
      expect(size(printed)).toBeLessThanOrEqual(limit)
      const rows = (printed.match(/^\| \[?❌/gm) ?? []).length
      const stories = (printed.match(/^<details>/gm) ?? []).length
      expect(printed.match(/^<\/details>$/gm) ?? []).toHaveLength(stories)
      if (rows < 20) {
        expect(stories).toBe(0)
        expect(printed).toMatch(new RegExp(`\n_${20 - rows} more findings? not shown: `))
      } else if (stories < 20) {
        expect(printed).toMatch(new RegExp(`\n_The details of ${20 - stories} findings? are not shown: `))
      }
      expect(looked(rendered(printed)).odd).toEqual([])
      // Each link of a row leads to details that are there.
      const [links, details] = [/\(#(migrate-lint-\w+)\)/g, /<a id="([^"]+)">/g].map(each =>
        [...printed.matchAll(each)].map(([, name]) => name),
      )
      expect(links?.length).toBe(stories)
      expect(new Set(links)).toEqual(new Set(details))
    }
  })

  test('the report is never longer than GitHub takes', () => {
    expect(markdown(many(), { ...plain, notes: true }).length).toBeLessThan(65_536)
  })

  test('the verdict is removed last', () => {
    expect(markdownReport(report(files, [drop, index]), { limit: 260 })).toBe(
      '### ❌ migrate-lint: 1 error, 1 warning in 2 of 2 migrations\n\n_2 more findings not shown: there is no room for them here._\n',
    )
  })

  test('30,000 findings fit into a comment, and a page has all of them', () => {
    const printed = markdownReport(many(), { limit: 65_000, notes: true })
    expect(size(printed)).toBeLessThanOrEqual(65_000)
    expect(size(printed)).toBeGreaterThan(64_000)
    expect(printed).toMatch(/\n_29,?\d{3} more findings not shown/)
    expect(markdownReport(many(), { notes: true }).match(/^\| \[?(?:❌|⚠️|ℹ️)/gm)).toHaveLength(30_000)
  }, 120_000)
})
