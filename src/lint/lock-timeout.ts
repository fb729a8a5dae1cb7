import { milliseconds } from '../postgres/settings.ts'
import type { Step } from '../postgres/step.ts'
import type { Config } from './config.ts'
import { type Sql, sql } from './sql.ts'

/** True when a statement gives up after a while if it does not get its lock, so that the queue behind it goes on. */
export function waitIsBounded(step: Step, config: Config): boolean {
  return config.timeouts.setBy !== 'file' || (milliseconds(step.settings, 'lock_timeout') ?? 0) > 0
}

/** Help that bounds the wait for a strong lock that is held only for a moment. */
export function boundedWait(...statements: readonly Sql[]): (string | Sql)[] {
  return ['Let it give up when it has to wait, and try again later:', sql`SET lock_timeout = '2s';`, ...statements]
}
