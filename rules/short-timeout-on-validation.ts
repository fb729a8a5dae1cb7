import { duration } from '../src/lint/advice/lock-timeout.ts'
import { help, raw, say, sql } from '../src/lint/advice/sql.ts'
import { workOn } from '../src/lint/advice/strongest-lock.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Short timeout for the validation of a constraint',
  why: 'A statement_timeout limits the whole statement, and this one takes longer the larger the table is.',
  severity: 'note',
  category: 'transaction',
  on: ['validate-constraint'],
  options: {
    seconds: { type: 'number', description: 'The longest statement_timeout that counts as short.', default: 60 },
  },

  check({ step, operation, effects, history, options, text, label, isLarge }) {
    const timeout = duration(step, 'statement_timeout') ?? 0
    if (timeout <= 0 || timeout > Number(options.seconds) * 1000 || step.error || !workOn(effects, step, isLarge))
      return
    const { value, setBy } = step.settings.get('statement_timeout') ?? {}
    const setter = typeof setBy === 'number' ? history[setBy] : undefined
    return {
      at: operation.keyword,
      message: say`Checking every row of ${operation.table.name} may take longer than the statement_timeout of ${raw(value ?? '')}: then it fails.`,
      help: help('Give it the time it needs:', sql`SET statement_timeout = 0;`, raw(`${text(step.statement.span)};`)),
      ...(setter ? { related: [label(setter, 'the timeout is set here')] } : {}),
    }
  },
})
