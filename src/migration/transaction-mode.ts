/**
 * How plain SQL, which belongs to no migration system, reaches the server: each file in a transaction, or statement by
 * statement without one, or this is not known.
 */
export const transactionModes = ['wrapped', 'none', 'unknown'] as const

export type TransactionMode = (typeof transactionModes)[number]
