import type { Run } from './run.ts'
import type { Host, Value } from './value.ts'

/** `up` applies a migration, `down` takes it back. */
export type Direction = 'up' | 'down'

/**
 * How a tool's calls become SQL: what the tool hands to a migration, as values that tell a `Run` what they send. Nothing of it runs.
 */
export interface CodeReader {
  /** Where the tool looks for `up` and `down`: among the exports of the file, or in a class. */
  readonly entry: 'exports' | 'class'
  /** What it gives to these functions, in order. `exported` has other exports of the file. */
  readonly args: (run: Run, exported: (name: string) => Value | undefined) => readonly Value[]
  /** What a class of the tool's own has that migrations extend: `this.addSql`. */
  readonly self?: (run: Run) => Host
  /** Packages that migrations load, by name, as far as they matter. */
  readonly modules?: (run: Run) => Readonly<Record<string, Value>>
}
