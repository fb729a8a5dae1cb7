import { later } from '../src/lint/advice/advice.ts'
import { nameStays, recreation } from '../src/lint/advice/lost-names.ts'
import { help, identifier, quotedList, raw, say, sql } from '../src/lint/advice/sql.ts'
import { removedRelation } from '../src/lint/code-use/removed.ts'
import { onceForBoth } from '../src/lint/once.ts'
import { defineRule } from '../src/lint/rule.ts'
import type { Relation } from '../src/postgres/catalog/catalog.ts'
import type { Step } from '../src/postgres/step.ts'

export default defineRule({
  title: 'Dropped table',
  why: 'The rows are gone for good, and code that still names the table fails from now on.',
  severity: 'error',
  category: 'data loss',
  on: ['drop-table'],
  peers: [
    'migrationpilot:MP026',
    'squawk:ban-drop-table',
    'pgls:banDropTable',
    'atlas:DS102',
    'pgfence:drop-table',
    'strong_migrations:drop_table',
  ],

  check(context) {
    const { step, operation, runner } = context
    // All tables that the statement drops are reported together. recreate-table reports those that are created again.
    const dropped = droppedForGood(step, context.migration)
    const first = dropped[0]
    if (!first || first.oid !== operation.subject?.oid) return
    const several = dropped.length > 1
    const foreign = dropped.every(({ kind }) => kind === 'foreign table')
    const breaks = !dropped.every(table => nameStays(context, table))
    const consequences = [
      !foreign && `deletes all of ${several ? 'their' : 'its'} rows`,
      breaks && `breaks code that still uses ${several ? 'them' : 'it'}`,
    ].filter(each => each !== false)
    const keys = dropped.flatMap(({ oid, name }) => foreignKeys(step.before.relations.get(oid), name))
    return {
      at: operation.keyword,
      ...(breaks ? { removes: dropped.map(table => removedRelation(step, 'table', table)) } : {}),
      message: say`Dropping ${raw(quotedList(dropped.map(({ name }) => name)))} ${raw(consequences.join(' and ') || 'is final')}.`,
      ...(breaks ? {} : { why: 'The rows are gone for good, whatever takes the place of the table.' }),
      help: help(
        breaks && `First deploy code that does not use ${several ? 'them' : 'it'}.`,
        !foreign && 'Keep a copy of all rows that may be needed.',
        // Each foreign key locks the table it refers to. Locking all of them at once causes deadlocks.
        keys.length > 1 &&
          'DROP TABLE also locks the tables that foreign keys refer to, all at once. Drop these keys first, each in a transaction of its own:',
        keys.length > 1 ? keys : [],
        later(runner),
        dropped.map(
          ({ kind, name }) => sql`DROP ${raw(kind === 'foreign table' ? 'FOREIGN TABLE' : 'TABLE')} ${name};`,
        ),
      ),
    }
  },
})

const droppedForGood = onceForBoth((step: Step, migration: readonly Step[]) =>
  step.operations.flatMap(each =>
    each.kind === 'drop-table' && each.subject?.exposed && !recreation({ step, migration }, each.subject)
      ? [each.subject]
      : [],
  ),
)

function foreignKeys(relation: Relation | undefined, table: string) {
  if (!relation || !('constraints' in relation)) return []
  return relation.constraints
    .filter(({ references }) => references !== null && references.table !== relation.oid)
    .map(({ name }) => sql`ALTER TABLE ${table} DROP CONSTRAINT ${identifier(name)};`)
}
