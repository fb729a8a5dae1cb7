import { addAlone, isPrimaryKey } from '../src/lint/advice/add-column.ts'
import { makeNotNull } from '../src/lint/advice/not-null.ts'
import { help, quotedList, raw, say } from '../src/lint/advice/sql.ts'
import { failsUnlessEmpty } from '../src/lint/examination/empty-tables.ts'
import { once, stepsBy } from '../src/lint/once.ts'
import { defineRule } from '../src/lint/rule.ts'
import type { Step } from '../src/postgres/step.ts'

export default defineRule({
  title: 'New NOT NULL column without a default',
  why: 'Existing rows have no value for it, so PostgreSQL refuses. Even on an empty table, code that does not know the column can no longer insert rows.',
  severity: 'error',
  category: 'certain failure',
  on: ['add-column'],
  peers: [
    'migrationpilot:MP084',
    'squawk:adding-required-field',
    'pgfence:add-column-not-null-no-default',
    'atlas:MF103',
    'pgls:addingRequiredField',
  ],

  check({ step, operation, migration, runner, version }) {
    const added = addedTo(step)
    // The columns of one statement fail together, so they are reported together, at the first.
    if (added[0] !== operation) return
    const { table } = operation
    if ((emptied(migration).get(table.oid)?.[0] ?? Infinity) < step.index) return
    const names = added.map(({ column }) => column.name)
    const several = names.length > 1
    return {
      at: operation.keyword,
      message: say`Adding ${raw(quotedList(names))} NOT NULL fails unless ${table.name} is empty.`,
      help: help(
        `Give ${several ? 'each' : 'it'} a DEFAULT: with a constant, this takes only a moment. Or add ${several ? 'them' : 'it'} without NOT NULL:`,
        added.map(each => addAlone(step, each)),
        makeNotNull(
          table.name,
          operation.column.name,
          { runner, version },
          'Once code writes it and every row has a value,',
        ),
        several && 'Likewise for the other columns.',
      ),
    }
  },
})

const addedTo = once((step: Step) =>
  step.operations.flatMap(each => {
    // Primary keys and domains with constraints have rules of their own.
    const isOwn = each.kind === 'add-column' && each.constrainedDomain !== true && !isPrimaryKey(step, each)
    return isOwn && failsUnlessEmpty(step, each) ? [each] : []
  }),
)

/** Tables, by the steps that certainly empty them: TRUNCATE, and a DELETE of all rows, which another rule reports. */
const emptied = once((migration: readonly Step[]) =>
  stepsBy(migration, ({ operations, error, statement }) =>
    error || statement.conditional
      ? []
      : operations.flatMap(each =>
          each.kind === 'truncate' || (each.kind === 'delete' && each.everyRow) ? [each.table.oid] : [],
        ),
  ),
)
