import { durationOf } from '../src/lint/advice/lock-timeout.ts'
import { help, raw, say, sql } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Timeout that makes others wait for long',
  why: 'While a statement waits for a strong lock, everybody who needs the table waits behind it. A short wait that is tried again harms nobody.',
  severity: 'warning',
  category: 'transaction',
  presets: { recommended: 'off', strict: 'warning' },
  on: ['set'],
  peers: ['pgfence:lock-timeout-too-long', 'strong_migrations:lock_timeout_limit'],
  options: { seconds: { type: 'number', description: 'The longest lock_timeout that is accepted.', default: 10 } },

  check({ operation, options }) {
    const { name, value, local } = operation
    const duration = durationOf(value)
    if (name !== 'lock_timeout' || duration === null || duration <= Number(options.seconds) * 1000) return
    return {
      at: operation.span,
      message: say`Reads and writes of a table may wait behind a statement for ${raw(spelled(duration))}.`,
      help: help(
        'A few seconds are enough if the migration is run again after it gave up:',
        sql`SET ${raw(local ? 'LOCAL ' : '')}lock_timeout = '2s';`,
      ),
    }
  },
})

function spelled(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000)
  return seconds >= 120 ? `${Math.round(seconds / 60)} minutes` : `${seconds} seconds`
}
