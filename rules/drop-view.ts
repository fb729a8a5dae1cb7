import { later } from '../src/lint/advice/advice.ts'
import { losesName, nameReturns, partsOf } from '../src/lint/advice/lost-names.ts'
import { help, raw, say, sql } from '../src/lint/advice/sql.ts'
import { removedRelation } from '../src/lint/code-use/removed.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Dropped view',
  why: 'Queries that still name the view fail from now on.',
  severity: 'error',
  category: 'breaking change',
  on: ['drop-view', 'drop-materialized-view'],

  check(context) {
    const { step, operation, runner } = context
    const { subject, kind } = operation
    if (!subject?.exposed) return
    // Most views are dropped so that they can be created again with other columns.
    if (nameReturns(context, subject)) return
    if (!losesName(context, 'relation', ...partsOf(step.before, subject))) return
    const words = kind === 'drop-view' ? 'VIEW' : 'MATERIALIZED VIEW'
    return {
      at: operation.keyword,
      removes: [removedRelation(step, 'view', subject)],
      message: say`Dropping ${raw(words.toLowerCase())} ${subject.name} breaks code that still reads it.`,
      help: help('First deploy code that does not read it.', later(runner), sql`DROP ${raw(words)} ${subject.name};`),
    }
  },
})
