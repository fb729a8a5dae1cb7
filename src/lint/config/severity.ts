import type { Severity } from '../../migration/severity.ts'
import { lookUp } from '../../parse/look-up.ts'
import { once } from '../once.ts'
import type { Rule } from '../rule.ts'
import { type Config, type Level, levels, type Preset } from './config.ts'
import { matcher } from './glob.ts'

/** How a rule is set for one file. */
export interface Setting {
  readonly severity: Level
  /** True if the configuration names the rule: then its setting holds for all of the rule's findings. */
  readonly explicit: boolean
  /** The options, with defaults filled in. */
  readonly options: Readonly<Record<string, unknown>>
}

/** The mildest first. */
const order: readonly Level[] = [...levels].reverse()

/** The severity of a rule in a preset. `strict` adds to `recommended`; `all` turns every rule on. */
export function presetSeverity(rule: Rule, preset: Preset): Level {
  const recommended = rule.presets?.recommended ?? rule.severity
  const strict = rule.presets?.strict ?? recommended
  if (preset === 'recommended') return recommended
  if (preset === 'strict') return strict
  return strict === 'off' ? rule.severity : strict
}

/** Resolves preset, `rules` and `overrides` for each file: later and more specific settings win. */
export const settings = once((config: Config): ((rule: Rule, path: string) => Setting) => {
  const setFor = settingsByFile(config)
  // Callers ask for one rule after the other on the same file.
  let last = { path: '', set: setFor('') }
  return (rule, path) => {
    if (last.path !== path) last = { path, set: setFor(path) }
    return last.set(rule)
  }
})

/** The same for all rules of one file. Files for which the same overrides apply get the same function. */
export const settingsByFile = once((config: Config): ((path: string) => (rule: Rule) => Setting) => {
  const overrides = config.overrides.flatMap(({ files, rules }) => (rules ? [{ rules, matches: matcher(files) }] : []))
  /** By the overrides that apply: files with the same overrides share their settings. */
  const known = new Map<string, (rule: Rule) => Setting>()
  return path => {
    const applying = overrides.filter(({ matches }) => matches(path))
    const key = applying.map(override => overrides.indexOf(override)).join()
    const before = known.get(key)
    if (before) return before
    const all = [config.rules, ...applying.map(({ rules }) => rules)]
    const made = once((rule: Rule) => settingOf(rule, config.preset, all))
    known.set(key, made)
    return made
  }
})

function settingOf(rule: Rule, preset: Config['preset'], all: readonly Config['rules'][]): Setting {
  const names = [rule.id, ...(rule.formerly ?? [])]
  const applied = all.flatMap(rules => names.map(name => lookUp(rules, name))).filter(setting => setting !== undefined)
  let severity = presetSeverity(rule, preset)
  const defaults = Object.entries(rule.options ?? {}).map(([name, option]) => [name, option.default])
  let options: Record<string, unknown> = Object.fromEntries(defaults)
  for (const setting of applied) {
    const [level, given] = typeof setting === 'string' ? [setting, {}] : setting
    severity = level
    options = { ...options, ...given }
  }
  return { severity, explicit: applied.length > 0, options }
}

/** One sentence for each former name of a rule in the configuration. Former names still work. */
export function formerNames({ rules: main, overrides }: Config, rules: readonly Rule[]): string[] {
  const used = new Set([main, ...overrides.map(each => each.rules ?? {})].flatMap(Object.keys))
  if (used.size === 0) return []
  return rules.flatMap(({ id, formerly = [] }) =>
    formerly.flatMap(name =>
      used.has(name) ? `The rule "${name}" is now called "${id}": change the configuration.` : [],
    ),
  )
}

/**
 * The severity of one finding. A rule may make a case milder than usual; it stays milder in every preset. A severity in
 * the configuration is the user's decision and wins.
 */
export function findingSeverity(rule: Rule, setting: Setting, said: Severity | undefined): Level {
  if (setting.explicit || setting.severity === 'off' || said === undefined || said === rule.severity)
    return setting.severity
  if (setting.severity === rule.severity) return said
  return order.indexOf(said) < order.indexOf(setting.severity) ? said : setting.severity
}
