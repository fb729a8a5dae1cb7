import type { TrackingTable } from '../migration/tracking-table.ts'
import { systems } from './index.ts'
import { tableNamesOf } from './tracking/table-names.ts'

/** The tables in which all systems record applied migrations, each with the tool that it belongs to. */
export const trackingTables: readonly TrackingTable[] = [
  ...systems.flatMap(({ id, title }) => tableNamesOf[id].map(table => ({ ...table, tool: title }))),
  // It has no system of its own: its migrations are read as plain SQL.
  { schema: null, name: 'gorp_migrations', tool: 'sql-migrate' },
]
