import { milliseconds } from '../../postgres/settings.ts'
import type { Step } from '../../postgres/step.ts'
import type { Config } from '../config/config.ts'
import { type Sql, sql } from './sql.ts'

/** A statement_timeout up to this many milliseconds also keeps the queue behind a waiting statement short. */
const short = 60_000

/** True when a statement gives up if it does not get its lock within some time, so that the queue behind it moves on. */
export function waitIsBounded(step: Step, config: Config): boolean {
  return config.timeouts.setBy !== 'file' || (duration(step, 'lock_timeout') ?? 0) > 0 || endsSoon(step)
}

/** True when the whole statement, including its wait, is ended before the queue behind it grows long. */
export function endsSoon(step: Step): boolean {
  const whole = duration(step, 'statement_timeout') ?? 0
  return whole > 0 && whole <= short
}

/** The timeout in force, in milliseconds. 0 means that it is off; null: the migrations do not set it, or not to a literal. */
export function duration(
  { settings }: Pick<Step, 'settings'>,
  name: 'lock_timeout' | 'statement_timeout',
): number | null {
  return milliseconds(settings, name)
}

/** The same for the value that SET gives it. */
export function durationOf(value: string | null): number | null {
  return milliseconds(new Map([['timeout', { value, local: false, setBy: null }]]), 'timeout')
}

/** The same for a statement that may run in a transaction, with which the setting ends. */
export function boundedWaitOf({ transaction }: Step, ...statements: readonly Sql[]): (string | Sql)[] {
  if (transaction.id === null) return boundedWait(...statements)
  const [why = ''] = boundedWait()
  return [why, sql`SET LOCAL lock_timeout = '2s';`, ...statements]
}

/** Help that bounds the wait for a strong lock that is held only for a moment. */
export function boundedWait(...statements: readonly Sql[]): (string | Sql)[] {
  return [
    'Let it give up after 2 seconds of waiting, and try again later:',
    sql`SET lock_timeout = '2s';`,
    ...statements,
  ]
}
