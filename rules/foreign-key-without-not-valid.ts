import { whoWaits } from '../src/lint/advice/effects.ts'
import { checkedLater } from '../src/lint/advice/foreign-key-sql.ts'
import { help, quotedList, raw, say } from '../src/lint/advice/sql.ts'
import { wordsAt } from '../src/lint/advice/words.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Foreign key that is checked at once',
  why: 'Without NOT VALID PostgreSQL looks up every existing row in the other table at once, and lets nobody write to either meanwhile.',
  severity: 'error',
  category: 'locking',
  on: ['add-constraint'],
  peers: [
    'migrationpilot:MP005',
    'squawk:adding-foreign-key-constraint',
    'squawk:constraint-missing-not-valid',
    'strong_migrations:add_foreign_key',
    'eugene:E1',
    'pgfence:add-constraint-fk-no-not-valid',
    'atlas:PG306',
    'pgls:addingForeignKeyConstraint',
  ],

  check(context) {
    const { step, operation, effects, text } = context
    const { type, table, references, constraint, inline } = operation
    if (type !== 'foreign key' || inline || !effects.blockingWrites({ work: 'scan' })) return
    const both = [table, references].flatMap(each => (each?.exposed ? [each.name] : []))
    // Another part of the statement may lock them more strongly, for instance by dropping the key that this one
    // replaces.
    const locks = step.effects.filter(({ oid }) => oid === table.oid || oid === references?.oid)
    const who = locks.every(({ lock }) => whoWaits(lock) === 'reads and writes of')
      ? 'reads and writes of'
      : 'writes to'
    const clause = text(operation.span)
    const [, end] = wordsAt(clause, 'FOREIGN KEY') ?? [0, 0]
    const key = `FOREIGN KEY${clause.slice(end)}`
    return {
      at: operation.keyword,
      message: say`Adding ${constraint.name} blocks ${raw(who)} ${raw(quotedList([...new Set(both)]))} until every row of ${table.name} is looked up.`,
      help: help(checkedLater(step, operation, key, context)),
    }
  },
})
