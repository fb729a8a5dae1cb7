/**
 * How plain SQL, which no migration system claims, reaches the server: each file wrapped in a transaction, statement by statement
 * with none around them, or nobody knows.
 */
export const transactionModes = ['wrapped', 'none', 'unknown'] as const

export type TransactionMode = (typeof transactionModes)[number]
