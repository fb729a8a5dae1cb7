import { outside } from '../src/lint/advice/advice.ts'
import { addedForeignKeys, constraintOf } from '../src/lint/advice/foreign-key.ts'
import { tableName } from '../src/lint/advice/relations.ts'
import { help, identifiers, quoted, quotedList, raw, say, sql } from '../src/lint/advice/sql.ts'
import { columnOf, tableOf } from '../src/lint/advice/table.ts'
import type { Help } from '../src/lint/help.ts'
import { onceForBoth } from '../src/lint/once.ts'
import { defineRule } from '../src/lint/rule.ts'
import type { RunnerAdvice } from '../src/migration/runner.ts'
import type { Catalog, Index, Table } from '../src/postgres/catalog/catalog.ts'
import type { Operation } from '../src/postgres/operation.ts'

export default defineRule({
  title: 'Foreign key without an index',
  why: 'To find the rows that refer to a deleted one, PostgreSQL reads this whole table. It does the same when a key changes.',
  severity: 'note',
  category: 'schema',
  on: ['add-constraint', 'create-table'],
  peers: ['migrationpilot:MP016', 'eugene:E15', 'pgfence:fk-missing-index'],

  check({ step, operation, history, runner }) {
    if (step.error) return
    // The state after all migrations counts, because the index may be built later.
    const end = history.at(-1)?.after ?? step.after
    const bare = addedForeignKeys(step, operation).flatMap(({ constraint, table, target }) => {
      const last = tableOf(end, table.oid)
      const { columns, name, enforced } = constraint
      // A key that is not enforced has no triggers: nothing is searched for.
      if (!enforced) return []
      // A table that was not created here may have an index that the migrations do not show.
      const known = table.complete || columns.some(column => last && columnOf(last, column)?.complete)
      if (!last || !constraintOf(last, name) || !known || isIndexed(end, last, columns)) return []
      return [{ columns, table: tableName(table), target: tableName(target) }]
    })
    const first = bare[0]
    if (!first) return
    const columns = [...new Set(bare.flatMap(each => each.columns))]
    const targets = [...new Set(bare.map(each => each.target))]
    return {
      at: operation.keyword,
      message: say`Deleting from ${raw(quotedList(targets))} reads all of ${first.table}: ${raw(quotedList(columns))} ${raw(columns.length > 1 ? 'have' : 'has')} no index.`,
      help: remedy(operation, bare, runner),
    }
  },
})

/** An index that begins with these columns, in any order, and covers all rows (or all that are not NULL). */
function isIndexed(catalog: Catalog, table: Table, columns: readonly string[]): boolean {
  return (indexesByColumn(catalog, table).get(columns[0] ?? '') ?? []).some(index => {
    const leading = index.keys.slice(0, columns.length).map(key => key.column)
    const all = !index.predicate || 'NullTest' in index.predicate
    return all && columns.every(column => leading.includes(column))
  })
}

/** The indexes of a table by each of the columns in their keys. */
const indexesByColumn = onceForBoth((catalog: Catalog, table: Table) => {
  const found = new Map<string, Index[]>()
  for (const oid of table.indexes) {
    const index = catalog.relations.get(oid) as Index | undefined
    for (const name of new Set(index?.keys.flatMap(({ column }) => column ?? []))) {
      const own = found.get(name)
      if (own && index) own.push(index)
      else if (index) found.set(name, [index])
    }
  }
  return found
})

/**
 * The remedy: a new table can be indexed right after it is created; CONCURRENTLY is refused for a partitioned table.
 */
function remedy(
  operation: Operation,
  bare: readonly { readonly columns: readonly string[]; readonly table: string }[],
  runner: RunnerAdvice,
): string | Help {
  if (operation.kind !== 'add-constraint' || !operation.table.exposed)
    return help(
      'Right after it, in this migration:',
      bare.map(({ columns, table }) => sql`CREATE INDEX ON ${table} (${identifiers(columns)});`),
    )
  const { kind, name } = operation.table
  if (kind === 'partitioned table') {
    const lists = bare.map(({ columns }) => `(${identifiers(columns).sql})`).join(' and ')
    return `Build an index on ${lists} of each partition, and attach it to one of ${quoted(name)}.`
  }
  return help(
    outside(runner),
    bare.map(({ columns }) => sql`CREATE INDEX CONCURRENTLY ON ${name} (${identifiers(columns)});`),
  )
}
