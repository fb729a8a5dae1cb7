import { validateLater } from '../src/lint/advice/advice.ts'
import { bySecondColumn, changing, isFromUtc } from '../src/lint/advice/column-type.ts'
import { validate } from '../src/lint/advice/constraint-sql.ts'
import { asCertain, blocks, ofTables } from '../src/lint/advice/effects.ts'
import { narrowing } from '../src/lint/advice/narrowing.ts'
import { help, identifier, newName, quoteLiteral, raw, say, sql } from '../src/lint/advice/sql.ts'
import { tableOf } from '../src/lint/advice/table.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Change of type that rewrites the table',
  why: 'PostgreSQL converts every row, writes it to a new file and builds every index again, and lets nobody read or write the table meanwhile.',
  severity: 'error',
  category: 'locking',
  on: ['alter-column-type'],
  peers: [
    'migrationpilot:MP007',
    'squawk:changing-column-type',
    'strong_migrations:change_column',
    'eugene:E5',
    'pgfence:alter-column-type',
    'atlas:PG301',
    'pgls:changingColumnType',
    'pgrubic:US002',
  ],

  check(context) {
    const { step, operation, effects, runner } = context
    const { table, column, from, to, using, recheckedConstraints } = operation
    const effect = effects.blockingWrites({ work: 'rewrite' })
    if (!effect) return
    const { because } = effect
    const certain = effect.certain || operation.onlyItself
    const less = operation.narrowing === true ? narrowing(operation) : null
    const failure = less === null || less.loses ? '' : `. It ${less.consequence}`
    const found = {
      at: operation.keyword,
      message: say`${changing(operation)} ${blocks({ ...effect, certain })} reads and writes while every row is copied.`,
      why: `PostgreSQL ${certain ? 'copies' : 'may copy'} the whole table: ${because}${failure}.`,
      ...asCertain({ ...effect, certain }),
      effects: ofTables(operation.effects),
    }
    const name = identifier(column)

    if (to.name === 'timestamptz' && from?.name === 'timestamp' && isFromUtc(using, column)) {
      const indexed = tableOf(step.before, table.oid)?.indexes.some(oid => {
        const index = step.before.relations.get(oid)
        return index && 'keys' in index && index.keys.some(key => key.column === column)
      })
      if (!indexed && recheckedConstraints.length === 0)
        return {
          ...found,
          help: help(
            'With TimeZone set to UTC, the same works without USING, and no row is touched:',
            sql`
              SET TimeZone = 'UTC';
              ALTER TABLE ${table.name} ALTER COLUMN ${name} TYPE timestamptz;
              RESET TimeZone;`,
          ),
        }
    }
    // The limit need not be part of the type.
    const [length] = to.modifiers ?? []
    const isText = from?.name === 'text' || from?.name === 'varchar'
    if (isText && !from.array && to.name === 'varchar' && length !== undefined && using === null) {
      const check = newName(table.name, column, 'length')
      return {
        ...found,
        help: help(
          'Leave the type as it is, and let a constraint limit the length:',
          sql`
            ALTER TABLE ${table.name} ADD CONSTRAINT ${identifier(check)}
              CHECK (char_length(${name}) <= ${length}) NOT VALID;`,
          validateLater(runner),
          validate(table.name, check),
        ),
      }
    }
    return {
      ...found,
      help: help(
        !certain && from === null && 'Whether it does depends on the type that the column has now. Ask the database:',
        !certain &&
          from === null &&
          sql`
            SELECT format_type(atttypid, atttypmod) FROM pg_attribute
            WHERE attrelid = ${raw(quoteLiteral(sql`${table.name}`.sql))}::regclass AND attname = ${raw(quoteLiteral(column))};`,
        bySecondColumn(context, certain ? undefined : 'If so, add a second column of the new type:'),
      ),
    }
  },
})
