import type { AlterStatsStmt, CreateStatsStmt } from '@pgsql/types'
import { type Backend, isTable } from '../backend.ts'
import { qualifiedName, strings } from '../name.ts'
import type { Handlers } from './handler.ts'
import { other, whole } from './transaction-block.ts'

/** Source: CreateStatistics in statscmds.c. */
function createStatistics(backend: Backend, node: CreateStatsStmt): void {
  const [relation] = node.relations ?? []
  const found = relation && 'RangeVar' in relation ? backend.relation(relation.RangeVar) : null
  backend.operation({
    kind: 'create-statistics',
    ...whole(backend),
    name: strings(node.defnames).join('.') || qualifiedName(node.defnames).name,
    subject: found && backend.subject(found),
    replace: false,
    ifNotExists: node.if_not_exists === true,
  })
  if (!found) return
  if (!isTable(found)) backend.fail('42809', `cannot define statistics for relation "${found.name}"`)
  for (const element of node.exprs ?? []) {
    if ('StatsElem' in element && element.StatsElem.name) backend.existingColumn(found, element.StatsElem.name)
  }
  backend.lock(found, 'ShareUpdateExclusiveLock', 'extended statistics are defined on it')
}

function alterStatistics(backend: Backend, _node: AlterStatsStmt): void {
  other(backend, 'alter-other')
}

export const statisticsHandlers = {
  CreateStatsStmt: createStatistics,
  AlterStatsStmt: alterStatistics,
} satisfies Partial<Handlers>
