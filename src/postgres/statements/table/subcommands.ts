import type { AlterTableCmd } from '@pgsql/types'
import type { Backend } from '../../backend.ts'
import type { LockMode } from '../../lock.ts'
import { addColumn } from './add-column.ts'
import {
  addIdentity,
  columnOption,
  dropExpression,
  dropIdentity,
  dropNotNull,
  setDefault,
  setExpression,
  setIdentity,
  setNotNull,
  storageOption,
} from './alter-column.ts'
import { alterColumnType } from './alter-column-type.ts'
import type { Command, Pass, Subcommand, Subcommands } from './alter-table-command.ts'
import { addConstraint } from './constraint.ts'
import { dropColumn, dropConstraint } from './drop-column.ts'
import { addInherit, dropInherit } from './inherit.ts'
import { attachPartition, detachPartition } from './partition.ts'
import {
  changeOwner,
  clusterOn,
  notOfType,
  ofType,
  optionsLock,
  replicaIdentity,
  rowSecurity,
  setAccessMethod,
  setOptions,
  setPersistence,
  setTablespace,
  switchTrigger,
  tableOption,
} from './table-options.ts'
import { alterConstraint, validateConstraint } from './validate-constraint.ts'

const accessExclusive = 'AccessExclusiveLock'
const shareUpdateExclusive = 'ShareUpdateExclusiveLock'
const shareRowExclusive = 'ShareRowExclusiveLock'

/** A foreign key does not block readers; every other constraint does. */
function constraintLock(cmd: AlterTableCmd): LockMode {
  return cmd.def && 'Constraint' in cmd.def && cmd.def.Constraint.contype === 'CONSTR_FOREIGN'
    ? shareRowExclusive
    : accessExclusive
}

function constraintPass(cmd: AlterTableCmd): Pass {
  const kind = cmd.def && 'Constraint' in cmd.def ? cmd.def.Constraint.contype : undefined
  return kind === 'CONSTR_PRIMARY' || kind === 'CONSTR_UNIQUE' || kind === 'CONSTR_EXCLUSION'
    ? 'add index'
    : 'add constraint'
}

function detachLock(cmd: AlterTableCmd): LockMode {
  const concurrently = cmd.def && 'PartitionCmd' in cmd.def && cmd.def.PartitionCmd.concurrent
  return concurrently ? shareUpdateExclusive : accessExclusive
}

function addTableConstraint(backend: Backend, command: Command): void {
  const { cmd, span, keyword, table, only } = command
  if (!cmd.def || !('Constraint' in cmd.def)) return
  addConstraint(backend, table, cmd.def.Constraint, {
    span,
    keyword,
    column: null,
    allNull: false,
    creating: false,
    only,
  })
}

const misc = (lock: LockMode, run: Subcommand['run']): Subcommand => ({ lock, pass: 'misc', run })
const at = (
  pass: Subcommand['pass'],
  run: Subcommand['run'],
  lock: Subcommand['lock'] = accessExclusive,
): Subcommand => ({
  lock,
  pass,
  run,
})

/** Users never write these: PostgreSQL makes them for itself while it runs an ALTER TABLE. */
const internal = misc(accessExclusive, tableOption('set-options'))

/**
 * Every sub-command of ALTER TABLE in the grammar of PostgreSQL 18: its lock, its pass, what it does.
 * Locks: AlterTableGetLockLevel in tablecmds.c, checked on all supported versions.
 */
