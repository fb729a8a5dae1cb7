import * as core from '@actions/core'
import { newestVersion } from '../../postgres/version.ts'
import { traceMarkdown } from '../../report/trace/markdown.ts'
import { traceText } from '../../report/trace/text.ts'
import type { Trace } from '../../report/trace/trace.ts'
import { outcomeOf } from '../../report/trace/words.ts'
import { visible } from '../../report/visible.ts'
import { historiesOf } from '../input/histories.ts'
import { useServer } from '../server/own-server.ts'
import { traceInput } from '../trace/input.ts'
import type { Event } from './event.ts'
import type { Inputs } from './inputs.ts'
import type { Linted } from './linting.ts'
import { logStyle, printGroup, printInert } from './log.ts'

/** What a server did with the migrations of an event. */
export interface Traced {
  readonly trace: Trace
  /** Why the step must fail, a sentence; null: all migrations ran. */
  readonly failure: string | null
}

/** Seconds for one statement. */
const longest = 600

/**
 * Runs the migrations on the server that the workflow names, and prints what they did. Null: the workflow names none, or the event may be a
 * stranger's, whose SQL is not run. Throws a Failure if the server cannot be used.
 */
export async function traceEvent(event: Event, inputs: Inputs, { input, notes }: Linted): Promise<Traced | null> {
  const url = inputs['trace-database-url']
  if (url === undefined) return null
  if (!event.isTrusted) {
    core.notice(
      'The migrations were not run on the server of "trace-database-url": a stranger may have made this change, and what they send would run there.',
    )
    return null
  }
  if (!input.projects.some(({ migrations }) => migrations.some(({ path }) => input.isAsked(path)))) return null
  const tell = (line: string) => printInert(visible(line))
  const histories = await historiesOf(input, newestVersion)
  const server = await useServer({ url, inUse: false, seconds: longest, tell, orElse: '' })
  const trace = await traceInput(server, { ...input, display: input.hosted }, histories, {
    setup: null,
    rows: null,
    down: false,
    catalog: false,
    lints: false,
  })
  const { failures, result } = outcomeOf(trace)
  printGroup(`On ${trace.server}: ${result}`, traceText(trace, { ...logStyle, notes }))
  return { trace, failure: failures.length === 0 ? null : failures.join(' ') }
}

/** The same for a comment, or for the summary of a job, with this room in characters. */
export function tracedMarkdown(traced: Traced | null, limit: number, hasTimes: boolean): string {
  return traced === null ? '' : traceMarkdown(traced.trace, { hasTimes, limit })
}
