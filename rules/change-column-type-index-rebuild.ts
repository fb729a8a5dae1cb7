import { later, outside } from '../src/lint/advice/advice.ts'
import { bySecondColumn, changing, rebuilt, withoutChecks } from '../src/lint/advice/column-type.ts'
import { indexOf } from '../src/lint/advice/relations.ts'
import { help, quotedList, raw, say } from '../src/lint/advice/sql.ts'
import { createConcurrently } from '../src/lint/advice/written-text.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Change of type that rebuilds indexes',
  why: 'The rows stay as they are, but an index that sorts or computes differently with the new type is built again. Nobody can read or write the table meanwhile.',
  severity: 'error',
  category: 'locking',
  on: ['alter-column-type'],
  peers: ['migrationpilot:MP007', 'strong_migrations:change_column', 'squawk:changing-column-type'],

  check(context) {
    const { step, operation, effects, runner, history } = context
    if (operation.cost !== 'index-rebuild' || !effects.blockingWrites()) return
    const { table, rebuiltIndexes } = operation
    const indexes = rebuilt(step, operation) ?? []
    const builds = indexes.flatMap(index => createConcurrently(history, index, step.before) ?? [])
    const change = withoutChecks(context)
    // CONCURRENTLY works neither for indexes of partitioned tables nor for those that belong to something else.
    const isPlain = indexes.every(
      ({ constraint, kind, parent }) => constraint === null && kind === 'index' && parent === null,
    )
    const canDrop = isPlain && change !== null && builds.length === rebuiltIndexes.length
    const several = rebuiltIndexes.length > 1
    return {
      at: operation.keyword,
      message: say`${changing(operation)} blocks reads and writes until ${raw(quotedList(rebuiltIndexes))} ${raw(several ? 'are' : 'is')} built again.`,
      help: canDrop
        ? help(
            outside(runner, several ? 'drop the indexes' : 'drop the index'),
            raw(indexes.map(({ name }) => `DROP INDEX CONCURRENTLY ${indexOf(table.name, name).sql};`).join('\n')),
            later(runner, `change the type, which takes only a moment without ${several ? 'them' : 'it'}`),
            change,
            outside(
              runner,
              `build ${several ? 'them' : 'it'} again (until then, queries run without ${several ? 'them' : 'it'})`,
            ),
            builds.map(raw),
          )
        : help(bySecondColumn(context)),
    }
  },
})
