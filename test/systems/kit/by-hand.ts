import type { RecordedTable } from './tracked.ts'

/** A tracking table that was written by hand, and the status of a fixture that follows from it. */
export interface ByHand {
  readonly what: string
  readonly fixture: string
  readonly table: RecordedTable
  readonly changes?: Readonly<Record<string, string | null>>
  readonly expected: object
}

export const at = '2026-03-01 10:22:33.123'
export const ids = (...all: readonly string[]) => all.map(id => ({ id }))
