/** The name of a runner of which nothing is known. */
export const plainSql = 'plain SQL'

/** The abilities of the runner (migration system), in words that fit into advice. */
export interface RunnerAdvice {
  readonly name: string
  /**
   * How this migration is made to run outside a transaction, as the start of a sentence:
   * `In a migration of its own, outside a transaction`. It is true where it is given.
   */
  outsideTransaction(): string
  /** How the next statement is put into a transaction of its own, as the start of a sentence: `In a later migration`. */
  laterMigration(): string
}
