import { type CaptureCheckReporter, captureCheckJson, captureCheckText } from './capture-check.ts'
import { checkstyle } from './checkstyle.ts'
import { compact } from './compact.ts'
import type { Format, TableFormat, TraceFormat } from './formats.ts'
import { gcc } from './gcc.ts'
import { github } from './github.ts'
import { gitlab } from './gitlab.ts'
import { html } from './html.ts'
import { json } from './json.ts'
import { jsonl } from './jsonl.ts'
import { junit } from './junit.ts'
import { type LocksReporter, locksJson, locksText } from './locks.ts'
import { markdown } from './markdown.ts'
import { rdjson } from './rdjson.ts'
import type { Reporter } from './reporter.ts'
import { sarif } from './sarif.ts'
import { type StatusReporter, statusJson, statusText } from './status.ts'
import { text } from './text.ts'
import { traceHtml } from './trace/html.ts'
import { traceJson } from './trace/json.ts'
import { traceText } from './trace/text.ts'
import type { TraceReporter } from './trace/trace.ts'

/** The reporters of lint, by format. */
export const reporters: Readonly<Record<Format, Reporter>> = {
  text,
  compact,
  json,
  jsonl,
  sarif,
  github,
  gitlab,
  junit,
  checkstyle,
  rdjson,
  gcc,
  markdown,
  html,
}

/** The reporters of `locks`. */
export const locksReporters = { text: locksText, json: locksJson } satisfies Record<TableFormat, LocksReporter>

/** The reporters of `status`. */
export const statusReporters = { text: statusText, json: statusJson } satisfies Record<TableFormat, StatusReporter>

/** The reporters of `trace`. */
export const traceReporters = { text: traceText, json: traceJson, html: traceHtml } satisfies Record<
  TraceFormat,
  TraceReporter
>

/** The reporters of `capture --check`. */
export const captureCheckReporters = { text: captureCheckText, json: captureCheckJson } satisfies Record<
  TableFormat,
  CaptureCheckReporter
>
