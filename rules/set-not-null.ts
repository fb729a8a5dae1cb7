import { defineRule } from '../src/lint/rule.ts'
import { help, identifier, newName, say, sql } from '../src/lint/sql.ts'

export default defineRule({
  title: 'SET NOT NULL that reads the whole table',
  why: 'Every row is read to make sure that no value is NULL, under a lock that blocks reads and writes.',
  severity: 'error',
  category: 'locking',
  on: ['set-not-null'],
  peers: ['squawk:adding-not-nullable-field', 'eugene:E2', 'atlas:PG303', 'pgfence:set-not-null'],

  check({ operation, effects, runner, version }) {
    // Nothing is read when a valid CHECK proves it, and nobody waits for a table that is new or small.
    if (!effects.blockingReads({ work: 'scan' })) return
    const { table, column } = operation
    const name = identifier(newName(table.name, column, 'not_null'))
    // PostgreSQL 18 knows NOT NULL constraints that are not validated yet.
    const add =
      version >= 18
        ? sql`ALTER TABLE ${table.name} ADD CONSTRAINT ${name} NOT NULL ${identifier(column)} NOT VALID;`
        : sql`ALTER TABLE ${table.name} ADD CONSTRAINT ${name} CHECK (${identifier(column)} IS NOT NULL) NOT VALID;`
    const validate = sql`ALTER TABLE ${table.name} VALIDATE CONSTRAINT ${name};`
    return {
      at: operation.keyword,
      message: say`Setting ${column} of ${table.name} NOT NULL blocks reads and writes while every row is read.`,
      help: help(
        'Add a constraint that is not validated yet:',
        add,
        `${runner.laterMigration().replace(/:$/, '')}, let it be validated, which blocks neither reads nor writes:`,
        validate,
        version < 18 && 'After that SET NOT NULL takes it as proof and reads nothing:',
        version < 18 && sql`ALTER TABLE ${table.name} ALTER COLUMN ${identifier(column)} SET NOT NULL;`,
        version < 18 && sql`ALTER TABLE ${table.name} DROP CONSTRAINT ${name};`,
      ),
    }
  },
})
