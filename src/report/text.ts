import type { Code, Help } from '../lint/help.ts'
import type { Report, ReportedFinding } from '../lint/report.ts'
import { append } from '../parse/list.ts'
import { byFile } from './by-file.ts'
import { brokenAtClauses } from './clauses.ts'
import { codeFrame } from './frame.ts'
import { excerptOf } from './generated-sql.ts'
import { bulletOf, codeLines, lineEnds } from './help-blocks.ts'
import { notRead, notReadByFolder } from './not-read.ts'
import { type Palette, palette } from './palette.ts'
import { rangeOf } from './position.ts'
import type { Reporter, Style } from './reporter.ts'
import { summary } from './summary.ts'
import { type Field, table } from './table.ts'
import { totals } from './totals.ts'
import { columnsOf } from './width.ts'
import { blocked, counted, howLong, moreRelations } from './words.ts'
import { hang, wrap } from './wrap.ts'

const indent = 2
const relationsShown = 8
const foldersShown = 5
const codeIndent = 6
const shortCode = 4
/** From this many findings on, they are counted by rule and by table. */
const countedFrom = 9

/**
 * For people at a terminal: each finding at its place in its code, what it blocks and for how long, the reason, and the remedy. A rule is
 * explained at its first finding; the others have their own code, message and SQL.
 */
export const text: Reporter = (report, style) => {
  const paint = palette(style)
  const shown = report.findings.filter(finding => style.notes || finding.severity !== 'note')
  const lines: string[] = []
  const told = new Told()
  for (const findings of byFile(shown).values())
    for (const finding of findings) append(lines, [...block(finding, told, report, style, paint), ''])
  const unread = unreadLines(report, style, paint)
  // It comes first, and again at the end in the line with the totals.
  const top =
    lines.length > 0 && unread.length > 0
      ? [paint.severity.warning(paint.safe(notRead(report) ?? '')), ...unread, '']
      : []
  const below = lines.length > 0 ? [] : unread
  const counts = shown.length > countedFrom ? [...totals(shown, style, paint), ''] : []
  const hint =
    told.isShort && style.notesSwitch === undefined ? ['Each rule is explained once; --verbose repeats it.'] : []
  return [...top, ...lines, ...counts, ...hint, ...summary(report, style, paint), ...below]
    .map(line => `${line.trimEnd()}\n`)
    .join('')
}

/** What has been printed already, and need not be printed again. */
class Told {
  /** The explained rules, each with the code of its remedies. */
  readonly #rules = new Map<string, Set<string>>()
  #path = ''
  #line = 0
  /** Whether anything was left out. */
  isShort = false

  /** The code of remedies for a rule that was explained; undefined: it was not. */
  explained(rule: string): Set<string> | undefined {
    return this.#rules.get(rule)
  }

  explain({ rule, help }: ReportedFinding): void {
    const code = help.flatMap(part => (typeof part === 'object' ? part.code : []))
    this.#rules.set(rule, new Set(code))
  }

  /** Whether the line of a finding is right above. */
  shows(path: string, line: number): boolean {
    const isThere = path === this.#path && line === this.#line
    this.#path = path
    this.#line = line
    return isThere
  }

  isNewFile(path: string): boolean {
    return path !== this.#path
  }
}

/** What was not checked, a line for each folder. */
function unreadLines(report: Report, style: Style, paint: Palette): string[] {
  const folders = notReadByFolder(report)
  const rest = folders.length - foldersShown
  return [
    ...folders.slice(0, foldersShown).flatMap(line => hang('  ', paint.safe(line), style.width)),
    ...(rest > 0 ? [`  and ${counted(rest, 'more folder')}`] : []),
  ]
}

