import { addAlone, domainsOf, fillByDefault, hasNoValue, isPrimaryKey } from '../src/lint/advice/add-column.ts'
import { validateLater } from '../src/lint/advice/advice.ts'
import { validate } from '../src/lint/advice/constraint-sql.ts'
import { ofTables } from '../src/lint/advice/effects.ts'
import { makeNotNull } from '../src/lint/advice/not-null.ts'
import { help, identifier, newName, quoteIdentifier, raw, say, sql } from '../src/lint/advice/sql.ts'
import { writtenFor } from '../src/lint/advice/written-text.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'New column of a domain with constraints',
  why: 'PostgreSQL checks the constraints of a domain in every row, even where the new column is NULL. For that it copies the whole table, and lets nobody read or write it meanwhile.',
  severity: 'error',
  category: 'locking',
  on: ['add-column'],
  peers: ['eugene:E10'],

  check(context) {
    const { step, operation, effects, history, runner, version, isLarge } = context
    const { table, column, constrainedDomain, typeText, default: value } = operation
    if (column.generated || column.identity || isPrimaryKey(step, operation)) return
    const rewritten = effects.blockingWrites({ work: 'rewrite' })
    if (constrainedDomain === 'unknown' && !rewritten && table.exposed && isLarge(table.name) && !step.error) {
      return {
        at: operation.keyword,
        message: say`If ${typeText} is a domain with constraints, or with a default that is computed, adding ${column.name} to ${table.name} blocks reads and writes while every row is copied.`,
        severity: 'note',
        help: help('See what kind of type it is: no migration that was read creates it.'),
      }
    }
    if (constrainedDomain !== true || !rewritten) return
    const domains = domainsOf(step.before, column.type)
    const name = quoteIdentifier(column.name)
    const checks = domains
      .flatMap(domain => domain.constraints)
      .flatMap(({ expression }) => (expression ? [writtenFor(history, expression, 'value', name)] : []))
      .filter(text => text !== null)
      .map((text, i) => ({ text, constraint: newName(table.name, column.name, i === 0 ? 'check' : `check${i}`) }))
    const isVolatile = value !== null && value.volatility !== 'immutable' && value.volatility !== 'stable'
    const required = column.notNull || domains.some(domain => domain.notNull)
    return {
      at: operation.keyword,
      message: say`Adding ${column.name} to ${table.name} blocks reads and writes while every row is copied and checked against domain ${typeText}.`,
      effects: ofTables(operation.effects),
      help: help(
        'Add the column with the type behind the domain, and the constraints to the table without checking existing rows:',
        addAlone(step, { ...operation, column: { ...column, notNull: required } }),
        isVolatile &&
          sql`ALTER TABLE ${table.name} ALTER COLUMN ${identifier(column.name)} SET DEFAULT ${raw(value.text)};`,
        checks.map(
          ({ text, constraint }) =>
            sql`ALTER TABLE ${table.name} ADD CONSTRAINT ${identifier(constraint)} CHECK (${raw(text)}) NOT VALID;`,
        ),
        isVolatile
          ? fillByDefault({ ...context, operation: { ...operation, column: { ...column, notNull: false } } })
          : [],
        checks.length > 0 && validateLater(runner, checks.length),
        checks.map(({ constraint }) => validate(table.name, constraint)),
        required && (isVolatile || hasNoValue(operation))
          ? makeNotNull(table.name, column.name, { runner, version }, 'Once every row has a value,')
          : [],
      ),
    }
  },
})
