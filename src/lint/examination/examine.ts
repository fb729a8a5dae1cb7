import { isMigration } from '../../migration/migration.ts'
import { append } from '../../parse/list.ts'
import type { Step } from '../../postgres/step.ts'
import { telling } from '../advice/effects.ts'
import { withIfExists } from '../advice/if-exists.ts'
import { help, plain } from '../advice/sql.ts'
import { findingSeverity, type Setting } from '../config/severity.ts'
import type { Finding } from '../finding.ts'
import type { MigrationFile } from '../history/history.ts'
import { internalError } from '../internal-error.ts'
import { placeIn } from '../places.ts'
import type { FileContext, Rule, RuleResult, Told } from '../rule.ts'
import type { Suppression } from '../suppression/suppression-outcome.ts'
import { type Circumstances, circumstancesOf, contextOf, type InRun, placesOf } from './circumstances.ts'
import type { ActiveRule, Examination } from './examination.ts'
import { type FindingOfRule, type StepFinding, standing, stepFindings, toldBy, withoutRepetition } from './fallback.ts'
import type { Lasting } from './lasting.ts'
import { allOf, type BothWays, inOneRun } from './one-run.ts'
import type { RuleSet } from './rule-set.ts'
import { goesOn, lastingBothWays, underAllLocks } from './waiting.ts'

/**
 * The findings of all rules in one migration, in no particular order. The dismissed rules, which the configuration switches off, run only
 * to see which findings of fallback rules they make redundant. `silenced` says which findings a comment silences.
 */
export function examine(
  file: MigrationFile,
  { active, dismissed, fallbacks, isActive }: RuleSet,
  examination: Examination,
  silenced: (findings: readonly Finding[]) => (finding: Finding) => boolean,
): Finding[] {
  const circumstances = circumstancesOf(file, examination)
  const isAsked = ({ rule }: ActiveRule) => !rule.check || rule.on.some(kind => circumstances.operations.has(kind))
  const preset = examination.config.preset
  const quiet = { ...examination, internalErrors: [] }
  const foundInOneRun: StepFinding[] = []
  const findingsBy = (each: ActiveRule, told: ToldOfSteps | null) =>
    runRule(each, file, isActive.has(each.rule) ? examination : quiet, circumstances, told, foundInOneRun)
  const specificBy = (rules: readonly ActiveRule[]) => {
    const found: FindingOfRule[] = []
    for (const each of rules)
      if (each.rule.fallback === undefined && isAsked(each)) append(found, findingsBy(each, null))
    return found
  }
  const findings = specificBy(active)
  const known = [...findings]
  if (fallbacks.some(({ rule }) => isActive.has(rule))) append(known, specificBy(dismissed))
  const specific = [...known]
  // A fallback that is turned off still runs, so that no other fallback reports its findings instead.
  for (const each of fallbacks) {
    if (each.rule.fallback === 'by relation' || !isAsked(each)) continue
    const rest = withoutRepetition(findingsBy(each, null), specific, preset)
    append(known, rest)
    if (isActive.has(each.rule)) append(findings, rest)
  }
  const toldSoFar = () => ({ alone: toldBy(stepFindings(known), preset), inOneRun: toldBy(foundInOneRun, preset) })
  const lasting = lastingBothWays(file.steps, circumstances, toldSoFar(), standing(findings, silenced))
  const { goingOn } = lasting.alone
  const whole = findings.map(each => goesOn(each, goingOn.get(each), circumstances.context.label))
  for (const each of fallbacks) {
    if (each.rule.fallback !== 'by relation' || !isAsked(each)) continue
    const more = findingsBy(each, { lasting, ...toldSoFar() })
    append(known, more)
    if (isActive.has(each.rule)) append(whole, more)
  }
  return whole.map(({ finding }) => finding)
}

/** The facts about steps that fallbacks get, for migrations that are deployed by themselves and for those that share a transaction. */
interface ToldOfSteps extends BothWays<(step: Step) => Told> {
  readonly lasting: BothWays<Lasting>
}

