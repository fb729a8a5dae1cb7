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
import { addInherit, attachPartition, detachPartition, dropInherit } from './partition.ts'
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

const exclusive = 'AccessExclusiveLock'
const updateExclusive = 'ShareUpdateExclusiveLock'
const rowExclusive = 'ShareRowExclusiveLock'

/** A foreign key leaves readers alone; every other constraint does not. */
function constraintLock(cmd: AlterTableCmd): LockMode {
  return cmd.def && 'Constraint' in cmd.def && cmd.def.Constraint.contype === 'CONSTR_FOREIGN'
    ? rowExclusive
    : exclusive
}

function constraintPass(cmd: AlterTableCmd): Pass {
  const kind = cmd.def && 'Constraint' in cmd.def ? cmd.def.Constraint.contype : undefined
  return kind === 'CONSTR_PRIMARY' || kind === 'CONSTR_UNIQUE' || kind === 'CONSTR_EXCLUSION'
    ? 'add index'
    : 'add constraint'
}

function detachLock(cmd: AlterTableCmd): LockMode {
  const concurrently = cmd.def && 'PartitionCmd' in cmd.def && cmd.def.PartitionCmd.concurrent
  return concurrently ? updateExclusive : exclusive
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
const at = (pass: Subcommand['pass'], run: Subcommand['run'], lock: Subcommand['lock'] = exclusive): Subcommand => ({
  lock,
  pass,
  run,
})

/** Never written by a user: PostgreSQL makes these for itself while it runs an ALTER TABLE. */
const internal = misc(exclusive, tableOption('set-options'))

/**
 * Every sub-command of ALTER TABLE in the grammar of PostgreSQL 18: its lock, its pass, what it does.
 * Locks: AlterTableGetLockLevel in tablecmds.c, checked on all supported versions.
 */
export const subcommands: Subcommands = {
  AT_AddColumn: at('add column', addColumn),
  AT_AddColumnToView: internal,
  AT_ColumnDefault: { lock: exclusive, pass: cmd => (cmd.def ? 'add constraint' : 'drop'), run: setDefault },
  AT_CookedColumnDefault: internal,
  AT_DropNotNull: at('drop', dropNotNull),
  AT_SetNotNull: at('column attributes', setNotNull),
  AT_SetExpression: at('set expression', setExpression),
  AT_DropExpression: at('drop', dropExpression),
  AT_SetStatistics: misc(updateExclusive, columnOption('set-statistics', true)),
  AT_SetOptions: misc(updateExclusive, columnOption('set-column-options', false)),
  AT_ResetOptions: misc(updateExclusive, columnOption('set-column-options', false)),
  AT_SetStorage: misc(exclusive, storageOption('set-storage', true)),
  AT_SetCompression: misc(exclusive, storageOption('set-compression', false)),
  AT_DropColumn: at('drop', dropColumn),
  AT_AddIndex: internal,
  AT_ReAddIndex: internal,
  AT_AddConstraint: { lock: constraintLock, pass: constraintPass, run: addTableConstraint },
  AT_ReAddConstraint: internal,
  AT_ReAddDomainConstraint: internal,
  AT_AlterConstraint: misc(exclusive, alterConstraint),
  AT_ValidateConstraint: misc(updateExclusive, validateConstraint),
  AT_AddIndexConstraint: internal,
  AT_DropConstraint: at('drop', dropConstraint),
  AT_ReAddComment: internal,
  AT_AlterColumnType: at('alter type', alterColumnType),
  AT_AlterColumnGenericOptions: misc(exclusive, columnOption('set-column-options', false)),
  AT_ChangeOwner: misc(exclusive, changeOwner),
  AT_ClusterOn: misc(updateExclusive, clusterOn),
  AT_DropCluster: misc(updateExclusive, clusterOn),
  AT_SetLogged: misc(exclusive, setPersistence('permanent')),
  AT_SetUnLogged: misc(exclusive, setPersistence('unlogged')),
  AT_DropOids: misc(exclusive, tableOption('set-options')),
  AT_SetAccessMethod: misc(exclusive, setAccessMethod),
  AT_SetTableSpace: misc(exclusive, setTablespace),
  AT_SetRelOptions: { lock: optionsLock, pass: 'misc', run: setOptions },
  AT_ResetRelOptions: { lock: optionsLock, pass: 'misc', run: setOptions },
  AT_ReplaceRelOptions: internal,
  AT_EnableTrig: misc(rowExclusive, switchTrigger('enable-trigger')),
  AT_EnableAlwaysTrig: misc(rowExclusive, switchTrigger('enable-trigger')),
  AT_EnableReplicaTrig: misc(rowExclusive, switchTrigger('enable-trigger')),
  AT_DisableTrig: misc(rowExclusive, switchTrigger('disable-trigger')),
  AT_EnableTrigAll: misc(rowExclusive, switchTrigger('enable-trigger')),
  AT_DisableTrigAll: misc(rowExclusive, switchTrigger('disable-trigger')),
  AT_EnableTrigUser: misc(rowExclusive, switchTrigger('enable-trigger')),
  AT_DisableTrigUser: misc(rowExclusive, switchTrigger('disable-trigger')),
  AT_EnableRule: misc(exclusive, tableOption('alter-rule')),
  AT_EnableAlwaysRule: misc(exclusive, tableOption('alter-rule')),
  AT_EnableReplicaRule: misc(exclusive, tableOption('alter-rule')),
  AT_DisableRule: misc(exclusive, tableOption('alter-rule')),
  AT_AddInherit: misc(exclusive, addInherit),
  AT_DropInherit: misc(exclusive, dropInherit),
  AT_AddOf: misc(exclusive, ofType),
  AT_DropOf: misc(exclusive, notOfType),
  AT_ReplicaIdentity: misc(exclusive, replicaIdentity),
  AT_EnableRowSecurity: misc(exclusive, rowSecurity(true)),
  AT_DisableRowSecurity: misc(exclusive, rowSecurity(false)),
  AT_ForceRowSecurity: misc(exclusive, rowSecurity(null)),
  AT_NoForceRowSecurity: misc(exclusive, rowSecurity(null)),
  AT_GenericOptions: misc(exclusive, tableOption('set-options')),
  AT_AttachPartition: misc(updateExclusive, attachPartition),
  AT_DetachPartition: { lock: detachLock, pass: 'misc', run: detachPartition },
  AT_DetachPartitionFinalize: misc(updateExclusive, detachPartition),
  AT_AddIdentity: at('add constraint', addIdentity),
  AT_SetIdentity: misc(exclusive, setIdentity),
  AT_DropIdentity: at('drop', dropIdentity),
  AT_ReAddStatistics: internal,
}
