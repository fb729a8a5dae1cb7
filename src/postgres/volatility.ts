/**
 * How PostgreSQL classes an expression after planning (manual, chapter "Function Volatility Categories"). `unknown`: it
 * calls a function that neither PostgreSQL nor the migrations define.
 */
export type Volatility = 'immutable' | 'stable' | 'volatile' | 'unknown'
