import { inTransaction } from '../src/lint/advice/compatibility-view.ts'
import { losesName, parts, takesOver } from '../src/lint/advice/lost-names.ts'
import { inItsSchema } from '../src/lint/advice/relations.ts'
import { help, identifier, say, sql } from '../src/lint/advice/sql.ts'
import { removedType } from '../src/lint/code-use/removed.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Renamed type',
  why: 'Queries and function bodies that name the type, for instance in a cast, fail from now on.',
  severity: 'error',
  category: 'breaking change',
  on: ['rename-type'],

  check(context) {
    const { step, operation } = context
    const { from, to, isNew } = operation
    if (isNew || takesOver(context, to)) return
    const [schema, name] = parts(from)
    if (!losesName(context, 'type', schema, name)) return
    return {
      at: operation.keyword,
      removes: [removedType(step, schema, name)],
      message: say`Renaming type ${from} to ${to} breaks code that still casts to ${name}.`,
      help: help(
        'Keep a domain under the old name until code no longer uses it:',
        inTransaction(
          step,
          sql`ALTER TYPE ${from} RENAME TO ${identifier(to)};`,
          sql`CREATE DOMAIN ${inItsSchema(schema, name)} AS ${inItsSchema(schema, to)};`,
        ),
      ),
    }
  },
})
