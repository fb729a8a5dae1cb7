import type { Execution } from '../migration/execution.ts'
import type { Statement } from '../parse/script.ts'
import type { Catalog, Oid } from './catalog/catalog.ts'
import type { Settings } from './catalog/setting.ts'
import type { Effect } from './effect.ts'
import type { HeldLocks } from './held.ts'
import type { Operation } from './operation.ts'

/** The transaction a statement runs in. */
export interface Transaction {
  /** A number over all migrations; null when the statement commits by itself or when this is unknown. */
  readonly id: number | null
  /**
   * - `explicit`: the file says BEGIN
   * - `runner`: the tool that runs migrations wraps the file
   * - `implicit`: the whole file is one message to the server, which makes it one transaction
   * - `autocommit`: each statement by itself
   * - `unknown`: it is not known how the file is run
   */
  readonly kind: 'explicit' | 'runner' | 'implicit' | 'autocommit' | 'unknown'
  /** Locks held from earlier statements of the transaction; empty for autocommit and unknown. */
  readonly held: HeldLocks
  /** Index of the step that opened it (BEGIN, or the first of a wrapped file). */
  readonly openedBy: number | null
  /** Tables with deferred foreign key checks that wait for COMMIT: ALTER TABLE, DROP and the like are refused there (55006). */
  readonly pendingEvents?: readonly Oid[]
  /** The names of the savepoints that exist, oldest first. */
  readonly savepoints?: readonly string[]
  /**
   * A transaction that is open when the migration ends is committed: the runner sends the COMMIT that belongs to its
   * own BEGIN.
   */
  readonly runnerCommits?: true
  /** For an unknown transaction: when there is one, as the end of a sentence. With an id, there is one in most runs. */
  readonly where?: string
}

/** One migration, in the order in which it is applied. */
export interface MigrationUnit {
  readonly path: string
  /** The messages that reach the server, in order: most systems send a file as one message, some split it. */
  readonly parts: readonly ExecutedPart[]
  /** Set on a migration that is not SQL: its effects are not known. For people: `it is written in TypeScript`. */
  readonly opaque?: string
}

/** A run of statements that reaches the server in one way. */
export interface ExecutedPart {
  readonly statements: readonly Statement[]
  readonly execution: Execution
  /** See Part in src/migration/migration.ts. */
  readonly apart?: true
  /** What is not read in it, or before it, in order of place. */
  readonly gaps?: readonly Gap[]
}

/** A place in a migration after which the database is not known, because something there is not read. */
export interface Gap {
  /** UTF-16 offset; -1 is before the migration. */
  readonly at: number
  /** A clause: `a template in {# … #} is not read`. */
  readonly why: string
  /** It leads to the database of this name; null: to an unknown one. */
  readonly database?: string | null
}

/** A failure that is not certain. */
export interface Unless {
  readonly sqlstate: string
  readonly message: string
  /** The condition under which the statement runs, a clause: `an earlier statement changed that (it is written in Go)`. */
  readonly condition: string
  /** Set when the condition is that it runs on this version, and nothing else. */
  readonly version?: number
}

/** One executed statement with everything that PostgreSQL would know about it. Rules read only steps. */
export interface Step {
  /** Position over all migrations. */
  readonly index: number
  /** Position of the migration in the order of application. */
  readonly migration: number
  readonly statement: Statement
  readonly operations: readonly Operation[]
  /** All effects, one per relation (merged over the operations). */
  readonly effects: readonly Effect[]
  /** Set when the statement certainly fails: it then has no effects and changes nothing. */
  readonly error: { readonly sqlstate: string; readonly message: string } | null
  /**
   * Set when the statement fails unless something differs from what the migrations say. Its effects are then those that
   * it has in that case.
   */
  readonly unless: Unless | null
  /** Why the statement's effects are not known, or null. */
  readonly opaque: string | null
  /** Set when PostgreSQL refuses the command in a transaction block (25001), and this is one, or may be one: the command. */
  readonly refusedInTransaction?: string
  /** Set when it may fire a trigger of this name of which not everything is known that it does. */
  readonly unreadTrigger?: string
  readonly transaction: Transaction
  readonly settings: Settings
  readonly before: Catalog
  readonly after: Catalog
}
