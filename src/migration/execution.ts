/** How a migration reaches the server: facts that every migration system determines in its own way. */
export interface Execution {
  /** The runner opens a transaction around it. */
  readonly inTransaction: boolean | 'unknown'
  /** The text is sent as one simple query: one implicit transaction even without BEGIN. */
  readonly singleMessage: boolean
  /** All pending migrations share one transaction. */
  readonly spansFiles: boolean
  /**
   * After the text ends the runner's transaction, the driver begins another one before the next statement: JDBC without
   * autocommit.
   */
  readonly beginsAgain?: true
  /** Where the text has ended the runner's transaction, the runner's own COMMIT fails, as that of lib/pq does. */
  readonly needsOpen?: true
  /** For an unknown transaction: when there is one, as the end of a sentence: `where Prisma is older than 7.4`. */
  readonly where?: string
}
