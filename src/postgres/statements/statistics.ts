import type { AlterStatsStmt, CreateStatsStmt } from '@pgsql/types'
import type { Backend } from '../backend.ts'
import { displayName, qualifiedName, repeated, strings } from '../catalog/name.ts'
import { isTable } from '../catalog/relation.ts'
import { columnsOf } from '../expression/expression.ts'
import type { Handlers } from './handler.ts'
import { put } from './publication.ts'
import { otherOperation, wholeStatement } from './whole-statement.ts'

/** Source: CreateStatistics in statscmds.c. */
function createStatistics(backend: Backend, node: CreateStatsStmt): void {
  const [relation] = node.relations ?? []
  const found = relation && 'RangeVar' in relation ? backend.relation(relation.RangeVar) : null
  backend.operation({
    kind: 'create-statistics',
    ...wholeStatement(backend),
    name: strings(node.defnames).join('.') || qualifiedName(node.defnames).name,
    subject: found && backend.subject(found),
    replace: false,
    ifNotExists: node.if_not_exists === true,
  })
  if (!found) return
  if (!isTable(found)) backend.fail('42809', `cannot define statistics for relation "${found.name}"`)
  for (const element of node.exprs ?? []) {
    if (!backend.since(14) && 'StatsElem' in element && element.StatsElem.expr) {
      backend.fail('0A000', 'only simple column references are allowed in CREATE STATISTICS')
    }
    if ('StatsElem' in element && element.StatsElem.name) backend.existingColumn(found, element.StatsElem.name)
  }
  const plain = (node.exprs ?? []).flatMap(each => ('StatsElem' in each && each.StatsElem.name) || [])
  if (repeated(plain) !== undefined) backend.fail('42701', 'duplicate column name in statistics definition')
  backend.lock(found, 'ShareUpdateExclusiveLock', 'extended statistics are defined on it')
  const { schema, name } = qualifiedName(node.defnames)
  if (name === '') return
  const columns = (node.exprs ?? []).flatMap(element =>
    'StatsElem' in element
      ? element.StatsElem.expr
        ? columnsOf(element.StatsElem.expr)
        : [element.StatsElem.name ?? '']
      : [],
  )
  put(backend, {
    kind: 'statistics',
    name: displayName({ schema: schema ?? backend.creationSchema, name }),
    relations: [found.oid],
    uses: columns.map(column => ({ relation: found.oid, column })),
    slot: false,
  })
}

function alterStatistics(backend: Backend, _node: AlterStatsStmt): void {
  otherOperation(backend, 'alter-other')
}

export const statisticsHandlers = {
  CreateStatsStmt: createStatistics,
  AlterStatsStmt: alterStatistics,
} satisfies Partial<Handlers>
