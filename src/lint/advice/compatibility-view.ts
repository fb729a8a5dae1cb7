import type { Step } from '../../postgres/step.ts'
import { raw, type Sql, sql } from './sql.ts'

/** A view with the old name of an object that the statement before it renames or moves, both in one transaction. */
export function withView(step: Step, statement: Sql, view: Sql, relation: Sql): Sql {
  return inTransaction(step, statement, sql`CREATE VIEW ${view} AS SELECT * FROM ${relation};`)
}

/** BEGIN and COMMIT around statements that belong together, unless they are in a transaction already. */
export function inTransaction({ transaction }: Step, ...statements: readonly Sql[]): Sql {
  const lines = statements.map(each => each.sql)
  const isInside = transaction.kind !== 'autocommit' && transaction.kind !== 'unknown'
  return raw((isInside ? lines : ['BEGIN;', ...lines, 'COMMIT;']).join('\n'))
}
