import { isBookkeeping } from '../src/lint/advice/bookkeeping.ts'
import { help, raw, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'
import type { TrackingTable } from '../src/migration/tracking-table.ts'
import { nameParts } from '../src/parse/placeholder.ts'

export default defineRule({
  title: 'Migration that writes to the table of applied migrations',
  why: 'The tool reads this table to know what is applied, and writes to it while the migration runs. If others change the table, the tool may skip a migration or run it a second time.',
  severity: 'warning',
  category: 'migration file',
  on: ['insert', 'update', 'delete', 'merge', 'copy-from', 'truncate'],

  check(context) {
    const { step, operation, trackingTables } = context
    const { table, keyword } = operation
    const tools = [...toolsOf(table.name, trackingTables)]
    if (tools.length === 0) return
    if (operation.kind !== 'truncate' && isBookkeeping(step, operation, context)) return
    const owner = tools.length === 1 ? tools[0] : 'the migration tool'
    return {
      at: keyword,
      message: say`This changes ${table.name}, in which ${raw(`${owner} records`)} what is applied.`,
      help: help(
        "Use the tool's own command for it, outside the migrations, such as flyway repair, prisma migrate resolve or goose fix.",
      ),
    }
  },
})

/** Names that tables of an application may have as well: they count only in the schema that the tool creates for them. */
const commonNames: ReadonlySet<string> = new Set(['changes', 'ledger', 'migrations'])

/** The tools that have a table of this name. */
function toolsOf(table: string, trackingTables: readonly TrackingTable[]): ReadonlySet<string> {
  const bare = nameParts(table).at(-1) ?? ''
  const own = trackingTables.filter(({ schema, name }) =>
    commonNames.has(name) ? table === `${schema}.${name}` : bare === name,
  )
  return new Set(own.map(({ tool }) => tool))
}
