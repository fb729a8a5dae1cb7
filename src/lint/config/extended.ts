import { findRule } from '../registry.ts'
import type { Rule } from '../rule.ts'
import type { Config, RuleSetting } from './config.ts'
import type { PartialConfig } from './config-file.ts'

/**
 * One configuration made of several, the first of them the one that all others build on. Later ones win: rules, tables, systems and
 * plugins key by key, overrides by coming after those before them, every other key as a whole. What a later one says for all files also
 * comes after the overrides of the earlier ones.
 */
export function merged(layers: readonly PartialConfig[], rules: readonly Rule[]): PartialConfig {
  return layers.reduce((base, own) => over(base, own, rules), {})
}

function over(base: PartialConfig, own: PartialConfig, rules: readonly Rule[]): PartialConfig {
  const ruled = own.rules === undefined ? {} : { rules: own.rules }
  const run = own.transaction === undefined ? {} : { transaction: own.transaction }
  const isSaid = own.rules !== undefined || own.transaction !== undefined
  const again = base.overrides?.length && isSaid ? [{ files: ['**'], ...ruled, ...run }] : []
  const overrides = [...(base.overrides ?? []), ...again, ...(own.overrides ?? [])]
  return {
    ...base,
    ...own,
    ...(base.rules && own.rules && { rules: rulesOver(base.rules, own.rules, rules) }),
    ...(base.tables && own.tables && { tables: { ...base.tables, ...own.tables } }),
    ...(base.systems && own.systems && { systems: { ...base.systems, ...own.systems } }),
    ...(base.plugins && own.plugins && { plugins: { ...base.plugins, ...own.plugins } }),
    ...(overrides.length > 0 && { overrides }),
  }
}

type Rules = Config['rules']

/** A severity alone keeps the options that the rule had. A rule may have had another name in the configuration before. */
function rulesOver(before: Rules, after: Rules, rules: readonly Rule[]): Rules {
  const idOf = (name: string) => findRule({ rules }, name)?.id ?? name
  const earlier = new Map(Object.entries(before).map(([name, setting]) => [idOf(name), setting] as const))
  const later = Object.entries(after).map(
    ([name, setting]) => [name, settingOver(earlier.get(idOf(name)), setting)] as const,
  )
  const said = new Set(later.map(([name]) => idOf(name)))
  const kept = Object.entries(before).filter(([name]) => !said.has(idOf(name)))
  return Object.fromEntries([...kept, ...later])
}

function settingOver(before: RuleSetting | undefined, after: RuleSetting): RuleSetting {
  const [level, options = {}] = typeof after === 'string' ? [after] : after
  const kept = before === undefined || typeof before === 'string' ? {} : (before[1] ?? {})
  const all = { ...kept, ...options }
  return Object.keys(all).length > 0 ? [level, all] : level
}
