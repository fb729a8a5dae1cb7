import { outside } from '../src/lint/advice/advice.ts'
import { indexOf } from '../src/lint/advice/relations.ts'
import { help, raw, say, sql } from '../src/lint/advice/sql.ts'
import { withoutWords } from '../src/lint/advice/words.ts'
import { once, stepsBy } from '../src/lint/once.ts'
import { defineRule } from '../src/lint/rule.ts'
import { nameParts } from '../src/parse/placeholder.ts'
import type { Step } from '../src/postgres/step.ts'

export default defineRule({
  title: 'IF NOT EXISTS that takes an invalid index for a good one',
  why: 'A concurrent build that fails leaves an invalid index, which no query uses. IF NOT EXISTS only looks at its name.',
  severity: 'warning',
  category: 'schema',
  on: ['create-index'],

  check({ step, operation, runner, migration, text }) {
    const { concurrently, ifNotExists, table, index, keyword } = operation
    if (!concurrently || !ifNotExists || !table.exposed || step.error) return
    // The index is dropped right before, including anything that a failed build has left.
    if ((drops(migration).get(index.name)?.[0] ?? Infinity) < step.index) return
    const statement = withoutWords(text(step.statement.span), 'IF NOT EXISTS')
    return {
      at: keyword,
      message: say`If building ${index.name} fails, running this again leaves it invalid and reports success.`,
      help: help(
        outside(runner, 'drop what a failed build has left, and build the index'),
        sql`DROP INDEX CONCURRENTLY IF EXISTS ${indexOf(table.name, index.name)};`,
        raw(`${statement};`),
      ),
    }
  },
})

/** Names of indexes without their schemas, with the steps that drop them. */
const drops = once((migration: readonly Step[]) =>
  stepsBy(migration, ({ operations }) =>
    operations.flatMap(each => (each.kind === 'drop-index' ? [nameParts(each.name).at(-1)] : [])),
  ),
)
