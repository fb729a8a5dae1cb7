import type { RefreshMatViewStmt } from '@pgsql/types'
import type { Backend } from '../backend.ts'
import type { Table } from '../catalog/catalog.ts'
import { isTable } from '../catalog/relation.ts'
import { newLevel, topContext } from '../query/level.ts'
import { readUses } from '../query/reach.ts'
import type { Handlers } from './handler.ts'
import { rewrite } from './rewrite.ts'
import { wholeStatement } from './whole-statement.ts'

/** Source: ExecRefreshMatView in matview.c. */
function refresh(backend: Backend, node: RefreshMatViewStmt): void {
  const found = backend.relation(node.relation ?? {}, 'materialized view')
  const concurrently = node.concurrent === true
  const withData = node.skipData !== true
  const view = isTable(found) ? found : null
  const hasUniqueIndex = view ? uniqueIndex(backend, view) : false
  backend.operation({
    kind: 'refresh-materialized-view',
    ...wholeStatement(backend),
    view: backend.subject(found),
    concurrently,
    withData,
    hasUniqueIndex,
  })
  if (!view || (view.kind !== 'materialized view' && view.complete)) {
    backend.fail('0A000', `"${found.name}" is not a materialized view`)
  }
  if (concurrently && view.complete && !view.populated) {
    backend.fail('0A000', 'CONCURRENTLY cannot be used when the materialized view is not populated')
  }
  if (concurrently && !withData) {
    backend.fail('42601', 'CONCURRENTLY and WITH NO DATA options cannot be used together')
  }
  if (concurrently && hasUniqueIndex === false) {
    backend.fail('55000', `cannot refresh materialized view "${view.schema}.${view.name}" concurrently`)
  }
  if (concurrently) {
    backend.lock(view, 'ExclusiveLock', 'it is refreshed while others read it')
    backend.work(view, 'scan', 'its rows are compared with the new ones')
  } else {
    backend.lock(view, 'AccessExclusiveLock', 'it gets new contents')
    rewrite(backend, view, withData ? 'its query is run again' : 'it is emptied')
  }
  if (withData) readUses(newLevel(topContext(backend, 'execute')), view.uses, `"${view.name}" reads it`)
  backend.change<Table>(view.oid, { populated: withData })
}

/** CONCURRENTLY needs a unique index on columns only that covers all rows (is_usable_unique_index). */
function uniqueIndex(backend: Backend, view: Table): boolean | 'unknown' {
  const usable = backend
    .indexesOf(view)
    .some(
      ({ unique, valid, predicate, keys }) =>
        unique && valid && predicate === null && keys.every(key => key.column !== null),
    )
  return usable || (view.complete ? false : 'unknown')
}

export const materializedViewHandlers = { RefreshMatViewStmt: refresh } satisfies Partial<Handlers>
