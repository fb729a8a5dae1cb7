import { changing } from '../src/lint/advice/column-type.ts'
import { help, identifier, raw, say, sql } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'
import type { ColumnType } from '../src/postgres/catalog/column.ts'

export default defineRule({
  title: 'Change between timestamp and timestamptz that depends on the session',
  why: 'Without USING, PostgreSQL assumes that the values are in the TimeZone of the session that runs the migration, which may be another one on each machine.',
  severity: 'note',
  category: 'data loss',
  on: ['alter-column-type'],

  check({ step, operation }) {
    const { table, column, from, to, using } = operation
    if (!table.exposed || step.error || using !== null || to.array || step.settings.has('timezone')) return
    // A column that no migration creates is reported only if it becomes timestamptz, because hardly any other type than
    // timestamp is changed to that.
    if (!(from ? depends(from, to) : isType(to, 'timestamptz'))) return
    const back = !isType(to, 'timestamptz')
    return {
      at: operation.keyword,
      message: from
        ? say`${changing(operation)} ${raw(back ? 'writes the values down' : 'reads the values')} in the time zone of the session that runs it.`
        : say`${changing(operation)} reads the values in the time zone of the session that runs it, if they have none so far.`,
      help: help(
        'Name their time zone. With UTC, for instance, no row is touched:',
        sql`
          SET TimeZone = 'UTC';
          ALTER TABLE ${table.name} ALTER COLUMN ${identifier(column)} TYPE ${raw(operation.toText)};
          RESET TimeZone;`,
      ),
    }
  },
})

function depends(from: ColumnType, to: ColumnType): boolean {
  return (
    (isType(to, 'timestamptz') && (isType(from, 'timestamp') || isType(from, 'date'))) ||
    (isType(from, 'timestamptz') && ['timestamp', 'date', 'time'].some(name => isType(to, name)))
  )
}

function isType({ schema, name, array }: ColumnType, wanted: string): boolean {
  return schema === 'pg_catalog' && name === wanted && !array
}
