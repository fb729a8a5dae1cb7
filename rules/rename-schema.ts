import { catalogAtEnd, isNewName, takesOver } from '../src/lint/advice/lost-names.ts'
import { help, quoted, say } from '../src/lint/advice/sql.ts'
import { removedSchema } from '../src/lint/code-use/removed.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Renamed schema',
  why: 'Code that names the schema, or looks for its tables through search_path, fails from now on.',
  severity: 'error',
  category: 'breaking change',
  on: ['rename-schema'],
  peers: ['strong_migrations:rename_schema', 'pgfence:rename-schema'],

  check(context) {
    const { keyword, from, to, isNew } = context.operation
    if (isNew || isNewName(context, from) || takesOver(context, to)) return
    if (catalogAtEnd(context).schemas.has(from)) return
    return {
      at: keyword,
      removes: [removedSchema(context.step, from)],
      message: say`Renaming schema ${from} to ${to} breaks code that still looks into ${from}.`,
      help: help(
        `First deploy code that finds its tables through a search_path with both ${quoted(from)} and ${quoted(to)}, and names neither in queries.`,
        'PostgreSQL skips a schema that does not exist, so such code works before the schema is renamed and after.',
      ),
    }
  },
})
