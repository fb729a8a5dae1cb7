import type { TransactionStmt } from '@pgsql/types'
import type { Execution } from '../migration/execution.ts'
import type { Catalog } from './catalog/catalog.ts'
import { afterUnknown } from './catalog/doubt.ts'
import type { Settings } from './catalog/setting.ts'
import { HeldLocks } from './held.ts'
import type { Outcome } from './outcome.ts'
import { applySetting, type SettingChange } from './settings.ts'
import type { Transaction } from './step.ts'

/** The state that ROLLBACK returns to. */
interface Restore {
  readonly catalog: Catalog
  readonly settings: Settings
  readonly held: HeldLocks
  /** The state after ROLLBACK, if it differs from the one before: other migrations of the run may be undone with it. */
  readonly undone?: Catalog
}

/**
 * The databases of a history, by the words that follow `\connect` of psql: each has a catalog of its own. Without them, a table made in one
 * database counts as new in another one, where a table of that name may be full of rows.
 */
export interface Databases {
  /** In which each file begins; `first`, until a file leads to one that is taken for it. */
  readonly home: string
  /** Where the session is; null: unknown, and never the same place again. */
  readonly here: string | null
  readonly others: ReadonlyMap<string, Catalog>
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
  /** The settings that apply again when a transaction ends. */
  readonly idle: Transaction['kind']
  /** How the runner sends the statements of its transaction; null when no COMMIT of its own follows. */
  readonly scope: Execution | null
  readonly nextTransaction: number
  readonly databases: Databases
}

export const outside = (kind: Transaction['kind']): Transaction => ({
  id: null,
  kind,
  held: HeldLocks.none,
  openedBy: null,
})

/** A transaction block that the session is certainly in. */
export function isInBlock(transaction: Transaction): boolean {
  return transaction.kind === 'explicit' || transaction.kind === 'runner' || transaction.kind === 'implicit'
}

/** The place where a part of a migration begins. */
interface PartStart {
  /** How many statements it has. */
  readonly statements: number
  /** Index of its first step. */
  readonly step: number
  /** False for the later parts of a file, which run on the connection of the first. */
  readonly isFirst: boolean
  /** The runner has ended its transaction before this part. */
  readonly isApart: boolean
}

/** The state of the session when a migration, or a further part of one, starts. */
export function startPart(session: Session, execution: Execution, part: PartStart): Session {
  // One statement alone is not a transaction block, even when the part is sent as one message.
  const implicit = execution.singleMessage && part.statements > 1
  const idle = implicit ? 'implicit' : execution.inTransaction === 'unknown' ? 'unknown' : 'autocommit'
  // The end of a message ends the transaction that the message makes.
  const { isFirst, step } = part
  const next = session.transaction.kind === 'implicit' ? ended(session, true) : session
  if (isAround(session.scope, execution, part)) return goOn({ ...next, idle }, part)
  // It does not end a transaction block that began explicitly.
  if (!isFirst && next.transaction.kind === 'explicit' && execution.inTransaction !== true && next.scope === null) {
    return { ...next, idle }
  }
  // A new file counts as a new connection: its settings are the defaults, and no transaction is open.
  const before = isFirst ? { ...next, settings: new Map() } : isInBlock(next.transaction) ? ended(next, true) : next
  const scope = execution.inTransaction === true ? execution : null
  const where = execution.where === undefined ? {} : { where: execution.where }
  const waiting: Session = {
    ...before,
    savepoints: [],
    began: null,
    idle,
    scope,
    transaction: { ...outside(idle), ...where },
  }
  if (scope) return open(waiting, 'runner', step)
  return implicit ? open(waiting, 'implicit', step) : waiting
}

/** True if the runner's transaction, once opened, also covers this part: its COMMIT is still to come. */
function isAround(scope: Session['scope'], execution: Execution, { isFirst, isApart }: PartStart): boolean {
  if (scope === null || execution.inTransaction !== true) return false
  return isFirst ? scope.spansFiles && execution.spansFiles : !isApart
}

/**
 * The next part of what the runner has put into one transaction. Earlier parts may have ended that transaction, or
 * begun another.
 */
function goOn(before: Session, { isFirst, step }: PartStart): Session {
  const session = isFirst ? anotherFile(before) : before
  const { kind, id } = session.transaction
  if (kind === 'runner' || kind === 'explicit') return session
  // It is not known which migrations run together. Each of them has the runner's transaction.
  if (isFirst) return session.idle === 'implicit' ? open(session, 'implicit', step) : open(session, 'unknown', step)
  if (id !== null) return session
  return session.idle === 'implicit' ? open(session, 'implicit', step) : { ...session, transaction: outsideIn(session) }
}

/** A ROLLBACK undoes the migrations of the same run, and it is not known which ones these are. */
function anotherFile(session: Session): Session {
  const { began, catalog, settings } = session
  if (began === null) return session
  const undone = afterUnknown(catalog, 'ROLLBACK undoes the migrations of the same run, too', null)
  return { ...session, began: { ...began, undone, settings } }
}

function open(session: Session, kind: 'explicit' | 'runner' | 'implicit' | 'unknown', step: number): Session {
  const where = 'unless a migration of the same run has ended the transaction'
  return {
    ...session,
    transaction: {
      ...outsideIn(session),
      id: session.nextTransaction,
      kind,
      openedBy: step,
      ...(kind === 'unknown' && { where }),
    },
    nextTransaction: session.nextTransaction + 1,
    began: { catalog: session.catalog, settings: session.settings, held: HeldLocks.none },
    savepoints: [],
  }
}

