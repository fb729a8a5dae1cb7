import type { Step } from '../../postgres/step.ts'
import { quoteIdentifier, raw, type Sql, sql } from './sql.ts'

/** A name with its schema, for SQL that must not depend on search_path. */
export function inSchema(schema: string, name: string): Sql {
  return raw(`${quoteIdentifier(schema)}.${quoteIdentifier(name)}`)
}

/** A name as it is wanted in SQL: with its schema unless that is `public`. */
export function inItsSchema(schema: string, name: string): Sql {
  return schema === 'public' ? raw(quoteIdentifier(name)) : inSchema(schema, name)
}

/** A view that goes by the old name of what the statement before it renames or moves, both in one transaction. */
export function withView(step: Step, statement: Sql, view: Sql, relation: Sql): Sql {
  return inTransaction(step, statement, sql`CREATE VIEW ${view} AS SELECT * FROM ${relation};`)
}

/** BEGIN and COMMIT around statements that belong together, unless they are in a transaction anyhow. */
export function inTransaction({ transaction }: Step, ...statements: readonly Sql[]): Sql {
  const lines = statements.map(each => each.sql)
  const isInside = transaction.kind !== 'autocommit' && transaction.kind !== 'unknown'
  return raw((isInside ? lines : ['BEGIN;', ...lines, 'COMMIT;']).join('\n'))
}