/** The findings of one rule in one migration. */
function runRule(
  { rule, setting }: ActiveRule,
  file: MigrationFile,
  examination: Examination,
  { context: base, alone, deployedAlone, operations, operationIn, stepIn }: Circumstances,
  told: ToldOfSteps | null,
  foundInOneRun: StepFinding[],
): FindingOfRule[] {
  if (rule.checkSuppressions) return []
  const withOptions = <C extends FileContext>(context: C): C =>
    rule.options ? { ...context, options: setting.options } : context
  const found: FindingOfRule[] = []
  const foundAt = (step: Step | null, results: () => RuleResult) =>
    findingsOf(found, rule, setting, file, step, results, examination)
  if (rule.checkMigration) {
    foundAt(null, () => rule.checkMigration(withOptions(base)))
    return found
  }
  if (!isMigration(file.input)) return []
  const { runner } = file.input
  const migration = rule.category === 'locking' ? deployedAlone : file.steps
  /** Runs for the step inside a transaction that other migrations may share, and for any other step. */
  const bothWays = (i: number, operation: number | null, resultsIn: (run: InRun) => RuleResult): RuleResult => {
    const [step, other] = [file.steps[i], migration[i]]
    if (!step || !other) return
    const withLocks = (run: InRun): RuleResult => {
      const results = resultsIn(run)
      if (!results) return
      const { effects } = operation === null ? run.step : (run.step.operations[operation] ?? run.step)
      return allOf(results).map(each => {
        const shown = each.effects ?? (rule.category === 'locking' ? telling(effects) : [])
        return underAllLocks({ ...each, effects: shown }, run.step, base.history, base.label)
      })
    }
    if (step === other) return withLocks({ step, migration: file.steps, runner })
    // Report a note once; do not repeat it for the shared transaction.
    const onlyAlone = setting.severity === 'note'
    const together = withLocks(onlyAlone ? { step: other, migration, runner } : { step, migration: file.steps, runner })
    for (const { effects = [], severity } of allOf(together))
      foundInOneRun.push({ rule, step, ruleSeverity: severity, effects })
    return onlyAlone ? together : inOneRun(together, withLocks({ step: other, migration, runner }))
  }
  if (rule.check) {
    for (const place of placesOf(rule.on, operations)) {
      const step = file.steps[place.step]
      if (!step || !happens(rule, step)) continue
      foundAt(step, () =>
        bothWays(place.step, place.operation, run => rule.check(withOptions(operationIn(place, run)))),
      )
    }
    return found
  }
  const { checkStep } = rule
  if (!checkStep) return found
  for (const [index, step] of file.steps.entries()) {
    foundAt(step, () =>
      bothWays(index, null, run => {
        const context = withOptions(stepIn(step, run))
        if (!told) return checkStep(context)
        const way = run.step === step && (alone[index] ?? step) !== step ? 'inOneRun' : 'alone'
        const { waits, working } = told.lasting[way]
        // Queries that wait while a step works also wait while the step waits for its lock.
        const toldOfStep: Told = severity => [...told[way](step)(severity), ...working(run.step)]
        return checkStep({ ...context, told: toldOfStep, waits: waits.get(step.index) })
      }),
    )
  }
  return found
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
  if (suppressions.length === 0) return []
  const base = contextOf(file, examination)
  const found: FindingOfRule[] = []
  for (const { rule, setting } of active) {
    if (!rule.checkSuppressions) continue
    const results = () => rule.checkSuppressions({ ...base, options: setting.options, suppressions })
    findingsOf(found, rule, setting, file, null, results, examination)
  }
  return found.map(({ finding }) => finding)
}

/** Adds the results of a rule to what was found, and makes an internal error of anything it throws. */
function findingsOf(
  into: FindingOfRule[],
  rule: Rule,
  setting: Setting,
  file: MigrationFile,
  step: Step | null,
  results: () => RuleResult,
  { internalErrors, check, asked }: Examination,
): void {
  check()
  try {
    asked(rule.id)
    const result = results()
    if (!result) return
    const told = allOf(result).flatMap((found): FindingOfRule[] => {
      const severity = findingSeverity(rule, setting, found.severity)
      if (severity === 'off') return []
      const { at, related, fix, removes, works, worksUnderLocks, effects: shown = [] } = found
      const finding = {
        rule: rule.id,
        severity,
        at,
        message: plain(found.message),
        why: plain(found.why ?? rule.why),
        help: step ? withIfExists(help(found.help), step.statement) : help(found.help),
        ...(shown.length > 0 ? { effects: shown } : {}),
        ...(related ? { related: related.map(label => ({ ...label, message: plain(label.message) })) } : {}),
        ...(fix ? { fix } : {}),
        ...(removes ? { removes } : {}),
        ...(works ? { works } : {}),
        ...(worksUnderLocks === undefined ? {} : { worksUnderLocks }),
      }
      return [{ finding, rule, step, ruleSeverity: found.severity }]
    })
    append(into, told)
  } catch (error) {
    const [start] = placeIn(file, step?.statement.span ?? [0, 0])
    const before = file.script.source.text.slice(0, start)
    internalErrors.push(internalError(rule.id, file.path, before.split('\n').length, error))
  } finally {
    asked(null)
  }
}
