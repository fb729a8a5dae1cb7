import { later } from '../src/lint/advice/advice.ts'
import { help, identifier, listed, raw, say, sql } from '../src/lint/advice/sql.ts'
import { removedAlong, removedSchema } from '../src/lint/code-use/removed.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Dropped schema with all that is in it',
  why: 'CASCADE drops every table in the schema with its rows, and everything elsewhere that depends on one.',
  severity: 'error',
  category: 'data loss',
  on: ['drop-schema'],
  peers: [
    'migrationpilot:MP035',
    'pgls:banDropSchema',
    'pgfence:drop-schema',
    'pgfence:drop-schema-cascade',
    'atlas:DS101',
  ],

  check({ step, operation, runner }) {
    const { name, cascade, isNew, dependents } = operation
    // Without CASCADE PostgreSQL drops a schema only when it is empty.
    if (!cascade || isNew) return
    const complete = step.before.schemas.get(name)?.complete ?? false
    if (complete && dependents.length === 0) return
    const list = dependents.length === 0 ? 'everything that is in it' : listed(dependents, 4, ', and ')
    return {
      at: operation.keyword,
      removes: [...removedAlong(step, dependents.length), removedSchema(step, name)],
      message: say`Dropping schema ${name} also drops ${raw(list)}.`,
      help: help(
        'First drop or move its objects one by one, each when code no longer uses it.',
        later(runner, 'without CASCADE, so that nothing is forgotten'),
        sql`DROP SCHEMA ${identifier(name)};`,
      ),
    }
  },
})
