import type { AlterTableCmd, AlterTableMoveAllStmt, Node } from '@pgsql/types'
import { lookUp } from '../../../parse/look-up.ts'
import type { Backend } from '../../backend.ts'
import type { Index, Table } from '../../catalog/catalog.ts'
import { qualifiedName } from '../../catalog/name.ts'
import { isIndex, isTable } from '../../catalog/relation.ts'
import type { LockMode } from '../../lock.ts'
import type { AlterRelation } from '../../operation.ts'
import { requireDistinctOptions, requireKnownOptions } from '../reloptions.ts'
import { hasStorage, rewrite } from '../rewrite.ts'
import { lockDescendants } from './add-column.ts'
import type { Command } from './alter-table-command.ts'
import { ownedSequences } from './column.ts'

function startTableOption(
  backend: Backend,
  command: Command,
  kind: AlterRelation['kind'],
  detail: string | null = command.cmd.name || null,
): void {
  const { span, keyword, table } = command
  backend.operation({ kind, span, keyword, subject: backend.subject(table), detail })
}

/** Sub-commands that only change the catalog. */
export function tableOption(kind: AlterRelation['kind'], recurses = false) {
  return (backend: Backend, command: Command): void => {
    startTableOption(backend, command, kind)
    if (recurses) lockDescendants(backend, command)
  }
}

/** Options of WITH (…) and SET (…), with names in lower case; `toast.` stays. */
export function definitions(list: readonly Node[] | undefined): Map<string, string> {
  return new Map(
    (list ?? []).flatMap(item => {
      if (!('DefElem' in item)) return []
      const { defnamespace, defname, arg } = item.DefElem
      const name = `${defnamespace ? `${defnamespace}.` : ''}${defname ?? ''}`.toLowerCase()
      return [[name, argument(arg)] as const]
    }),
  )
}

function argument(arg: Node | undefined): string {
  if (!arg) return 'true'
  if ('Integer' in arg) return String(arg.Integer.ival ?? 0)
  if ('Float' in arg) return arg.Float.fval ?? ''
  if ('String' in arg) return arg.String.sval ?? ''
  if ('Boolean' in arg) return String(arg.Boolean.boolval ?? false)
  if ('TypeName' in arg)
    return (arg.TypeName.names ?? []).map(name => ('String' in name ? name.String.sval : '')).join('.')
  return ''
}

/** Options that need the strongest lock; all others are set under ShareUpdateExclusive. Source: reloptions.c. */
const exclusiveOptions: ReadonlySet<string> = new Set([
  'user_catalog_table',
  'security_barrier',
  'security_invoker',
  'check_option',
  'fastupdate',
  'gin_pending_list_limit',
  'buffering',
  'pages_per_range',
  'autosummarize',
])

/** Source: AlterTableGetRelOptionsLockLevel. */
export function optionsLock(cmd: AlterTableCmd): LockMode {
  const items = cmd.def && 'List' in cmd.def ? cmd.def.List.items : undefined
  const names = [...definitions(items).keys()]
  return names.some(name => exclusiveOptions.has(name)) ? 'AccessExclusiveLock' : 'ShareUpdateExclusiveLock'
}

export function setOptions(backend: Backend, command: Command): void {
  const { table, cmd } = command
  const changed = definitions(cmd.def && 'List' in cmd.def ? cmd.def.List.items : undefined)
  startTableOption(
    backend,
    command,
    'set-options',
    [...changed].map(([name, value]) => `${name} = ${value}`).join(', '),
  )
  if (table.kind === 'partitioned table') {
    // Only a handful of options exist for tables without storage. Source: partitioned_table_reloptions.
    backend.fail(backend.since(16) ? '42809' : '22023', 'cannot specify storage parameters for a partitioned table')
  }
  if (cmd.subtype === 'AT_SetRelOptions') {
    requireKnownOptions(backend, table, changed.keys())
    requireDistinctOptions(backend, cmd.def && 'List' in cmd.def ? cmd.def.List.items : undefined)
  }
  const options = new Map(table.options)
  for (const [name, value] of changed) {
    if (cmd.subtype === 'AT_ResetRelOptions') options.delete(name)
    else options.set(name, value)
  }
  backend.change<Table>(table.oid, { options })
}

