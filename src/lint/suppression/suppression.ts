import { answeredByName } from '../../migration/change.ts'
import type { Directive } from '../../parse/comment-line.ts'
import { lookUp } from '../../parse/look-up.ts'
import type { Script } from '../../parse/script.ts'
import { placeOf } from '../../parse/sorted.ts'
import type { Span } from '../../parse/span.ts'
import { closest } from '../config/closest.ts'
import type { Finding } from '../finding.ts'
import type { Rule } from '../rule.ts'
import { regions, targets } from './directive-scope.ts'
import type { Suppression } from './suppression-outcome.ts'

export interface SuppressionInput {
  readonly script: Script
  readonly directives: readonly Directive[]
  readonly findings: readonly Finding[]
  readonly rules: readonly Rule[]
  /** True when the rule is on for this file. */
  readonly ran: (rule: Rule) => boolean
  /** True if the user turned the rule off by name: a comment may be meant for the day on which it is turned on again. */
  readonly dismissed: (rule: Rule) => boolean
  readonly requireReason: boolean
  /** True for the name of a rule that exists, but was not loaded. */
  readonly isElsewhere?: (name: string) => boolean
}

export interface SuppressionOutcome {
  readonly kept: readonly Finding[]
  readonly suppressed: readonly { readonly finding: Finding; readonly reason: string | null }[]
  readonly suppressions: readonly Suppression[]
}

/** Separates the findings of one file into those that remain and those that a comment silences, and judges the comments. */
export function suppress(input: SuppressionInput): SuppressionOutcome {
  const comments = reachesOf(input)
  const kept: Finding[] = []
  const suppressed: { finding: Finding; reason: string | null }[] = []
  const silencing = silencerOf(comments, input.findings)
  for (const finding of input.findings) {
    const by = silencing(finding)
    if (by === null) kept.push(finding)
    else suppressed.push({ finding, reason: by.reason })
  }
  return { kept, suppressed, suppressions: comments.map(comment => outcomeOf(comment, input)) }
}

/** Says which of some findings are silenced by comments. */
export function silences(
  input: Pick<SuppressionInput, 'script' | 'directives' | 'rules'>,
  findings: readonly Finding[],
): (finding: Finding) => boolean {
  const silencing = silencerOf(reachesOf(input), findings)
  return finding => silencing(finding) !== null
}

/** A comment, the place and the rules that it applies to, and the rules for which it was useful. */
interface Reach {
  readonly directive: Directive
  /** Null: it silences nothing itself. */
  readonly place: Span | null
  /** Ids of the rules that it names; null: all rules but those that must be named. */
  readonly ids: ReadonlySet<string> | null
  readonly silenced: Set<string>
}

function reachesOf({ script, directives, rules }: Pick<SuppressionInput, 'script' | 'directives' | 'rules'>): Reach[] {
  if (directives.length === 0) return []
  const regionOf = regions(script.source.text, targets(script))
  return directives.map(directive => {
    const ids = directive.rules.flatMap(name => named(directive, name, rules).map(rule => rule.id))
    const place = regionOf(directive)
    return { directive, place, ids: directive.rules.length === 0 ? null : new Set(ids), silenced: new Set() }
  })
}

/** A comment with the first and the last offset at which it silences the findings of one rule. */
interface Interval {
  readonly comment: Reach
  readonly from: number
  readonly to: number
}

/**
 * Decides whether a comment silences a finding, and returns the reason of the first comment that has one. All comments
 * that apply to a finding count as used, so that no duplicate is reported as unused. It works rule by rule and place by
 * place, because generated files have thousands of both.
 */
