import type { Report, ReportedFinding } from '../lint/report.ts'
import { type Severity, severities } from '../migration/severity.ts'
import { greatest } from '../parse/list.ts'
import { byFile } from './by-file.ts'
import { type Excerpt, excerpts } from './excerpt.ts'
import { fileUrl } from './file-url.ts'
import { excerptOf, languageOf } from './generated-sql.ts'
import { helpBlocks } from './help-blocks.ts'
import { breakablePath, code, fenced, link, prose } from './markdown-text.ts'
import { earlierNotRead, notRead, notReadByFolder } from './not-read.ts'
import { rangeOf } from './position.ts'
import type { Reporter } from './reporter.ts'
import { foundServers } from './servers.ts'
import { verdict } from './summary.ts'
import { blocked, counted, howLong, moreRelations, until } from './words.ts'

/** A sentence or more that a reader must know before the verdict. */
export interface Alert {
  /** A warning: somebody may have meant harm. */
  readonly level: 'warning' | 'notice'
  readonly message: string
}

export interface MarkdownOptions {
  /** The bytes of UTF-8 that the text may take. Parts that do not fit are left out completely, and their number is given. */
  readonly limit?: number
  /** The address of files, for links: `https://server/owner/repo/blob/sha/`. */
  readonly link?: string
  /** Show notes in full, instead of their number. */
  readonly notes?: boolean
  /** Alerts that are shown above everything else. */
  readonly first?: readonly Alert[]
  /** The reason why the verdict does not cover everything, a sentence. */
  readonly trouble?: string | null
}

const signs: Record<Severity, string> = { error: '❌', warning: '⚠️', note: 'ℹ️' }
const relationsShown = 8
const linesShown = 10

/** For the comment on a pull request and the summary of a job: the verdict, a table of all findings, and the details of each. */
export const markdown: Reporter = (report, style) => markdownReport(report, { notes: style.notes, limit: commentLimit })

/** GitHub refuses comments of more than 65,536 characters. There are never more characters than bytes. */
export const commentLimit = 65_000

/** The same with a limit and links. It does not mention time, so that equal results give equal text. */
export function markdownReport(report: Report, options: MarkdownOptions = {}): string {
  const { limit = Number.POSITIVE_INFINITY, notes = false } = options
  const shown = largestFirst(report.findings.filter(({ severity }) => notes || severity !== 'note'))
  const budget = new Budget(limit)
  const head = [...alerts(options), ...headline(report, options), ...troubles(report, options)].join('\n')
  if (shown.length === 0) return `${budget.take([head, ['', ...noticeList(report)].join('\n')]).text}\n`

  // The notices about what was read are for people who wonder about the rest.
  const foot = report.notices.length > 0 ? unfoldingNotices(report) : ''
  budget.reserve(foot)
  // All rows come before any details, because it is worse to lose a whole finding.
  budget.reserve(omission(shown.length, 'finding'), omission(shown.length, 'detail'))
  const top = budget.take([head, `\n\n${tableHead.join('\n')}`])
  const all = top.taken.length < 2 ? [] : tableRows(shown, report, options)
  const rows = budget.take(all.map(({ sign, rest }) => `\n| ${sign} | ${rest} |`))
  const omitted = shown.length - rows.taken.length
  if (omitted > 0) {
    const table = rows.taken.length > 0 ? top.text + rows.text : (top.taken[0] ?? '')
    return `${table}${omission(omitted, 'finding')}${foot}\n`
  }

  const files = [...byFile(shown)]
  const excerpt = excerpts(report)
  const details = files.map(([path, findings]) => {
    const stories = findings.map(finding => [
      `<a id="${anchor(finding)}"></a>`,
      '',
      ...story(finding, excerpt(finding), report, options),
    ])
    return `\n\n${unfolding(path, findings, stories, files.length === 1)}`
  })
  // The links to details take room as well, in the rows.
  const links = files.map(([, findings]) => findings.map(finding => linked('', finding)).join(''))
  const told = budget.takeAny(details.map((text, i) => text + links[i]))
  const untold = files.reduce((sum, [, findings], i) => sum + (told.has(i) ? 0 : findings.length), 0)
  const rest = untold > 0 ? omission(untold, 'detail') : ''
  const isTold = new Set(files.flatMap(([, findings], i) => (told.has(i) ? findings : [])))
  const table = all.map(
    ({ finding, sign, rest: cells }) => `\n| ${isTold.has(finding) ? linked(sign, finding) : sign} | ${cells} |`,
  )
  return `${top.text}${table.join('')}${details.filter((_, i) => told.has(i)).join('')}${rest}${foot}\n`
}

