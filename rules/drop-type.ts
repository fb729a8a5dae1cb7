import { later } from '../src/lint/advice/advice.ts'
import { losesName, parts } from '../src/lint/advice/lost-names.ts'
import { help, raw, say, sql } from '../src/lint/advice/sql.ts'
import { removedType } from '../src/lint/code-use/removed.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Dropped type',
  why: 'Queries and function bodies that name the type, for instance in a cast, fail from now on.',
  // PostgreSQL has made sure that no column uses it. The migrations do not show whether code does.
  severity: 'warning',
  category: 'breaking change',
  on: ['drop-type', 'drop-domain'],

  check(context) {
    const { step, operation, runner } = context
    const { kind, name, isNew, cascade, dependents } = operation
    if (isNew || (cascade && dependents.length > 0)) return
    if (!losesName(context, 'type', ...parts(name))) return
    const words = kind === 'drop-domain' ? 'DOMAIN' : 'TYPE'
    return {
      at: operation.keyword,
      removes: [removedType(step, ...parts(name))],
      message: say`Dropping ${raw(words.toLowerCase())} ${name} breaks code that still casts to it.`,
      help: help(
        'Look for its name in code and in function bodies, and first deploy code that does not use it.',
        later(runner),
        sql`DROP ${raw(operation.ifExists ? `${words} IF EXISTS` : words)} ${name};`,
      ),
    }
  },
})
