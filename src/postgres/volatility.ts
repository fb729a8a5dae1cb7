import type { Node } from '@pgsql/types'
import type { Backend } from './backend.ts'

/**
 * How PostgreSQL classes an expression after planning (manual, chapter "Function Volatility Categories"). `unknown`: it
 * calls a function that neither PostgreSQL nor the migrations define.
 */
export type Volatility = 'immutable' | 'stable' | 'volatile' | 'unknown'

export interface VolatilityFound {
  readonly volatility: Volatility
  /** A clause for people that names the culprit: `random() is volatile`. */
  readonly because: string
}

export function volatility(_backend: Backend, _expression: Node): VolatilityFound {
  return { volatility: 'unknown', because: 'not known' }
}
