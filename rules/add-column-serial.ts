import { isPrimaryKey, numberRows } from '../src/lint/advice/add-column.ts'
import { ofTables } from '../src/lint/advice/effects.ts'
import { help, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'New serial column',
  why: 'Every existing row gets a number, so PostgreSQL copies the whole table and lets nobody read or write it meanwhile.',
  severity: 'error',
  category: 'locking',
  on: ['add-column'],
  peers: [
    'strong_migrations:add_column_auto_incrementing',
    'eugene:E11',
    'pgfence:add-column-serial',
    'pgls:addSerialColumn',
    'pgrubic:US004',
  ],

  check(context) {
    const { step, operation, effects } = context
    const { table, column, serial } = operation
    if (!serial || isPrimaryKey(step, operation) || !effects.blockingWrites({ work: 'rewrite' })) return
    return {
      at: operation.keyword,
      message: say`Adding ${column.name} to ${table.name} blocks reads and writes while every row is numbered.`,
      effects: ofTables(operation.effects),
      help: help(numberRows(context)),
    }
  },
})
