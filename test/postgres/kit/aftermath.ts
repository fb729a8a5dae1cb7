/** Facts that later statements find after a statement. */
export interface Aftermath {
  readonly about: string
  readonly setup: string
  /** The statements, each with the SQLSTATE with which it fails; null: it succeeds. */
  readonly statements: readonly (readonly [sql: string, sqlstate: string | null])[]
}
