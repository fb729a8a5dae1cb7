import type { FailOn, Preset, UnreadValue } from '../lint/config/config.ts'
import type { TransactionMode } from '../migration/transaction-mode.ts'

/** Flags that say where migrations are and how they reach the server. */
export interface ReadFlags {
  /** A path, or false for `--no-config`. */
  readonly config?: string | false
  readonly pgVersion?: string
  readonly system?: string
  readonly transaction?: TransactionMode
  readonly stdinFilename?: string
  /** Whether the plugins of the configuration are loaded; undefined: nobody has said so. */
  readonly plugins?: boolean | undefined
  readonly errorOnUnmatchedPattern: boolean
}

/** Flags that say how and where the report is written. */
export interface WriteFlags {
  /** `name` or `name=path`. */
  readonly format?: readonly string[]
  readonly outputFile?: string
  readonly color?: boolean
  readonly ascii?: boolean
}

/** Flags about the format that code scanning reads. */
export interface SarifFlags {
  readonly sarifCategory?: string
  readonly sarifIncludeSuppressed?: boolean
}

/** Flags about what is applied already. */
export interface PastFlags {
  /** A branch, tag or commit. */
  readonly since?: string
  readonly staged?: boolean
  readonly allowEdit?: readonly string[]
  readonly requireHistory?: boolean
}

export interface HistoryFlags extends ReadFlags, WriteFlags, SarifFlags, PastFlags {
  readonly audit?: boolean
  readonly failOn?: FailOn
  readonly notes?: boolean
  readonly verbose?: boolean
}

export interface LintFlags extends ReadFlags, WriteFlags, SarifFlags, PastFlags {
  readonly changed?: boolean
  readonly preset?: Preset
  /** A path, or false for `--no-baseline`. */
  readonly baseline?: string | false
  readonly updateBaseline?: boolean
  readonly pruneBaseline?: boolean
  readonly passOnUnpruned?: boolean
  readonly rule?: readonly string[]
  readonly only?: readonly string[]
  readonly down?: boolean
  readonly failOn?: FailOn
  readonly maxWarnings?: number
  readonly unread?: UnreadValue
  readonly quiet?: boolean
  readonly notes?: boolean
  readonly verbose?: boolean
  readonly fix?: boolean
  readonly diff?: boolean
  readonly fixApplied?: boolean
  readonly exitNonZeroOnFix?: boolean
  readonly printConfig?: boolean
  /** False for `--no-cache`. */
  readonly cache?: boolean
  readonly timing?: boolean
  readonly debug?: boolean
}

export interface LocksFlags extends ReadFlags, WriteFlags {
  /** Statements that lock nothing are shown, too. */
  readonly all?: boolean
}

export interface StatusFlags extends ReadFlags, WriteFlags {
  readonly databaseUrl?: string
  readonly trackingTable?: string
  readonly failOnPending?: boolean
}

export interface CaptureFlags extends ReadFlags, WriteFlags, SarifFlags {
  /** As for a trace, and so are the next three. */
  readonly server?: string | boolean
  readonly databaseUrl?: string
  readonly inUse?: boolean
  readonly superuser?: boolean
  /** A file for what was sent. */
  readonly save?: string
  /** Report on this number of migrations only, from the end. */
  readonly last?: number
  /** Seconds after which the command is ended. */
  readonly timeout?: number
  readonly failOn?: FailOn
  /** Compare with what reading the files says, instead of linting. */
  readonly check?: boolean
}

export interface TraceFlags extends ReadFlags, WriteFlags {
  /** A folder with the programs of PostgreSQL; true: one that is found. */
  readonly server?: string | boolean
  readonly databaseUrl?: string
  readonly inUse?: boolean
  readonly superuser?: boolean
  /** The number of rows in each table; `stats`: as the statistics say. */
  readonly rows?: number | 'stats'
  /** Seconds after which a statement is ended, and the trace with it. */
  readonly timeout?: number
  /** The migrations are taken back afterwards. */
  readonly down?: boolean
  /** What each statement changes in the catalog is printed. */
  readonly catalog?: boolean
  /** A file of SQL that runs before the migrations. */
  readonly setup?: string
  readonly check?: boolean
}

export interface StatsFlags extends Pick<WriteFlags, 'outputFile'> {
  readonly databaseUrl?: string
  readonly hashNames?: boolean
}

export interface RulesFlags extends Pick<WriteFlags, 'color' | 'ascii'> {
  readonly format?: 'text' | 'json'
  /** The rules of the configuration's plugins are listed as well. */
  readonly plugins?: boolean
}

export interface NewRuleFlags {
  /** The folder of the plugin. */
  readonly plugin: string
}

export interface InitFlags {
  readonly startAfterLatest?: boolean
}
