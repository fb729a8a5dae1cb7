import { defineRule } from '../src/lint/rule.ts'
import { help, raw, say, sql } from '../src/lint/sql.ts'

export default defineRule({
  title: 'Setting that outlives the migration',
  why: 'SET holds until the connection closes. A tool that runs several migrations over one connection runs all that follow with it.',
  severity: 'note',
  category: 'transaction',
  presets: { recommended: 'off', strict: 'off' },

  checkStep({ step, migration }) {
    const set = step.operations.find(each => each.kind === 'set' && !each.local)
    if (set?.kind !== 'set' || step.error) return
    const { name } = set
    // Set again, it is said of the last; RESET and DISCARD ALL end it, and ROLLBACK what was set since BEGIN.
    const ended = migration.some(
      each =>
        each.index > step.index &&
        each.operations.some(
          other =>
            ((other.kind === 'set' || other.kind === 'reset') && (other.name === name || other.name === 'all')) ||
            (other.kind === 'rollback' && each.transaction.id === step.transaction.id),
        ),
    )
    if (ended) return
    return {
      at: set.span,
      message: say`This also sets ${raw(name)} for the migrations that run after this one over the same connection.`,
      help: help('Set it back at the end, or use SET LOCAL in a transaction:', sql`RESET ${raw(name)};`),
    }
  },
})
