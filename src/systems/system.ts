import type { ReaderToLoad } from '../code/reader.ts'
import type { Discrepancy } from '../migration/discrepancy.ts'
import type { Execution } from '../migration/execution.ts'
import type { LeftOut, Part, SchemaFile } from '../migration/migration.ts'
import type { Notice } from '../migration/notice.ts'
import type { Remark } from '../migration/remark.ts'
import type { RunnerAdvice } from '../migration/runner.ts'
import type { SystemChoice, SystemId } from '../migration/system-id.ts'
import type { TransactionMode } from '../migration/transaction-mode.ts'
import type { Span } from '../parse/span.ts'
import type { Tree } from './reading/tree.ts'

/** One migration, as its system would run it. */
export interface Migration {
  /** The system's record of an applied migration: a version, a file name, a folder name. */
  readonly id: string
  /** Path in the tree. */
  readonly path: string
  readonly content: Uint8Array
  readonly execution: Execution
  /** The facts about this system and this migration that advice may use. */
  readonly runner: RunnerAdvice
  /** The pieces of the decoded text that reach the server, in order. Without it, the whole text does, as one piece. */
  readonly parts?: (text: string) => readonly Part[]
  /** Pieces of the decoded text that may run, but are not read, and why. */
  readonly leftOut?: (text: string) => readonly LeftOut[]
  /** The system's treatment of the decoded text that its author may not expect: see `Remark`. */
  readonly remarks?: (text: string) => readonly Remark[]
  /** The pieces that revert the migration, if they are in the same file. */
  readonly downParts?: (text: string) => readonly Part[]
  /** The file that reverts it, if that is another one. */
  readonly downPath?: string
  /** The pieces that are recorded one by one, for a file to which more may be added after it was applied. */
  readonly units?: (text: string) => readonly Unit[]
  /** The time that decides whether it runs, if that is neither its name nor its text. */
  readonly stamp?: Stamp
  /** Ids of the migrations whose work it repeats: the system counts it as applied where all of them are. */
  readonly replaces?: readonly string[]
  /** It is run again whenever it changes, so it is meant to be edited. */
  readonly repeatable?: true
  /** What the system does if it is new and sorted before applied ones, where a setting decides that. */
  readonly late?: Late
  /**
   * Set on a migration in code, not SQL: `it is written in TypeScript`. Its place in the order is known, but not what
   * it does.
   */
  readonly opaque?: string
  /** The name of that language, if it is the only reason: `TypeScript`. `writtenIn` gives both. */
  readonly language?: string
  /** For a migration in code: how the tool's calls become SQL. Without it, the migration is not read. */
  readonly reader?: ReaderToLoad
}

/** The system's reaction to a new migration that is sorted before applied ones: a clause that begins with the tool. */
export interface Late {
  readonly does: 'stops' | 'skips' | 'runs' | 'unknown'
  readonly what: string
}

/** The time of an entry in a journal: the only thing that Drizzle compares. */
export interface Stamp {
  /** Milliseconds since 1970. */
  readonly when: number
  /** Path of the journal. */
  readonly file: string
}

/** A piece of a file that a system records by itself when it is applied. */
export interface Unit {
  /** The system's record of it. */
  readonly id: string
  /** UTF-16 offsets. */
  readonly span: Span
  /** It is run again whenever it changes. */
  readonly repeatable: boolean
}

/** The kind of a file that belongs to the migrations but does not run in their order. */
export type AsideKind =
  | 'never-runs'
  | 'undo'
  | 'repeatable'
  | 'baseline'
  | 'callback'
  | 'by-hand'
  | 'seed'
  | 'schema-dump'
  | 'draft'
  | 'other-dialect'
  | 'queries'

export interface Aside {
  readonly path: string
  readonly kind: AsideKind
  /** For people, a clause: `Drizzle runs only what meta/_journal.json lists`. */
  readonly why: string
  /** Set on a migration that was one before, and that the system itself lets another one replace. */
  readonly isReplaced?: true
}

