import { edited } from '../../lint/fix.ts'
import type { Report, ReportedFinding } from '../../lint/report.ts'
import { findingMarkdown } from '../../report/markdown.ts'
import { fence } from '../../report/markdown-text.ts'
import { positionsIn, rangeOf } from '../../report/position.ts'
import { visible } from '../../report/visible.ts'
import { counted } from '../../report/words.ts'
import type { AddedLines } from './added-lines.ts'
import { type Api, type NewLineComment, refusal } from './api.ts'

/** More at once and GitHub takes it for abuse: reviewdog, service/github, maxCommentsPerRequest. */
const commentsPerReview = 30

/** Enough to find one bad line among thirty. Each costs three seconds, as GitHub asks of those who notify people. */
const refusals = 8

export interface ReviewOptions {
  readonly number: number
  /** The last commit of the pull request. */
  readonly commit: string
  readonly key: string
  /** Where files can be read. */
  readonly files: string
}

/**
 * Comments on the added lines that errors and warnings are about. What was said before is not said again; what is not found any
 * more is taken back, unless somebody answered it. Returns how many comments are new. Throws what the API throws.
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
 * GitHub refuses all comments of a review when it does not find the line of one: then they are sent in halves, as far as that
 * leads somewhere. Throws the first refusal when all that can be sent is.
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
  /** Lines of the file that are replaced. */
  readonly first: number
  readonly last: number
  readonly lines: readonly string[]
}

/** The lines as a fix would have them, where it is safe and all in the lines that the finding is about, so that they are added ones. */
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
  // Nobody is to commit by a click what cannot be seen.
  return lines.every(line => visible(line.replaceAll('\t', '')) === line.replaceAll('\t', ''))
    ? { first, last, lines }
    : null
}
