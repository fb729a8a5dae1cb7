import { addAlone, domainsOf, fillByDefault, hasNoValue, isPrimaryKey } from '../src/lint/add-column.ts'
import { later } from '../src/lint/advice.ts'
import { validate } from '../src/lint/constraint-sql.ts'
import { ofTables } from '../src/lint/effects.ts'
import { makeNotNull } from '../src/lint/not-null.ts'
import { writtenFor } from '../src/lint/origin.ts'
import { defineRule } from '../src/lint/rule.ts'
import { help, identifier, newName, quoteIdentifier, raw, say, sql } from '../src/lint/sql.ts'

export default defineRule({
  title: 'New column of a domain with constraints',
  why: 'The constraints of a domain are checked row by row while the table is written anew, under a lock that blocks reads and writes, even where the column is NULL in all of them.',
  severity: 'error',
  category: 'locking',
  on: ['add-column'],
  peers: ['eugene:E10'],

  check(context) {
    const { step, operation, effects, history, runner, version } = context
    const { table, column, constrainedDomain, typeText, default: value } = operation
    if (constrainedDomain !== true || column.generated || column.identity || isPrimaryKey(step, operation)) return
    if (!effects.blockingWrites({ work: 'rewrite' })) return
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
      message: say`Adding ${column.name} to ${table.name} blocks reads and writes while every row is copied and checked for ${typeText}.`,
      effects: ofTables(operation.effects),
      help: help(
        'Add the column with the type behind the domain, and its constraints to the table:',
        addAlone(step, { ...operation, column: { ...column, notNull: required } }),
        isVolatile &&
          sql`ALTER TABLE ${table.name} ALTER COLUMN ${identifier(column.name)} SET DEFAULT ${raw(value.text)};`,
        ...checks.map(
          ({ text, constraint }) =>
            sql`ALTER TABLE ${table.name} ADD CONSTRAINT ${identifier(constraint)} CHECK (${raw(text)}) NOT VALID;`,
        ),
        ...(isVolatile
          ? fillByDefault({ ...context, operation: { ...operation, column: { ...column, notNull: false } } })
          : []),
        checks.length > 0 &&
          later(
            runner,
            checks.length > 1
              ? 'validate them while reads and writes go on'
              : 'validate it while reads and writes go on',
          ),
        ...checks.map(({ constraint }) => validate(table.name, constraint)),
        ...(required && (isVolatile || hasNoValue(operation))
          ? makeNotNull(table.name, column.name, { runner, version }, 'Once every row has a value,')
          : []),
      ),
    }
  },
})
