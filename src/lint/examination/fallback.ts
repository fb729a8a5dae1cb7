import { severities } from '../../migration/severity.ts'
import { placeOf } from '../../parse/sorted.ts'
import type { Effect } from '../../postgres/effect.ts'
import type { Step } from '../../postgres/step.ts'
import type { Preset } from '../config/config.ts'
import { findingSeverity, presetSeverity } from '../config/severity.ts'
import type { Finding } from '../finding.ts'
import type { Rule, Told } from '../rule.ts'

/** A finding with the rule that reported it, and the step it is about. */
export interface FindingOfRule {
  readonly finding: Finding
  readonly rule: Rule
  /** Null for a rule that looks at the whole migration. */
  readonly step: Step | null
  /** The severity that the rule itself gave to this case, if it gave one. */
  readonly ruleSeverity: Finding['severity'] | undefined
}

/**
 * Leaves out the findings of fallback rules where another rule reports the same about the same statement. The user's
 * setting of the other rule does not matter: somebody who lowers it or turns it off does not want to hear the same from
 * another rule.
 *
 * `others` are the findings of all rules that are not fallbacks, including those that the configuration turned off.
 */
export function withoutRepetition(
  fallbacks: readonly FindingOfRule[],
  others: readonly FindingOfRule[],
  preset: Preset,
): FindingOfRule[] {
  if (fallbacks.length === 0) return []
  const telling = others.filter(tellsHow).map(other => ({ other, weight: weightOf(other, preset) }))
  const bySteps = new Map<Step, number>()
  for (const { other, weight } of telling) {
    if (other.step !== null) bySteps.set(other.step, Math.min(weight, bySteps.get(other.step) ?? Infinity))
  }
  const byPlace = telling
    .filter(({ other }) => other.step === null)
    .map(({ other, weight }) => ({ at: other.finding.at[0], weight }))
    .sort((a, b) => a.at - b.at)
  return fallbacks.filter(fallback => {
    if (fallback.step === null) return true
    const own = weightOf(fallback, preset)
    if ((bySteps.get(fallback.step) ?? Infinity) <= own) return false
    const [start, end] = fallback.step.statement.span
    for (let i = placeOf(byPlace, ({ at }) => at >= start); i < byPlace.length; i++) {
      const { at, weight } = byPlace[i] ?? { at: end, weight: own }
      if (at >= end) break
      if (weight <= own) return false
    }
    return true
  })
}

/** What a rule reports about a step: all that a fallback needs to know about it. */
export interface StepFinding {
  readonly rule: Rule
  readonly step: Step
  readonly ruleSeverity: Finding['severity'] | undefined
  readonly effects: readonly Effect[]
}

/** The part of findings that fallbacks get. */
export function stepFindings(findings: readonly FindingOfRule[]): StepFinding[] {
  return findings.flatMap(({ rule, step, ruleSeverity, finding: { effects } }) =>
    step && effects ? [{ rule, step, ruleSeverity, effects }] : [],
  )
}

/** The findings about a step that the user gets to see. */
export function standing(
  findings: readonly FindingOfRule[],
  silenced: (findings: readonly Finding[]) => (finding: Finding) => boolean,
): (step: Step) => readonly FindingOfRule[] {
  const isSilenced = silenced(findings.map(({ finding }) => finding))
  const bySteps = new Map<number, FindingOfRule[]>()
  for (const each of findings) {
    if (!each.step || isSilenced(each.finding)) continue
    const own = bySteps.get(each.step.index)
    if (own) own.push(each)
    else bySteps.set(each.step.index, [each])
  }
  return ({ index }) => bySteps.get(index) ?? []
}

/** What has been reported about a step, by severity. */
export function toldBy(all: readonly StepFinding[], preset: Preset): (step: Step) => Told {
  // By its place: a step that shares its transaction with other migrations has a twin that does not.
  const bySteps = new Map<number, { readonly effects: readonly Effect[]; readonly weight: number }[]>()
  for (const each of all) {
    const own = bySteps.get(each.step.index) ?? []
    own.push({ effects: each.effects, weight: weightOf(each, preset) })
    bySteps.set(each.step.index, own)
  }
  return step => severity => {
    const weighty = (bySteps.get(step.index) ?? []).filter(({ weight }) => weight <= severities.indexOf(severity))
    // Not copied: each of thousands of findings may have thousands.
    const [only] = weighty.length === 1 ? weighty : []
    return only ? only.effects : weighty.flatMap(({ effects }) => effects)
  }
}

/** 0 for an error; a large number if the preset leaves the rule out. */
function weightOf({ rule, ruleSeverity }: Pick<FindingOfRule, 'rule' | 'ruleSeverity'>, preset: Preset): number {
  const setting = { severity: presetSeverity(rule, preset), explicit: false, options: {} }
  const severity = findingSeverity(rule, setting, ruleSeverity)
  return severity === 'off' ? Number.POSITIVE_INFINITY : severities.indexOf(severity)
}

/**
 * A "data loss" or "breaking change" finding is about the statement's purpose, not about how it runs, so it does not
 * silence a fallback. Neither do milder findings about the whole statement, for instance that it has no timeout.
 */
function tellsHow({ rule, finding }: FindingOfRule): boolean {
  if (rule.category === 'data loss' || rule.category === 'breaking change') return false
  return rule.check !== undefined || finding.severity === 'error' || rule.severity === 'error'
}
