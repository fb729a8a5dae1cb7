/** Settings (GUCs) in force before a statement, as far as the migrations set them; a missing name was never set. */
export type Settings = ReadonlyMap<string, SettingValue>

export interface SettingValue {
  /** As PostgreSQL would show it, quotes removed; null when it was set to something that is not a literal. */
  readonly value: string | null
  /** SET LOCAL: ends with the transaction. */
  readonly local: boolean
  /** Index of the step that set it. */
  readonly setBy: number | null
}
