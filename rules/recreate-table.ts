import { recreation } from '../src/lint/names.ts'
import { defineRule } from '../src/lint/rule.ts'
import { help, say } from '../src/lint/sql.ts'

export default defineRule({
  title: 'Table that is dropped and created again',
  why: 'The new table is empty: what was in the old one is gone, and rows that refer to it lose their foreign keys.',
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
    // A first migration that begins with DROP … IF EXISTS may well find nothing.
    const may = ifExists && !subject.complete
    return {
      at: operation.keyword,
      message: may
        ? say`Creating ${subject.name} anew may delete the rows of a table that is there already.`
        : say`Creating ${subject.name} anew deletes all of its rows.`,
      severity: may ? 'warning' : 'error',
      help: help(
        'Change the table that is there with ALTER TABLE, step by step.',
        'If it need not be there yet, leave DROP away and write CREATE TABLE IF NOT EXISTS.',
      ),
      related: [label(again, 'it is created again here')],
    }
  },
})
