import type { Rule } from '../../src/lint/rule.ts'
import { sqlOf } from '../../src/lint/sql.ts'
import { parse } from '../../src/parse/parse.ts'
import type { Database } from './database.ts'
import { fileOf, lintExample } from './examples.ts'
import type { Example } from './page.ts'

/**
 * Does what a rule's findings in an example advise, instead of what the example does. Returns every statement of the
 * advice that fails, in words.
 */
export async function followAdvice(rule: Rule, example: Example, database: Database, rows: boolean): Promise<string[]> {
  const failures: string[] = []
  const { findings } = await lintExample(rule, example)
  for (const finding of findings.filter(({ rule: id }) => id === rule.id)) {
    const advice = sqlOf(finding.help).flatMap(text => parse({ path: 'help.sql', text }).statements)
    if (advice.length === 0) continue
    await database.reset()
    if (example.setup) await runAll(example.setup.sql, Number.POSITIVE_INFINITY, database)
    if (rows) await database.fill()
    for (const block of example.blocks) {
      const here = fileOf(example, block) === finding.path
      // What stands before the finding has been done, well or not.
      await runAll(block.sql, here ? finding.at[0] : Number.POSITIVE_INFINITY, database)
      if (here) break
    }
    // A transaction that was left open is to be ended before one follows the advice.
    await database.run('COMMIT')
    for (const statement of advice) {
      const failed = await database.run(statement.text)
      if (failed !== null) failures.push(`${statement.text}: it fails with ${failed}`)
    }
  }
  return failures
}

/** Runs the statements that end before an offset. */
async function runAll(sql: string, offset: number, database: Database): Promise<void> {
  const { statements } = parse({ path: 'block.sql', text: sql })
  for (const { span, text } of statements) if (span[1] <= offset) await database.run(text)
}
