import type { Change } from '../migration/change.ts'
import type { Discrepancy } from '../migration/discrepancy.ts'
import type { MigrationInput } from '../migration/migration.ts'
import type { ToolRemark } from '../migration/remark.ts'
import type { RunnerAdvice } from '../migration/runner.ts'
import type { Severity } from '../migration/severity.ts'
import type { TrackingTable } from '../migration/tracking-table.ts'
import type { Script } from '../parse/script.ts'
import type { Span } from '../parse/span.ts'
import type { Effect, Work } from '../postgres/effect.ts'
import type { OperationKind, OperationOf } from '../postgres/operation.ts'
import type { Step } from '../postgres/step.ts'
import type { Pause } from './advice/pause.ts'
import type { Removed } from './code-use/removed.ts'
import type { Config, Level } from './config/config.ts'
import type { Fix, Label } from './finding.ts'
import type { Help } from './help.ts'
import type { Suppression } from './suppression/suppression-outcome.ts'

/** The subjects of rules, which group the rule index. */
export const categories = [
  'locking',
  'data loss',
  'breaking change',
  'certain failure',
  'transaction',
  'schema',
  'migration file',
] as const

export type Category = (typeof categories)[number]

/** What a rule finds; the engine adds id, default severity, `why` and effects. */
export interface RuleFinding {
  readonly at: Span
  readonly message: string
  /** One sentence is enough; `help()` composes more. */
  readonly help: string | Help
  /** Default: the rule's `why`. */
  readonly why?: string
  /** Default: the rule's severity. Lower it when the danger depends on what the migrations do not tell. */
  readonly severity?: Severity
  readonly effects?: readonly Effect[]
  /** What the statement works on, where `effects` are what others wait for, or are left out. Its size says how long this takes. */
  readonly works?: readonly Effect[]
  /** What other statements work on while its locks are held. Null: unknown. */
  readonly worksUnderLocks?: readonly Effect[] | null
  readonly related?: readonly Label[]
  readonly fix?: Fix
  /** The names that the statement takes away from code, so that code can be searched for them. */
  readonly removes?: readonly Removed[]
}

export type RuleResult = RuleFinding | readonly RuleFinding[] | undefined

/**
 * For a fallback only: the effects in findings about the step at hand that have this severity or a higher one, even
 * from rules that the user has turned off. Other rules get none.
 */
export type Told = (severity: Severity) => readonly Effect[]

/** The part of a working step, and of others in its transaction, that no finding has reported yet. */
export interface Waits {
  readonly step: Step
  readonly work: Effect | Pause
  readonly waiting: readonly Effect[]
  readonly severity: Severity
  /** Other steps that work while some of these wait, in order. */
  readonly others: readonly Step[]
}

export interface EffectFilter {
  readonly work?: Work
  readonly certain?: boolean
}

/** Questions a rule may ask of the effects of its operation. Exposed relations count unless they are known to be small. */
export interface Effects {
  readonly all: readonly Effect[]
  /** The first effect that makes writers wait during work that grows with the relation. */
  blockingWrites(filter?: EffectFilter): Effect | undefined
  /** The same for readers. */
  blockingReads(filter?: EffectFilter): Effect | undefined
}

/** The migrations in code of one folder that were not read. */
export interface CodeInFolder {
  readonly count: number
  /** Why the first of them was not read, a clause: `it is written in Go`. */
  readonly why: string
}

