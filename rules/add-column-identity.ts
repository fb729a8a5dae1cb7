import { isPrimaryKey, numberRows } from '../src/lint/advice/add-column.ts'
import { ofTables } from '../src/lint/advice/effects.ts'
import { besides } from '../src/lint/advice/relations.ts'
import { help, identifier, newName, quoteLiteral, raw, say, sql } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'New identity column',
  why: 'Every existing row gets a number, so PostgreSQL copies the whole table and lets nobody read or write it meanwhile.',
  severity: 'error',
  category: 'locking',
  on: ['add-column'],
  peers: ['strong_migrations:add_column_auto_incrementing', 'pgrubic:US005'],

  check(context) {
    const { step, operation, effects } = context
    const { table, column } = operation
    if (!column.identity || isPrimaryKey(step, operation) || !effects.blockingWrites({ work: 'rewrite' })) return
    const name = identifier(column.name)
    const sequence = besides(table.name, newName(table.name, column.name, 'seq'))
    const own = besides(table.name, newName(table.name, column.name, 'identity'))
    const kind = raw(column.identity === 'always' ? 'ALWAYS' : 'BY DEFAULT')
    return {
      at: operation.keyword,
      message: say`Adding ${column.name} to ${table.name} blocks reads and writes while every row is numbered.`,
      effects: ofTables(operation.effects),
      help: help(
        numberRows(context),
        'Then, in one transaction, make it an identity column, which takes only a moment:',
        sql`
          ALTER TABLE ${table.name} ALTER COLUMN ${name} DROP DEFAULT;
          ALTER TABLE ${table.name} ALTER COLUMN ${name}
            ADD GENERATED ${kind} AS IDENTITY (SEQUENCE NAME ${own});
          SELECT setval(${raw(quoteLiteral(own.sql))}, nextval(${raw(quoteLiteral(sequence.sql))}));
          DROP SEQUENCE ${sequence};`,
      ),
    }
  },
})
