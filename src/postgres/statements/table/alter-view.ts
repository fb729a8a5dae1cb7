import type { AlterTableCmd } from '@pgsql/types'
import type { Backend } from '../../backend.ts'
import type { Oid } from '../../catalog/catalog.ts'
import type { Clause } from '../../grammar/clause.ts'
import { definitions, optionsLock } from './table-options.ts'

/** ALTER VIEW and ALTER SEQUENCE in the forms that the grammar turns into an ALTER TABLE. */
export function alterView(backend: Backend, oid: Oid, cmd: AlterTableCmd, clause: Clause): void {
  const relation = backend.get(oid)
  if (!relation) return
  if (
    relation.kind === 'sequence' &&
    !backend.since(15) &&
    (cmd.subtype === 'AT_SetLogged' || cmd.subtype === 'AT_SetUnLogged')
  ) {
    backend.fail('42809', `"${relation.name}" is not a table`)
  }
  // The sub-commands that a view allows. Source: ATSimplePermissions.
  const allowed: readonly (string | undefined)[] = [
    'AT_ColumnDefault',
    'AT_ChangeOwner',
    'AT_SetRelOptions',
    'AT_ResetRelOptions',
    'AT_ReplaceRelOptions',
    'AT_SetLogged',
    'AT_SetUnLogged',
  ]
  if (relation.kind === 'view' && !allowed.slice(0, 5).includes(cmd.subtype)) {
    backend.fail('42809', `"${relation.name}" is not a table`)
  }
  const kind = relation.kind === 'sequence' ? 'alter-sequence' : 'alter-view'
  const isOptions = cmd.subtype === 'AT_SetRelOptions' || cmd.subtype === 'AT_ResetRelOptions'
  const changed = isOptions ? definitions(cmd.def && 'List' in cmd.def ? cmd.def.List.items : undefined) : new Map()
  backend.operation({
    kind: isOptions ? 'set-options' : cmd.subtype === 'AT_ChangeOwner' ? 'change-owner' : kind,
    ...clause,
    subject: backend.subject(relation),
    detail: isOptions ? [...changed.keys()].join(', ') : cmd.name || null,
  })
  if (relation.kind === 'sequence' && relation.ownedBy && cmd.subtype === 'AT_ChangeOwner') {
    backend.fail('0A000', `cannot change owner of sequence "${relation.name}"`)
  }
  backend.lock(relation, isOptions ? optionsLock(cmd) : 'AccessExclusiveLock', 'it is altered')
}