/** SET LOGGED and SET UNLOGGED copy the table, unless nothing changes. Source: ATPrepChangePersistence. */
export function setPersistence(wanted: 'permanent' | 'unlogged') {
  return (backend: Backend, command: Command): void => {
    const { table } = command
    startTableOption(backend, command, wanted === 'permanent' ? 'set-logged' : 'set-unlogged')
    if (table.persistence === 'temporary')
      backend.fail('42P16', `cannot change logged status of table "${table.name}" because it is temporary`)
    if (table.kind === 'partitioned table' && backend.since(18)) {
      backend.fail(
        '42809',
        `ALTER action ${wanted === 'permanent' ? 'SET LOGGED' : 'SET UNLOGGED'} cannot be performed on relation "${table.name}"`,
      )
    }
    if (table.complete && table.persistence === wanted) return
    requireSamePersistence(backend, table, wanted)
    rewrite(backend, table, 'the table is copied between logged and unlogged storage', table.complete)
    if (backend.since(15)) {
      for (const sequence of ownedSequences(backend, table)) {
        backend.lock(sequence, 'AccessExclusiveLock', 'the sequence changes its persistence with the table')
        backend.change(sequence.oid, { persistence: wanted })
      }
    }
    backend.change<Table>(table.oid, { persistence: wanted })
  }
}

/** A logged table may not reference an unlogged one. */
function requireSamePersistence(backend: Backend, table: Table, wanted: 'permanent' | 'unlogged'): void {
  for (const constraint of table.constraints) {
    const target = constraint.references && backend.getTable(constraint.references.table)
    if (wanted === 'permanent' && target && target.oid !== table.oid && target.persistence === 'unlogged') {
      backend.fail(
        '42P16',
        `could not change table "${table.name}" to logged because it references unlogged table "${target.name}"`,
      )
    }
  }
  if (wanted !== 'unlogged') return
  for (const other of backend.mentioning(table.oid)) {
    if (!isTable(other) || other.oid === table.oid || other.persistence !== 'permanent') continue
    if (other.constraints.some(constraint => constraint.references?.table === table.oid)) {
      backend.fail(
        '42P16',
        `could not change table "${table.name}" to unlogged because it references logged table "${other.name}"`,
      )
    }
  }
}

/** SET TABLESPACE copies the files block by block; indexes stay where they are. Source: ATExecSetTableSpace. */
export function setTablespace(backend: Backend, command: Command): void {
  const { table, cmd } = command
  startTableOption(backend, command, 'set-tablespace')
  moveToTablespace(backend, table, cmd.name ?? '')
}

/** True when the files were moved. The database's own tablespace is `pg_default` as far as migrations tell. */
export function moveToTablespace(backend: Backend, relation: Table | Index, tablespace: string): boolean {
  const wanted = tablespace === 'pg_default' ? null : tablespace
  if (relation.complete && relation.tablespace === wanted) return false
  const stored = 'table' in relation ? relation.kind === 'index' : hasStorage(relation)
  if (stored) {
    backend.work(
      relation,
      'table' in relation ? 'rebuild' : 'rewrite',
      'the files are copied to the other tablespace',
      relation.complete,
    )
  }
  backend.change(relation.oid, { tablespace: wanted })
  return true
}

