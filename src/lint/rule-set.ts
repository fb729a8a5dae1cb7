import type { Setting } from './config/severity.ts'
import type { ActiveRule } from './examination.ts'
import { onceForBoth } from './once.ts'
import type { Rule } from './rule.ts'

/** The rules for a file, with how they are set. It is made once for all files that have the same settings. */
export interface RuleSet {
  readonly all: readonly ActiveRule[]
  readonly rules: readonly Rule[]
  /** Those that are on. */
  readonly active: readonly ActiveRule[]
  /** Those that the configuration turns off by name. */
  readonly dismissed: readonly ActiveRule[]
  readonly isActive: ReadonlySet<Rule>
  readonly isDismissed: ReadonlySet<Rule>
  /** Ids of the active rules about files as a whole. */
  readonly aboutFiles: ReadonlySet<string>
}

export const ruleSet = onceForBoth((rules: readonly Rule[], set: (rule: Rule) => Setting): RuleSet => {
  const all = rules.map(rule => ({ rule, setting: set(rule) }))
  const active = all.filter(({ setting }) => setting.severity !== 'off')
  const dismissed = all.filter(({ setting }) => setting.severity === 'off' && setting.explicit)
  return {
    all,
    rules,
    active,
    dismissed,
    isActive: new Set(active.map(({ rule }) => rule)),
    isDismissed: new Set(dismissed.map(({ rule }) => rule)),
    aboutFiles: new Set(active.filter(({ rule }) => rule.category === 'migration file').map(({ rule }) => rule.id)),
  }
})
