import type { Help } from '../lint/help.ts'
import type { Report, ReportedFinding } from '../lint/report.ts'
import { append } from '../parse/list.ts'
import { byFile } from './by-file.ts'
import { codeFrame } from './frame.ts'
import { excerptOf } from './generated-sql.ts'
import { bulletOf, codeLines, lineEnds } from './help-blocks.ts'
import { notRead, notReadByFolder } from './not-read.ts'
import { type Palette, palette } from './palette.ts'
import { rangeOf } from './position.ts'
import type { Reporter, Style } from './reporter.ts'
import { summary } from './summary.ts'
import { type Field, table } from './table.ts'
import { blocked, counted, howLong, moreRelations } from './words.ts'
import { hang, wrap } from './wrap.ts'

const indent = 2
const relationsShown = 8
const foldersShown = 5

/** For people at a terminal: each finding in its code, what it blocks and for how long, the reason, and the remedy. */
export const text: Reporter = (report, style) => {
  const paint = palette(style)
  const shown = report.findings.filter(finding => style.notes || finding.severity !== 'note')
  const lines: string[] = []
  for (const [path, findings] of byFile(shown)) {
    const system = findings[0]?.system ?? report.system
    lines.push(`${paint.path(paint.safe(path))}  ${paint.faint(`(${paint.safe(system)})`)}`, '')
    for (const finding of findings) append(lines, [...block(finding, report, style, paint), ''])
  }
  const unread = unreadLines(report, style, paint)
  // It comes first, and again at the end in the line with the totals.
  const top =
    lines.length > 0 && unread.length > 0
      ? [paint.severity.warning(paint.safe(notRead(report) ?? '')), ...unread, '']
      : []
  const below = lines.length > 0 ? [] : unread
  return [...top, ...lines, ...summary(report, style, paint), ...below].map(line => `${line.trimEnd()}\n`).join('')
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

function block(finding: ReportedFinding, report: Report, style: Style, paint: Palette): string[] {
  const prose = (text: string, look: (line: string) => string = line => line) =>
    wrap(paint.safe(text), style.width - indent).map(line => `  ${look(line)}`)
  return [
    ...frame(finding, report, style, paint),
    ...generated(finding, style, paint),
    '',
    ...prose(finding.message, paint.message),
    ...effects(finding, style, paint),
    ...(finding.why.trim() === '' ? [] : [...prose(finding.why), '']),
    ...help(finding.help, style, paint),
    ...related(finding, report, style, paint),
  ]
}

/** The SQL that a migration in code sends, under its frame. */
function generated({ sql }: ReportedFinding, style: Style, paint: Palette): string[] {
  if (sql === undefined) return []
  return excerptOf(sql).flatMap(line => hang('    ', paint.safe(line), style.width).map(each => paint.frame(each)))
}

function frame(finding: ReportedFinding, report: Report, style: Style, paint: Palette): string[] {
  const source = report.sources.get(finding.path) ?? { path: finding.path, text: '' }
  const severity = paint.severity[finding.severity]
  const rule = paint.safe(finding.rule)
  const caption = {
    text: `${finding.severity}  ${rule}`,
    painted: `${severity(finding.severity)}  ${paint.link(rule, finding.url)}`,
  }
  return codeFrame(source, finding.at, caption, { paint, mark: severity, width: style.width, ascii: style.ascii })
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

/** Prose is wrapped. Code is meant to be copied, so it is not changed. */
function help(parts: Help, style: Style, paint: Palette): string[] {
  return parts.flatMap(part => {
    if (typeof part === 'object') return codeLines(part.code).map(line => `      ${paint.sql(paint.safe(line))}`)
    return part.split(lineEnds).flatMap(line => {
      const [bullet, prose] = bulletOf(line)
      return prose === '' ? [''] : hang(`  ${bullet}`, paint.safe(prose), style.width)
    })
  })
}

function related(finding: ReportedFinding, report: Report, style: Style, paint: Palette): string[] {
  return (finding.related ?? []).flatMap(label => {
    const { line, column } = rangeOf(report.sources, label).start
    return hang(
      `  ${paint.signs.see} `,
      `${paint.safe(label.path)}:${line}:${column}: ${paint.safe(label.message)}`,
      style.width,
    )
  })
}
