import { rules } from '../../rules/index.ts'
import { pages } from '../../rules/pages.generated.ts'
import type { Registry } from '../lint/registry.ts'
import { trackingTables } from '../systems/tracking-tables.ts'

/**
 * The rules of the program. They are not taken from src/index.ts, because explaining a rule need not load the parser.
 */
export const registry: Registry = { rules, pages, trackingTables }