/** SET ACCESS METHOD (15) rewrites the table, unless it has that method already. */
export function setAccessMethod(backend: Backend, command: Command): void {
  const { table, cmd } = command
  startTableOption(backend, command, 'set-access-method')
  const wanted = cmd.name || 'heap'
  if (table.kind === 'partitioned table') {
    if (!backend.since(17)) backend.fail('42809', `"${table.name}" is not a table or materialized view`)
    backend.change<Table>(table.oid, { accessMethod: wanted })
    return
  }
  if (table.complete && (table.accessMethod ?? 'heap') === wanted) return
  rewrite(backend, table, 'every row is stored again by the other access method', table.complete)
  backend.change<Table>(table.oid, { accessMethod: wanted })
}

/** OWNER TO also applies to indexes and owned sequences. Source: ATExecChangeOwner. */
export function changeOwner(backend: Backend, command: Command): void {
  const { table, cmd } = command
  const owner = cmd.newowner?.rolename ?? null
  startTableOption(backend, command, 'change-owner', owner)
  if (table.complete && owner !== null && table.owner === owner) return
  for (const index of backend.indexesOf(table))
    backend.lock(index, 'AccessExclusiveLock', 'the owner changes with that of the table')
  for (const sequence of ownedSequences(backend, table)) {
    backend.lock(sequence, 'AccessExclusiveLock', 'the owner changes with that of the table')
  }
  backend.change<Table>(table.oid, { owner })
}

/** ALTER TABLE ALL IN TABLESPACE … SET TABLESPACE …: each table, index or materialized view there in turn. Source: AlterTableMoveAll. */
export function moveAll(backend: Backend, node: AlterTableMoveAllStmt): void {
  const { span, keyword } = backend.statement
  const from = node.orig_tablespacename === 'pg_default' ? null : (node.orig_tablespacename ?? null)
  const kinds: readonly string[] =
    node.objtype === 'OBJECT_INDEX'
      ? ['index', 'partitioned index']
      : node.objtype === 'OBJECT_MATVIEW'
        ? ['materialized view']
        : ['table', 'partitioned table']
  const there = [...backend.catalog.relations.values()].filter(
    relation => kinds.includes(relation.kind) && relation.tablespace === from,
  )
  // A tablespace may contain tables that no migration put there.
  if (there.length === 0) {
    backend.operation({ kind: 'alter-other', span, keyword })
    backend.opaque = `what is in tablespace "${node.orig_tablespacename ?? ''}" is not known`
  }
  for (const relation of there) {
    if (!isTable(relation) && !isIndex(relation)) continue
    backend.operation({
      kind: 'set-tablespace',
      span,
      keyword,
      subject: backend.subject(relation),
      detail: node.new_tablespacename ?? null,
    })
    backend.lock(relation, 'AccessExclusiveLock', 'its files are copied')
    moveToTablespace(backend, relation, node.new_tablespacename ?? '')
  }
}

/** OF type: the columns of the table become those of the row type. */
export function ofType(backend: Backend, command: Command): void {
  const { table, cmd } = command
  startTableOption(backend, command, 'of-type')
  const name = cmd.def && 'TypeName' in cmd.def ? qualifiedName(cmd.def.TypeName.names) : null
  const type = name ? backend.lookupType(name) : undefined
  if (!type || type === 'dropped' || !('relation' in type) || type.relation === null) return
  const row = backend.get(type.relation)
  if (row) backend.lock(row, 'AccessShareLock', 'its columns are compared with those of the table')
  backend.change<Table>(table.oid, { ofType: type.oid })
}

export function notOfType(backend: Backend, command: Command): void {
  startTableOption(backend, command, 'of-type')
  backend.change<Table>(command.table.oid, { ofType: null })
}

export function clusterOn(backend: Backend, command: Command): void {
  const { table, cmd } = command
  startTableOption(backend, command, 'cluster-on')
  for (const index of backend.indexesOf(table)) {
    if (index.clustered !== (index.name === cmd.name))
      backend.change<Index>(index.oid, { clustered: index.name === cmd.name })
  }
  const index = backend.indexesOf(table).find(each => each.name === cmd.name)
  // With the lock of the whole statement (ATExecClusterOn in tablecmds.c).
  if (index) backend.lock(index, command.mode, 'the table will be clustered on it')
  if (cmd.name && !index) failWithoutIndex(backend, table, cmd.name)
}

