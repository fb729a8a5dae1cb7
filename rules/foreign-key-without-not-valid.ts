import { later } from '../src/lint/advice.ts'
import { addNotValid, validate } from '../src/lint/constraint-sql.ts'
import { asCertain, blocks } from '../src/lint/effects.ts'
import { leafPartitions, nameOnPartition } from '../src/lint/relations.ts'
import { defineRule } from '../src/lint/rule.ts'
import { help, identifier, quotedList, raw, say, sql } from '../src/lint/sql.ts'

export default defineRule({
  title: 'Foreign key that is checked at once',
  why: 'Every row is looked up in the other table, under a lock that blocks INSERT, UPDATE and DELETE on both tables.',
  severity: 'error',
  category: 'locking',
  on: ['add-constraint'],
  peers: [
    'squawk:adding-foreign-key-constraint',
    'squawk:constraint-missing-not-valid',
    'strong_migrations:add_foreign_key',
    'eugene:E1',
    'pgfence:add-constraint-fk-no-not-valid',
    'atlas:PG306',
    'pgls:addingForeignKeyConstraint',
  ],

  check({ step, operation, effects, runner, version, text }) {
    const { type, table, references, constraint, inline } = operation
    const work = effects.blockingWrites({ work: 'scan' })
    if (type !== 'foreign key' || inline || !work) return
    const both = [table, references].flatMap(each => (each?.exposed ? [each.name] : []))
    const message = say`Adding ${constraint.name} ${blocks(work)} writes to ${raw(quotedList([...new Set(both)]))} until every row of ${table.name} is looked up.`
    const at = operation.keyword

    // SQLSTATE 42809 before 18 (ATAddForeignKeyConstraint). Partitions that have it, valid, bring it along unread.
    if (table.kind === 'partitioned table' && version < 18) {
      const key = raw(text(operation.span).replace(/^.*?\bFOREIGN\s+KEY\b/is, 'FOREIGN KEY'))
      const partitions = leafPartitions(step.before, table.oid).slice(0, 2)
      const named = partitions.map(partition => nameOnPartition(partition, table.name, constraint.name))
      return {
        at,
        message,
        ...asCertain(work),
        help: help(
          'Before PostgreSQL 18 a partitioned table cannot have it NOT VALID, but each partition can:',
          ...partitions.map((partition, i) => {
            return sql`ALTER TABLE ${partition} ADD CONSTRAINT ${identifier(named[i] ?? '')} ${key} NOT VALID;`
          }),
          later(runner, 'validate each'),
          ...partitions.map((partition, i) => validate(partition, named[i] ?? '')),
          'Then the partitioned table takes them over, and nothing is read:',
          sql`ALTER TABLE ${table.name} ADD CONSTRAINT ${identifier(constraint.name)} ${key};`,
        ),
      }
    }
    return {
      at,
      message,
      ...asCertain(work),
      help: help(
        'Add it without a look at the rows that are there:',
        addNotValid(table.name, text(operation.span)),
        later(runner, 'validate it while reads and writes go on'),
        validate(table.name, constraint.name),
      ),
    }
  },
})
