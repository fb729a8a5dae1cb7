import type { Backend } from './backend.ts'
import { isTable } from './catalog/relation.ts'
import type { Settings } from './catalog/setting.ts'
import { isInBlock } from './session.ts'
import type { Transaction } from './step.ts'

/**
 * What PostgreSQL refuses in a READ ONLY transaction (25006). Sources: ClassifyUtilityCommandAsReadOnly in utility.c, ExecCheckXactReadOnly
 * in execMain.c, DoCopy in copy.c, nextval_internal in sequence.c.
 */

/** Commands that are not refused before they run. Those that read and write rows are refused for the relations that they write. */
const allowed: ReadonlySet<string> = new Set([
  'AlterSystemStmt',
  'CallStmt',
  'CheckPointStmt',
  'ClosePortalStmt',
  'ClusterStmt',
  'ConstraintsSetStmt',
  'CopyStmt',
  'DeallocateStmt',
  'DeclareCursorStmt',
  'DeleteStmt',
  'DiscardStmt',
  'DoStmt',
  'ExecuteStmt',
  'ExplainStmt',
  'FetchStmt',
  'InsertStmt',
  'ListenStmt',
  'LoadStmt',
  'LockStmt',
  'MergeStmt',
  'NotifyStmt',
  'PrepareStmt',
  'ReindexStmt',
  'SelectStmt',
  'TransactionStmt',
  'UnlistenStmt',
  'UpdateStmt',
  'VacuumStmt',
  'VariableSetStmt',
  'VariableShowStmt',
])

/** Refuses a command that changes the catalog. PostgreSQL looks at nothing else before. */
export function refuseCommand(backend: Backend): void {
  const { kind, node } = backend.statement
  const makesTable = kind === 'SelectStmt' && 'intoClause' in node
  if (!isReadOnly(backend.settings, backend.transaction) || (allowed.has(kind) && !makesTable)) return
  refuse(backend, makesTable ? 'SELECT INTO' : wordsOf(backend))
}

/** Refuses a command that has locked rows or has written to a relation, unless that is a temporary one. */
export function refuseWrites(backend: Backend): void {
  const { kind } = backend.statement
  if (!writing.has(kind) || !isReadOnly(backend.settings, backend.transaction)) return
  const isWritten = backend.result().effects.some(({ oid, lock, certain }) => {
    const relation = backend.get(oid)
    if (!certain || !relation || relation.persistence === 'temporary') return false
    // Of the rows that a foreign key looks up, nothing is said to be locked before something else is written.
    return lock === 'RowExclusiveLock' || (lock === 'RowShareLock' && isTable(relation))
  })
  if (isWritten) refuse(backend, wordsOf(backend))
}

const writing: ReadonlySet<string> = new Set([
  'CopyStmt',
  'DeleteStmt',
  'InsertStmt',
  'MergeStmt',
  'SelectStmt',
  'UpdateStmt',
])

/** The words that name the statement, in capitals. */
function wordsOf({ statement: { text, span, keyword } }: Backend): string {
  return text
    .slice(keyword[0] - span[0], keyword[1] - span[0])
    .replace(/\s+/g, ' ')
    .toUpperCase()
}

function refuse(backend: Backend, command: string): never {
  return backend.fail('25006', `cannot execute ${command} in a read-only transaction`)
}

/** True if the transaction is certainly READ ONLY: by its own word, or by the default at its begin. */
function isReadOnly(settings: Settings, transaction: Transaction): boolean {
  if (transaction.kind === 'unknown') return false
  const own = settings.get('transaction_read_only')
  if (own && isInBlock(transaction)) return isOn(own.value)
  const usual = settings.get('default_transaction_read_only')
  if (!usual || !isOn(usual.value) || usual.setBy === null) return false
  return transaction.openedBy === null || usual.setBy < transaction.openedBy
}

/** Any beginning of the words is a value (parse_bool in bool.c). */
function isOn(value: string | null): boolean {
  const word = value?.trim().toLowerCase() ?? ''
  return word !== '' && (['on', '1'].includes(word) || 'true'.startsWith(word) || 'yes'.startsWith(word))
}