/**
 * Fails if a table certainly has no index of that name, which was not found among its own. Source: cluster in cluster.c, ATExecClusterOn
 * and ATExecReplicaIdentity in tablecmds.c.
 */
export function failWithoutIndex(backend: Backend, table: Table, name: string): void {
  const elsewhere = backend.lookup({ schema: table.schema, name })
  if (elsewhere === 'dropped' || (table.complete && elsewhere === undefined))
    backend.fail('42704', `index "${name}" for table "${table.name}" does not exist`)
  if (elsewhere === undefined || !elsewhere.complete) return
  if (!isIndex(elsewhere)) backend.fail('42809', `"${name}" is not an index`)
  if (elsewhere.table !== table.oid) backend.fail('42809', `"${name}" is not an index for table "${table.name}"`)
}

export function replicaIdentity(backend: Backend, command: Command): void {
  const { table, cmd } = command
  const stmt = cmd.def && 'ReplicaIdentityStmt' in cmd.def ? cmd.def.ReplicaIdentityStmt : undefined
  startTableOption(backend, command, 'replica-identity', stmt?.name || stmt?.identity_type || null)
  const kinds = { d: 'default', f: 'full', n: 'nothing' } as const
  if (stmt?.identity_type !== 'i') {
    backend.change<Table>(table.oid, { replicaIdentity: lookUp(kinds, stmt?.identity_type ?? 'd') ?? kinds.d })
    return
  }
  const index = backend.indexesOf(table).find(each => each.name === stmt.name)
  if (!index) {
    failWithoutIndex(backend, table, stmt.name ?? '')
    return
  }
  backend.lock(index, 'ShareLock', 'the index becomes the replica identity')
  if (!index.unique) backend.fail('42809', `cannot use non-unique index "${index.name}" as replica identity`)
  if (index.predicate) backend.fail('0A000', `cannot use partial index "${index.name}" as replica identity`)
  if (index.keys.some(key => key.expression))
    backend.fail('0A000', `cannot use expression index "${index.name}" as replica identity`)
  for (const key of index.keys) {
    if (key.column && backend.column(table, key.column)?.notNull === false) {
      backend.fail(
        '42809',
        `index "${index.name}" cannot be used as replica identity because column "${key.column}" is nullable`,
      )
    }
  }
  backend.change<Table>(table.oid, { replicaIdentity: { index: index.name } })
}

export function rowSecurity(enabled: boolean | null) {
  return (backend: Backend, command: Command): void => {
    startTableOption(backend, command, 'row-security', (command.cmd.subtype ?? '').slice('AT_'.length))
    if (enabled !== null) backend.change<Table>(command.table.oid, { rowSecurity: enabled })
  }
}

/** ENABLE and DISABLE TRIGGER also apply to partitions. Source: EnableDisableTrigger in trigger.c. */
export function switchTrigger(kind: 'enable-trigger' | 'disable-trigger') {
  return (backend: Backend, command: Command): void => {
    const { table, cmd } = command
    const several = cmd.subtype?.endsWith('TrigAll') ? 'ALL' : 'USER'
    startTableOption(backend, command, kind, cmd.name || several)
    if (cmd.name && table.complete && !table.triggers.some(trigger => trigger.name === cmd.name)) {
      backend.fail('42704', `trigger "${cmd.name}" for table "${table.name}" does not exist`)
    }
    if (table.kind !== 'partitioned table' || command.only) return
    for (const each of backend.withDescendants(table).slice(1)) {
      if (table.triggers.some(trigger => trigger.row && (!cmd.name || trigger.name === cmd.name))) {
        backend.lock(each, 'ShareRowExclusiveLock', 'the trigger is switched on every partition')
      }
    }
  }
}
