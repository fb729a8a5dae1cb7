import { rules } from '../../rules/index.ts'
import { pages } from '../../rules/pages.generated.ts'
import type { Registry } from '../lint/registry.ts'
import { trackingTables } from '../systems/tracking-tables.ts'

/** The rules that the program comes with. Not from src/index.ts: explaining a rule need not load the parser. */
export const registry: Registry = { rules, pages, trackingTables }
