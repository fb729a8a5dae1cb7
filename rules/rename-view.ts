import { withView } from '../src/lint/advice/compatibility-view.ts'
import { losesName, partsOf, takesOver } from '../src/lint/advice/lost-names.ts'
import { inItsSchema } from '../src/lint/advice/relations.ts'
import { help, identifier, raw, say, sql } from '../src/lint/advice/sql.ts'
import { removedRelation } from '../src/lint/code-use/removed.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Renamed view',
  why: 'Queries that name the view by its old name fail from now on.',
  severity: 'error',
  category: 'breaking change',
  on: ['rename-view'],

  check(context) {
    const { step, operation } = context
    const { subject, from, to, isNew } = operation
    if (!subject || isNew || takesOver(context, to)) return
    const [schema] = partsOf(step.before, subject)
    if (!losesName(context, 'relation', schema, from)) return
    const words = subject.kind === 'view' ? 'VIEW' : 'MATERIALIZED VIEW'
    const rename = sql`ALTER ${raw(words)} ${subject.name} RENAME TO ${identifier(to)};`
    return {
      at: operation.keyword,
      removes: [removedRelation(step, 'view', subject)],
      message: say`Renaming ${raw(words.toLowerCase())} ${subject.name} to ${to} breaks code that still reads ${from}.`,
      help: help(
        'Keep a view under the old name until code no longer reads it, and grant the same privileges on it as on this one:',
        withView(step, rename, inItsSchema(schema, from), inItsSchema(schema, to)),
      ),
    }
  },
})
