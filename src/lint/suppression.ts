import type { Directive } from '../parse/directive.ts'
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
  const comments = input.directives.map(directive => ({ ...reach(directive, input), silenced: new Set<string>() }))
  const kept: Finding[] = []
  const suppressed: { finding: Finding; reason: string | null }[] = []
  const spans = targets(input.script)
  const places = comments.map(({ directive }) => region(directive, input.script.source.text, spans))
  const ends = comments.filter(({ directive }) => directive.kind === 'enable')
  for (const finding of input.findings) {
    const at = finding.at[0]
    const by = comments.filter(({ directive, ids }, i) => {
      const place = places[i]
      if (!place || !contains(place, at) || !speaksOf(ids, finding)) return false
      const { kind, span } = directive
      return (
        kind !== 'disable' ||
        !ends.some(e => e.directive.span[0] >= span[1] && e.directive.span[1] <= at && speaksOf(e.ids, finding))
      )
    })
    // All comments that reach a finding are used by it, so that two of them do not accuse each other.
    for (const comment of by) comment.silenced.add(finding.rule)
    if (by.length === 0) kept.push(finding)
    else
      suppressed.push({
        finding,
        reason: by.find(({ directive }) => directive.reason !== null)?.directive.reason ?? null,
      })
  }
  return { kept, suppressed, suppressions: comments.map(comment => judge(comment, input)) }
}

interface Reach {
  readonly directive: Directive
  /** Ids of the rules it names; null: all rules. */
  readonly ids: ReadonlySet<string> | null
}

function reach(directive: Directive, { rules }: SuppressionInput): Reach {
  const ids = directive.rules.flatMap(name => named(directive, name, rules).map(rule => rule.id))
  return { directive, ids: directive.rules.length === 0 ? null : new Set(ids) }
}

function speaksOf(ids: ReadonlySet<string> | null, finding: Finding): boolean {
  return ids === null || ids.has(finding.rule)
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

/** The rules a name stands for: by id, by a former id, or in another tool's directive by that tool's name. */
function named(directive: Directive, name: string, rules: readonly Rule[]): Rule[] {
  if (directive.tool !== null) return rules.filter(rule => rule.peers?.includes(`${directive.tool}:${name}`))
  return rules.filter(rule => rule.id === name || rule.formerly?.includes(name))
}
