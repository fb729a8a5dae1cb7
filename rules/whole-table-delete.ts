import { isBookkeeping } from '../src/lint/advice/bookkeeping.ts'
import { help, say } from '../src/lint/advice/sql.ts'
import { batches } from '../src/lint/advice/whole-table.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'DELETE of every row',
  why: 'The rows are gone for good once it commits. Until then each stays locked. The disk space is not given back.',
  severity: 'error',
  category: 'data loss',
  on: ['delete'],
  peers: ['pgfence:delete-without-where', 'pgls:banDeleteWithoutWhere'],

  check(context) {
    const { step, operation, runner, config, isLarge } = context
    const { table, everyRow } = operation
    if (!table.exposed || !everyRow || !isLarge(table.name) || isBookkeeping(step, operation, context)) return
    return {
      at: operation.keyword,
      message: say`This deletes every row of ${table.name}.`,
      help: help(
        'Say in a WHERE clause which rows should go. If all of them should, keep a copy of what may be needed.',
        batches(step, operation, runner, config),
      ),
    }
  },
})
