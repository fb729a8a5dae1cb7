/** The name of an unknown runner. */
export const plainSql = 'plain SQL'

/** The abilities of the runner (migration system), in words that fit into advice. */
export interface RunnerAdvice {
  readonly name: string
  /**
   * How to make this migration run outside a transaction, as the start of a sentence: `In a migration of its own,
   * outside a transaction`. It must be true for the migration.
   */
  outsideTransaction(): string
  /** How to put the next statement into a transaction of its own, as the start of a sentence: `In a later migration`. */
  laterMigration(): string
  /** How files in SQL keep a statement whole that the runner would cut at the semicolons in it. */
  readonly keepsWhole?: {
    /** The statement, which has no semicolon at its end, as the file writes it; by default as it is. */
    readonly written?: (sql: string) => string
    /** What else the file must say, as a sentence. */
    readonly also?: string
  }
}