function silencerOf(
  comments: readonly Reach[],
  findings: readonly Finding[],
): (finding: Finding) => { readonly reason: string | null } | null {
  const inOrder = comments
    .filter(({ place }) => place !== null)
    .sort((a, b) => (a.place?.[0] ?? 0) - (b.place?.[0] ?? 0))
  const ends = comments.filter(({ directive }) => directive.kind === 'enable')
  const answers = new Map<Finding, { readonly reason: string | null }>()
  const byRule = new Map<string, Finding[]>()
  for (const finding of findings) {
    const same = byRule.get(finding.rule)
    if (same) same.push(finding)
    else byRule.set(finding.rule, [finding])
  }
  for (const [rule, own] of byRule) {
    const speaking = ({ ids }: Reach) => (ids === null ? !answeredByName.has(rule) : ids.has(rule))
    const intervals = intervalsOf(inOrder.filter(speaking), ends.filter(speaking))
    const ordered = own.toSorted((a, b) => a.at[0] - b.at[0])
    const places = ordered.map(({ at }) => at[0])
    for (const { comment, from, to } of intervals) {
      const first = places[placeOf(places, place => place >= from)]
      if (first !== undefined && first <= to) comment.silenced.add(rule)
    }
    const any = firstAround(intervals)
    const withReason = firstAround(intervals.filter(({ comment }) => comment.directive.reason !== null))
    for (const finding of ordered) {
      if (!any(finding.at[0])) continue
      answers.set(finding, { reason: withReason(finding.at[0])?.comment.directive.reason ?? null })
    }
  }
  return finding => answers.get(finding) ?? null
}

/** `disable` ends at the next `enable` for the same rule. Both lists belong to one rule, in order. */
function intervalsOf(comments: readonly Reach[], ends: readonly Reach[]): Interval[] {
  return comments.flatMap(comment => {
    const { place, directive } = comment
    if (!place) return []
    const [from, to] = place
    const end = directive.kind === 'disable' ? ends[placeOf(ends, each => each.directive.span[0] >= from)] : undefined
    return [{ comment, from, to: end ? Math.min(to, end.directive.span[1] - 1) : to }]
  })
}

/** Finds the first interval of a sorted list that contains an offset, for several rising offsets. */
function firstAround(intervals: readonly Interval[]): (offset: number) => Interval | undefined {
  let at = 0
  return offset => {
    // An interval that has ended is before all later offsets.
    while (at < intervals.length && (intervals[at]?.to ?? 0) < offset) at++
    const first = intervals[at]
    return first && first.from <= offset ? first : undefined
  }
}

function outcomeOf(
  { directive, silenced }: Reach & { silenced: ReadonlySet<string> },
  input: SuppressionInput,
): Suppression {
  const { kind, tool, rules, ruleSpans, reason, span } = directive
  // Comments for another tool are judged by that tool; a comment that is not understood is reported by another rule.
  if (tool !== null || kind === 'unknown')
    return { directive, unknown: [], unused: [], idle: false, reasonMissing: false }
  const silences = kind !== 'enable' && kind !== 'allow-edit'
  const names = rules.map((name, i) => ({ name, at: ruleSpans[i] ?? span, found: named(directive, name, input.rules) }))
  const ids = input.rules.map(rule => rule.id)
  return {
    directive,
    unknown: names
      .filter(({ name, found }) => found.length === 0 && !input.isElsewhere?.(name))
      .map(({ name, at }) => ({ name, at, guess: closest(name, ids) })),
    unused: names
      .filter(({ found }) => silences && found.length > 0)
      .filter(({ found }) => found.every(rule => input.ran(rule) && !silenced.has(rule.id)))
      .map(({ name, at }) => ({ name, at })),
    idle: silences && rules.length === 0 && silenced.size === 0 && !input.rules.some(input.dismissed),
    reasonMissing: reason === null && (kind === 'allow-edit' || (input.requireReason && silences)),
  }
}

// Atlas accepts the name of an analyzer for all of its codes (nolintRules in migratelint).
const ATLAS_ANALYZERS: Readonly<Record<string, string>> = {
  destructive: 'DS',
  data_depend: 'MF',
  incompatible: 'BC',
  condrop: 'CD',
  concurrent_index: 'PG10',
}

/** The rules that a name means: by id, by a former id, or in another tool's directive by that tool's name. */
function named(directive: Directive, name: string, rules: readonly Rule[]): Rule[] {
  if (directive.tool !== null) {
    const codes = directive.tool === 'atlas' ? lookUp(ATLAS_ANALYZERS, name) : undefined
    return rules.filter(({ peers }) =>
      codes ? peers?.some(peer => peer.startsWith(`atlas:${codes}`)) : peers?.includes(`${directive.tool}:${name}`),
    )
  }
  return rules.filter(rule => rule.id === name || rule.formerly?.includes(name))
}