export const subcommands: Subcommands = {
  AT_AddColumn: at('add column', addColumn),
  AT_AddColumnToView: internal,
  AT_ColumnDefault: { lock: accessExclusive, pass: cmd => (cmd.def ? 'add constraint' : 'drop'), run: setDefault },
  AT_CookedColumnDefault: internal,
  AT_DropNotNull: at('drop', dropNotNull),
  AT_SetNotNull: at('column attributes', setNotNull),
  AT_SetExpression: at('set expression', setExpression),
  AT_DropExpression: at('drop', dropExpression),
  AT_SetStatistics: misc(shareUpdateExclusive, columnOption('set-statistics', true)),
  AT_SetOptions: misc(shareUpdateExclusive, columnOption('set-column-options', false)),
  AT_ResetOptions: misc(shareUpdateExclusive, columnOption('set-column-options', false)),
  AT_SetStorage: misc(accessExclusive, storageOption('set-storage', true)),
  AT_SetCompression: misc(accessExclusive, storageOption('set-compression', false)),
  AT_DropColumn: at('drop', dropColumn),
  AT_AddIndex: internal,
  AT_ReAddIndex: internal,
  AT_AddConstraint: { lock: constraintLock, pass: constraintPass, run: addTableConstraint },
  AT_ReAddConstraint: internal,
  AT_ReAddDomainConstraint: internal,
  AT_AlterConstraint: misc(accessExclusive, alterConstraint),
  AT_ValidateConstraint: misc(shareUpdateExclusive, validateConstraint),
  AT_AddIndexConstraint: internal,
  AT_DropConstraint: at('drop', dropConstraint),
  AT_ReAddComment: internal,
  AT_AlterColumnType: at('alter type', alterColumnType),
  AT_AlterColumnGenericOptions: misc(accessExclusive, columnOption('set-column-options', false)),
  AT_ChangeOwner: misc(accessExclusive, changeOwner),
  AT_ClusterOn: misc(shareUpdateExclusive, clusterOn),
  AT_DropCluster: misc(shareUpdateExclusive, clusterOn),
  AT_SetLogged: misc(accessExclusive, setPersistence('permanent')),
  AT_SetUnLogged: misc(accessExclusive, setPersistence('unlogged')),
  AT_DropOids: misc(accessExclusive, tableOption('set-options')),
  AT_SetAccessMethod: misc(accessExclusive, setAccessMethod),
  AT_SetTableSpace: misc(accessExclusive, setTablespace),
  AT_SetRelOptions: { lock: optionsLock, pass: 'misc', run: setOptions },
  AT_ResetRelOptions: { lock: optionsLock, pass: 'misc', run: setOptions },
  AT_ReplaceRelOptions: internal,
  AT_EnableTrig: misc(shareRowExclusive, switchTrigger('enable-trigger')),
  AT_EnableAlwaysTrig: misc(shareRowExclusive, switchTrigger('enable-trigger')),
  AT_EnableReplicaTrig: misc(shareRowExclusive, switchTrigger('enable-trigger')),
  AT_DisableTrig: misc(shareRowExclusive, switchTrigger('disable-trigger')),
  AT_EnableTrigAll: misc(shareRowExclusive, switchTrigger('enable-trigger')),
  AT_DisableTrigAll: misc(shareRowExclusive, switchTrigger('disable-trigger')),
  AT_EnableTrigUser: misc(shareRowExclusive, switchTrigger('enable-trigger')),
  AT_DisableTrigUser: misc(shareRowExclusive, switchTrigger('disable-trigger')),
  AT_EnableRule: misc(accessExclusive, tableOption('alter-rule')),
  AT_EnableAlwaysRule: misc(accessExclusive, tableOption('alter-rule')),
  AT_EnableReplicaRule: misc(accessExclusive, tableOption('alter-rule')),
  AT_DisableRule: misc(accessExclusive, tableOption('alter-rule')),
  AT_AddInherit: misc(accessExclusive, addInherit),
  AT_DropInherit: misc(accessExclusive, dropInherit),
  AT_AddOf: misc(accessExclusive, ofType),
  AT_DropOf: misc(accessExclusive, notOfType),
  AT_ReplicaIdentity: misc(accessExclusive, replicaIdentity),
  AT_EnableRowSecurity: misc(accessExclusive, rowSecurity(true)),
  AT_DisableRowSecurity: misc(accessExclusive, rowSecurity(false)),
  AT_ForceRowSecurity: misc(accessExclusive, rowSecurity(null)),
  AT_NoForceRowSecurity: misc(accessExclusive, rowSecurity(null)),
  AT_GenericOptions: misc(accessExclusive, tableOption('set-options')),
  AT_AttachPartition: misc(shareUpdateExclusive, attachPartition),
  AT_DetachPartition: { lock: detachLock, pass: 'misc', run: detachPartition },
  AT_DetachPartitionFinalize: misc(shareUpdateExclusive, detachPartition),
  AT_AddIdentity: at('add constraint', addIdentity),
  AT_SetIdentity: misc(accessExclusive, setIdentity),
  AT_DropIdentity: at('drop', dropIdentity),
  AT_ReAddStatistics: internal,
}
