import { help, identifier, newName, quotedList, raw, type Sql, say, sql } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Constraint of a domain that reads every table with it',
  why: 'PostgreSQL checks all values in every table that has a column of the domain, and lets nobody write to these tables meanwhile.',
  severity: 'error',
  category: 'locking',
  on: ['domain-add-constraint', 'domain-validate-constraint', 'domain-set-not-null'],
  peers: [
    'migrationpilot:MP043',
    'squawk:ban-alter-domain-with-add-constraint',
    'pgfence:ban-alter-domain-add-constraint',
  ],

  check({ operation, effects, isLarge, text, step }) {
    const { kind, keyword, domain, known } = operation
    const blocking = effects.blockingWrites({ work: 'scan' })
    // For a domain that no migration creates, it is not known which tables use it, but most domains are used.
    if (!blocking && (known || operation.notValid || step.error)) return
    const read = effects.all.filter(({ work, exposed, relation }) => work !== 'none' && exposed && isLarge(relation))
    const tables = quotedList(read.map(({ relation }) => relation))
    const found = {
      at: keyword,
      message: blocking
        ? say`Checking domain ${domain} blocks writes to ${raw(tables)} while every row is read.`
        : say`Checking domain ${domain} blocks writes to every table that has a column of it while every row is read.`,
      ...(blocking ? {} : { severity: 'warning' as const }),
    }
    const notValid = (addition: Sql) =>
      help(
        'With NOT VALID it applies to everything that is written from now on, and nothing is read:',
        addition,
        'Existing rows are not checked: validating them takes the same locks.',
      )
    if (kind === 'domain-set-not-null') {
      const name = identifier(newName(domain, 'not_null'))
      return {
        ...found,
        help: notValid(sql`ALTER DOMAIN ${domain} ADD CONSTRAINT ${name} CHECK (VALUE IS NOT NULL) NOT VALID;`),
      }
    }
    if (kind === 'domain-validate-constraint') {
      return {
        ...found,
        help: help(
          'A domain cannot be validated with weaker locks. Leave the constraint unvalidated, or run this when nobody needs to write.',
          'A CHECK on each table can be validated while writes go on.',
        ),
      }
    }
    return {
      ...found,
      help: notValid(raw(`${text(step.statement.span)} NOT VALID;`)),
    }
  },
})
