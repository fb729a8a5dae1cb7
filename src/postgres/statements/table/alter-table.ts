import type { AlterTableCmd, AlterTableStmt, AlterTableType } from '@pgsql/types'
import type { Backend } from '../../backend.ts'
import type { Relation, Table } from '../../catalog/catalog.ts'
import { rangeVarName } from '../../catalog/name.ts'
import { isTable } from '../../catalog/relation.ts'
import { type Clause, clauses } from '../../grammar/clause.ts'
import { type LockMode, strongest } from '../../lock.ts'
import type { Handlers } from '../handler.ts'
import { alterCompositeType } from '../type.ts'
import { alterIndex } from './alter-index.ts'
import { passes } from './alter-table-command.ts'
import { alterView } from './alter-view.ts'
import { isKey, mergedKeys } from './merged-keys.ts'
import { requireThere } from './order-of-parts.ts'
import { subcommands } from './subcommands.ts'
import { moveAll } from './table-options.ts'

export const alterTableHandlers = {
  AlterTableStmt: alterTable,
  AlterTableMoveAllStmt: moveAll,
} satisfies Partial<Handlers>

function alterTable(backend: Backend, node: AlterTableStmt): void {
  if (node.objtype === 'OBJECT_TYPE') return alterCompositeType(backend, node)
  const kind =
    node.objtype === 'OBJECT_INDEX'
      ? 'index'
      : node.objtype === 'OBJECT_SEQUENCE'
        ? 'sequence'
        : node.objtype === 'OBJECT_VIEW'
          ? 'view'
          : 'table'
  const name = rangeVarName(node.relation ?? {})
  const found = backend.lookup(name)
  if (node.missing_ok && found === 'dropped') return other(backend)
  // One that only statements with IF EXISTS have named may not be there.
  const isKnown = found !== undefined && (found === 'dropped' || found.isThere !== false)
  const relation = backend.relation(name, node.objtype === 'OBJECT_MATVIEW' ? 'materialized view' : kind)
  if (node.missing_ok && !isKnown) backend.doubt()
  requireKind(backend, node, relation)
  const parts = clauses(backend.statement, (node.cmds ?? []).length)
  const cmds = (node.cmds ?? []).map(each => ('AlterTableCmd' in each ? each.AlterTableCmd : null))
  const kept = !backend.since(13) ? withMergedKeys(cmds) : cmds
  const commands = kept.flatMap((cmd, i) => {
    if (!cmd?.subtype) return []
    const clause: Clause = parts[i] ?? { span: backend.statement.span, keyword: backend.statement.keyword }
    const subcommand = subcommands[cmd.subtype as AlterTableType]
    const pass = typeof subcommand.pass === 'function' ? subcommand.pass(cmd) : subcommand.pass
    return [{ cmd, clause, subcommand, pass }]
  })
  if (!isTable(relation)) {
    for (const { cmd, clause } of commands) {
      if (relation.kind === 'index' || relation.kind === 'partitioned index')
        alterIndex(backend, relation.oid, cmd, clause)
      else alterView(backend, relation.oid, cmd, clause)
    }
    return
  }
  backend.requireNotInUse(relation, 'ALTER TABLE')
  for (const { cmd } of commands) requireAllowed(backend, relation, cmd)
  const all = commands.map(({ cmd }) => cmd)
  const mode = commands
    .map(({ cmd, subcommand }) =>
      typeof subcommand.lock === 'function' ? subcommand.lock(cmd, backend) : subcommand.lock,
    )
    .reduce<LockMode>((a, b) => strongest(a, b) ?? a, 'AccessShareLock')
  const ordered = [...commands].sort((a, b) => passes.indexOf(a.pass) - passes.indexOf(b.pass))
  const inOrder = ordered.map(each => each.cmd)
  for (const [at, { cmd, clause, subcommand }] of ordered.entries()) {
    const table = backend.getTable(relation.oid)
    if (!table) return
    requireThere(backend, table, inOrder, at)
    const own = typeof subcommand.lock === 'function' ? subcommand.lock(cmd, backend) : subcommand.lock
    const run = (): void =>
      subcommand.run(backend, {
        cmd,
        ...clause,
        table,
        only: node.relation?.inh !== true,
        // The whole statement takes one lock, so a cheap sub-command waits for the lock that another one needs.
        mode: strongest(own, mode) ?? own,
        all,
      })
    backend.lockAround(run, () => backend.getTable(relation.oid), own, lockReason(own))
  }
}

/** Before 13 one ALTER TABLE makes one index of equal keys, as CREATE TABLE does. Source: transformAlterTableStmt in parse_utilcmd.c. */
function withMergedKeys(cmds: readonly (AlterTableCmd | null)[]): (AlterTableCmd | null)[] {
  const keys = cmds.flatMap((cmd, i) => {
    const constraint = cmd?.subtype === 'AT_AddConstraint' && cmd.def && 'Constraint' in cmd.def && cmd.def.Constraint
    return constraint && isKey(constraint) ? [{ constraint, column: null, i }] : []
  })
  const merged = new Map(mergedKeys(keys).map(({ constraint, i }) => [i, constraint]))
  const places = new Set(keys.map(({ i }) => i))
  return cmds.map((cmd, i) => {
    const constraint = merged.get(i)
    if (!places.has(i) || !cmd) return cmd
    return constraint ? { ...cmd, def: { Constraint: constraint } } : null
  })
}

function lockReason(mode: LockMode): string {
  return mode === 'AccessExclusiveLock'
    ? 'ALTER TABLE keeps everybody out while it runs'
    : `this form of ALTER TABLE needs only ${mode}`
}

function requireKind(backend: Backend, node: AlterTableStmt, relation: Relation): void {
  if (!relation.complete) return
  const wanted: Record<string, readonly string[]> = {
    OBJECT_INDEX: ['index', 'partitioned index'],
    OBJECT_SEQUENCE: ['sequence'],
    OBJECT_VIEW: ['view'],
    OBJECT_MATVIEW: ['materialized view'],
  }
  const kinds = wanted[node.objtype ?? '']
  if (kinds && !kinds.includes(relation.kind)) {
    backend.fail('42809', `"${relation.name}" is not ${kinds[0] === 'index' ? 'an' : 'a'} ${kinds[0]}`)
  }
}

/** The sub-commands that a materialized view allows. Source: the ATSimplePermissions calls in ATPrepCmd. */
const onMaterializedViews: ReadonlySet<string | undefined> = new Set([
  'AT_SetStatistics',
  'AT_SetOptions',
  'AT_ResetOptions',
  'AT_SetStorage',
  'AT_SetCompression',
  'AT_ChangeOwner',
  'AT_ClusterOn',
  'AT_DropCluster',
  'AT_SetAccessMethod',
  'AT_SetTableSpace',
  'AT_SetRelOptions',
  'AT_ResetRelOptions',
])

function requireAllowed(backend: Backend, table: Table, cmd: AlterTableCmd): void {
  if (table.kind === 'materialized view' && !onMaterializedViews.has(cmd.subtype)) {
    backend.fail('42809', `"${table.name}" is not a table`)
  }
}

function other(backend: Backend): void {
  backend.operation({ kind: 'other', span: backend.statement.span, keyword: backend.statement.keyword })
}
