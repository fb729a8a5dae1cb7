import { withView } from '../src/lint/advice/compatibility-view.ts'
import { losesName, partsOf } from '../src/lint/advice/lost-names.ts'
import { inSchema } from '../src/lint/advice/relations.ts'
import { help, identifier, quoted, raw, say, sql } from '../src/lint/advice/sql.ts'
import { movedRelation } from '../src/lint/code-use/removed.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Move to another schema',
  why: 'Code that names it with its schema fails from now on, and so does code whose search_path lacks the new schema.',
  severity: 'error',
  category: 'breaking change',
  peers: ['migrationpilot:MP098'],
  on: ['set-schema'],

  check(context) {
    const { step, operation } = context
    const { subject, detail } = operation
    if (!subject.exposed || detail === null) return
    const [schema, name] = partsOf(step.before, subject)
    if (schema === detail || !losesName(context, 'relation', schema, name)) return
    const words = subject.kind === 'partitioned table' || subject.kind === 'foreign table' ? 'table' : subject.kind
    const from = inSchema(schema, name)
    const move = sql`ALTER ${raw(words.toUpperCase())} ${from} SET SCHEMA ${identifier(detail)};`
    const isSequence = subject.kind === 'sequence'
    const kind = subject.kind === 'view' || subject.kind === 'materialized view' ? 'view' : 'table'
    return {
      at: operation.keyword,
      ...(!isSequence && { removes: [movedRelation(step, kind, subject, detail)] }),
      message: say`Moving ${subject.name} to schema ${detail} breaks code that still looks for it in ${schema}.`,
      help: help(
        isSequence &&
          `First deploy code that finds it through a search_path with both ${quoted(schema)} and ${quoted(detail)}.`,
        !isSequence &&
          `Keep a view in its old place until code no longer looks there, and grant the same privileges on it as on the ${words}:`,
        !isSequence && withView(step, move, from, inSchema(detail, name)),
      ),
    }
  },
})
