import { catalogAtEnd, isNewName, takesOver } from '../src/lint/advice/lost-names.ts'
import { help, quoted, say } from '../src/lint/advice/sql.ts'
import { removedColumn } from '../src/lint/code-use/removed.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Renamed column',
  why: 'Code with the old name fails as soon as this has run, and code with the new name fails until it has.',
  severity: 'error',
  category: 'breaking change',
  on: ['rename-column'],
  peers: [
    'migrationpilot:MP010',
    'migrationpilot:MP071',
    'squawk:renaming-column',
    'strong_migrations:rename_column',
    'pgls:renamingColumn',
    'atlas:BC102',
    'pgfence:rename-column',
  ],

  check(context) {
    const { subject, from, to, isNew } = context.operation
    if (!subject || isNew || isNewName(context, from) || takesOver(context, to)) return
    // Another column has the old name now.
    const table = catalogAtEnd(context).relations.get(subject.oid)
    if (table && 'columns' in table && table.columns.some(({ name }) => name === from)) return
    return {
      at: context.operation.keyword,
      removes: [removedColumn(context.step, subject, from)],
      message: say`Renaming ${from} of ${subject.name} to ${to} breaks code that still uses ${from}.`,
      help: help(
        `Give it its new name in code only: ORMs can map a field ${quoted(to)} to the column ${quoted(from)}.`,
        `Otherwise add a column ${quoted(to)}, let code write both, and fill existing rows in batches. Then let code read ${quoted(to)}, and drop ${quoted(from)} last.`,
      ),
    }
  },
})
