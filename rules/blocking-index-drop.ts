import { outside } from '../src/lint/advice/advice.ts'
import { dropsConcurrently, saysConcurrently } from '../src/lint/advice/concurrently.ts'
import { telling } from '../src/lint/advice/effects.ts'
import { boundedWait, waitIsBounded } from '../src/lint/advice/lock-timeout.ts'
import { help, quotedList, raw, say } from '../src/lint/advice/sql.ts'
import { waitsFor } from '../src/lint/advice/strongest-lock.ts'
import { onceForBoth } from '../src/lint/once.ts'
import { defineRule } from '../src/lint/rule.ts'
import type { Step } from '../src/postgres/step.ts'

export default defineRule({
  title: 'Index dropped while its table is in use',
  why: 'DROP INDEX waits for every transaction that uses the table. All reads and writes that come later wait behind it.',
  severity: 'warning',
  category: 'locking',
  on: ['drop-index'],
  peers: [
    'migrationpilot:MP009',
    'squawk:require-concurrent-index-deletion',
    'strong_migrations:remove_index',
    'pgfence:drop-index-not-concurrent',
    'atlas:PG102',
    'pgls:requireConcurrentIndexDeletion',
  ],

  check({ step, operation, migration, runner, config, isLarge, text }) {
    const { concurrently, keyword, name, index, table, cascade } = operation
    if (step.error || concurrently || (table && !isLarge(table.name))) return
    // One statement may drop several indexes. It is reported once, at the first.
    const { drops, first } = dropped(step, migration)
    if (first !== operation) return
    const names = drops.map(each => each.name)
    const tables = [...new Set(drops.flatMap(each => (each.table ? [each.table.name] : [])))]
    const found = {
      at: keyword,
      message: say`Dropping ${raw(quotedList(names))} makes reads and writes of ${raw(tables.length > 0 ? quotedList(tables) : 'its table')} wait behind it.`,
      effects: telling(step.effects),
    }
    // CONCURRENTLY is refused for these (0A000, RemoveRelations in tablecmds.c).
    if (drops.some(each => each.index?.kind === 'partitioned index') || cascade) {
      if (waitIsBounded(step, config)) return
      const reason = cascade ? 'With CASCADE it' : 'The index of a partitioned table'
      return {
        ...found,
        help: help(`${reason} cannot be dropped concurrently.`, boundedWait(raw(`${text(step.statement.span)};`))),
      }
    }
    return {
      ...found,
      help: help(outside(runner), dropsConcurrently(step)),
      ...(step.transaction.kind === 'autocommit' && index && names.length === 1
        ? { fix: saysConcurrently(say`Drop ${name} concurrently`, keyword[1]) }
        : {}),
    }
  },
})

/** The indexes that a statement drops, and the first of them that makes others wait. */
const dropped = onceForBoth((step: Step, migration: readonly Step[]) => {
  const drops = step.operations.flatMap(each => (each.kind === 'drop-index' ? [each] : []))
  const end = (migration.at(-1) ?? step).after
  const waits = new Set(waitsFor(step).map(({ oid }) => oid))
  const first = drops.find(each => {
    if (!each.effects.some(effect => effect.exposed)) return false
    // This transaction has already locked its table, or this migration drops the table, which locks it in the same way.
    return !each.table || (end.relations.has(each.table.oid) && waits.has(each.table.oid))
  })
  return { drops, first }
})
