import { validateLater } from '../src/lint/advice/advice.ts'
import { addNotValid, validate } from '../src/lint/advice/constraint-sql.ts'
import { asCertain, blocks } from '../src/lint/advice/effects.ts'
import { help, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'NOT NULL constraint that is checked at once',
  why: 'Without NOT VALID PostgreSQL checks every existing row at once, and lets nobody read or write the table meanwhile.',
  severity: 'error',
  category: 'locking',
  on: ['add-constraint'],

  check({ operation, effects, runner, text }) {
    const { type, table, constraint, inline } = operation
    // PostgreSQL reads nothing if the column is NOT NULL already or a valid CHECK proves it.
    const work = effects.blockingWrites({ work: 'scan' })
    if (type !== 'not null' || inline || !work) return
    return {
      at: operation.keyword,
      message: say`Adding ${constraint.name} ${blocks(work)} reads and writes of ${table.name} until every row is checked.`,
      ...asCertain(work),
      help: help(
        'Add it without checking existing rows:',
        addNotValid(table.name, text(operation.span)),
        validateLater(runner),
        validate(table.name, constraint.name),
      ),
    }
  },
})
