import type { ReportedFinding } from '../../lint/report.ts'
import type { Source, StatementKind } from '../../parse/script.ts'
import type { Span } from '../../parse/span.ts'
import type { RelationKind } from '../../postgres/catalog/catalog.ts'
import type { LockMode } from '../../postgres/lock.ts'
import type { Style } from '../reporter.ts'

/** What a server did when migrations ran on it. */
export interface Trace {
  /** For people: `PGlite, PostgreSQL 18.3`. */
  readonly server: string
  readonly files: readonly (TracedFile & { readonly source: Source; readonly findings: readonly ReportedFinding[] })[]
  /** The number of statements and unread places in migrations before those asked for that did not run. */
  readonly earlierNotRun: number
  /** The statements with which projects ended before their time. `isDown`: a migration that was to be taken back. */
  readonly failures: readonly { readonly path: string; readonly isDown: boolean }[]
  /** The migrations that were to be taken back and were not: the last one, how many, and why, a clause. */
  readonly notTakenBack: readonly NotTakenBack[]
}

export interface NotTakenBack {
  readonly path: string
  readonly count: number
  readonly why: string
}

export interface TracedFile {
  readonly path: string
  /** Of a down migration: what it leaves. */
  readonly takenBack?: TakenBack
  readonly statements: readonly TracedStatement[]
  /** The number of places in it that were not read, and so did not run. */
  readonly unread: number
}

/** The database after a down migration, compared with the one before the migration that it takes back. */
export interface TakenBack {
  /** The path of that migration. */
  readonly migration: string
  /** Why nothing was compared, a clause; null: it was. */
  readonly notCompared: string | null
  /** Those that no down migration before it has left. */
  readonly leaves: readonly CatalogChange[]
}

export interface CatalogChange {
  /** As PostgreSQL describes it: `column note of table public.orders`. */
  readonly what: string
  /** How it was defined; null: there was no such thing. */
  readonly before: string | null
  /** How it is defined; null: it is gone. */
  readonly after: string | null
}

export interface TracedStatement {
  /** Its place in the file. */
  readonly span: Span
  /** What was sent. */
  readonly text: string
  readonly kind: StatementKind
  /** Statements with the same number ran in one transaction. */
  readonly transaction: number | null
  /** It ends a part of its transaction, and with it the locks that are missing afterwards. */
  readonly givesBack: boolean
  /** Why it was not sent, a clause. */
  readonly notSent: string | null
  readonly seen: Seen | null
  readonly differences: readonly Difference[]
  /** What it changed in the catalog, if that was asked for. */
  readonly changes?: readonly CatalogChange[]
}

/** `sampled`: locks that it held for a moment only may be missing. `none`: it ran by itself on a server with one session. */
export const locksSeen = ['all', 'sampled', 'none'] as const
type LocksSeen = (typeof locksSeen)[number]

/** `tried`: another session has tried to read and to write each table. `derived`: it is what the locks mean. */
export const waitsKnown = ['tried', 'derived'] as const
type WaitsKnown = (typeof waitsKnown)[number]

export interface Waits {
  readonly reads: boolean
  readonly writes: boolean
}

/** What the server did with one statement. */
export interface Seen {
  readonly milliseconds: number
  readonly refused: { readonly sqlstate: string; readonly message: string; readonly detail: string | null } | null
  /** Those that were there before. */
  readonly relations: readonly SeenRelation[]
  readonly locksSeen: LocksSeen
  readonly waits: WaitsKnown
}

export interface SeenRelation {
  readonly relation: string
  /** Its number on the server, which stays when its name changes. */
  readonly oid: string
  readonly kind: RelationKind
  /** The strongest lock that the transaction has on it after the statement. */
  readonly lock: LockMode | null
  /** The statement took it, or made it stronger. */
  readonly isTaken: boolean
  /** Nobody else sees it: it is temporary, or the same transaction has created it. */
  readonly isOwn: boolean
  /**
   * Who of others has to wait at it after the statement: a query, and a statement that writes. Of what is not a table, nobody asks. A table may
   * make them wait by a lock on its index or on a partition of it.
   */
  readonly waiting: Waits
  /** Who has to wait by what the locks on it, on its indexes and on what is below it mean. */
  readonly meant: Waits
  /** It got a new file. */
  readonly work: 'none' | 'rewrite' | 'rebuild'
  /** The rows that were read in scans of the whole relation. */
  readonly read: number
}

/** Something that the server did and the model does not say, or the other way round. */
export type Difference =
  | { readonly kind: 'refused' | 'accepted'; readonly sqlstate: string }
  | {
      readonly kind: 'lock'
      readonly relation: string
      readonly predicted: LockMode | null
      readonly seen: LockMode | null
    }
  | { readonly kind: 'work'; readonly relation: string; readonly predicted: boolean }
  | { readonly kind: 'waiting'; readonly relation: string; readonly predicted: Waits; readonly seen: Waits }

export const differenceKinds: readonly Difference['kind'][] = ['refused', 'accepted', 'lock', 'work', 'waiting']

export type TraceReporter = (trace: Trace, style: Style) => string
