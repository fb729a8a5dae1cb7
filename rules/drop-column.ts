import { defineRule, type Operation } from '../src/lint/rule.ts'
import { help, identifier, quotedList, raw, type Sql, say, sql } from '../src/lint/sql.ts'

type DropColumn = Extract<Operation, { readonly kind: 'drop-column' }>

export default defineRule({
  title: 'Dropped column',
  why: 'Code that still names the column fails from this moment on, also a SELECT or INSERT that an ORM wrote; the data is gone.',
  severity: 'error',
  category: 'breaking change',
  on: ['drop-column'],
  peers: ['squawk:ban-drop-column', 'pgls:banDropColumn', 'atlas:DS103', 'pgfence:drop-column'],

  check({ step, operation, runner }) {
    // Those of one statement have one cause, and are told together, at the first.
    const drops = step.operations.flatMap(each => (each.kind === 'drop-column' && breaks(each) ? [each] : []))
    if (drops[0] !== operation) return
    const { table } = operation
    const names = drops.map(({ column }) => column)
    const along = [...new Set(drops.flatMap(each => [...each.dropsIndexes, ...each.dropsConstraints]))]
    const withIt = along.length > 0 ? `, and takes ${quotedList(along)} along` : ''
    const required = drops.filter(({ known }) => known?.notNull === true && known.default === null)
    return {
      at: operation.keyword,
      message: say`Dropping ${raw(quotedList(names))} of ${table.name} breaks code that still uses ${raw(names.length > 1 ? 'them' : 'it')}${raw(withIt)}.`,
      help: help(
        `First deploy code that does not use ${names.length > 1 ? 'them' : 'it'}.${required.length > 0 ? ' New rows can do without after:' : ''}`,
        required.length > 0 && alter(table.name, required, name => sql`ALTER COLUMN ${name} DROP NOT NULL`),
        runner.laterMigration(),
        alter(table.name, drops, name => sql`DROP COLUMN ${name}`),
      ),
    }
  },
})

function breaks({ table, known }: DropColumn): boolean {
  // The migrations tell that there is no such column: IF EXISTS makes it a statement that does nothing.
  return table.exposed && !(table.complete && known === null)
}

function alter(table: string, columns: readonly DropColumn[], action: (name: Sql) => Sql): Sql {
  const actions = columns.map(({ column }) => action(identifier(column)).sql)
  return sql`ALTER TABLE ${table} ${raw(actions.join(',\n  '))};`
}
