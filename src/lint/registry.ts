import type { TrackingTable } from '../migration/tracking-table.ts'
import type { Rule } from './rule.ts'

/** All rules with their pages. The program's own are generated: rules/index.ts and rules/pages.generated.ts. */
export interface ExplainedRules {
  readonly rules: readonly Rule[]
  /** Rule id → its page, Markdown. */
  readonly pages: Readonly<Record<string, string>>
}

/** All rules, with what they must know of migration systems. */
export interface Registry extends ExplainedRules {
  readonly trackingTables: readonly TrackingTable[]
}

/** The rule of that id, or the one that had it in an earlier release. */
export function findRule(registry: Pick<Registry, 'rules'>, id: string): Rule | undefined {
  return registry.rules.find(rule => rule.id === id) ?? registry.rules.find(rule => rule.formerly?.includes(id))
}
