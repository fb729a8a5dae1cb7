import type { Project } from '../discover.ts'
import type { Tree } from '../reading/tree.ts'
import type { Migration, Unit } from '../system.ts'
import type { TableName } from './table-names.ts'

/** A row of a tracking table: values as PostgreSQL prints them, arrays as JSON. */
export type Row = Readonly<Record<string, string | null>>

/** An item that a system records when it is applied: a migration, or a piece of one. */
export interface Item {
  readonly id: string
  readonly path: string
  readonly migration: Migration
  readonly unit: Unit | null
  /** It is run again whenever it changes. */
  readonly repeatable: boolean
}

/** The files with which a tracking table is compared. */
export interface Subject {
  readonly project: Project
  readonly tree: Tree
  /** In the order of application. */
  readonly items: readonly Item[]
}

/** One migration's record in a tracking table. */
export interface Recorded {
  /** Its possible names among the files, the most specific first: see `Tracking.keys`. */
  readonly keys: readonly string[]
  /** For people. */
  readonly id: string
  readonly at: string | null
  readonly state: 'applied' | 'failed'
  readonly checksum: string | null
  /** For a failed migration, what was recorded about it. */
  readonly detail?: string | null
  /** Compared with `Tracking.title` where both are known. */
  readonly title?: string
  /** No row says so: it follows from another row. */
  readonly implied?: true
}

/**
 * How a system records applied migrations: its table, the meaning of the rows, and the checksum. The facts come from
 * the system's source, which each file names.
 */
export interface Tracking {
  /** Its default name and schema, from `tableNames`. */
  readonly table: TableName
  /** Columns that distinguish it from other systems' tables with that name. */
  readonly columns: readonly string[]
  /** Columns that only some versions of the system have. */
  readonly more?: readonly string[]
  /** Columns to sort by, so that rows come in the order of application. */
  readonly order: readonly string[]
  /** The name of the table in the system's own configuration. `parameters` are those of the database's URL. */
  readonly configured?: (tree: Tree, directory: string, parameters: Parameters) => Partial<TableName>
  /** The meaning of the rows; null: they are of no use, because the system keeps its record elsewhere. */
  readonly records: (rows: readonly Row[], subject: Subject) => readonly Recorded[] | null
  /** The possible names of a migration in the table; by default its id. */
  readonly keys?: (subject: Subject) => (item: Item) => readonly string[]
  readonly title?: (item: Item) => string | undefined
  /** The recorded part of a file, for people: `SHA-256`; nothing if files cannot be compared. */
  readonly comparedBy?: string
  /** The test whether a file still has the recorded content; made once for all files. */
  readonly matching?: (subject: Subject, recorded: readonly Recorded[]) => Matches
  /** The system's behaviour while a migration has failed: a clause that begins with the tool. */
  readonly failed?: string
  /** Whether a pending migration is out of order; by default it is when an applied one is sorted after it. */
  readonly isLate?: (subject: Subject, recorded: readonly Recorded[]) => (item: Item) => boolean
  /** Rows that need no file among the migrations. */
  readonly isForeign?: (recorded: Recorded, subject: Subject) => boolean
  /** Facts about the record itself that people should know, one sentence each. */
  readonly notices?: (recorded: readonly Recorded[], subject: Subject) => readonly string[]
  /** Another place where the record may be if it is not found, a sentence. */
  readonly elsewhere?: string
}

/** True if one of the file's texts is the applied one; null if this is not known. */
export type Matches = (recorded: Recorded, content: Uint8Array, item: Item) => boolean | null

export type Parameters = ReadonlyMap<string, string>
