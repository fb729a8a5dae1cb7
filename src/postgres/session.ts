import type { TransactionStmt } from '@pgsql/types'
import type { Execution } from '../migration/execution.ts'
import type { Catalog, Oid } from './catalog/catalog.ts'
import type { Settings } from './catalog/setting.ts'
import type { Effect } from './effect.ts'
import { strongest } from './lock.ts'
import { applySetting, type SettingChange } from './settings.ts'
import type { HeldLock, Transaction } from './step.ts'

/** What ROLLBACK goes back to. */
interface Restore {
  readonly catalog: Catalog
  readonly settings: Settings
  readonly held: readonly HeldLock[]
}

/**
 * One connection to the server: the catalog it sees, its settings, and the transaction it is in. Immutable: every method
 * gives the next state. Source: manual, "Transactions", BEGIN, COMMIT, SAVEPOINT, SET; protocol-flow.sgml for what a
 * simple query with several statements does ("Multiple Statements in a Simple Query").
 */
export interface Session {
  readonly catalog: Catalog
  readonly settings: Settings
  readonly transaction: Transaction
  /** State when the transaction began; null outside one. */
  readonly began: Restore | null
  readonly savepoints: readonly { readonly name: string; readonly restore: Restore }[]
  /** What the connection falls back to when a transaction ends. */
  readonly idle: Transaction['kind']
  readonly nextTransaction: number
}

export const outside = (kind: Transaction['kind']): Transaction => ({ id: null, kind, held: [], openedBy: null })

/** A transaction block that the session is certainly in. */
export function isInBlock(transaction: Transaction): boolean {
  return transaction.kind === 'explicit' || transaction.kind === 'runner' || transaction.kind === 'implicit'
}

/** Where a part of a migration begins. */
interface PartStart {
  /** How many statements it has. */
  readonly statements: number
  /** Index of its first step. */
  readonly step: number
  /** False for the later parts of a file, which run on the connection of the first. */
  readonly isFirst: boolean
  /** The part before it has the very same execution: a runner's transaction goes around both. */
  readonly continues: boolean
}

/** How the session stands when a migration, or a further part of one, starts. */
export function startPart(session: Session, execution: Execution, part: PartStart): Session {
  const { statements, step, isFirst, continues } = part
  if (execution.spansFiles && session.transaction.kind === 'runner') return session
  // Nor does the end of a message end a transaction block that was begun explicitly.
  if (continues && (execution.inTransaction === true || session.transaction.kind === 'explicit')) return session
  // A new file is a new connection, as far as anybody knows: what was SET before is gone, an open transaction is over.
  const before = isFirst
    ? { ...session, settings: new Map() }
    : isInBlock(session.transaction)
      ? close(session, true, step)
      : session
  const fresh: Session = { ...before, savepoints: [], began: null, transaction: outside('autocommit') }
  // One statement alone is no transaction block even when the part is sent as one message.
  const implicit = execution.singleMessage && statements > 1
  const idle = implicit ? 'implicit' : execution.inTransaction === 'unknown' ? 'unknown' : 'autocommit'
  const waiting = { ...fresh, idle, transaction: outside(idle) } as const
  if (execution.inTransaction === true) return open(waiting, 'runner', step)
  return implicit ? open(waiting, 'implicit', step) : waiting
}

function open(session: Session, kind: 'explicit' | 'runner' | 'implicit', step: number): Session {
  return {
    ...session,
    transaction: { id: session.nextTransaction, kind, held: [], openedBy: step },
    nextTransaction: session.nextTransaction + 1,
    began: { catalog: session.catalog, settings: session.settings, held: [] },
    savepoints: [],
  }
}

/** A transaction around one statement that is several: a DO block outside any transaction. */
export function openForBody(session: Session, step: number): Session {
  return isInBlock(session.transaction) ? session : open(session, 'implicit', step)
}

/** Ends the transaction, keeping its work or not. SET LOCAL ends with it; a ROLLBACK undoes SET as well. */
function close(session: Session, keep: boolean, step: number): Session {
  const source = keep || !session.began ? session : session.began
  const settings = new Map([...source.settings].filter(([, setting]) => !setting.local))
  const closed: Session = {
    ...session,
    catalog: source.catalog,
    settings,
    began: null,
    savepoints: [],
    transaction: outside(session.idle),
  }
  return session.idle === 'implicit' ? open(closed, 'implicit', step) : closed
}