/** Outside any transaction, as far as the text shows. */
function outsideIn({ idle, scope, transaction: { where } }: Session): Transaction {
  return {
    id: null,
    kind: idle,
    held: HeldLocks.none,
    openedBy: null,
    ...(scope && { runnerCommits: true }),
    ...(idle === 'unknown' && where !== undefined && { where }),
  }
}

/** A transaction around one statement that consists of several: a DO block outside any transaction. */
export function openForBody(session: Session, step: number): Session {
  return isInBlock(session.transaction) ? session : open(session, 'implicit', step)
}

/** Ends the transaction and keeps its work or not. SET LOCAL ends with it; a ROLLBACK undoes SET as well. */
export function ended(session: Session, keep: boolean): Session {
  const source =
    keep || !session.began ? session : { ...session.began, catalog: session.began.undone ?? session.began.catalog }
  const settings = new Map([...source.settings].filter(([, setting]) => !setting.local))
  return {
    ...session,
    catalog: source.catalog,
    settings,
    began: null,
    savepoints: [],
    transaction: outsideIn(session),
  }
}

/** The same, caused by a statement: the rest of a message is a transaction again, and some drivers begin another one. */
function close(session: Session, keep: boolean, step: number): Session {
  const closed = ended(session, keep)
  if (session.scope?.beginsAgain) return open(closed, 'runner', step)
  return session.idle === 'implicit' ? open(closed, 'implicit', step) : closed
}

/** Ends what `openForBody` opened. */
export function closeBody(session: Session, before: Session): Session {
  if (isInBlock(before.transaction)) return session
  const { transaction, began, savepoints } = before
  const held =
    transaction.id === null ? HeldLocks.none : HeldLocks.of([...transaction.held, ...session.transaction.held])
  return { ...ended(session, true), transaction: { ...transaction, held }, began, savepoints }
}

/** BEGIN, COMMIT, ROLLBACK and the savepoint commands. */
export function control(session: Session, node: TransactionStmt, step: number): Session {
  switch (node.kind) {
    case 'TRANS_STMT_BEGIN':
    case 'TRANS_STMT_START':
      if (session.scope?.beginsAgain && session.transaction.kind === 'runner')
        return keptTogether(session, session.scope)
      if (session.transaction.kind === 'explicit' || session.transaction.kind === 'runner') return session
      // BEGIN turns an implicit transaction into an explicit one, together with everything before it in the same
      // message.
      if (session.transaction.kind === 'implicit') {
        return { ...session, transaction: { ...session.transaction, kind: 'explicit' } }
      }
      return open(session, 'explicit', step)
    case 'TRANS_STMT_COMMIT':
    case 'TRANS_STMT_ROLLBACK':
    case 'TRANS_STMT_PREPARE': {
      if (session.transaction.id === null) return session
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
      const savepoint = session.savepoints[at]
      if (!savepoint) return session
      return named(withReadOnlyOf(session, savepoint.restore), session.savepoints.slice(0, at))
    }
    case 'TRANS_STMT_ROLLBACK_TO': {
      const at = session.savepoints.findLastIndex(savepoint => savepoint.name === node.savepoint_name)
      const savepoint = session.savepoints[at]
      if (!savepoint) return session
      // Locks taken after the savepoint are released (manual, "Explicit Locking").
      const restored = {
        ...session,
        catalog: savepoint.restore.catalog,
        settings: savepoint.restore.settings,
        transaction: { ...session.transaction, held: savepoint.restore.held },
      }
      return named(restored, session.savepoints.slice(0, at + 1))
    }
    default:
      return session
  }
}

/** READ ONLY ends with the subtransaction that sets it (CommitSubTransaction in xact.c). */
function withReadOnlyOf(session: Session, { settings: before }: Restore): Session {
  const settings = new Map(session.settings)
  const known = before.get('transaction_read_only')
  if (known) settings.set('transaction_read_only', known)
  else settings.delete('transaction_read_only')
  return { ...session, settings }
}

/**
 * Liquibase keeps the statements after a BEGIN together, so its driver may not begin again after the COMMIT that
 * belongs to it.
 */
function keptTogether(session: Session, { beginsAgain: _, ...scope }: Execution): Session {
  return { ...session, idle: 'unknown', scope }
}

/** The session with these savepoints, and the transaction with their names. */
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

/**
 * SET and the like. If the transaction is not known, it is not known either whether SET LOCAL takes effect: then it is
 * assumed to.
 */
export function setting(session: Session, change: SettingChange, step: number): Session {
  const inTransaction = isInBlock(session.transaction) || session.transaction.kind === 'unknown'
  return { ...session, settings: applySetting(session.settings, change, inTransaction, step) }
}

/** The session after a statement. The locks that it took, and the checks that it deferred, stay until its transaction ends. */
export function afterStatement(session: Session, outcome: Outcome, step: number): Session {
  const { transaction } = session
  const { after: catalog, effects, pendingEvents } = outcome
  if (transaction.id === null) return { ...session, catalog }
  return {
    ...session,
    catalog,
    transaction: { ...transaction, pendingEvents, held: transaction.held.after(effects, step) },
  }
}
