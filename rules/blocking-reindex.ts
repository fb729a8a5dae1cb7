import { outside } from '../src/lint/advice/advice.ts'
import { saysConcurrently } from '../src/lint/advice/concurrently.ts'
import { help, identifier, quoteName, raw, type Sql, say, sql } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Index rebuilt while its table is in use',
  why: 'A plain REINDEX lets nobody write to the table, or run a query that could use the index, until the index is built again.',
  severity: 'error',
  category: 'locking',
  on: ['reindex'],
  peers: [
    'migrationpilot:MP021',
    'squawk:require-concurrent-reindex',
    'pgfence:reindex-non-concurrent',
    'pgls:requireConcurrentReindex',
  ],

  check({ step, operation, effects, runner, text }) {
    const { target, name, subject, table, isExclusion, keyword } = operation
    if (operation.concurrently || step.error) return
    const blocked = effects.blockingWrites()
    const whole = target === 'schema' || target === 'database' || target === 'system'
    // A schema or database may have tables even if the migrations create none in it.
    if (!blocked && !whole) return
    const shown = subject ? ` ${quoteName(subject.name)}` : name === null ? '' : ` ${identifier(name).sql}`
    const what = shown === '' ? 'this database' : say`${subject?.name ?? name ?? ''}`
    return {
      at: keyword,
      message: message(target, raw(what), table?.name),
      ...(blocked || target === 'system' ? {} : { severity: 'warning' as const }),
      help:
        target === 'system'
          ? help(
              'The catalogs cannot be rebuilt concurrently, and every query needs them. Rebuild the one index that is broken or bloated, when nobody uses the database:',
              sql`REINDEX INDEX pg_catalog.pg_class_oid_index;`,
            )
          : isExclusion
            ? 'The index of an exclusion constraint cannot be rebuilt concurrently: do it while nobody uses the table.'
            : help(outside(runner), raw(`REINDEX ${target.toUpperCase()} CONCURRENTLY${shown};`)),
      // For a table, CONCURRENTLY skips indexes that cannot be rebuilt in this way, with only a warning.
      ...(step.transaction.kind === 'autocommit' &&
      target === 'index' &&
      table &&
      !isExclusion &&
      /\sindex$/i.test(text(keyword))
        ? { fix: saysConcurrently('Rebuild the index concurrently', keyword[1]) }
        : {}),
    }
  },
})

function message(target: string, what: Sql, table: string | undefined): string {
  if (target === 'table')
    return say`Rebuilding the indexes of ${what} blocks writes to it, and most queries, until it is done.`
  if (target === 'system')
    return say`Rebuilding the indexes of the system catalogs makes everybody wait who plans a query or changes a table.`
  if (target !== 'index') return say`Rebuilding all indexes of ${what} blocks writes to one table after the other.`
  const on = table === undefined ? raw('its table') : table
  return say`Rebuilding ${what} blocks writes to ${on}, and queries that could use the index, until it is done.`
}
