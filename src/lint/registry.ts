import type { TrackingTable } from '../migration/tracking-table.ts'
import type { Rule } from './rule.ts'

/**
 * All rules, with their pages and with what they must know of migration systems. The program's own registry is
 * generated: rules/index.ts and rules/pages.generated.ts.
 */
export interface Registry {
  readonly rules: readonly Rule[]
  /** Rule id → its page, Markdown. */
  readonly pages: Readonly<Record<string, string>>
  readonly trackingTables: readonly TrackingTable[]
}

/** The rule of that id, or the one that had it in an earlier release. */
export function findRule(registry: Registry, id: string): Rule | undefined {
  return registry.rules.find(rule => rule.id === id) ?? registry.rules.find(rule => rule.formerly?.includes(id))
}
