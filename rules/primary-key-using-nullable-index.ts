import { asCertain, blocks } from '../src/lint/advice/effects.ts'
import { nullableColumns, proveNotNull, withoutProof } from '../src/lint/advice/not-null.ts'
import { help, quotedList, raw, say, sql } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Primary key over an index of a nullable column',
  why: 'A primary key makes its columns NOT NULL. PostgreSQL checks every row for that, and lets nobody read or write the table meanwhile.',
  severity: 'error',
  category: 'locking',
  on: ['add-constraint'],
  peers: ['eugene:W14', 'pgfence:add-pk-using-index', 'atlas:PG304'],

  check({ step, operation, effects, runner, version, text }) {
    const { type, table, constraint, usingIndex } = operation
    // PostgreSQL reads nothing if the columns are NOT NULL, or if a valid CHECK proves that they are.
    const work = effects.blockingWrites({ work: 'scan' })
    if (type !== 'primary key' || usingIndex === null || !work) return
    const nullable = nullableColumns(step.before, table.oid, constraint.columns)
    // The index, and with it the columns, may be unknown.
    const checked = nullable.length > 0 ? quotedList(nullable) : 'the key'
    return {
      at: operation.keyword,
      message: say`Making ${usingIndex} the primary key ${blocks(work)} reads and writes of ${table.name} until ${raw(checked)} of every row is checked.`,
      ...asCertain(work),
      help: help(
        nullable.length === 0 && 'First make sure that its columns are NOT NULL.',
        nullable.flatMap(column => proveNotNull(table.name, column, { runner, version })),
        'After that the key takes only a moment:',
        sql`ALTER TABLE ${table.name} ${raw(text(operation.span))};`,
        withoutProof(table.name, nullable, version),
      ),
    }
  },
})
