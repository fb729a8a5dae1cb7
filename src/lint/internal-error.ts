import type { InternalError } from './report.ts'

/** What a report says about an exception of a part of this program. */
export function internalError(part: string, path: string, line: number, error: unknown): InternalError {
  const known = error instanceof Error
  return {
    part,
    path,
    line,
    message: known ? error.message : String(error),
    stack: known ? (error.stack ?? null) : null,
  }
}
