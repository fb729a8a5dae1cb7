import { relative, resolve } from 'node:path'
import * as core from '@actions/core'
import { context } from '@actions/github'
import { type Format, formatsByEnding } from '../../report/formats.ts'
import { markdownReport } from '../../report/markdown.ts'
import { prose } from '../../report/markdown-text.ts'
import { verdict } from '../../report/summary.ts'
import { text } from '../../report/text.ts'
import { visible } from '../../report/visible.ts'
import { slashes } from '../disk/path.ts'
import { complaint, Failure, reason } from '../failure.ts'
import type { Output } from '../output/output.ts'
import { annotationsOf } from './annotations.ts'
import { type Api, refusal, saidBy } from './api.ts'
import { comment } from './comment.ts'
import type { Event } from './event.ts'
import type { Inputs } from './inputs.ts'
import { type Linted, workspace } from './linting.ts'
import { logStyle, printGroup, printInert } from './log.ts'
import { review } from './review.ts'
import { type Traced, tracedMarkdown } from './tracing.ts'

/** The runner drops a summary of more than 1,048,576 bytes: actions/runner, FileCommandManager.cs, AttachmentSizeLimit. */
const summaryLimit = 1_000_000

/** The characters that a trace may take of a summary or a comment. */
const traceRoom = 20_000

const say = { error: core.error, warning: core.warning, notice: core.notice }

/** Prints the whole report in the log. */
export function log({ report, notes, first }: Linted): void {
  const style = { ...logStyle, notes }
  for (const { level, message } of first) say[level](visible(message))
  if (report.notices.length > 0) printInert(report.notices.map(notice => visible(notice)).join('\n'))
  const errors = report.internalErrors.map(({ part, path, line, message }) =>
    visible(`Internal error in ${part} on ${path}:${line}: ${message}`),
  )
  if (errors.length > 0) printInert(errors.join('\n'))
  printGroup(verdict(report, style), text(report, style))
}

/**
 * Annotates the lines of the change. Returns the errors that are left over as text, because they are reported where the
 * step fails.
 */
export function annotate({ report, isAdded, notes }: Linted): string | null {
  const { shown, rest } = annotationsOf(report, isAdded, notes)
  for (const { level, message, ...place } of shown) say[level](message, place)
  if (rest.warning) core.warning(`${rest.warning}: see the summary of the job.`)
  if (rest.notice) core.notice(`${rest.notice}: see the summary of the job.`)
  return rest.error
}

/** Writes the summary of the job if the runner has one: older servers and other runners do not. */
export async function summarise(markdown: string): Promise<void> {
  if (!process.env.GITHUB_STEP_SUMMARY) return
  try {
    await core.summary.addRaw(markdown).write()
  } catch (error) {
    // The log contains everything, so this is not a reason to stop a pull request, nor to let one pass.
    core.warning(`The summary of the job could not be written: ${visible(reason(error))}`)
  }
}

export function summaryOf(
  { report, notes, first }: Linted,
  trouble: string | null,
  files: string | null,
  traced: Traced | null,
): string {
  const told = tracedMarkdown(traced, traceRoom, true)
  const linted = markdownReport(report, {
    limit: summaryLimit - Buffer.byteLength(told),
    notes,
    trouble,
    first,
    ...(files !== null && { link: files }),
  })
  return linted + told
}

export function failureSummary(message: string): string {
  const lines = message.split('\n').map(line => prose(line))
  return `### ❌ migrate-lint could not do its work\n\n${lines.join('\n\n')}\n`
}

/** The files to write. Throws a Failure about a name whose ending does not name a format. */
export function filesOf(inputs: Inputs): Output<Format>[] {
  const { 'sarif-file': sarif, 'report-file': report } = inputs
  const ending = /\.(\w+)$/.exec(report ?? '')?.[1]?.toLowerCase() ?? ''
  const format = formatsByEnding.get(ending)
  if (report !== undefined && !format) {
    const known = [...formatsByEnding.keys()].map(each => `.${each}`)
    throw new Failure(`Input "report-file": "${report}" does not end in one of ${known.join(', ')}.`)
  }
  return [
    ...(report !== undefined && format ? [{ format, path: resolve(workspace(), report) }] : []),
    ...(sarif === undefined ? [] : [{ format: 'sarif' as const, path: resolve(workspace(), sarif) }]),
  ]
}

/** Comments on the pull request, as far as GitHub lets this token. Returns the id of the comment. */
export async function discuss(
  linted: Linted,
  trouble: string | null,
  event: Event,
  inputs: Inputs,
  api: Api | null,
  traced: Traced | null,
): Promise<number | null> {
  const { pullRequest } = event
  if (!pullRequest || !api) return null
  const { number, head } = pullRequest
  const key = inputs['comment-key'] ?? defaultKey(inputs)
  const files = filesUrl(linted.commit ?? head)
  // The log says which files were read, and as which system.
  const report = { ...linted.report, notices: [] }
  const id = await asFarAsAllowed('comment on the pull request', () =>
    comment(api, report, {
      number,
      key,
      mode: inputs.comment,
      onResolve: inputs['comment-on-resolve'],
      notes: linted.notes,
      trouble,
      allowsUnread: linted.input.config.unread === 'allow',
      first: linted.first,
      files,
      run: runUrl(),
      page: inputs['report-url'],
      more: tracedMarkdown(traced, traceRoom, false),
      hasFailed: traced !== null && traced.failure !== null,
    }),
  )
  if (inputs.review) {
    await asFarAsAllowed('comment on its lines', () =>
      review(api, report, linted.isAdded, { number, commit: head, key, files }),
    )
  }
  return id
}

/** A comment that cannot be written is not a reason to stop a pull request, nor to let one pass. */
async function asFarAsAllowed<Outcome>(what: string, work: () => Promise<Outcome>): Promise<Outcome | null> {
  try {
    return await work()
  } catch (error) {
    const said = refusal(error)
    if (!said) {
      core.warning(`Could not ${what}: ${visible(complaint(error))}`)
    } else if (said.status !== null && [401, 403, 404].includes(said.status)) {
      core.notice(
        `GitHub does not let this job ${what} (${said.status}, ${visible(said.message)}). It needs "permissions: pull-requests: write", ` +
          'which pull requests from forks and from Dependabot never get. Everything is in the log and the summary of the job.',
      )
    } else {
      core.warning(`Could not ${what}: ${visible(saidBy(said))}`)
    }
    return null
  }
}

function defaultKey({ 'working-directory': directory, config }: Inputs): string {
  const names = [slashes(relative(workspace(), resolve(workspace(), directory))), config ?? ''].filter(
    name => name !== '',
  )
  return names.join(':') || 'default'
}

/** The address at which people can read the files of a commit. */
export function filesUrl(commit: string): string {
  const { serverUrl, repo } = context
  return `${serverUrl}/${repo.owner}/${repo.repo}/blob/${commit}/`
}

function runUrl(): string {
  const { serverUrl, repo, runId } = context
  return `${serverUrl}/${repo.owner}/${repo.repo}/actions/runs/${runId}`
}
