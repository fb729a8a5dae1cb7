import type { Written } from '../code/written.ts'
import { isMigration } from '../migration/migration.ts'
import { severities } from '../migration/severity.ts'
import type { TrackingTable } from '../migration/tracking-table.ts'
import { append } from '../parse/list.ts'
import type { Span } from '../parse/span.ts'
import type { Effect } from '../postgres/effect.ts'
import type { OperationKind } from '../postgres/operation.ts'
import type { Step } from '../postgres/step.ts'
import { effectsOf, sizes, telling } from './advice/effects.ts'
import { help, plain } from './advice/sql.ts'
import type { Config } from './config/config.ts'
import { findingSeverity, type Setting } from './config/severity.ts'
import { emptyTables, largeBeside } from './empty-tables.ts'
import { type FindingOfRule, type StepFinding, standing, stepFindings, toldBy, withoutRepetition } from './fallback.ts'
import type { Finding, Label } from './finding.ts'
import type { History, MigrationFile } from './history.ts'
import { internalError } from './internal-error.ts'
import type { Lasting } from './lasting.ts'
import { allOf, type BothWays, deployedAlone, inOneRun } from './one-run.ts'
import { placeIn } from './places.ts'
import type { InternalError } from './report.ts'
import type { Context, Effects, FileContext, Rule, RuleResult, Told } from './rule.ts'
import type { Suppression } from './suppression-outcome.ts'
import { goesOn, lastingBothWays, nothingLasts, underAllLocks } from './waiting.ts'
import type { Watch } from './watch.ts'

/** A rule that is on for a file, with how it is set there. */
export interface ActiveRule {
  readonly rule: Rule
  readonly setting: Setting
}

export interface Examination {
  readonly history: History
  readonly config: Config
  /** PostgreSQL major version. */
  readonly version: number
  readonly trackingTables: readonly TrackingTable[]
  /** Rules that threw are recorded here: such a rule loses its findings about one step, the others go on. */
  readonly internalErrors: InternalError[]
  /** The number of migrations in code among those reported on, per folder, by the path of the folder's first one. */
  readonly codeInFolder: ReadonlyMap<string, number>
  /** Migrations in code that were read, by path. */
  readonly written: ReadonlyMap<string, Written>
  /** Called before a rule looks at a step. If it throws, the examination ends. */
  readonly check: () => void
  /** Called with the id of a rule before it is asked, and with null afterwards. */
  readonly asked: NonNullable<Watch['rule']>
}

/**
 * The findings of all rules in one migration, in no particular order. The `dismissed` rules, which the configuration switches off, run only
 * to see which findings of fallback rules they make redundant. `silenced` says which findings a comment silences.
 */
export function examine(
  file: MigrationFile,
  active: readonly ActiveRule[],
  dismissed: readonly ActiveRule[],
  examination: Examination,
  silenced: (findings: readonly Finding[]) => (finding: Finding) => boolean,
): Finding[] {
  const circumstances = circumstancesOf(file, examination)
  const isAsked = ({ rule }: ActiveRule) => !rule.check || rule.on.some(kind => circumstances.operations.has(kind))
  const [rules, quietRules] = [active.filter(isAsked), dismissed.filter(isAsked)]
  const preset = examination.config.preset
  const quiet = { ...examination, internalErrors: [] }
  const nothingTold: Told = () => []
  const foundInOneRun: StepFinding[] = []
  const isFallback = ({ rule }: ActiveRule) => rule.fallback !== undefined
  const isActive = new Set(rules)
  const findingsBy = (each: ActiveRule, told: ToldOfSteps) =>
    isActive.has(each)
      ? runRule(each, file, examination, circumstances, told, foundInOneRun)
      : runRule(switchedOn(each), file, quiet, circumstances, told, foundInOneRun)
  const first = { alone: () => nothingTold, inOneRun: () => nothingTold, lasting: nothingLasts }
  const findings = rules.filter(each => !isFallback(each)).flatMap(each => findingsBy(each, first))
  const known = [...findings]
  if (rules.some(isFallback))
    append(
      known,
      quietRules.filter(each => !isFallback(each)).flatMap(each => findingsBy(each, first)),
    )
  const specific = [...known]
  // A fallback that is turned off still runs, so that no other fallback reports its findings instead.
  const fallbacks = [...rules, ...quietRules].filter(isFallback).sort(byWeight)
  const isByRelation = ({ rule }: ActiveRule) => rule.fallback === 'by relation'
  for (const each of fallbacks.filter(each => !isByRelation(each))) {
    const rest = withoutRepetition(findingsBy(each, first), specific, preset)
    append(known, rest)
    if (isActive.has(each)) append(findings, rest)
  }
  const toldSoFar = () => ({ alone: toldBy(stepFindings(known), preset), inOneRun: toldBy(foundInOneRun, preset) })
  const lasting = lastingBothWays(file.steps, circumstances, toldSoFar(), standing(findings, silenced))
  const { goingOn } = lasting.alone
  const whole = findings.map(each => goesOn(each, goingOn.get(each) ?? [], circumstances.context.label))
  for (const each of fallbacks.filter(isByRelation)) {
    const more = findingsBy(each, { ...toldSoFar(), lasting })
    append(known, more)
    if (isActive.has(each)) append(whole, more)
  }
  return whole.map(({ finding }) => finding)
}

