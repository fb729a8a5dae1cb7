import { later } from '../src/lint/advice/advice.ts'
import { help, identifier, quotedList, raw, type Sql, say, sql } from '../src/lint/advice/sql.ts'
import { removedColumn } from '../src/lint/code-use/removed.ts'
import { once } from '../src/lint/once.ts'
import { defineRule } from '../src/lint/rule.ts'
import type { Step } from '../src/postgres/step.ts'
import type { DropColumn } from '../src/postgres/table-operation.ts'

export default defineRule({
  title: 'Dropped column',
  why: 'Code that names the column fails from now on, and so do queries for which an ORM lists all columns. The data is gone.',
  severity: 'error',
  category: 'breaking change',
  on: ['drop-column'],
  peers: ['migrationpilot:MP017', 'squawk:ban-drop-column', 'pgls:banDropColumn', 'atlas:DS103', 'pgfence:drop-column'],

  check({ step, operation, runner }) {
    // The columns of one statement have one cause, so they are reported together, at the first.
    const drops = breaking(step)
    if (drops[0] !== operation) return
    const { table } = operation
    const names = drops.map(({ column }) => column)
    const along = [...new Set(drops.flatMap(each => [...each.dropsIndexes, ...each.dropsConstraints]))]
    const withIt = along.length > 0 ? `, and drops ${quotedList(along)} with it` : ''
    const required = drops.filter(({ known }) => known?.notNull === true && known.default === null)
    return {
      at: operation.keyword,
      removes: drops.map(each => removedColumn(step, each.table, each.column)),
      message: say`Dropping ${raw(quotedList(names))} of ${table.name} breaks code that still uses ${raw(names.length > 1 ? 'them' : 'it')}${raw(withIt)}.`,
      help: help(
        required.length > 0 && `First allow new rows without ${quotedList(required.map(({ column }) => column))}:`,
        required.length > 0 && alter(table.name, required, name => sql`ALTER COLUMN ${name} DROP NOT NULL`),
        `${required.length > 0 ? 'Then' : 'First'} deploy code that does not use ${names.length > 1 ? 'them' : 'it'}.`,
        later(runner),
        alter(table.name, drops, name => sql`DROP COLUMN ${name}`),
      ),
    }
  },
})

const breaking = once(({ operations }: Step) =>
  operations.flatMap(each => (each.kind === 'drop-column' && breaks(each) ? [each] : [])),
)

function breaks({ table, known }: DropColumn): boolean {
  // If the migrations show that there is no such column, IF EXISTS turns this into a statement without effect.
  return table.exposed && !(table.complete && known === null)
}

function alter(table: string, columns: readonly DropColumn[], action: (name: Sql) => Sql): Sql {
  const actions = columns.map(({ column }) => action(identifier(column)).sql)
  const start = actions.length > 1 ? '\n  ' : ' '
  return raw(`${sql`ALTER TABLE ${table}`.sql}${start}${actions.join(',\n  ')};`)
}
