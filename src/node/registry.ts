import { rules } from '../../rules/index.ts'
import { pages } from '../../rules/pages.generated.ts'
import type { Registry } from '../lint/registry.ts'
import { trackingTables } from '../systems/tracking-tables.ts'

/**
 * The rules of the program. They do not come from src/index.ts, so that explaining a rule does not load the parser.
 */
export const registry: Registry = { rules, pages, trackingTables }
