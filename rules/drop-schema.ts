import { later } from '../src/lint/advice/advice.ts'
import { help, identifier, listed, raw, say, sql } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Dropped schema with all that is in it',
  why: 'With CASCADE every table in the schema goes, with its rows, and so does all that depends on one elsewhere.',
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
      message: say`Dropping schema ${name} also drops ${raw(list)}.`,
      help: help(
        'First drop or move what is in it by name, each when no code uses it any more.',
        later(runner, 'without CASCADE, so that nothing is forgotten'),
        sql`DROP SCHEMA ${identifier(name)};`,
      ),
    }
  },
})
