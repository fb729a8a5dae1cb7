import type { Reporter } from '../lint/report.ts'
import { gcc } from './gcc.ts'
import { github } from './github.ts'
import { json } from './json.ts'
import { type LocksReporter, locksJson, locksText } from './locks.ts'
import { sarif } from './sarif.ts'
import { text } from './text.ts'

/** The formats of lint, by the name that `--format` takes. */
export const reporters = { text, json, sarif, github, gcc } satisfies Record<string, Reporter>

/** The formats of `locks`. */
export const locksReporters = { text: locksText, json: locksJson } satisfies Record<string, LocksReporter>

export type Format = keyof typeof reporters
