import type { Report } from '../../lint/report.ts'
import { commentLimit, markdownReport } from '../../report/markdown.ts'
import { link } from '../../report/markdown-text.ts'
import { notRead } from '../../report/not-read.ts'
import type { Api } from './api.ts'
import type { Inputs } from './inputs.ts'
import type { Linted } from './linting.ts'

export interface CommentOptions {
  readonly number: number
  /** Keeps the comments of several steps apart. */
  readonly key: string
  readonly mode: Inputs['comment']
  readonly onResolve: Inputs['comment-on-resolve']
  readonly notes: boolean
  /** A sentence that says why the verdict does not cover everything. */
  readonly trouble: string | null
  /** Unread files are not a reason for a comment. */
  readonly allowsUnread: boolean
  /** Alerts that are shown above everything else. */
  readonly first: Linted['first']
  /** The addresses of the files and of the whole report. */
  readonly files: string
  readonly run: string
  /** The address of the HTML report, if somebody has published it. */
  readonly page: string | undefined
  /** Markdown after the report, and whether it is about a failure. */
  readonly more: string
  readonly hasFailed: boolean
}

/**
 * Keeps the one comment on a pull request up to date. Returns its id, or null if there is none. Throws the errors of
 * the API.
 */
export async function comment(api: Api, report: Report, options: CommentOptions): Promise<number | null> {
  const { number, key, mode, onResolve, notes, trouble } = options
  if (mode === 'never') return null
  const marker = `<!-- migrate-lint:report key=${encodeURIComponent(key)} v=1 -->`
  const { errors, warnings } = report.summary
  const isClean =
    errors + warnings + (notes ? report.summary.notes : 0) === 0 &&
    trouble === null &&
    !options.hasFailed &&
    (options.allowsUnread || notRead(report) === null) &&
    !options.first.some(({ level }) => level === 'warning')
  const body = commentBody(report, marker, options)
  // Read as late as possible: another run of the same workflow may just have written the comment.
  const before = await api.ownComment(number, marker)
  if (before === null) return isClean && mode === 'on-findings' ? null : await api.comment(number, body)
  if (isClean && onResolve === 'delete') {
    await api.deleteComment(before.id)
    return null
  }
  if (withoutRun(before.body) !== withoutRun(body)) await api.updateComment(before.id, body)
  return before.id
}

/** The comment without the link to the run: a new link alone is not a reason to write the comment again. */
function withoutRun(body: string): string {
  return body
    .replace(/\r\n/g, '\n')
    .replace(/\/actions\/runs\/\d+(\/attempts\/\d+)?/g, '')
    .trim()
}

function commentBody(
  report: Report,
  marker: string,
  { notes, trouble, first, files, run, page, more }: CommentOptions,
): string {
  const links = [
    ...(page === undefined ? [] : [link('The report as a page', page)]),
    link('All findings, and the log', run),
  ]
  const foot = `${more}\n<sub>${links.join(' · ')}</sub>\n`
  const room = commentLimit - marker.length - Buffer.byteLength(foot) - 1
  return `${marker}\n${markdownReport(report, { limit: room, link: files, notes, trouble, first })}${foot}`
}
