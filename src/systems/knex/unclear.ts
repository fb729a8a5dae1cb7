import type { Run } from '../../code/run.ts'
import type { Span } from '../../parse/span.ts'

/** Thrown where SQL depends on something that is not known; the message is a clause, the reason. */
export class Unclear extends Error {
  override name = 'Unclear'
}

/** What some work makes; null where it depends on what is not known, which is told. */
export function clear<T>(run: Run, at: Span, work: () => T): T | null {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof Unclear)) throw error
    run.unread(at, error.message)
    return null
  }
}
