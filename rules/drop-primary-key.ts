import { tableOf } from '../src/lint/foreign-key.ts'
import { defineRule } from '../src/lint/rule.ts'
import { help, say } from '../src/lint/sql.ts'

export default defineRule({
  title: 'Dropped primary key',
  why: 'INSERT … ON CONFLICT and mappers rely on the key, and a published table without one takes no UPDATE and DELETE.',
  severity: 'warning',
  category: 'breaking change',
  on: ['drop-constraint'],

  check({ step, operation, migration }) {
    const { constraint, table, keyword } = operation
    if (constraint?.kind !== 'primary key' || !table.exposed || step.error) return
    // Replaced by another key, or gone with its table, by the end of the migration.
    const end = tableOf((migration.at(-1) ?? step).after, table.oid)
    if (!end || end.constraints.some(each => each.kind === 'primary key')) return
    return {
      at: keyword,
      message: say`Without its primary key ${table.name} may refuse UPDATE, DELETE and ON CONFLICT.`,
      help: help(
        'Replace it in one statement: build a unique index for the new key concurrently, then DROP CONSTRAINT and ADD PRIMARY KEY USING INDEX in one ALTER TABLE.',
      ),
    }
  },
})
