import type { Severity } from '../migration/severity.ts'
import type { Source } from '../parse/script.ts'
import type { CodeUse } from './code-use/code-use.ts'
import type { Finding } from './finding.ts'
import type { LockTimeline } from './lock-timeline.ts'
import type { Server } from './server.ts'
import type { FindingSize } from './sizes/finding-size.ts'
import type { Unread } from './unread.ts'

/** A finding in its file, as reporters receive it. */
export interface ReportedFinding extends Finding {
  readonly path: string
  /** The migration system that its file was read as, for people: `Prisma`. */
  readonly system: string
  /**
   * It stays the same when other lines move: a hash of path, rule, the statement's tokens, and the number among equal
   * findings.
   */
  readonly fingerprint: string
  /**
   * A hash of the tokens of the statement that it is about, marked if the statement takes a migration back. A baseline
   * identifies findings by it.
   */
  readonly statement: string
  /** Where the rule's page is. */
  readonly url: string
  /** How many more relations it is about than `effects` lists. */
  readonly moreEffects?: number
  /** For a migration in code: the SQL that its tool generates, unless the file contains it as it is. */
  readonly sql?: string
  /** The versions on which it holds, if these are not all that were judged. */
  readonly versions?: readonly string[]
  /** How large its tables are, by the statistics. */
  readonly size?: FindingSize
  /** What code says about the names that it takes away, if anybody has looked. */
  readonly use?: CodeUse
}

/** A finding that a directive in the file, the configuration or a baseline silenced. */
export interface SuppressedFinding extends ReportedFinding {
  readonly reason: string | null
  /** No comment in the file silences it. */
  readonly inBaseline?: true
}

/** The facts about a rule that a reporter needs (SARIF lists all rules that are on). */
export interface RuleSummary {
  readonly id: string
  readonly title: string
  readonly why: string
  readonly category: string
  readonly severity: Severity
  readonly url: string
  /** The rule's page, Markdown. */
  readonly page: string
}

/** A part of the program threw: its findings are missing, everything else is in the report. The program ends with exit code 2. */
export interface InternalError {
  /** The rule's id, or another part: `parser`, `directives`, `system`, `model (CREATE TABLE)`. */
  readonly part: string
  readonly path: string
  /** Line of the statement that was looked at, from 1. */
  readonly line: number
  readonly message: string
  readonly stack: string | null
}

/** What was linted, for people who find the report later. */
export interface Origin {
  /** The name of the repository, or of the folder. */
  readonly project: string
  readonly branch: string | null
  readonly commit: string | null
  /** When it was linted, ISO 8601. */
  readonly date: string
}

/** The outcome of a run: everything that a reporter prints, so that it never has to look anything up. */
export interface Report {
  /** In order: migration, place, rule. */
  readonly findings: readonly ReportedFinding[]
  readonly suppressed: readonly SuppressedFinding[]
  /** Every migration that was reported on, in order, with the relations that it locks. */
  readonly timelines: readonly LockTimeline[]
  /** The text of every file that a finding, a label or a timeline names. */
  readonly sources: ReadonlyMap<string, Source>
  /** All rules that were enabled, by id. */
  readonly rules: readonly RuleSummary[]
  readonly summary: {
    /** Migrations reported on. */
    readonly migrations: number
    readonly statements: number
    readonly errors: number
    readonly warnings: number
    readonly notes: number
    readonly suppressed: number
    /**
     * Migrations that come before one that is reported on, are not reported on themselves, and were not read: what they
     * create is not known.
     */
    readonly earlierNotRead: number
  }
  /** Everything that should have been linted but was not read, in order: `coverage` counts it. */
  readonly unread: readonly Unread[]
  /** Files that could not be read, configuration that was ignored…: one line each, for people. */
  readonly notices: readonly string[]
  readonly internalErrors: readonly InternalError[]
  /** The servers that the migrations were judged for, one for each project that differs. */
  readonly servers: readonly Server[]
  /** Without it, a report says nothing about where and when it was made, and is always the same. */
  readonly origin?: Origin
  /** The migration systems that the files were read as, for people: `plain SQL`, `Prisma, Drizzle`. */
  readonly system: string
  readonly milliseconds: number | null
  readonly tool: { readonly name: string; readonly version: string; readonly url?: string }
}
