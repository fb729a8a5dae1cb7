import { relative } from 'node:path'
import * as core from '@actions/core'
import { context } from '@actions/github'
import { coverage } from '../../lint/unread.ts'
import type { Format } from '../../report/formats.ts'
import { verdict } from '../../report/summary.ts'
import { visible } from '../../report/visible.ts'
import { slashes } from '../disk/path.ts'
import { exitCode, exitCodes } from '../exit-code.ts'
import { complaint } from '../failure.ts'
import type { Output } from '../output/output.ts'
import { orSarif, type Wrote, writeReport } from '../output/reporting.ts'
import { unfinished } from '../unread.ts'
import { Api } from './api.ts'
import { understand } from './event.ts'
import { givenEvent } from './given-event.ts'
import { type Inputs, readInputs } from './inputs.ts'
import { enter, type Linted, lintEvent, workspace } from './linting.ts'
import { type Conclusion, type Outputs, setOutputs } from './outputs.ts'
import { annotate, discuss, failureSummary, filesOf, filesUrl, log, summarise, summaryOf } from './publish.ts'
import { traceEvent } from './tracing.ts'

/** Runs the action with the environment of the runner. Every problem fails the step; nothing is thrown. */
export async function runAction(): Promise<void> {
  const outputs: Partial<Outputs> & { conclusion: Conclusion } = { conclusion: 'error' }
  let wanted: readonly Output<Format>[] = []
  const written = new Set<string | null>()
  try {
    const inputs = readInputs()
    wanted = filesOf(inputs)
    Object.assign(outputs, await run(inputs, wanted, path => written.add(path)))
  } catch (error) {
    await fail(error)
  }
  // A later step may upload a file whatever the verdict is, but never one that a stranger has committed in its place.
  Object.assign(outputs, namesOf(wanted.filter(({ path }) => written.has(path))))
  try {
    setOutputs(outputs)
  } catch (error) {
    await fail(error)
  }
}

/** The verdict comes last, after everything is written. */
async function run(
  inputs: Inputs,
  wanted: readonly Output<Format>[],
  wrote: Wrote,
): Promise<Partial<Outputs> & { readonly conclusion: Conclusion }> {
  const sarif = inputs['sarif-category'] === undefined ? {} : { sarifCategory: inputs['sarif-category'] }
  const { event, api, linted } = await orSarif(
    wanted,
    sarif,
    async () => {
      const { name, payload } = givenEvent()
      enter(inputs)
      const api = inputs['github-token'] === '' ? null : new Api(inputs['github-token'], context.repo)
      const event = await understand(name, payload, api, inputs['pr-number'])
      return { event, api, linted: await lintEvent(event, inputs, api) }
    },
    wrote,
  )
  const { report, commit } = linted
  core.debug(`${event.title}: ${linted.compared}`)
  for (const { stack } of report.internalErrors) core.debug(stack ?? '')

  log(linted)
  const traced = await traceEvent(event, inputs, linted)
  const moreErrors = inputs.annotations ? annotate(linted) : null
  if (inputs.summary)
    await summarise(summaryOf(linted, trouble(linted), commit === null ? null : filesUrl(commit), traced))
  writeReport(wanted, report, sarif, () => report, trouble(linted), wrote)
  const commentId = await discuss(linted, trouble(linted), event, inputs, api, traced)

  const judged = conclude(linted)
  const conclusion = judged === 'pass' && traced?.failure ? 'fail' : judged
  const more = moreErrors === null ? '' : `; ${moreErrors} in the summary of the job`
  if (conclusion === 'error') core.setFailed(visible(trouble(linted) ?? ''))
  else if (judged === 'fail') core.setFailed(`${verdict(report, linted)}${more}.`)
  else if (traced?.failure) core.setFailed(visible(traced.failure))
  else if (more !== '') core.error(`${verdict(report, linted)}${more}.`)
  const { errors, warnings, notes, migrations } = report.summary
  const figures = coverage(report)
  return {
    conclusion,
    'config-changed': String(linted.configChanged),
    'findings-count': errors + warnings + notes,
    'errors-count': errors,
    'warnings-count': warnings,
    'files-checked': migrations,
    'not-read-count': figures.notRead,
    'read-in-part-count': figures.readInPart,
    'unread-count': report.unread.length,
    ...(commentId !== null && { 'comment-id': commentId }),
  }
}

function namesOf(files: readonly Output<Format>[]): Partial<Pick<Outputs, 'sarif-file' | 'report-file'>> {
  const named = files.map(({ format, path }) => [
    format === 'sarif' ? 'sarif-file' : 'report-file',
    slashes(relative(workspace(), path ?? '')),
  ])
  return Object.fromEntries(named)
}

function conclude(linted: Linted): Conclusion {
  const { report, input, isStale } = linted
  if (trouble(linted) !== null) return 'error'
  if (isStale && input.config.failOn !== 'never') return 'fail'
  return exitCode(report, input.config) === exitCodes.ok ? 'pass' : 'fail'
}

/** The problem that kept the linter from its work, as a sentence; null: there was none. */
function trouble({ report: { internalErrors }, input, lost }: Linted): string | null {
  const [first] = internalErrors
  const what = first
    ? `internal error in ${first.part} on ${first.path}:${first.line}: ${first.message}`
    : (input.omitted[0] ?? lost)
  return what ? unfinished(what) : null
}

async function fail(error: unknown): Promise<void> {
  const message = complaint(error)
    .split('\n')
    .map(line => visible(line))
  core.setFailed(message.join('\n'))
  if (error instanceof Error) core.debug(error.stack ?? '')
  await summarise(failureSummary(complaint(error)))
}
