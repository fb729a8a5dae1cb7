import type { Severity } from '../migration/severity.ts'
import type { Source } from '../parse/script.ts'
import type { Finding } from './finding.ts'
import type { LockTimeline } from './lock-timeline.ts'
import type { Unread } from './unread.ts'

/** A finding in its file, as reporters get it. */
export interface ReportedFinding extends Finding {
  readonly path: string
  /** The migration system that its file was read as, for people: `Prisma`. */
  readonly system: string
  /** Stable while other lines move: of path, rule, the statement's tokens, and the occurrence among equals. */
  readonly fingerprint: string
  /** Which statement it is about: a hash of its tokens, marked where it takes a migration back. A baseline knows it by this. */
  readonly statement: string
  /** Where the rule's page is. */
  readonly url: string
}

/** A finding that a directive in the file, the configuration or a baseline silenced. */
export interface SuppressedFinding extends ReportedFinding {
  readonly reason: string | null
  /** Nothing in the file says so. */
  readonly inBaseline?: true
}

/** The facts about a rule that a reporter needs (SARIF lists all enabled rules). */
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

/**
 * A part of the program threw: its findings are missing, everything else is in the report. The program ends with exit
 * code 2.
 */
export interface InternalError {
  /** The rule's id, or another part: `parser`, `directives`, `system`, `model (CREATE TABLE)`. */
  readonly part: string
  readonly path: string
  /** Line of the statement that was looked at, from 1. */
  readonly line: number
  readonly message: string
  readonly stack: string | null
}

/** The outcome of a run: everything that a reporter prints, nothing that it has to look up. */
export interface Report {
  /** In order: migration, place, rule. */
  readonly findings: readonly ReportedFinding[]
  readonly suppressed: readonly SuppressedFinding[]
  /** Every migration that was reported on, in order, with what it keeps locked. */
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
    /** Migrations that come before one reported on, are not reported on themselves, and were not read: what they make is not known. */
    readonly earlierNotRead: number
  }
  /** All that was to be linted and that nothing has looked into, in order: what `coverage` counts. */
  readonly unread: readonly Unread[]
  /** Files that could not be read, configuration that was ignored…: one line each, for people. */
  readonly notices: readonly string[]
  readonly internalErrors: readonly InternalError[]
  /** The migration systems that the files were read as, for people: `plain SQL`, `Prisma, Drizzle`. */
  readonly system: string
  readonly milliseconds: number | null
  readonly tool: { readonly name: string; readonly version: string; readonly url?: string }
}

/** Where and how wide a reporter prints. */
export interface Style {
  readonly color: boolean
  /** Terminal columns. */
  readonly width: number
  /** Only ASCII for frames and arrows. */
  readonly ascii: boolean
  /** The terminal understands OSC 8 hyperlinks. */
  readonly links: boolean
  /** Print notes in full instead of summing them up. */
  readonly notes: boolean
  /** The name of the switch that prints them; default: `--notes`. */
  readonly notesSwitch?: string
}

export type Reporter = (report: Report, style: Style) => string
