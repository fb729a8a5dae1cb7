import type { EditKind, Outcome } from './change.ts'

/** One database's record of the migrations of a project, next to the files. */
export interface ProjectStatus {
  /** For people: `Flyway`. */
  readonly system: string
  /** The folder of the migrations. */
  readonly directory: string
  /**
   * The table that was read, with its schema. Null: there is no such table, so nothing has been applied, unless a table
   * was passed over.
   */
  readonly table: string | null
  /** The usual names of such a table, and the places where it was looked for, for people. */
  readonly sought: string
  /** Candidate tables that were not read. If there are any, it is not known what is applied, and all lists are empty. */
  readonly passedOver: readonly PassedOver[]
  /** The part of each file that was recorded, for people: `its SHA-256`. Null: nothing that would show an edit. */
  readonly comparedBy: string | null
  /** In the order of application; edited ones are among them. */
  readonly applied: readonly AppliedMigration[]
  readonly edited: readonly EditedMigration[]
  /** In the order in which they will run. */
  readonly pending: readonly PendingMigration[]
  readonly missing: readonly MissingMigration[]
  readonly failed: readonly FailedMigration[]
  /** Facts that people should know, one sentence each. */
  readonly notices: readonly string[]
}

/** A table that was not read because reading it could run other people's code, would hide something, or would never end. */
export interface PassedOver {
  /** With its schema. */
  readonly table: string
  /** A clause that follows its name. */
  readonly reason: string
}

/** A migration in the terms of its system. */
interface Recorded {
  /** The system's record of the migration: a version, a file name. */
  readonly id: string
  /** As PostgreSQL prints it, in UTC where the column has a time zone; null: not recorded. */
  readonly at: string | null
}

export interface AppliedMigration extends Recorded {
  readonly path: string
  /** False when nothing was recorded that the file could be compared with. */
  readonly compared: boolean
}

/**
 * The difference. `name`: the system's name for the migration differs; `unknown`: only the checksum shows that
 * something does.
 */
export type Difference = EditKind | 'name' | 'unknown'

export interface EditedMigration extends Recorded {
  readonly path: string
  readonly difference: Difference
  /** Where the applied text is found; null: in none of the searched commits. */
  readonly appliedText: { readonly commit: string; readonly date: string } | null
  readonly outcome: Outcome
}

export interface PendingMigration {
  readonly id: string
  readonly path: string
  /** Set if the migration is sorted before an applied one: what the tool does then. */
  readonly late: Outcome | null
  /** It ran before, and runs again because it changed. */
  readonly again: boolean
}

export interface MissingMigration extends Recorded {
  readonly outcome: Outcome
}

export interface FailedMigration extends Recorded {
  /** Null if there is no file for it. */
  readonly path: string | null
  /** The first line of what the system recorded about a failure; null: nothing. */
  readonly detail: string | null
  readonly outcome: Outcome
}

/** The database that was asked. */
export interface AskedDatabase {
  readonly name: string
  /** Null for a socket of this machine. */
  readonly host: string | null
  readonly port: number
  /** `17.2`. */
  readonly version: string
}

export interface Status {
  readonly database: AskedDatabase
  readonly projects: readonly ProjectStatus[]
  /** The number of files and folders on disk that could not be read, so that their migrations are not known. */
  readonly unread: number
}

/** False if a table was passed over that may record what is applied. */
export function isKnown({ passedOver }: ProjectStatus): boolean {
  return passedOver.length === 0
}

/** The problems that need attention. */
export function problemsOf({ edited, pending, missing, failed }: ProjectStatus): readonly Outcome[] {
  const late = pending.flatMap(migration => migration.late ?? [])
  const outcomes = [...[...edited, ...missing, ...failed].map(({ outcome }) => outcome), ...late]
  return outcomes.filter(({ severity }) => severity === 'error' || severity === 'warning')
}
