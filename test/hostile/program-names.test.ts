import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { SaxesParser } from 'saxes'
import { describe, expect, test } from 'vitest'
import { grammarPath } from '../../scripts/grammars.mjs'
import { useGrammars } from '../../src/code/grammar.ts'
import { lintTree, mapTree } from '../../src/index.ts'
import type { Report } from '../../src/lint/report.ts'
import { type Format, formatNames } from '../../src/report/formats.ts'
import { reporters } from '../../src/report/index.ts'
import { markdownReport } from '../../src/report/markdown.ts'
import { plain, withoutStyling } from '../report/kit/builder.ts'
import { parsed } from '../report/kit/page.ts'
import { decoded, looked, rendered } from '../report/kit/rendered.ts'
import { languages } from './kit/programs.ts'

// Names that come from programs (of tables and files, ids, what is called and is not known) do nothing where a report is read.

useGrammars(async name => new Uint8Array(await readFile(grammarPath(name))))

/** What means something to a terminal, a log, Markdown, HTML, XML or JSON, and may stand in a text of any of the languages. */
const name = fc
  .array(
    fc.constantFrom(
      '<script>alert(1)</script>',
      '<img src=x onerror=alert(1)>',
      '</details></table>',
      '<!-- migrate-lint:report key=default v=1 -->',
      '@acme/everyone',
      '@octocat ',
      '#1',
      'GH-1',
      '![x](https://evil.example/x.png)',
      '[x](javascript:alert(1))',
      '[x](https://evil.example)',
      'https://evil.example/x',
      'www.evil.example',
      '`',
      '```',
      '~~~',
      '|',
      '**b**',
      '_i_',
      '&lt;b&gt;',
      ']]>',
      '-->',
      '::error::x',
      '##[add-mask]x',
      '##vso[task.setvariable]x',
      '\u001b[31m',
      '\u001b]8;;https://evil.example\u0007',
      '\u009b2J',
      '\u202e',
      '\u2066',
      '\u200b',
      '\u2028',
      '\u0007',
      'orders',
      ' ',
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map(parts => parts.join(''))

const inSql = (text: string) => `\\"${text}\\"`

/** Projects in which the name stands wherever a program can put one. */
const projects: readonly (readonly [string, (name: string) => Record<string, string>])[] = [
  ...languages.map(of => {
    const sql = (text: string) => of.send(`"${text}"`)
    const make = (text: string) =>
      of.project(
        [sql(`DROP TABLE ${inSql(text)}`), sql(`CREATE INDEX ${inSql(text)} ON orders (${inSql(text)})`)].join('\n'),
      )
    return [of.name, make] as const
  }),
  [
    'what is called in JavaScript',
    text => ({
      'knexfile.js': "module.exports = { client: 'pg' }",
      'package.json': '{"dependencies":{"knex":"3","pg":"8"}}',
      [`migrations/20260101000000_${text.replaceAll('/', '')}.js`]: `const other = require("${text}")\nexports.up = async knex => {\n  await knex["${text}"]()\n  await other["${text}"](knex)\n  await knex.schema["${text}"]("${text}")\n  await knex.schema.createTable("${text}", t => t["${text}"]("${text}"))\n}\n`,
    }),
  ],
  [
    'revisions of Alembic',
    text => ({
      'alembic.ini': '[alembic]\nscript_location = alembic\n',
      'alembic/env.py': '',
      'alembic/script.py.mako': '',
      ...Object.fromEntries(
        ['a', 'b', 'c'].map(each => [
          `alembic/versions/${each}.py`,
          `from alembic import op\nrevision = "${each}${text}"\ndown_revision = "${each === 'a' ? 'gone' : 'a'}${text}"\ndef upgrade():\n    getattr(op, "${text}")()\n    op.drop_table("${text}")\n`,
        ]),
      ),
    }),
  ],
  [
    'settings of Rails',
    text => ({
      'db/migrate/20260101000000_a.rb': `class A < ActiveRecord::Migration[8.0]\n  def change\n    send("${text.replaceAll('#', '')}")\n    add_index "${text.replaceAll('#', '')}", :a\n    add_column "orders", "${text.replaceAll('#', '')}", "${text.replaceAll('#', '')}"\n  end\nend\n`,
    }),
  ],
  [
    'change sets of Liquibase',
    text => {
      const said = text.replace(/\p{Cc}/gu, '').replace(/[&<>"]/g, each => `&#${each.charCodeAt(0)};`)
      return {
        'changelog.xml': `<databaseChangeLog><include file="${said}"/><changeSet id="${said}" author="${said}"><dropTable tableName="${said}"/><createIndex tableName="orders" indexName="${said}"><column name="${said}"/></createIndex><sqlFile path="${said}"/><x name="${said}"/></changeSet></databaseChangeLog>`,
      }
    },
  ],
  [
    'change sets of Liquibase in YAML',
    text => ({
      'changelog.yaml': `databaseChangeLog:\n- include: { file: ${JSON.stringify(text)} }\n- changeSet:\n    id: ${JSON.stringify(text)}\n    author: ${JSON.stringify(text)}\n    changes:\n    - dropTable: { tableName: ${JSON.stringify(text)} }\n    - ${JSON.stringify(text)}: { tableName: a }\n`,
    }),
  ],
]

const acts = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u
/** What a log takes for a command: `##[` anywhere, `::name::` at the start of a line. */
const command = /##(?:\[|vso\[)|^::(?:error|warning|notice|add-mask|set-output|stop-commands)/m

const own = 'https://github.com/acme/shop/blob/0123456789abcdef/'

function checkMarkdown(printed: string): void {
  const html = rendered(printed)
  const { links, odd } = looked(html)
  expect(odd).toEqual([])
  for (const address of links) expect(address).toMatch(/^https:\/\/github\.com\/[\w.-]+\/[\w.-]+\/blob\/[^<>"]*$/)
  const outside = decoded(html.replace(/<pre>[\s\S]*?<\/pre>|<[^>]*>/g, ''))
  expect(outside).not.toMatch(/[@#]\w|gh-\d|:\/\/|www\./i)
}

const checks: Readonly<Record<Format, (printed: string, report: Report) => void>> = {
  text: printed => expect(printed).not.toMatch(command),
  compact: printed => expect(printed).not.toMatch(command),
  gcc: printed => expect(printed).not.toMatch(command),
  markdown: checkMarkdown,
  html: printed => {
    expect(printed.match(/<script/g)).toHaveLength(1)
    for (const tag of parsed(printed).tags) {
      expect(tag).not.toMatch(/ (?:src|on[a-z]+|action|formaction|data)=/)
      for (const [, address = ''] of tag.matchAll(/ (?:href|xlink:href)="([^"]*)"/g))
        expect(address).toMatch(/^(?:#[a-z]+(?:-\d+)?|https:\/\/github\.com\/[^"]*)$/)
    }
  },
  github: (printed, { findings, unread }) => {
    const lines = printed.split('\n').filter(line => line !== '')
    expect(lines.length).toBeLessThanOrEqual(findings.length + unread.length + 2)
    for (const line of lines) expect(line).toMatch(/^::(?:error|warning|notice) /)
    for (const line of lines) expect(line.slice(2)).not.toMatch(/##(?:\[|vso\[)/)
  },
  sarif: printed => {
    const { runs } = JSON.parse(printed) as { runs: { results: { message: { text: string } }[] }[] }
    // Links that are embedded in a message lead to places of the report alone (SARIF 3.11.6).
    for (const { message } of runs.flatMap(({ results }) => results))
      for (const [, target = ''] of message.text.matchAll(/(?<!\\)\[[^[\]]*\]\(([^)]*)\)/g))
        expect(target).toMatch(/^\d+$/)
  },
  gitlab: printed => {
    // GitLab shows it as text.
    for (const issue of JSON.parse(printed) as { description: string }[]) expect(issue.description).not.toMatch(acts)
  },
  json: printed => void JSON.parse(printed),
  jsonl: printed => {
    for (const line of printed.split('\n')) if (line !== '') JSON.parse(line)
  },
  rdjson: printed => void JSON.parse(printed),
  junit: printed =>
    checkXml(
      printed,
      /^(?:testsuites|testsuite|testcase|failure|error|skipped|properties|property|system-out|system-err)$/,
    ),
  checkstyle: printed => checkXml(printed, /^(?:checkstyle|file|error)$/),
}

function checkXml(printed: string, ours: RegExp): void {
  const parser = new SaxesParser()
  parser.on('error', error => {
    throw error
  })
  parser.on('opentag', ({ name: tag }) => expect(tag).toMatch(ours))
  parser.write(printed).close()
}

describe.each(projects)('%s', (_, make) => {
  test('does nothing in any format, in the comment or the summary', async () => {
    let reported = 0
    await fc.assert(
      fc.asyncProperty(name, fc.boolean(), async (text, notes) => {
        const report = await lintTree(mapTree(make(text)))
        expect(report.internalErrors).toEqual([])
        reported += report.findings.length + report.unread.length
        for (const format of formatNames) {
          const printed = withoutStyling(reporters[format](report, { ...plain, notes }))
          for (const line of printed.split('\n')) expect(line).not.toMatch(acts)
          checks[format](printed, report)
        }
        checkMarkdown(markdownReport(report, { link: own, notes, limit: 65_000, trouble: null }))
      }),
      { numRuns: 25 },
    )
    expect(reported).toBeGreaterThan(20)
  })
})
