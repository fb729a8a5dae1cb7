import { recreation } from '../src/lint/advice/lost-names.ts'
import { help, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Table that is dropped and created again',
  why: 'The new table is empty. The rows of the old one are gone, and so are the foreign keys that referred to it.',
  severity: 'error',
  category: 'data loss',
  on: ['drop-table'],
  peers: ['strong_migrations:create_table'],

  check(context) {
    const { operation, label } = context
    const { subject, ifExists } = operation
    if (!subject?.exposed) return
    const again = recreation(context, subject)
    if (!again) return
    // In a first migration, a DROP … IF EXISTS at the beginning may well find nothing.
    const may = ifExists && !subject.complete
    return {
      at: operation.keyword,
      message: may
        ? say`Dropping ${subject.name} and creating it again deletes its rows, if it exists already.`
        : say`Dropping ${subject.name} and creating it again deletes all of its rows.`,
      severity: may ? 'warning' : 'error',
      help: help(
        'Change the existing table with ALTER TABLE, step by step.',
        'If it may not exist yet, leave out DROP and write CREATE TABLE IF NOT EXISTS.',
      ),
      related: [label(again, 'it is created again here')],
    }
  },
})
