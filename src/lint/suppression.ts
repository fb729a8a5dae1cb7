import type { Directive } from '../parse/directive.ts'
import { lookUp } from '../parse/look-up.ts'
import type { Script } from '../parse/script.ts'
import { contains, type Span } from '../parse/span.ts'
import { closest } from './closest.ts'
import type { Finding } from './finding.ts'
import type { Rule } from './rule.ts'
import { region, targets } from './scope.ts'

/** A suppression comment, and what came of it. */
export interface Suppression {
  readonly directive: Directive
  /** Names that no rule has. */
  readonly unknown: readonly (NamedRule & { readonly guess: string | null })[]
  /** Names of rules that ran here and found nothing that it could have silenced. */
  readonly unused: readonly NamedRule[]
  /** It names no rule, stands for all, and silenced nothing although no rule was turned off by name. */
  readonly idle: boolean
  readonly reasonMissing: boolean
}

/** A rule's name in a comment. */
export interface NamedRule {
  readonly name: string
  readonly at: Span
}

export interface SuppressionInput {
  readonly script: Script
  readonly directives: readonly Directive[]
  readonly findings: readonly Finding[]
  readonly rules: readonly Rule[]
  /** True when the rule is on for this file. */
  readonly ran: (rule: Rule) => boolean
  /** True when the user turned it off by name: a comment may be there for the day it is on. */
  readonly dismissed: (rule: Rule) => boolean
  readonly requireReason: boolean
}

export interface SuppressionOutcome {
  readonly kept: readonly Finding[]
  readonly suppressed: readonly { readonly finding: Finding; readonly reason: string | null }[]
  readonly suppressions: readonly Suppression[]
}

/** Parts the findings of one file into those that stand and those that a comment silences, and judges the comments. */
export function suppress(input: SuppressionInput): SuppressionOutcome {
  const spans = targets(input.script)
  const comments = input.directives.map(directive => reach(directive, spans, input))
  const ends = comments.filter(({ directive }) => directive.kind === 'enable')
  const near = placesAround(comments)
  const kept: Finding[] = []
  const suppressed: { finding: Finding; reason: string | null }[] = []
  for (const finding of input.findings) {
    // All comments that reach a finding are used by it, so that two of them do not accuse each other.
    const by = near(finding.at[0]).filter(comment => reaches(comment, ends, finding))
    for (const comment of by) comment.silenced.add(finding.rule)
    const reason = by.find(({ directive }) => directive.reason !== null)?.directive.reason ?? null
    if (by.length === 0) kept.push(finding)
    else suppressed.push({ finding, reason })
  }
  return { kept, suppressed, suppressions: comments.map(comment => judge(comment, input)) }
}

/** A comment, where it looks and at what, and which rules it was of use for. */
interface Reach {
  readonly directive: Directive
  /** Null: it silences nothing itself. */
  readonly place: Span | null
  /** Ids of the rules it names; null: all rules. */
  readonly ids: ReadonlySet<string> | null
  readonly silenced: Set<string>
}

function reach(directive: Directive, spans: readonly Span[], { script, rules }: SuppressionInput): Reach {
  const ids = directive.rules.flatMap(name => named(directive, name, rules).map(rule => rule.id))
  const place = region(directive, script.source.text, spans)
  return { directive, place, ids: directive.rules.length === 0 ? null : new Set(ids), silenced: new Set() }
}

/** True for a finding at the comment's place; `disable` ends where an `enable` follows that speaks of the same rule. */
function reaches({ directive, ids }: Reach, ends: readonly Reach[], finding: Finding): boolean {
  if (!speaksOf(ids, finding)) return false
  if (directive.kind !== 'disable') return true
  const between = ({ directive: { span } }: Reach) => span[0] >= directive.span[1] && span[1] <= finding.at[0]
  return !ends.some(end => between(end) && speaksOf(end.ids, finding))
}

function speaksOf(ids: ReadonlySet<string> | null, finding: Finding): boolean {
  return ids === null || ids.has(finding.rule)
}

/** Finds the comments whose place holds an offset, without a look at all of them: generated files have thousands. */
function placesAround(comments: readonly Reach[]): (offset: number) => Reach[] {
  const placed = comments.flatMap(comment => (comment.place ? [{ comment, place: comment.place }] : []))
  placed.sort((a, b) => a.place[0] - b.place[0])
  let furthest = -1
  const furthestEnds = placed.map(({ place }) => {
    furthest = Math.max(furthest, place[1])
    return furthest
  })
  return offset => {
    let [low, high] = [0, placed.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((placed[middle]?.place[0] ?? 0) <= offset) low = middle + 1
      else high = middle
    }
    const found: Reach[] = []
    for (let i = low - 1; i >= 0 && (furthestEnds[i] ?? -1) >= offset; i--) {
      const candidate = placed[i]
      if (candidate && contains(candidate.place, offset)) found.unshift(candidate.comment)
    }
    return found
  }
}

function judge(
  { directive, silenced }: Reach & { silenced: ReadonlySet<string> },
  input: SuppressionInput,
): Suppression {
  const { kind, tool, rules, ruleSpans, reason, span } = directive
  // Comments for another tool are that tool's to judge; one that is not understood says nothing more.
  if (tool !== null || kind === 'unknown')
    return { directive, unknown: [], unused: [], idle: false, reasonMissing: false }
  const silences = kind !== 'enable'
  const names = rules.map((name, i) => ({ name, at: ruleSpans[i] ?? span, found: named(directive, name, input.rules) }))
  const ids = input.rules.map(rule => rule.id)
  return {
    directive,
    unknown: names
      .filter(({ found }) => found.length === 0)
      .map(({ name, at }) => ({ name, at, guess: closest(name, ids) })),
    unused: names
      .filter(({ found }) => silences && found.length > 0)
      .filter(({ found }) => found.every(rule => input.ran(rule) && !silenced.has(rule.id)))
      .map(({ name, at }) => ({ name, at })),
    idle: silences && rules.length === 0 && silenced.size === 0 && !input.rules.some(input.dismissed),
    reasonMissing: input.requireReason && silences && reason === null,
  }
}

// Atlas takes the name of an analyzer for all of its codes (nolintRules in migratelint).
const ATLAS_ANALYZERS: Readonly<Record<string, string>> = {
  destructive: 'DS',
  data_depend: 'MF',
  incompatible: 'BC',
  condrop: 'CD',
  concurrent_index: 'PG10',
}

/** The rules a name stands for: by id, by a former id, or in another tool's directive by that tool's name. */
function named(directive: Directive, name: string, rules: readonly Rule[]): Rule[] {
  if (directive.tool !== null) {
    const codes = directive.tool === 'atlas' ? lookUp(ATLAS_ANALYZERS, name) : undefined
    return rules.filter(({ peers }) =>
      codes ? peers?.some(peer => peer.startsWith(`atlas:${codes}`)) : peers?.includes(`${directive.tool}:${name}`),
    )
  }
  return rules.filter(rule => rule.id === name || rule.formerly?.includes(name))
}
