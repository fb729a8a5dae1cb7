import { validateLater } from '../src/lint/advice/advice.ts'
import { validate } from '../src/lint/advice/constraint-sql.ts'
import { constraintOf } from '../src/lint/advice/foreign-key.ts'
import { help, say } from '../src/lint/advice/sql.ts'
import { tableOf } from '../src/lint/advice/table.ts'
import { once, stepsBy } from '../src/lint/once.ts'
import { defineRule } from '../src/lint/rule.ts'
import type { Step } from '../src/postgres/step.ts'

export default defineRule({
  title: 'NOT VALID constraint that nothing validates',
  why: 'Rows that were there before are not checked. So nobody can rely on the constraint, and PostgreSQL does not use it to plan queries.',
  severity: 'note',
  category: 'schema',
  on: ['add-constraint'],

  check({ step, operation, history, runner }) {
    const { table, constraint, notValid } = operation
    if (!notValid || !table.exposed) return
    // The state after all migrations counts. If the constraint was validated, dropped or renamed, it no longer exists
    // under this name.
    const end = history.at(-1)?.after
    const last = end && constraintOf(tableOf(end, table.oid), constraint.name)
    if (!last || last.valid || !last.enforced) return
    // Another constraint may have taken its place and its name.
    if ((drops(history).get(`${table.oid} ${constraint.name}`)?.at(-1) ?? -1) > step.index) return
    return {
      at: operation.keyword,
      message: say`No migration validates ${constraint.name}: older rows of ${table.name} stay unchecked.`,
      help: help(validateLater(runner), validate(table.name, constraint.name)),
    }
  },
})

/** Constraints, with the steps that drop them. */
const drops = once((history: readonly Step[]) =>
  stepsBy(history, ({ operations }) =>
    operations.flatMap(each => (each.kind === 'drop-constraint' ? [`${each.table.oid} ${each.name}`] : [])),
  ),
)
