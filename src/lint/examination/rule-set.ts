import { severities } from '../../migration/severity.ts'
import type { Setting } from '../config/severity.ts'
import { onceForBoth } from '../once.ts'
import type { Rule } from '../rule.ts'
import type { ActiveRule } from './examination.ts'

/** The rules for a file, with how they are set. It is made once for all files that have the same settings. */
export interface RuleSet {
  readonly all: readonly ActiveRule[]
  readonly rules: readonly Rule[]
  /** Those that are on. */
  readonly active: readonly ActiveRule[]
  /** Those that the configuration turns off by name, as they would be otherwise. */
  readonly dismissed: readonly ActiveRule[]
  /** Of both, in the order in which they are asked. */
  readonly fallbacks: readonly ActiveRule[]
  readonly isActive: ReadonlySet<Rule>
  readonly isDismissed: ReadonlySet<Rule>
  /** Ids of the active rules about files as a whole. */
  readonly aboutFiles: ReadonlySet<string>
}

export const ruleSet = onceForBoth((rules: readonly Rule[], set: (rule: Rule) => Setting): RuleSet => {
  const all = rules.map(rule => ({ rule, setting: set(rule) }))
  const active = all.filter(({ setting }) => setting.severity !== 'off')
  const off = all.filter(({ setting }) => setting.severity === 'off' && setting.explicit)
  const dismissed = off.map(switchedOn)
  return {
    all,
    rules,
    active,
    dismissed,
    fallbacks: [...active, ...dismissed].filter(({ rule }) => rule.fallback !== undefined).sort(byWeight),
    isActive: new Set(active.map(({ rule }) => rule)),
    isDismissed: new Set(dismissed.map(({ rule }) => rule)),
    aboutFiles: new Set(active.filter(({ rule }) => rule.category === 'migration file').map(({ rule }) => rule.id)),
  }
})

/** A rule as it would be if the configuration did not switch it off. */
function switchedOn({ rule, setting }: ActiveRule): ActiveRule {
  return { rule, setting: { ...setting, severity: rule.severity } }
}

/** The more severe one runs first, so that the milder one need not repeat it. */
function byWeight(a: ActiveRule, b: ActiveRule): number {
  return severities.indexOf(a.rule.severity) - severities.indexOf(b.rule.severity) || (a.rule.id < b.rule.id ? -1 : 1)
}
