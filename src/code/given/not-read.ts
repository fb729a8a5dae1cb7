import type { Span } from '../../parse/span.ts'
import type { Run } from '../run.ts'

/**
 * Thrown by a reader that cannot tell what a call does, or knows that the tool refuses it. `why` is a clause for people. It is not an Error: the
 * stack of an Error costs more than reading the call does.
 */
export class NotRead {
  readonly why: string
  /** The argument that it is about; undefined: the whole call. */
  readonly at: Span | undefined

  constructor(why: string, at?: Span) {
    this.why = why
    this.at = at
  }
}

/** The result of some work on a call. If it throws NotRead, reports the place in the call, or the whole call, as unread and returns null. */
export function told<T>(run: Run, call: Span, work: () => T): T | null {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof NotRead)) throw error
    run.unread(error.at && isWithin(error.at, call) ? error.at : call, error.why)
    return null
  }
}

export function isWithin(inner: Span, outer: Span): boolean {
  return outer[0] <= inner[0] && inner[1] <= outer[1]
}
