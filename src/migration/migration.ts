import type { Beside } from '../code/beside.ts'
import type { ReaderToLoad } from '../code/reader.ts'
import type { Region } from '../parse/parse.ts'
import type { Span } from '../parse/span.ts'
import type { Change } from './change.ts'
import type { Discrepancy } from './discrepancy.ts'
import type { Execution } from './execution.ts'
import type { Remark } from './remark.ts'
import type { RunnerAdvice } from './runner.ts'

/**
 * A file as a migration system returns it: a migration, or a file that belongs to the migrations. In the order of
 * application.
 */
export type MigrationInput = InputFile &
  (SqlMigration | CodeMigration | AsideFile | GoneMigration | VouchingFile | SchemaFile)

/** The facts that are known about every file. */
export interface InputFile {
  /** As the user would type it, with `/`. */
  readonly path: string
  /** Its system's record of it when it is applied: a version, a file name, a folder name. */
  readonly id?: string
  /** The file's bytes; text that is already decoded may be given as a string. */
  readonly content: Uint8Array | string
  /** Its change since it was applied, as far as git shows it. */
  readonly changes?: readonly Change[]
  /** Its disagreements with the files that it records, or with the file that records it. */
  readonly discrepancies?: readonly Discrepancy[]
}

/** The common part of migrations in SQL and in code, which run against the database. */
interface Migration {
  readonly execution: Execution
  /** The facts about the runner that advice may use. */
  readonly runner: RunnerAdvice
  /** The migration system's treatment of the decoded text that its author may not expect. */
  readonly remarks?: (text: string) => readonly Remark[]
}

/** A migration in SQL. */
export interface SqlMigration extends Migration {
  readonly kind: 'sql'
  /** The pieces of the decoded text that reach the server, in order. Without it, the whole text does, as one piece. */
  readonly parts?: (text: string) => readonly Part[]
  /** Pieces of the text that may run, but are not read. */
  readonly leftOut?: (text: string) => readonly LeftOut[]
  /** The path of the migration that this one takes back: no finding in it is an error. */
  readonly down?: string
}

/** A migration in another language. Its place in the order is known; what it does, as far as there is a reader for it. */
export interface CodeMigration extends Migration {
  readonly kind: 'code'
  /** The reason why it is not known what it does, a clause for people: `it is written in TypeScript`. */
  readonly opaque: string
  /** The name of that language, if it is the only reason: `TypeScript`. */
  readonly language?: string
  /** How its tool's calls become SQL. With it, and with a grammar of its language, what it does is read. */
  readonly reader?: ReaderToLoad
  /** Its place, and the files of SQL that it may load. */
  readonly beside?: Beside
  /** The path of the migration that it takes back: what its other direction does is meant. */
  readonly down?: string
}

/** A file that looks like a migration but is not one. It is not read. */
export interface AsideFile {
  readonly kind: 'aside'
  /** Why it is not a migration, a clause for people: `Prisma never reads it`. */
  readonly why: string
  /** The tool that runs it at another time, for people: it then counts as not read. Without it, the file never runs. */
  readonly runBy?: string
  /** The tool runs it before, between or after migrations, so it may have changed what any of them finds. */
  readonly runsBetween?: true
}

/** A migration that no longer exists. The content is the former one, and is not read. */
export interface GoneMigration {
  readonly kind: 'gone'
}

/**
 * A file that vouches for others, for instance by their sums. It is not read as SQL. A migration that carries a hash of
 * itself is a migration.
 */
export interface VouchingFile {
  readonly kind: 'vouching'
  /** Paths of the files that it records. */
  readonly covers: readonly string[]
}

/**
 * A file that shows the schema and that the tool keeps beside the migrations. It is not a migration, and nothing is reported in it: it shows
 * what is in the database before the first migration.
 */
export interface SchemaFile {
  readonly kind: 'schema'
  /**
   * `before`: the tool loads it into an empty database before the migrations. `after`: it shows the database after all of them, so it counts
   * only for what none of them touches, and nothing in it is certain.
   */
  readonly shows: 'before' | 'after'
  /** How it is read: as a migration of this kind would be. */
  readonly as: SqlMigration | CodeMigration
}

/** A piece of a migration's text that reaches the server by itself. */
export interface Part extends Region {
  /** How it runs, when that differs from the rest of the migration. */
  readonly execution?: Execution
  /** The runner ends its transaction before this part and begins another one. Without it, adjacent parts share one. */
  readonly apart?: true
  /** The runner may leave it out. */
  readonly isConditional?: boolean
}

/** A piece of a migration that is not read. */
export interface LeftOut {
  /** UTF-16 offsets. */
  readonly at: Span
  /** A clause: `its context, mysql, names only another database`. */
  readonly why: string
}

/**
 * True for files that exist and run. The others are only reported on: they do not count as migrations, and nothing in
 * them runs.
 */
export function isMigration<File extends { readonly kind: MigrationInput['kind'] }>(
  file: File,
): file is Extract<File, { readonly kind: 'sql' | 'code' }> {
  return file.kind === 'sql' || file.kind === 'code'
}