/** Findings about large tables first, the others in their order. The table of findings is cut where there is no room. */
function largestFirst(findings: readonly ReportedFinding[]): readonly ReportedFinding[] {
  if (!findings.some(({ size }) => size)) return findings
  const bytes = ({ size }: ReportedFinding) => size?.tables[0]?.bytes ?? -1
  return [...findings].sort((a, b) => bytes(b) - bytes(a))
}

/** Hands out the remaining room, in bytes of UTF-8. */
class Budget {
  #left: number
  readonly #encoder = new TextEncoder()

  constructor(bytes: number) {
    // The last line also has a line end.
    this.#left = bytes - 1
  }

  /** Reserves room for the longest of these. */
  reserve(...texts: readonly string[]): void {
    this.#left -= greatest(texts.map(text => this.#size(text)))
  }

  /** The first of the texts, as many as fit. */
  take(texts: readonly string[]): { readonly text: string; readonly taken: readonly string[] } {
    const end = texts.findIndex(text => !this.#spend(text))
    const taken = end < 0 ? texts : texts.slice(0, end)
    return { text: taken.join(''), taken }
  }

  /** Places of the texts that fit, whatever comes before them. */
  takeAny(texts: readonly string[]): ReadonlySet<number> {
    return new Set(texts.flatMap((text, i) => (this.#spend(text) ? [i] : [])))
  }

  #spend(text: string): boolean {
    if (this.#left === Number.POSITIVE_INFINITY) return true
    const size = this.#size(text)
    if (size > this.#left) return false
    this.#left -= size
    return true
  }

  #size(text: string): number {
    return this.#encoder.encode(text).length
  }
}

function omission(count: number, what: 'finding' | 'detail'): string {
  const findings = counted(count, 'more finding')
  return what === 'finding'
    ? `\n\n_${findings} not shown: there is no room for ${count === 1 ? 'it' : 'them'} here._`
    : `\n\n_The details of ${counted(count, 'finding')} are not shown: there is no room for them here._`
}

function headline(report: Report, { notes = false, trouble = null }: MarkdownOptions): string[] {
  const { errors, warnings, suppressed } = report.summary
  const isWhole = trouble === null && report.internalErrors.length === 0 && notRead(report) === null
  const earlier = earlierNotRead(report)
  const good = earlier === null ? '✅' : signs.note
  const sign = errors > 0 ? signs.error : warnings > 0 || !isWhole ? signs.warning : good
  const asides = [
    ...(report.summary.notes > 0 && !notes ? [counted(report.summary.notes, 'note')] : []),
    ...(suppressed > 0 ? [`${suppressed} suppressed`] : []),
    ...(earlier === null ? [] : [earlier]),
  ]
  const more = asides.length > 0 ? ` (and ${asides.join(', ')})` : ''
  const servers = foundServers(report)
    .map(fact => ` · ${prose(fact)}`)
    .join('')
  return [
    `### ${sign} ${report.tool.name}: ${prose(verdict(report, { notes }))}${more}${servers}`,
    ...unreadList(report),
  ]
}

/** What was not checked, a line for each folder. */
function unreadList(report: Report): string[] {
  const folders = notReadByFolder(report)
  return folders.length === 0 ? [] : ['', ...listed(folders)]
}

function alerts({ first = [] }: MarkdownOptions): string[] {
  if (first.length === 0) return []
  const kind = first.some(({ level }) => level === 'warning') ? 'WARNING' : 'NOTE'
  return [`> [!${kind}]`, ...listed(first.map(({ message }) => message)).map(line => `> ${line}`), '']
}

/** What kept the linter from its work: without this the verdict would be wrong. */
function troubles({ internalErrors }: Report, { trouble = null }: MarkdownOptions): string[] {
  if (trouble !== null) return ['', `**${prose(trouble)}**`]
  if (internalErrors.length === 0) return []
  return [
    '',
    ...listed(
      internalErrors.map(({ part, path, line, message }) => `internal error in ${part} on ${path}:${line}: ${message}`),
    ),
  ]
}

function noticeList({ notices }: Report): string[] {
  return notices.length === 0 ? [] : ['', ...listed(notices)]
}

function unfoldingNotices(report: Report): string {
  return ['\n\n<details><summary>What was read</summary>', ...noticeList(report), '', '</details>'].join('\n')
}

function listed(texts: readonly string[]): string[] {
  const rest = texts.length - linesShown
  return [...texts.slice(0, linesShown).map(text => `- ${prose(text)}`), ...(rest > 0 ? [`- and ${rest} more`] : [])]
}

const tableHead = ['| | Rule | Where | What it blocks or breaks |', '|---|---|---|---|']

/** A row of the table: the cell that may lead to the details of the finding, and the cells after it. */
interface Row {
  readonly finding: ReportedFinding
  readonly sign: string
  readonly rest: string
}

/** One row per finding, the gravest first. */
function tableRows(findings: readonly ReportedFinding[], report: Report, options: MarkdownOptions): Row[] {
  const gravest = severities.flatMap(severity => findings.filter(finding => finding.severity === severity))
  return gravest.map(finding => {
    const { severity, rule, url } = finding
    const where = place(finding, line => breakablePath(`${finding.path}:${line}`), report, options)
    const rest = [link(code(rule), url), where, blocks(finding)].join(' | ')
    return { finding, sign: `${signs[severity]}&nbsp;${severity}`, rest }
  })
}

function linked(label: string, finding: ReportedFinding): string {
  return `[${label}](#${anchor(finding)})`
}

/** The name of a finding's details. Several comments on one page have different ones. */
function anchor({ fingerprint }: ReportedFinding): string {
  return `migrate-lint-${fingerprint.replace(/[^0-9a-f]/g, '')}`
}

function place(
  at: Pick<ReportedFinding, 'path' | 'at'>,
  label: (line: number) => string,
  report: Report,
  options: MarkdownOptions,
): string {
  const range = rangeOf(report.sources, at)
  const url = options.link === undefined ? null : fileUrl(options.link, at.path, range)
  return link(label(range.start.line), url)
}

function blocks(finding: ReportedFinding): string {
  const { effects = [], message } = finding
  const [first] = effects
  if (!first) return prose(message)
  const more = moreRelations(finding, 1)
    .map(each => `; ${each}`)
    .join('')
  return `${code(first.relation)}: ${blocked(first.lock)}, ${until(first, effects)}${more}`
}

/** Everything about one file. */
function unfolding(
  path: string,
  findings: readonly ReportedFinding[],
  stories: readonly (readonly string[])[],
  open: boolean,
): string {
  const counts = severities.flatMap(severity => {
    const count = findings.filter(finding => finding.severity === severity).length
    return count > 0 ? [counted(count, severity)] : []
  })
  const summary = `<details${open ? ' open' : ''}><summary>${code(path)}: ${counts.join(', ')}</summary>`
  const told = stories.flatMap((lines, i) => (i === 0 ? ['', ...lines] : ['', '---', '', ...lines]))
  return [summary, ...told, '', '</details>'].join('\n')
}

/** One finding by itself, without its code. */
export function findingMarkdown(finding: ReportedFinding, report: Report, options: MarkdownOptions): string {
  return story(finding, null, report, options).join('\n')
}

function story(finding: ReportedFinding, excerpt: Excerpt | null, report: Report, options: MarkdownOptions): string[] {
  const { severity, message, why, help, effects = [], related = [], rule, url } = finding
  const paragraphs = [
    [`**${signs[severity]} ${prose(message)}**`],
    [`${place(finding, line => code(`line ${line}`), report, options)} · ${link(code(rule), url)}`],
    ...(excerpt ? [quoted(excerpt, languageOf(finding.path))] : []),
    ...(finding.sql === undefined ? [] : [['The SQL of it:'], fenced(excerptOf(finding.sql), 'sql')]),
    effects.slice(0, relationsShown).map(effect => {
      const lock = effect.lock === null ? 'no lock' : code(effect.lock)
      return `- ${code(effect.relation)}: ${lock} ${blocked(effect.lock)}, ${howLong(effect, effects)}`
    }),
    ...moreRelations(finding, relationsShown).map(line => [line]),
    related.map(label => {
      const name = (line: number) => code(label.path === finding.path ? `line ${line}` : `${label.path}:${line}`)
      return `- ${place(label, name, report, options)}: ${prose(label.message)}`
    }),
    [prose(why)],
    ...helpBlocks(help).map(block => {
      if (block.kind === 'code') return fenced(block.lines, block.language)
      return [block.kind === 'item' ? `- ${prose(block.text)}` : prose(block.text)]
    }),
  ]
  return paragraphs
    .filter(lines => lines.some(line => line !== ''))
    .flatMap((lines, i) => (i === 0 ? lines : ['', ...lines]))
}

function quoted({ lines, before, after }: Excerpt, language: string): string[] {
  const shown = lines.map(({ text, cut }) => (cut ? `${text} …` : text))
  return fenced([...(before ? ['…'] : []), ...shown, ...(after ? ['…'] : [])], language)
}
