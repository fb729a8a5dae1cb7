import { withView } from '../src/lint/advice/compatibility-view.ts'
import { losesName, partsOf, takesOver } from '../src/lint/advice/lost-names.ts'
import { inItsSchema } from '../src/lint/advice/relations.ts'
import { help, identifier, say, sql } from '../src/lint/advice/sql.ts'
import { removedRelation } from '../src/lint/code-use/removed.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Renamed table',
  why: 'Code with the old name fails as soon as this has run, and code with the new name fails until it has.',
  severity: 'error',
  category: 'breaking change',
  on: ['rename-table'],
  peers: [
    'migrationpilot:MP028',
    'squawk:renaming-table',
    'strong_migrations:rename_table',
    'pgls:renamingTable',
    'atlas:BC101',
    'pgfence:rename-table',
  ],

  check(context) {
    const { step, operation } = context
    const { subject, from, to, isNew } = operation
    if (!subject || isNew || takesOver(context, to)) return
    const [schema] = partsOf(step.before, subject)
    if (!losesName(context, 'relation', schema, from)) return
    const rename = sql`ALTER TABLE ${subject.name} RENAME TO ${identifier(to)};`
    return {
      at: operation.keyword,
      removes: [removedRelation(step, 'table', subject)],
      message: say`Renaming ${subject.name} to ${to} breaks code that still uses ${from}.`,
      // Queries name the table; a partition is read through it.
      ...(subject.isPartition ? { severity: 'warning' } : {}),
      help: help(
        'Keep a view under the old name until code no longer uses it, and grant the same privileges on it as on the table:',
        withView(step, rename, inItsSchema(schema, from), inItsSchema(schema, to)),
      ),
    }
  },
})
