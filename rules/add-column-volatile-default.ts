import { addAlone, defaultLater, isPrimaryKey, isUnseenType } from '../src/lint/advice/add-column.ts'
import { asCertain, blocks, ofTables } from '../src/lint/advice/effects.ts'
import { help, quoteIdentifier, quoteLiteral, raw, say, sql } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'
import type { ColumnType } from '../src/postgres/catalog/column.ts'

export default defineRule({
  title: 'New column with a volatile default',
  why: 'A volatile default gives every existing row its own value, so PostgreSQL copies the whole table and lets nobody read or write it meanwhile.',
  severity: 'error',
  category: 'locking',
  on: ['add-column'],
  peers: [
    'migrationpilot:MP003',
    'squawk:adding-field-with-default',
    'strong_migrations:add_column_default',
    'strong_migrations:add_column_default_callable',
    'eugene:E10',
    'pgfence:add-column-non-constant-default',
    'pgls:addingFieldWithDefault',
    'atlas:PG302',
  ],

  check(context) {
    const { step, operation, effects } = context
    const { table, column, serial, constrainedDomain } = operation
    const effect = effects.blockingWrites({ work: 'rewrite' })
    // Each of these has a rule of its own.
    if (!effect || serial || column.identity || column.generated || constrainedDomain === true) return
    if (isPrimaryKey(step, operation)) return
    const { certain, because } = effect
    const value = operation.default
    const isCheap = value === null || value.volatility === 'immutable' || value.volatility === 'stable'
    return {
      at: operation.keyword,
      message: say`Adding ${column.name} to ${table.name} ${blocks(effect)} reads and writes while every row is copied.`,
      why: certain
        ? `PostgreSQL copies the whole table: ${because}.`
        : `${because.charAt(0).toUpperCase()}${because.slice(1)}.`,
      ...asCertain(effect),
      effects: ofTables(operation.effects),
      help: help(
        certain ? [] : howToTell(because),
        !certain && isUnseenType(step.before, column.type) && isCheap
          ? behindDomain(column.type)
          : value
            ? defaultLater(context)
            : [
                'Add it with the type behind the domain:',
                addAlone(step, operation),
                "Then give it the domain's default, and fill existing rows in batches.",
              ],
      ),
    }
  },
})

/** A way to find out whether a type that the migrations do not create is a domain, and what to do then. */
function behindDomain({ schema, name }: ColumnType) {
  const oid = `${schema === null ? '' : `${quoteIdentifier(schema)}.`}${quoteIdentifier(name)}`
  return [
    'Ask the database. Unless this says "d" (a domain), there is no danger:',
    sql`SELECT typtype FROM pg_type WHERE oid = ${raw(quoteLiteral(oid))}::regtype;`,
    'If it says so, add the column with the type behind the domain, then give it the default, and fill existing rows in batches.',
  ]
}

/** A way to find out whether a function that the migrations do not define is volatile. */
function howToTell(because: string) {
  const [, called] = /^whether (.+)\(\) is volatile/.exec(because) ?? []
  if (called === undefined) return []
  return [
    'Ask the database. Unless this says "v" (volatile), there is no danger:',
    sql`SELECT provolatile FROM pg_proc WHERE proname = ${raw(quoteLiteral(called))};`,
  ]
}
