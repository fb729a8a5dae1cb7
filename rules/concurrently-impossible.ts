import { type Concurrent, concurrentKinds, concurrentWork, dropsConcurrently } from '../src/lint/concurrently.ts'
import { boundedWait } from '../src/lint/lock-timeout.ts'
import { indexOnPartitions } from '../src/lint/partitioned-index.ts'
import { type Context, defineRule } from '../src/lint/rule.ts'
import { help, identifier, raw, type Sql, say, sql } from '../src/lint/sql.ts'

type Refusal = readonly [reason: string, ...help: (string | Sql)[]]

export default defineRule({
  title: 'CONCURRENTLY where PostgreSQL refuses it',
  why: 'PostgreSQL cannot do this concurrently: the migration fails.',
  severity: 'error',
  category: 'certain failure',
  on: [...concurrentKinds, 'refresh-materialized-view'],

  check({ step, operation, text }) {
    const state = step.error?.sqlstate ?? ''
    if (!operation.concurrently || !['0A000', '2BP01', '42601', '55000'].includes(state)) return
    const plainly = raw(`${text(step.statement.span)};`.replace(/\s+CONCURRENTLY\b/i, ''))
    const refused =
      operation.kind === 'refresh-materialized-view'
        ? refresh(state, operation.view.name)
        : reason(step, operation, text, plainly)
    if (!refused) return
    const [because, ...lines] = refused
    const what =
      operation.kind === 'refresh-materialized-view'
        ? say`Refreshing ${operation.view.name} concurrently`
        : concurrentWork(operation)
    return { at: operation.keyword, message: say`${raw(what)} fails: ${raw(because)}.`, help: help(...lines) }
  },
})

function reason(step: Context['step'], operation: Concurrent, text: Context['text'], plainly: Sql): Refusal | null {
  switch (operation.kind) {
    case 'create-index':
      if (operation.table.kind !== 'partitioned table') return null
      return [say`${operation.table.name} is partitioned`, ...indexOnPartitions(step, operation, text)]
    case 'drop-index': {
      const drops = dropsConcurrently(step)
      if (operation.severalNames) return ['a statement can drop one', 'A statement for each:', ...drops]
      if (operation.cascade) return ['it knows no CASCADE', 'Drop what depends on the index by name, then:', ...drops]
      if (operation.ownedBy !== null && operation.table)
        return [
          say`the constraint ${operation.ownedBy} owns it`,
          'Drop the constraint, and the index goes with it.',
          ...boundedWait(sql`ALTER TABLE ${operation.table.name} DROP CONSTRAINT ${identifier(operation.ownedBy)};`),
        ]
      if (operation.index?.kind !== 'partitioned index') return null
      return ['its table is partitioned', ...boundedWait(plainly)]
    }
    case 'reindex':
      if (operation.isExclusion)
        return ['it belongs to an exclusion constraint', 'Do it the plain way while the table is not used.']
      return ['it is part of the system catalog', 'Do it while the database is not used:', plainly]
    case 'detach-partition':
      if (!operation.defaultPartition) return null
      return [
        say`${operation.table.name} has a default partition, ${operation.defaultPartition.name}`,
        ...boundedWait(plainly),
      ]
  }
}

function refresh(state: string, view: string): Refusal {
  if (state === '55000')
    return [
      'it has no unique index that covers all rows',
      'Build a unique index on plain columns of it first, without WHERE.',
    ]
  if (state === '42601')
    return [
      'it cannot be left WITH NO DATA at the same time',
      'Choose one:',
      sql`REFRESH MATERIALIZED VIEW CONCURRENTLY ${view};`,
    ]
  return ['it was never filled', 'Fill it once without CONCURRENTLY: nobody can read it before that.']
}
