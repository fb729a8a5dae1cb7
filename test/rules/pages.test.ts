import { beforeAll, describe, expect, test } from 'vitest'
import type { Fix } from '../../src/lint/finding.ts'
import { edited } from '../../src/lint/fix.ts'
import { helpText, sqlOf } from '../../src/lint/help.ts'
import type { ReportedFinding } from '../../src/lint/report.ts'
import type { Rule } from '../../src/lint/rule.ts'
import { pointsAt } from '../../src/pages/check.ts'
import { type Block, type Example, markers } from '../../src/pages/page.ts'
import { parse } from '../../src/parse/parse.ts'
import { loadParser } from '../../src/parse/parser.ts'
import { chosen, fileOf, lintExample, pages, ruleFiles, stepsOf } from './kit/examples.ts'

/** A finding as a failing test shows it. */
function shown({ rule, severity, message, at }: ReportedFinding): string {
  return `${severity} ${rule} at ${at[0]}-${at[1]}: ${message}`
}

function sayBlock(block: Block): string {
  return `${block.kind} in line ${block.line}`
}

/** The house style of messages, reasons and help. */
function checkWords({ message, why, help }: ReportedFinding): void {
  expect(message, 'a message begins with a capital').toMatch(/^["A-Z]/)
  expect(message, 'a message ends with a period').toMatch(/[.]$/)
  expect(why).toMatch(/[.]$/)
  expect(helpText(help).trim()).not.toBe('')
  const prose = typeof help === 'string' ? [help] : help.filter(part => typeof part === 'string')
  for (const part of prose) expect(part, 'prose in help is a sentence, or leads to code').toMatch(/[.:?)`]$/)
  for (const sql of sqlOf(help)) {
    expect(sql, 'SQL in help can be pasted').not.toMatch(/\.\.\.|…|<[a-z_ ]+>/)
    const { problems, statements } = parse({ path: 'help.sql', text: sql })
    expect(problems, `SQL in help parses: ${sql}`).toEqual([])
    expect(statements.length, `SQL in help has statements: ${sql}`).toBeGreaterThan(0)
    expect(sql.trimEnd(), 'SQL in help is complete').toMatch(/;$/)
  }
}

/** A fix settles its finding and causes no other one. */
async function checkFix(fix: Fix, rule: Rule, example: Example, block: Block, before: readonly ReportedFinding[]) {
  const fixed = { ...block, sql: edited(block.sql, fix.edits) }
  const blocks = example.blocks.map(each => (each === block ? fixed : each))
  const { findings } = await lintExample(rule, { ...example, blocks })
  const after = findings.filter(({ path }) => path === fileOf(example, block))
  const own = (all: readonly ReportedFinding[]) => all.filter(finding => finding.rule === rule.id).length
  expect(own(after), `${fix.title}: ${fixed.sql}`).toBe(own(before) - 1)
  expect(after.length, after.map(shown).join(' | ')).toBeLessThan(before.length)
}

beforeAll(loadParser)

test('every rule has a page and every page has a rule', () => {
  const ids = pages.map(({ rule }) => rule.id)
  const generated = ['index.ts', 'pages.generated.ts']
  const files = ruleFiles.filter(file => !generated.includes(file))
  expect(files).toEqual(ids.flatMap(id => [`${id}.md`, `${id}.ts`]).sort())
})

test('no two rules share an id', () => {
  const names = pages.flatMap(({ rule }) => [rule.id, ...(rule.formerly ?? [])])
  expect(names.length).toBe(new Set(names).size)
})

describe.each(chosen.map(entry => [entry.rule.id, entry] as const))('%s', (id, { rule, page, text }) => {
  test('describes itself', () => {
    expect(id).toMatch(/^[a-z]+(-[a-z0-9]+)+$/)
    expect(id, 'names state the bad pattern').not.toMatch(/^(no|ban|prefer|require|avoid)-/)
    expect(rule.title).toMatch(/^[A-Z][^.]*$/)
    expect(rule.why).toMatch(/^["A-Z][\s\S]*[.]$/)
    for (const option of Object.values(rule.options ?? {})) expect(option.description).toMatch(/[.]$/)
    for (const peer of rule.peers ?? []) expect(peer).toMatch(/^[a-z_]+:\S+$/)
  })

  test('has a complete page', () => {
    expect(page.mistakes).toEqual([])
    expect(page.title).toBe(id)
    expect(page.sections).toEqual(['What to do', 'Bad', 'Good'])
    expect(text, 'the severity is in the .ts, and in the index that is made of it').not.toMatch(/\bseverity\b/i)
    const kinds = page.examples.flatMap(example => example.blocks.map(block => block.kind))
    expect(kinds).toContain('bad')
    expect(kinds).toContain('good')
  })

  for (const example of page.examples) {
    const blocks = example.blocks.map(sayBlock).join(', ')

    test(blocks, async () => {
      const report = await lintExample(rule, example)
      expect(report.internalErrors).toEqual([])
      for (const block of example.blocks) {
        const here = report.findings.filter(finding => finding.path === fileOf(example, block))
        const own = here.filter(finding => finding.rule === id)
        if (block.kind === 'good') {
          expect(here.filter(({ severity }) => severity !== 'note').map(shown), sayBlock(block)).toEqual([])
          expect(own.map(shown), sayBlock(block)).toEqual([])
          continue
        }
        expect(
          own.length,
          `${id} finds something in ${sayBlock(block)}; found: ${here.map(shown).join(' | ')}`,
        ).toBeGreaterThan(0)
        own.forEach(checkWords)
        for (const { fix } of own) {
          if (fix) await checkFix(fix, rule, example, block, here)
        }
        const marks = markers(block.sql)
        const covering = (finding: ReportedFinding) => `${shown(finding)} It covers: ${block.sql.slice(...finding.at)}`
        const missed = marks.filter(mark => !own.some(finding => pointsAt(mark, finding, block.sql)))
        expect(
          missed.map(mark => mark.text),
          `marked, but no finding is there and says so; found: ${own.map(covering).join(' | ')}`,
        ).toEqual([])
        const unmarked = own.filter(finding => !marks.some(mark => pointsAt(mark, finding, block.sql)))
        if (marks.length > 0) expect(unmarked.map(covering), 'found, but not marked').toEqual([])
      }
    })

    const { expect: sqlstate } = example.blocks.at(-1)?.info ?? {}
    // A syntax error is a problem of the text, not a step; errors of classes 22 and 23 depend on the rows.
    if (sqlstate !== undefined && !/^(42601|2[23])/.test(sqlstate)) {
      test(`${blocks} fails with ${sqlstate}`, async () => {
        const { steps } = await stepsOf(rule, example)
        expect(steps.map(step => step.error?.sqlstate)).toContain(sqlstate)
      })
    }
  }
})
