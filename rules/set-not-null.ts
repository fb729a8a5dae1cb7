import { addAlone } from '../src/lint/advice/add-column.ts'
import { validate } from '../src/lint/advice/constraint-sql.ts'
import { asCertain, blocks } from '../src/lint/advice/effects.ts'
import { makeNotNull, provenBefore, unseenProof, unvalidatedProof } from '../src/lint/advice/not-null.ts'
import { help, identifier, quoted, raw, say, sql } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'NOT NULL that reads the whole table',
  why: 'PostgreSQL reads the whole table to make sure that no value is NULL, and lets nobody read or write it meanwhile.',
  severity: 'error',
  category: 'locking',
  on: ['set-not-null', 'add-column'],
  peers: [
    'migrationpilot:MP002',
    'migrationpilot:MP018',
    'squawk:adding-not-nullable-field',
    'eugene:E2',
    'atlas:PG303',
    'atlas:MF104',
    'pgls:addingNotNullField',
    'pgfence:alter-column-set-not-null',
    'pgfence:set-not-null',
  ],

  check({ step, operation, effects, runner, version }) {
    // Nothing is read when a valid CHECK proves it, and nobody waits for a table that is new or small.
    const effect = effects.blockingReads({ work: 'scan' })
    if (!effect) return
    const { table, keyword } = operation
    const hedge = asCertain(effect)
    if (operation.kind === 'add-column') {
      const { column } = operation
      // A virtual column must be computed to see that it is not NULL. Other new columns get their value in all rows
      // anyway.
      if (column.generated?.kind !== 'virtual' || !column.notNull) return
      return {
        at: keyword,
        ...hedge,
        message: say`Adding ${column.name} NOT NULL ${blocks(effect)} reads and writes of ${table.name} while it is computed for every row.`,
        help: help(
          'Add it without NOT NULL:',
          addAlone(step, operation),
          makeNotNull(table.name, column.name, { runner, version }, 'Then'),
        ),
      }
    }
    const { column } = operation
    const unseen = effect.certain ? null : unseenProof(step.before, table.oid)
    const unless = unseen === null ? '' : `, unless ${quoted(unseen)} proves that no value is NULL`
    const message = say`Setting ${column} of ${table.name} NOT NULL ${blocks(effect)} reads and writes while every row is read${raw(unless)}.`
    const proof = provenBefore(step.before, table.oid, column)
    if (proof !== null) {
      return {
        at: keyword,
        ...hedge,
        message,
        why: say`${proof} would prove that no value is NULL, but the same statement drops it, and does that first.`,
        help: help(
          'Drop the constraint in a statement of its own, afterwards:',
          sql`
            ALTER TABLE ${table.name} ALTER COLUMN ${identifier(column)} SET NOT NULL;
            ALTER TABLE ${table.name} DROP CONSTRAINT ${identifier(proof)};`,
        ),
      }
    }
    const pending = unvalidatedProof(step.before, table.oid, column)
    if (pending !== null) {
      return {
        at: keyword,
        ...hedge,
        message,
        help: help(
          say`First validate ${pending.name}, in a migration of its own, while reads and writes go on:`,
          validate(table.name, pending.name),
          // Once it is validated, a NOT NULL constraint is the one that SET NOT NULL would make.
          pending.kind === 'check' && 'After that SET NOT NULL takes the constraint as proof and reads nothing:',
          pending.kind === 'check' && sql`ALTER TABLE ${table.name} ALTER COLUMN ${identifier(column)} SET NOT NULL;`,
        ),
      }
    }
    return { at: keyword, ...hedge, message, help: help(makeNotNull(table.name, column, { runner, version })) }
  },
})
