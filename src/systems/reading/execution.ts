import type { Execution } from '../../migration/execution.ts'

/** The ways in which most tools send SQL to the server. */

/** A transaction around each migration, statement by statement. */
export const inTransaction: Execution = { inTransaction: true, singleMessage: false, spansFiles: false }

/** One transaction around all pending migrations. */
export const allInOneTransaction: Execution = { inTransaction: true, singleMessage: false, spansFiles: true }

/** The same, where each piece of a migration is one simple query. */
export const allInOneByMessages: Execution = { inTransaction: true, singleMessage: true, spansFiles: true }

/** Each statement commits by itself. */
export const autocommit: Execution = { inTransaction: false, singleMessage: false, spansFiles: false }

/** A transaction around the whole text, which is one simple query. */
export const messageInTransaction: Execution = { inTransaction: true, singleMessage: true, spansFiles: false }

/** The whole text is one simple query, which is a transaction by itself. */
export const message: Execution = { inTransaction: false, singleMessage: true, spansFiles: false }

/** A program decides whether there is a transaction. */
export const perhapsInTransaction: Execution = { inTransaction: 'unknown', singleMessage: false, spansFiles: false }
