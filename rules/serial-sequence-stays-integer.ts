import { relationName } from '../src/lint/advice/relations.ts'
import { help, raw, say, sql } from '../src/lint/advice/sql.ts'
import { typeText } from '../src/lint/advice/type-text.ts'
import { defineRule } from '../src/lint/rule.ts'

const widths = new Map(Object.entries({ int2: 2, smallint: 2, int4: 4, integer: 4, int8: 8, bigint: 8 }))
const last: Readonly<Record<string, string>> = { smallint: '32767', integer: '2147483647' }

export default defineRule({
  title: 'Sequence that is smaller than its column',
  why: 'The sequence of a serial column keeps its type when the column gets a larger one. Once it has reached its end, every INSERT fails.',
  severity: 'warning',
  category: 'schema',
  on: ['alter-column-type'],

  check({ step, history, operation }) {
    const { table, column, to } = operation
    // The state at the end counts, because the sequence may be changed after the column.
    const { after } = history.at(-1) ?? step
    const mentioning = [...(step.after.mentioned.get(table.oid)?.keys() ?? [])]
    const sequence = mentioning
      .map(oid => step.after.relations.get(oid))
      .find(
        each =>
          each?.kind === 'sequence' &&
          !each.identity &&
          each.ownedBy?.relation === table.oid &&
          each.ownedBy.column === column,
      )
    const left = sequence && after.relations.get(sequence.oid)
    if (left?.kind !== 'sequence' || to.array) return
    if ((widths.get(left.type) ?? 0) >= (widths.get(to.name) ?? 0)) return
    const name = relationName(after, left.oid) ?? left.name
    return {
      at: operation.keyword,
      message: say`INSERT fails after number ${raw(last[left.type] ?? '')} although ${column} becomes ${raw(typeText(to))}: ${name} ends there.`,
      help: help('Give the sequence the type of the column:', sql`ALTER SEQUENCE ${name} AS ${raw(typeText(to))};`),
    }
  },
})