/**
 * A file that vouches for migrations: by their sums, as a journal or plan, or by its facts about the database. Or a
 * migration that must be joined with another one.
 */
export interface IntegrityFile {
  /** A migration that carries a hash of itself may be one. */
  readonly path: string
  /** Paths of the files that it vouches for. */
  readonly covers: readonly string[]
  readonly discrepancies: readonly Discrepancy[]
  /** The tool runs nothing without it. */
  readonly isNeeded?: true
}

/** The parts of the configuration that a system needs. */
export interface SystemOptions {
  /** How plain SQL at this path reaches the server, if no system decides that. */
  transaction(path: string): TransactionMode
  /** The system that somebody names, or `auto`: in a folder that somebody calls plain SQL, every file counts. */
  readonly system?: SystemChoice
}

/** A file beside the migrations that shows the schema. `id`, `stamp` and the like mean nothing for it. */
export interface Schema {
  /** See `SchemaFile`. */
  readonly shows: SchemaFile['shows']
  /** The file, as if it were a migration. */
  readonly file: Migration
}

export interface MigrationList {
  /** In the order of application, by the system's own comparison. */
  readonly migrations: readonly Migration[]
  /** What is in the database before the first of them, if a file shows it. */
  readonly schema?: Schema
  /** Files that the system would not run as migrations, and why. */
  readonly asides?: readonly Aside[]
  readonly notices: readonly Notice[]
}

/**
 * How reliable a sign is, the strongest first: a lock, journal or plan file or the system's own configuration; a marker
 * in the migrations; a dependency in a manifest; the grammar of file names; a file of checksums, which shows who guards
 * the files but not who runs them.
 */
export const signs = ['file', 'marker', 'dependency', 'names', 'checksum'] as const
export type Sign = (typeof signs)[number]

/** A system was recognised. */
export interface Detection {
  /** The folder of the migrations. */
  readonly directory: string
  readonly sign: Sign
  /** The evidence, for people: `prisma/migrations/migration_lock.toml`. */
  readonly because: string
  /** Set when it is the right system but another database: `mysql`. The project is then refused, with the database's name. */
  readonly dialect?: string
}

/** The documentation of a system; its fixture shows each fact. */
export interface SystemFacts {
  /** How migrations are ordered: `version number`, `folder name (localeCompare)`. */
  readonly order: string
  /** The form of a down migration: `-- +goose Down`, `none`. */
  readonly down: string
  /** Which transaction the statements run in, by default. */
  readonly transaction: string
  /** The exact words that opt out of it, or null if there are none. */
  readonly optOut: string | null
  /** The record of applied migrations in the tables of `tableNames`: its peculiarities, and the checksum if there is one. */
  readonly history: { readonly remark?: string; readonly checksum: string | null }
  /** How much of migrations in code is read. Left out: the system has none, or they are not read. */
  readonly code?: CodeFacts
}

/** Noun phrases for a table of the documentation. */
export interface CodeFacts {
  /** A glob for the usual places of these migrations, for a hook that passes names of files. */
  readonly files: string
  /** The calls that are read exactly. */
  readonly read: string
  /** The calls that are read, but reported as uncertain where they depend on something unknown. */
  readonly inPart: string
  /** The calls that are reported as unread, at their places. */
  readonly unread: string
}

/** How one tool lays out, orders, splits and wraps migrations. */
export interface System {
  /** In the configuration: `plain`. */
  readonly id: SystemId
  /** For people: `plain SQL`. */
  readonly title: string
  readonly facts: SystemFacts
  /** Signs of this system in this directory itself (a project's root, or a folder of migrations); null: there are none. */
  detect(tree: Tree, dir: string): Detection | null
  /** All migrations of a folder that `detect` returned, or that the user named. A file that cannot be read is a notice. */
  migrations(tree: Tree, directory: string, options: SystemOptions): MigrationList
  /** The files that vouch for the migrations of such a folder, compared with its content. Nothing may be left out of the tree. */
  integrity?(tree: Tree, directory: string): readonly IntegrityFile[]
}