function block(finding: ReportedFinding, told: Told, report: Report, style: Style, paint: Palette): string[] {
  const { path, rule } = finding
  const prose = (text: string, look: (line: string) => string = line => line) =>
    wrap(paint.safe(text), style.width - indent).map(line => `  ${look(line)}`)
  const earlier = style.verbose ? undefined : told.explained(rule)
  const { line, column } = rangeOf(report.sources, finding).start
  const severity = paint.severity[finding.severity]
  const place = `${paint.safe(path)}:${line}:${column}`
  const system = told.isNewFile(path) ? `(${paint.safe(finding.system)})` : ''
  const fits = columnsOf([place, finding.severity, paint.safe(rule), system].join('  ')) <= style.width
  const first = [paint.path(place), severity(finding.severity), paint.link(paint.safe(rule), finding.url)].join('  ')
  const head =
    system === '' ? [first] : fits ? [`${first}  ${paint.faint(system)}`] : [first, `  ${paint.faint(system)}`]
  const isThere = told.shows(path, line)
  const message = prose(finding.message, paint.message)
  if (earlier) {
    told.isShort = true
    const code = finding.help.flatMap(part => (typeof part === 'object' && !earlier.has(part.code) ? part : []))
    for (const part of code) earlier.add(part.code)
    return [
      ...head,
      ...(isThere ? [] : [...frame(finding, report, style, paint, true), ...generated(finding, style, paint)]),
      ...message,
      ...help(code.filter(isShort), style, paint),
      ...related(finding, report, style, paint),
    ]
  }
  told.explain(finding)
  return [
    ...head,
    ...frame(finding, report, style, paint),
    ...generated(finding, style, paint),
    ...message,
    ...effects(finding, style, paint),
    ...(finding.why.trim() === '' ? [] : [...prose(finding.why), '']),
    ...help(finding.help, style, paint),
    ...related(finding, report, style, paint),
  ]
}

/** Longer code differs from that of the first finding in names alone. */
function isShort({ code }: Code): boolean {
  return code.split(lineEnds).length <= shortCode
}

/** The SQL that a migration in code sends, under its frame. */
function generated({ sql }: ReportedFinding, style: Style, paint: Palette): string[] {
  if (sql === undefined) return []
  return excerptOf(sql).flatMap(line => hang('    ', paint.safe(line), style.width).map(each => paint.frame(each)))
}

function frame(finding: ReportedFinding, report: Report, style: Style, paint: Palette, isShort = false): string[] {
  const source = report.sources.get(finding.path) ?? { path: finding.path, text: '' }
  const mark = paint.severity[finding.severity]
  return codeFrame(source, finding.at, { paint, mark, width: style.width, ascii: style.ascii }, isShort)
}

function effects(finding: ReportedFinding, style: Style, paint: Palette): string[] {
  const all = finding.effects ?? []
  const rows = all
    .slice(0, relationsShown)
    .map((effect): Field[] => [
      { text: paint.safe(effect.relation), paint: paint.relation },
      { text: effect.lock ?? 'no lock' },
      { text: blocked(effect.lock) },
      { text: howLong(effect, all) },
    ])
  return [
    ...table(rows, { indent, width: style.width, phrase: true }),
    ...moreRelations(finding, relationsShown).map(line => `  ${line}`),
  ]
}

/** Code is meant to be copied: only SQL is broken, where that changes nothing. */
function printed({ code, language }: Code, style: Style): string[] {
  return language === 'sql' ? brokenAtClauses(code, style.width - codeIndent) : codeLines(code)
}

/** Prose is wrapped. */
function help(parts: Help, style: Style, paint: Palette): string[] {
  return parts.flatMap(part => {
    if (typeof part === 'object') return printed(part, style).map(line => `      ${paint.sql(paint.safe(line))}`)
    return part.split(lineEnds).flatMap(line => {
      const [bullet, prose] = bulletOf(line)
      return prose === '' ? [''] : hang(`  ${bullet}`, paint.safe(prose), style.width)
    })
  })
}

/** Other places, those of one file with the same message together. */
function related(finding: ReportedFinding, report: Report, style: Style, paint: Palette): string[] {
  const groups = new Map<string, { path: string; message: string; places: string[] }>()
  for (const label of finding.related ?? []) {
    const { line, column } = rangeOf(report.sources, label).start
    const { path, message } = label
    const key = JSON.stringify([path, message])
    const group = groups.get(key) ?? { path, message, places: [] }
    group.places.push(`${line}:${column}`)
    groups.set(key, group)
  }
  return [...groups.values()].flatMap(({ path, message, places }) =>
    hang(`  ${paint.signs.see} `, `${paint.safe(path)}:${places.join(', ')}: ${paint.safe(message)}`, style.width),
  )
}