export interface Context {
  readonly step: Step
  /** All steps of this migration, in order. */
  readonly migration: readonly Step[]
  /** All steps of all migrations in order, earlier and later ones. */
  readonly history: readonly Step[]
  readonly path: string
  readonly script: Script
  readonly config: Config
  /** Options of this rule, defaults filled in. */
  readonly options: Readonly<Record<string, unknown>>
  /** The oldest PostgreSQL major version that is linted for: advice must work from this one on. */
  readonly version: number
  /** Whether it is this version or a newer one, for what decides whether there is a finding. */
  readonly since: (version: number) => boolean
  readonly runner: RunnerAdvice
  /** Where migration tools record what is applied. */
  readonly trackingTables: readonly TrackingTable[]
  /** The kind of the file: a migration, or a file that is not one. */
  readonly input: MigrationInput
  /** On the first migration in code of its folder: those in the folder that are reported on and were not read; otherwise null. */
  readonly codeInFolder: CodeInFolder | null
  /** The migration system's treatment of the file that its author may not expect. */
  readonly remarks: readonly ToolRemark[]
  /** The changes of the file since it was applied, as far as git shows them. */
  readonly changes: readonly Change[]
  /** The file's disagreements with the files that it records, or with the file that records it. */
  readonly discrepancies: readonly Discrepancy[]
  /** Text of a span of this file. */
  text(span: Span): string
  /** Whether the migration's tool makes the SQL there, so that its author did not write these words. */
  isMade(span: Span): boolean
  /** Path and place of a step, for labels. */
  label(step: Step, message: string): Label
  /** False for tables that the configuration says are small. */
  isLarge(relation: string): boolean
}

/** The facts about a whole file, even one that is never run. */
export type FileContext = Omit<Context, 'step' | 'runner'>

interface Description {
  /** A noun phrase: `Index build that blocks writes`. */
  readonly title: string
  /** One or two sentences: why this hurts. */
  readonly why: string
  readonly severity: Severity
  readonly category: Category
  /** In which presets it is on, and how, when not `recommended` at its own severity. */
  readonly presets?: { readonly recommended?: Level; readonly strict?: Level }
  /**
   * A safety net below the other rules: its findings are left out where another rule has reported the same about the
   * statement (other than lost data or broken code). `by relation`: it reports on the relations that no other rule has
   * named, see `Told`.
   */
  readonly fallback?: true | 'by relation'
  /** Ids of the same check in other tools, for `compat` directives and for people who come from them: `squawk:ban-drop-table`. */
  readonly peers?: readonly string[]
  /** Ids this rule had in earlier releases: still understood in the configuration and in directives. */
  readonly formerly?: readonly string[]
  /** For rules of plugins: the address of a page that people can open. */
  readonly url?: string
  /** JSON Schema of the options, with defaults. */
  readonly options?: Readonly<Record<string, OptionSchema>>
}

export interface OptionSchema {
  readonly type: 'string' | 'number' | 'boolean' | 'array'
  readonly description: string
  readonly default: unknown
}

/** The part of a rule that says what it looks at. Each kind of rule has its own fields, and cannot have those of the others. */
interface Declared {
  readonly on?: never
  readonly check?: never
  readonly checkStep?: never
  readonly checkMigration?: never
  readonly checkSuppressions?: never
}

/** A rule that has these fields of `Declared`. */
type Declaring<Own extends keyof Declared> = Description & Omit<Declared, Own>

/** Looks at one kind of operation at a time. */
export interface OperationRule<K extends OperationKind = OperationKind> extends Declaring<'on' | 'check'> {
  readonly on: readonly K[]
  check(context: Context & { readonly operation: OperationOf<K>; readonly effects: Effects }): RuleResult
}

/** Looks at whole steps: locks held, errors, opaque statements. */
export interface StepRule extends Declaring<'checkStep'> {
  checkStep(
    context: Context & {
      readonly effects: Effects
      readonly told: Told
      /** For a fallback about relations: who waits while the step works, as far as this step should report it. */
      readonly waits: Waits | undefined
    },
  ): RuleResult
}

/**
 * Looks at a whole migration at once: its text, its comments, all of its steps. Runs even if there are no statements.
 */
export interface MigrationRule extends Declaring<'checkMigration'> {
  checkMigration(context: FileContext): RuleResult
}

/** Looks at the file's suppression comments, after they were applied. Its findings cannot be suppressed themselves. */
export interface SuppressionRule extends Declaring<'checkSuppressions'> {
  checkSuppressions(context: FileContext & { readonly suppressions: readonly Suppression[] }): RuleResult
}

export type RuleDefinition = OperationRule | StepRule | MigrationRule | SuppressionRule

/** A rule with the id that its file name gives it. */
export type Rule = RuleDefinition & { readonly id: string }

/** Gives a rule its type; the id is the file's name. */
export function defineRule<const K extends OperationKind>(
  rule: OperationRule<K> | StepRule | MigrationRule | SuppressionRule,
): RuleDefinition {
  return rule as RuleDefinition
}
