import { sqlOf } from '../../../src/lint/help.ts'
import type { ReportedFinding } from '../../../src/lint/report.ts'
import type { Rule } from '../../../src/lint/rule.ts'
import type { Example } from '../../../src/pages/page.ts'
import { parse } from '../../../src/parse/parse.ts'
import type { Span } from '../../../src/parse/span.ts'
import type { Database } from './database.ts'
import { fileOf, lintExample } from './examples.ts'

/**
 * Follows the advice of a rule's findings in an example. Returns a description of every statement of the advice that fails. Advice
 * replaces the statement of its finding, or (an index for a new foreign key) comes after it.
 */
export async function followAdvice(rule: Rule, example: Example, database: Database, rows: boolean): Promise<string[]> {
  const failures: string[] = []
  const { findings } = await lintExample(rule, example)
  for (const finding of findings.filter(({ rule: id }) => id === rule.id)) {
    const inPlace = await follow(finding, 'in place', example, database, rows)
    if (inPlace.length === 0) continue
    const afterwards = await follow(finding, 'afterwards', example, database, rows)
    if (afterwards.length > 0) failures.push(...inPlace)
  }
  return failures
}

async function follow(
  { help, path, at }: ReportedFinding,
  when: 'in place' | 'afterwards',
  example: Example,
  database: Database,
  rows: boolean,
): Promise<string[]> {
  const advice = sqlOf(help).flatMap(text => parse({ path: 'help.sql', text }).statements)
  if (advice.length === 0) return []
  await database.reset()
  if (example.unseen) await runAll(example.unseen.sql, database)
  if (example.setup) await runAll(example.setup.sql, database)
  if (rows) await database.fill()
  for (const block of example.blocks) {
    const here = fileOf(example, block) === path
    // The statements before the finding have run, and may have failed.
    const until = here ? at[0] : Number.POSITIVE_INFINITY
    await runAll(block.sql, database, span => (when === 'in place' ? span[1] : span[0]) <= until)
    if (here) break
  }
  // An open transaction must be ended before the advice is followed.
  await database.run('COMMIT')
  const failures: string[] = []
  for (const { text } of advice) {
    const failed = await database.run(text)
    if (failed !== null) failures.push(`${text}: it fails with ${failed}`)
  }
  return failures
}

/** Runs the statements of a text, or some of them, even if some fail. */
export async function runAll(sql: string, database: Database, wanted = (_: Span) => true): Promise<void> {
  const { statements } = parse({ path: 'block.sql', text: sql })
  for (const { span, text } of statements) if (wanted(span)) await database.run(text)
}
