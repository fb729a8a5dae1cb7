import { registry } from '../../../src/index.ts'
import type { Registry } from '../../../src/lint/registry.ts'

/** These rules of the program and no others, so that a new rule changes nothing for a test of the engine. */
export function registryOf(...ids: readonly string[]): Registry {
  const rules = registry.rules.filter(({ id }) => ids.includes(id))
  const missing = ids.filter(id => !rules.some(rule => rule.id === id))
  if (missing.length > 0) throw new Error(`There is no rule ${missing.join(', ')}.`)
  return { ...registry, rules }
}
