import type { Remark } from '../lint/remark.ts'
import { lines } from './line.ts'

/** Lines that look like a marker that asks for no transaction, of a file in which the system sees none. */
export function ignoredOptOuts(text: string, pattern: RegExp, expected: string): Remark[] {
  return lines(text)
    .filter(line => pattern.test(line.text))
    .map(line => ({ at: [line.start, line.end], kind: 'ignored-opt-out', marker: line.text.trim(), expected }))
}

/** The system stops at this file. `why` ends a sentence; what is shown is the first line that is not empty. */
export function refused(text: string, why: string, help: string): Remark {
  const { start, end } = lines(text).find(line => line.text.trim() !== '') ?? { start: 0, end: 0 }
  return { at: [start, end], kind: 'refused', why, help }
}