/** Ends what `openForBody` opened. */
export function closeBody(session: Session, before: Session): Session {
  if (isInBlock(before.transaction)) return session
  return {
    ...close({ ...session, idle: before.idle === 'implicit' ? 'autocommit' : before.idle }, true, 0),
    idle: before.idle,
  }
}

/** BEGIN, COMMIT, ROLLBACK and the savepoint commands. */
export function control(session: Session, node: TransactionStmt, step: number): Session {
  switch (node.kind) {
    case 'TRANS_STMT_BEGIN':
    case 'TRANS_STMT_START':
      if (session.transaction.kind === 'explicit' || session.transaction.kind === 'runner') return session
      // BEGIN turns an implicit transaction into an explicit one, with all that went before in the same message.
      if (session.transaction.kind === 'implicit') {
        return { ...session, transaction: { ...session.transaction, kind: 'explicit' } }
      }
      return open(session, 'explicit', step)
    case 'TRANS_STMT_COMMIT':
    case 'TRANS_STMT_ROLLBACK':
    case 'TRANS_STMT_PREPARE': {
      if (!isInBlock(session.transaction)) return session
      const closed = close(session, node.kind !== 'TRANS_STMT_ROLLBACK', step)
      return node.chain ? open(closed, 'explicit', step) : closed
    }
    case 'TRANS_STMT_SAVEPOINT':
      return named(session, [
        ...session.savepoints,
        { name: node.savepoint_name ?? '', restore: restorePoint(session) },
      ])
    case 'TRANS_STMT_RELEASE': {
      const at = session.savepoints.findLastIndex(savepoint => savepoint.name === node.savepoint_name)
      return at < 0 ? session : named(session, session.savepoints.slice(0, at))
    }
    case 'TRANS_STMT_ROLLBACK_TO': {
      const at = session.savepoints.findLastIndex(savepoint => savepoint.name === node.savepoint_name)
      const savepoint = session.savepoints[at]
      if (!savepoint) return session
      // Locks taken after the savepoint are released (manual, "Explicit Locking").
      return {
        ...session,
        catalog: savepoint.restore.catalog,
        settings: savepoint.restore.settings,
        transaction: { ...session.transaction, held: savepoint.restore.held },
        savepoints: session.savepoints.slice(0, at + 1),
      }
    }
    default:
      return session
  }
}

/** The session with these savepoints, and the transaction that tells their names. */
function named(session: Session, savepoints: Session['savepoints']): Session {
  return {
    ...session,
    savepoints,
    transaction: { ...session.transaction, savepoints: savepoints.map(({ name }) => name) },
  }
}

function restorePoint(session: Session): Restore {
  return { catalog: session.catalog, settings: session.settings, held: session.transaction.held }
}

/** SET and its kin. Whether SET LOCAL takes effect is not known when the transaction is not: then it is taken to. */
export function setting(session: Session, change: SettingChange, step: number): Session {
  const inTransaction = isInBlock(session.transaction) || session.transaction.kind === 'unknown'
  return { ...session, settings: applySetting(session.settings, change, inTransaction, step) }
}

interface Held {
  readonly effects: readonly Effect[]
  readonly pendingEvents: readonly Oid[]
}

/** The locks that a statement took stay until its transaction ends, and so do the checks that it put off. */
export function hold(before: Session, { effects, pendingEvents }: Held, step: number): Session {
  if (before.transaction.id === null) return before
  const session = { ...before, transaction: { ...before.transaction, pendingEvents } }
  const taken = effects.filter(effect => effect.lock !== null && effect.exposed)
  if (taken.length === 0) return session
  const held = new Map(session.transaction.held.map(lock => [lock.oid, lock]))
  for (const { oid, kind, relation, lock, exposed } of taken) {
    const before = held.get(oid)
    const mode = strongest(before?.mode ?? null, lock)
    if (!mode || mode === before?.mode) continue
    // Others know it by its first name until this transaction ends.
    held.set(oid, { oid, kind, relation: before?.relation ?? relation, mode, exposed, takenBy: step })
  }
  return { ...session, transaction: { ...session.transaction, held: [...held.values()] } }
}
