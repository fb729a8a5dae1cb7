import type { OperationOf } from '../../postgres/operation.ts'
import type { Step } from '../../postgres/step.ts'
import type { Fix } from '../finding.ts'
import { inItsSchema } from './relations.ts'
import { raw, type Sql, say, sql } from './sql.ts'

/**
 * Work that can be done CONCURRENTLY, in steps that commit in between. REFRESH … CONCURRENTLY is different: it is one
 * transaction.
 */
export const concurrentKinds = ['create-index', 'drop-index', 'reindex', 'detach-partition'] as const

export type Concurrent = OperationOf<(typeof concurrentKinds)[number]>

/** For messages: `Building "orders_email_idx" concurrently`. */
export function concurrentWork(operation: Concurrent): string {
  switch (operation.kind) {
    case 'create-index':
      return say`Building ${operation.index.name} concurrently`
    case 'drop-index':
      return operation.severalNames
        ? 'Dropping several indexes concurrently'
        : say`Dropping ${operation.name} concurrently`
    case 'reindex':
      return say`Rebuilding ${operation.subject?.name ?? operation.name ?? operation.target} concurrently`
    case 'detach-partition':
      return say`Detaching ${operation.partition.name} concurrently`
  }
}

/** What an interrupted attempt leaves behind, as the end of a sentence. */
export function leftBehind(operation: Concurrent): string {
  switch (operation.kind) {
    case 'create-index':
    case 'drop-index':
      return 'leaves an invalid index'
    case 'reindex':
      return 'leaves an invalid index with a name that ends in _ccnew'
    case 'detach-partition':
      return 'leaves the partition half detached'
  }
}

/** `DROP INDEX CONCURRENTLY …;`, one statement for each index that a statement drops. */
export function dropsConcurrently({ operations, before }: Step): Sql[] {
  return operations.flatMap(operation => {
    if (operation.kind !== 'drop-index') return []
    const index = operation.index && before.relations.get(operation.index.oid)
    const exists = raw(operation.ifExists ? 'IF EXISTS ' : '')
    return [sql`DROP INDEX CONCURRENTLY ${exists}${index ? inItsSchema(index.schema, index.name) : operation.name};`]
  })
}

/** Inserts the keyword where it belongs. `after`: UTF-16 offset of the end of the text before it. */
export function saysConcurrently(title: string, after: number): Fix {
  return { title, safety: 'safe', edits: [{ at: [after, after], insert: ' CONCURRENTLY' }] }
}