/** The facts about steps that fallbacks get, for migrations that are deployed by themselves and for those that share a transaction. */
interface ToldOfSteps extends BothWays<(step: Step) => Told> {
  readonly lasting: BothWays<Lasting>
}

/** The more severe one runs first, so that the milder one need not repeat it. */
function byWeight(a: ActiveRule, b: ActiveRule): number {
  return severities.indexOf(a.rule.severity) - severities.indexOf(b.rule.severity) || (a.rule.id < b.rule.id ? -1 : 1)
}

/** A rule as it would be if the configuration did not switch it off. */
function switchedOn({ rule, setting }: ActiveRule): ActiveRule {
  return { rule, setting: { ...setting, severity: rule.severity } }
}

/** The facts that are the same for all rules. */
interface Circumstances {
  readonly context: SharedContext
  /** The steps as they are when their migration is deployed by itself; null where that makes no difference. */
  readonly alone: readonly (Step | null)[]
  /** The relations that may be large at a step, and the effects on them that matter. */
  readonly at: (step: Step, effects: readonly Effect[]) => Pick<Context, 'isLarge'> & { readonly effects: Effects }
  /** Where the operations of each kind are, in order. Most rules are about kinds that a file does not have. */
  readonly operations: ReadonlyMap<OperationKind, readonly OperationPlace[]>
}

/** One operation of a file: the index of its step in the file, and its own in the step. */
interface OperationPlace {
  readonly step: number
  readonly operation: number
}

function circumstancesOf(file: MigrationFile, examination: Examination): Circumstances {
  const context = contextOf(file, examination)
  const largeAt = largeBeside(context.isLarge, emptyTables(file.steps))
  const at = (step: Step, all: readonly Effect[]) => {
    const isLarge = largeAt(step)
    return { isLarge, effects: effectsOf(all, step.before, isLarge) }
  }
  const whole = new Map(file.steps.map(step => [step, at(step, step.effects)] as const))
  return {
    context,
    alone: file.steps.map(step => deployedAlone(step, examination.history.steps)),
    at: (step, all) => (all === step.effects && whole.get(step)) || at(step, all),
    operations: operationsByKind(file.steps),
  }
}

function operationsByKind(steps: readonly Step[]): Map<OperationKind, OperationPlace[]> {
  const found = new Map<OperationKind, OperationPlace[]>()
  for (const [step, { operations }] of steps.entries()) {
    for (const [operation, { kind }] of operations.entries()) {
      const places = found.get(kind)
      if (places) places.push({ step, operation })
      else found.set(kind, [{ step, operation }])
    }
  }
  return found
}

/** The places of all operations that a rule looks at, in order. */
function placesOf(on: readonly OperationKind[], operations: Circumstances['operations']): readonly OperationPlace[] {
  const found = on.flatMap(kind => operations.get(kind) ?? [])
  return on.length === 1 ? found : found.sort((a, b) => a.step - b.step || a.operation - b.operation)
}

