import type { Rule } from '../rule.ts'
import type { Config, RuleSetting } from './config.ts'
import { settings } from './severity.ts'

/** The same configuration with only these rules on: as they are set, or at their natural severity if they are off. */
export function onlyRules(config: Config, ids: readonly string[], rules: readonly Rule[]): Config {
  const of = settings(config)
  const chosen = new Map<string, RuleSetting>()
  const dropped = new Set<string>()
  for (const rule of rules) {
    const names = [rule.id, ...(rule.formerly ?? [])]
    const { severity, explicit, options } = of(rule, '')
    if (!names.some(name => ids.includes(name))) {
      chosen.set(rule.id, 'off')
      for (const name of names) dropped.add(name)
    } else if (severity === 'off') chosen.set(rule.id, [rule.severity, options])
    // A rule that the configuration does not name must stay unnamed: naming it would make all its findings equally
    // severe.
    else if (explicit) chosen.set(rule.id, [severity, options])
  }
  const overrides = config.overrides.map(({ rules: own, ...rest }) => {
    const kept = Object.entries(own ?? {}).filter(([name]) => !dropped.has(name))
    return { ...rest, rules: Object.fromEntries(kept) }
  })
  // Nobody wants the rules of the other plugins, so it does not matter that these may not have been loaded.
  const plugins = Object.entries(config.plugins).filter(([prefix]) => ids.some(id => id.startsWith(`${prefix}/`)))
  return { ...config, rules: Object.fromEntries(chosen), overrides, plugins: Object.fromEntries(plugins) }
}
