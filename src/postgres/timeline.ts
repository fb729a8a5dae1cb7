import type { MigrationUnit, Step } from './step.ts'

export interface TimelineOptions {
  /** PostgreSQL major version, 12 to 18. */
  readonly version: number
}

/**
 * Runs all migrations, in order, on a model of PostgreSQL that starts with an empty catalog.
 * Returns one step per statement (those in DO blocks included, after the DO statement itself). Never throws on any input.
 */
export function timeline(_migrations: readonly MigrationUnit[], _options: TimelineOptions): Step[] {
  return []
}
