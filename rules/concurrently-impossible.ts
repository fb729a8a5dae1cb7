import { type Concurrent, concurrentKinds, concurrentWork, dropsConcurrently } from '../src/lint/advice/concurrently.ts'
import { boundedWait } from '../src/lint/advice/lock-timeout.ts'
import { indexOnPartitions } from '../src/lint/advice/partitioned-index.ts'
import { help, identifier, raw, type Sql, say, sql } from '../src/lint/advice/sql.ts'
import { withoutConcurrently } from '../src/lint/advice/words.ts'
import { once } from '../src/lint/once.ts'
import { type Context, defineRule } from '../src/lint/rule.ts'

type Refusal = readonly [reason: string, ...help: (string | Sql | false)[]]

import type { Step } from '../src/postgres/step.ts'

export default defineRule({
  title: 'CONCURRENTLY where PostgreSQL refuses it',
  why: 'PostgreSQL refuses to do this concurrently, and the migration stops here.',
  severity: 'error',
  category: 'certain failure',
  on: [...concurrentKinds, 'refresh-materialized-view'],

  check(context) {
    const { step, operation, text } = context
    const state = step.error?.sqlstate ?? ''
    if (!operation.concurrently || !['0A000', '2BP01', '42601', '55000'].includes(state)) return
    const plainly = raw(`${withoutConcurrently(text(step.statement.span))};`)
    const refused =
      operation.kind === 'refresh-materialized-view'
        ? refresh(state, operation.view.name)
        : reason(context, operation, plainly)
    if (!refused) return
    const [because, ...lines] = refused
    const what =
      operation.kind === 'refresh-materialized-view'
        ? say`Refreshing ${operation.view.name} concurrently`
        : concurrentWork(operation)
    return { at: operation.keyword, message: say`${raw(what)} fails: ${raw(because)}.`, help: help(lines) }
  },
})

function reason(context: Context, operation: Concurrent, plainly: Sql): Refusal | null {
  const { step } = context
  switch (operation.kind) {
    case 'create-index':
      if (operation.table.kind !== 'partitioned table') return null
      return [say`${operation.table.name} is partitioned`, ...indexOnPartitions(step, operation, context)]
    case 'drop-index': {
      // All of them are reported at the first, in one place.
      if (operation.severalNames && firstDrop(step) !== operation) return null
      const drops = dropsConcurrently(step)
      if (operation.severalNames) return ['one statement can drop only one', 'Use one statement for each:', ...drops]
      if (operation.cascade)
        return ['CASCADE is not allowed', 'First drop what depends on the index by name, then:', ...drops]
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
        return [
          'it belongs to an exclusion constraint',
          'Leave out CONCURRENTLY, and do it while nobody uses the table.',
        ]
      return ['it is part of the system catalog', 'Do it while nobody uses the database:', plainly]
    case 'detach-partition':
      if (!operation.defaultPartition) return null
      return [
        say`${operation.table.name} has a default partition, ${operation.defaultPartition.name}`,
        ...boundedWait(plainly),
      ]
  }
}

const firstDrop = once(({ operations }: Step) => operations.find(({ kind }) => kind === 'drop-index'))

function refresh(state: string, view: string): Refusal {
  if (state === '55000')
    return [
      'it has no unique index that covers all rows',
      'First build a unique index on plain columns of it, without WHERE.',
    ]
  if (state === '42601')
    return [
      'it cannot be left WITH NO DATA at the same time',
      'Choose one:',
      sql`REFRESH MATERIALIZED VIEW CONCURRENTLY ${view};`,
    ]
  return ['it was never filled', 'Refresh it once without CONCURRENTLY. Nobody can read it yet, so nobody waits.']
}
