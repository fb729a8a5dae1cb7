import { edited } from '../../lint/fix.ts'
import type { Report, ReportedFinding } from '../../lint/report.ts'
import { findingMarkdown } from '../../report/markdown.ts'
import { fence } from '../../report/markdown-text.ts'
import { positionsIn, rangeOf } from '../../report/position.ts'
import { visible } from '../../report/visible.ts'
import { counted } from '../../report/words.ts'
import type { AddedLines } from './added-lines.ts'
import { type Api, type NewLineComment, refusal } from './api.ts'

/** With more at once, GitHub takes it for abuse: reviewdog, service/github, maxCommentsPerRequest. */
const commentsPerReview = 30

/**
 * Enough to find one bad line among thirty. Each one costs three seconds, which GitHub asks of programs that notify
 * people.
 */
const refusals = 8

export interface ReviewOptions {
  readonly number: number
  /** The last commit of the pull request. */
  readonly commit: string
  readonly key: string
  /** The address at which people can read the files. */
  readonly files: string
}

/**
 * Comments on the added lines that have errors and warnings. A comment that was made before is not made again. A
 * comment whose finding no longer occurs is deleted, unless somebody answered it. Returns the number of new comments.
 * Throws the errors of the API.
 */
export async function review(
  api: Api,
  report: Report,
  isAdded: AddedLines,
  { number, commit, key, files }: ReviewOptions,
): Promise<number> {
  const marker = (fingerprint: string) =>
    `<!-- migrate-lint:line key=${encodeURIComponent(key)} finding=${fingerprint} -->`
  const wanted = new Map(
    report.findings
      .filter(finding => finding.severity !== 'note' && isOnAdded(finding, report, isAdded))
      .map(finding => [marker(finding.fingerprint), finding]),
  )
  const before = await api.lineComments(number, `<!-- migrate-lint:line key=${encodeURIComponent(key)} `)
  const isSaid = (text: string) => before.some(({ body }) => body.includes(text))
  for (const { id, body, isAnswered } of before) {
    if (!isAnswered && ![...wanted.keys()].some(text => body.includes(text))) await api.deleteLineComment(id)
  }
  const fresh = [...wanted].filter(([text]) => !isSaid(text))
  if (fresh.length === 0) return 0
  const comments = fresh.slice(0, commentsPerReview).map(([text, finding]) => lineComment(text, finding, report, files))
  const rest = fresh.length - comments.length
  const overflow = rest > 0 ? ` ${counted(rest, 'more finding')} on changed lines: see the summary of the job.` : ''
  await sent(comments, part =>
    api.review(number, commit, `migrate-lint: ${counted(part.length, 'new finding')}.${overflow}`, part),
  )
  return comments.length
}

/**
 * GitHub refuses all comments of a review if it does not find the line of one. Then they are sent in halves, as long as
 * that helps. Throws the first refusal after everything that can be sent was sent.
 */
async function sent(comments: readonly NewLineComment[], send: (part: readonly NewLineComment[]) => Promise<void>) {
  const refused: unknown[] = []
  const parts = [comments]
  for (let part = parts.shift(); part; part = parts.shift()) {
    try {
      await send(part)
    } catch (error) {
      refused.push(error)
      if (refusal(error)?.status !== 422 || refused.length > refusals) break
      const half = Math.ceil(part.length / 2)
      if (part.length > 1) parts.unshift(part.slice(0, half), part.slice(half))
    }
  }
  if (refused.length > 0) throw refused[0]
}

function isOnAdded(finding: ReportedFinding, report: Report, isAdded: AddedLines): boolean {
  const { start, end } = rangeOf(report.sources, finding)
  return isAdded(finding.path, start.line) && isAdded(finding.path, end.line)
}

function lineComment(marker: string, finding: ReportedFinding, report: Report, files: string): NewLineComment {
  const suggestion = suggestionOf(finding, report)
  const { start, end } = rangeOf(report.sources, finding)
  const body = [marker, findingMarkdown(finding, report, { link: files })]
  if (!suggestion) return { path: finding.path, startLine: start.line, line: end.line, body: body.join('\n') }
  const { first, last, lines } = suggestion
  return {
    path: finding.path,
    startLine: first,
    line: last,
    body: [...body, '', ...fence(lines, 'suggestion')].join('\n'),
  }
}

interface Suggestion {
  /** The lines of the file that are replaced. */
  readonly first: number
  readonly last: number
  readonly lines: readonly string[]
}

/**
 * The lines as a fix would write them, if the fix is safe and stays within the lines that the finding is about, so that
 * they are added lines.
 */
function suggestionOf({ fix, path, at }: ReportedFinding, report: Report): Suggestion | null {
  const source = report.sources.get(path)
  if (fix?.safety !== 'safe' || fix.edits.length === 0 || !source) return null
  const positions = positionsIn(source)
  const [first, last] = [positions.at(at[0]).line, positions.at(at[1]).line]
  const [start] = positions.line(first)
  const [, end] = positions.line(last)
  if (fix.edits.some(edit => edit.at[0] < start || edit.at[1] > end)) return null
  const within = fix.edits.map(({ at, insert }) => ({ at: [at[0] - start, at[1] - start] as const, insert }))
  const text = edited(source.text.slice(start, end), within)
  const lines = text.split(/\r\n|\r|\n/)
  // Never offer a one-click suggestion containing invisible characters.
  return lines.every(line => visible(line.replaceAll('\t', '')) === line.replaceAll('\t', ''))
    ? { first, last, lines }
    : null
}
