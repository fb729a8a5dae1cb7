/** How a migration reaches the server: three facts that every migration system fixes in its own way. */
export interface Execution {
  /** The runner opens a transaction around it. */
  readonly inTransaction: boolean | 'unknown'
  /** The text is sent as one simple query: one implicit transaction even without BEGIN. */
  readonly singleMessage: boolean
  /** All pending migrations share one transaction. */
  readonly spansFiles: boolean
}