/** The findings of one rule in one migration. */
function runRule(
  { rule, setting }: ActiveRule,
  file: MigrationFile,
  examination: Examination,
  { context: base, alone, at, operations }: Circumstances,
  told: ToldOfSteps,
  foundInOneRun: StepFinding[],
): FindingOfRule[] {
  if (rule.checkSuppressions) return []
  const places = rule.check ? placesOf(rule.on, operations) : []
  const context = { ...base, options: setting.options }
  const foundAt = (step: Step | null, results: () => RuleResult) =>
    findingsOf(rule, setting, file, step, results, examination)
  if (rule.checkMigration) return foundAt(null, () => rule.checkMigration(context))
  if (!isMigration(file.input)) return []
  const { runner } = file.input
  const migration = rule.category === 'locking' ? file.steps.map((step, i) => alone[i] ?? step) : file.steps
  /** Runs for the step inside a transaction that other migrations may share, and for any other step. */
  const bothWays = (
    i: number,
    operation: number | null,
    resultsIn: (run: Pick<Context, 'step' | 'migration'>) => RuleResult,
  ): RuleResult => {
    const [step, other] = [file.steps[i], migration[i]]
    if (!step || !other) return
    const withLocks = (run: Pick<Context, 'step' | 'migration'>): RuleResult => {
      const { effects } = operation === null ? run.step : (run.step.operations[operation] ?? run.step)
      return allOf(resultsIn(run)).map(found => {
        const shown = found.effects ?? (rule.category === 'locking' ? telling(effects) : [])
        return underAllLocks({ ...found, effects: shown }, run.step, context.history, context.label)
      })
    }
    // Report a note once; do not repeat it for the shared transaction.
    const onlyAlone = step !== other && setting.severity === 'note'
    const together = withLocks(onlyAlone ? { step: other, migration } : { step, migration: file.steps })
    if (step !== other)
      for (const { effects = [], severity } of allOf(together))
        foundInOneRun.push({ rule, step, ruleSeverity: severity, effects })
    return step === other || onlyAlone ? together : inOneRun(together, withLocks({ step: other, migration }))
  }
  if (rule.check) {
    return places.flatMap(({ step: index, operation: i }) => {
      const step = file.steps[index]
      const operation = step?.operations[i]
      if (!step || !operation || !happens(rule, step)) return []
      const here = at(step, operation.effects)
      return foundAt(step, () =>
        bothWays(index, i, run =>
          rule.check({ ...context, ...here, ...run, runner, operation: run.step.operations[i] ?? operation }),
        ),
      )
    })
  }
  const { checkStep } = rule
  if (!checkStep) return []
  return file.steps.flatMap((step, index) => {
    const here = at(step, step.effects)
    return foundAt(step, () =>
      bothWays(index, null, run => {
        const way = run.step === step && (alone[index] ?? step) !== step ? 'inOneRun' : 'alone'
        const { waits, working } = told.lasting[way]
        // Queries that wait while a step works also wait while the step waits for its lock.
        const toldOfStep: Told = severity => [...told[way](step)(severity), ...working(run.step)]
        return checkStep({ ...context, ...here, ...run, runner, told: toldOfStep, waits: waits.get(step.index) })
      }),
    )
  })
}

/** A statement that certainly fails loses no data and breaks no code. */
function happens(rule: Rule, step: Step): boolean {
  return step.error === null || (rule.category !== 'data loss' && rule.category !== 'breaking change')
}

/** The findings of rules about a migration's suppression comments, once it is known what each comment silences. */
export function examineSuppressions(
  file: MigrationFile,
  suppressions: readonly Suppression[],
  active: readonly ActiveRule[],
  examination: Examination,
): Finding[] {
  const base = contextOf(file, examination)
  return active.flatMap(({ rule, setting }) => {
    if (!rule.checkSuppressions) return []
    const results = () => rule.checkSuppressions({ ...base, options: setting.options, suppressions })
    return findingsOf(rule, setting, file, null, results, examination).map(({ finding }) => finding)
  })
}

/** Makes findings of the results of a rule, and an internal error of anything it throws. */
function findingsOf(
  rule: Rule,
  setting: Setting,
  file: MigrationFile,
  step: Step | null,
  results: () => RuleResult,
  { internalErrors, check, asked }: Examination,
): FindingOfRule[] {
  check()
  try {
    asked(rule.id)
    return allOf(results()).flatMap((found): FindingOfRule[] => {
      const severity = findingSeverity(rule, setting, found.severity)
      if (severity === 'off') return []
      const { at, related, fix, effects: shown = [] } = found
      const finding = {
        rule: rule.id,
        severity,
        at,
        message: plain(found.message),
        why: plain(found.why ?? rule.why),
        help: help(found.help),
        ...(shown.length > 0 ? { effects: shown } : {}),
        ...(related ? { related: related.map(label => ({ ...label, message: plain(label.message) })) } : {}),
        ...(fix ? { fix } : {}),
      }
      return [{ finding, rule, step, ruleSeverity: found.severity }]
    })
  } catch (error) {
    const [start] = placeIn(file, step?.statement.span ?? [0, 0])
    const before = file.script.source.text.slice(0, start)
    internalErrors.push(internalError(rule.id, file.path, before.split('\n').length, error))
    return []
  } finally {
    asked(null)
  }
}

/** The part of a file's context that is the same for every rule. */
type SharedContext = Omit<FileContext, 'options'>

function contextOf(
  file: MigrationFile,
  { history, config, version, trackingTables, codeInFolder }: Examination,
): SharedContext {
  const { path, script, input, remarks, changes, discrepancies } = file
  return {
    migration: file.steps,
    history: history.steps,
    path,
    script,
    config,
    version,
    input,
    codeInFolder: codeInFolder.get(path) ?? 0,
    trackingTables,
    remarks,
    changes,
    discrepancies,
    text: (span: Span) => script.source.text.slice(span[0], span[1]),
    label: (step: Step, message: string): Label => {
      return { path: history.files[step.migration]?.path ?? path, at: step.statement.keyword, message }
    },
    isLarge: sizes(config),
  }
}
