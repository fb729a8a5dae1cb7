import type { Code, Help } from '../lint/help.ts'
import type { Report, ReportedFinding } from '../lint/report.ts'
import { append } from '../parse/list.ts'
import { byFile } from './by-file.ts'
import { brokenAtClauses, brokenAtStatements } from './clauses.ts'
import { codeFrame } from './frame.ts'
import { excerptOf } from './generated-sql.ts'
import { bulletOf, codeLines, lineEnds } from './help-blocks.ts'
import { notRead, notReadByFolder } from './not-read.ts'
import { type Palette, palette } from './palette.ts'
import { rangeOf } from './position.ts'
import type { Reporter, Style } from './reporter.ts'
import { codeShape, namesIn, proseShape, sentencesOf } from './shape.ts'
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
/** Code of more lines is a recipe, which is printed once for each rule. */
const repeatedLines = 4
/** Code of more lines is not printed again if it differs in names alone. */
const shortLines = 2
/** The same in each advice that has it. */
const settings = /^SET (?:LOCAL )?\w+ = /
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
  for (const findings of byFile(shown).values()) {
    let isAfterShort = false
    for (const finding of findings) {
      const { lines: own, isShort } = block(finding, told, report, style, paint)
      // Findings of a file that need no explanation stand close together, each with its place at the margin.
      if (lines.length > 0 && !(isShort && isAfterShort)) lines.push('')
      append(lines, own)
      isAfterShort = isShort
    }
  }
  if (lines.length > 0) lines.push('')
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
  /** The explained rules, each with the shapes of its messages and of the code of its remedies. */
  readonly #rules = new Map<string, Set<string>>()
  #path = ''
  #line = 0
  #system = ''
  /** Whether anything was left out. */
  isShort = false

  isExplained(rule: string): boolean {
    return this.#rules.has(rule)
  }

  /** Whether a finding of the rule has had this shape, or this text, before. It has from now on. */
  has(rule: string, shape: string): boolean {
    const shapes = this.#rules.get(rule) ?? new Set()
    this.#rules.set(rule, shapes)
    const isKnown = shapes.has(shape)
    shapes.add(shape)
    return isKnown
  }

  /** Whether the line of a finding stands right above. */
  shows(path: string, line: number): boolean {
    const isThere = path === this.#path && line === this.#line
    this.#path = path
    this.#line = line
    return isThere
  }

  /** The migration system where it is another one than that of the finding before. */
  newSystem(system: string): string {
    const isNew = system !== this.#system
    this.#system = system
    return isNew ? system : ''
  }
}

/**
 * The code of a finding whose rule was explained. Left out is what differs in names alone from earlier code and is long, or says no more
 * than the statement itself.
 */
function shortCode(
  finding: ReportedFinding,
  code: readonly Code[],
  isKnown: boolean,
  report: Report,
  style: Style,
  paint: Palette,
): string[] {
  const repeated = code.filter(({ code: text }) => text.split(lineEnds).length <= repeatedLines)
  const lines = repeated.flatMap(part => printed(part, style, paint, true))
  const written = report.sources.get(finding.path)?.text ?? ''
  const isSame = (line: string) => settings.test(line) || written.includes(line.trim())
  const isNothingNew = repeated.every(({ code: text }) => text.split(lineEnds).every(isSame))
  return isKnown && (lines.length > shortLines || isNothingNew) ? [] : lines
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

interface Block {
  readonly lines: readonly string[]
  /** The rule has been explained. */
  readonly isShort: boolean
}

function block(finding: ReportedFinding, told: Told, report: Report, style: Style, paint: Palette): Block {
  const { path, rule } = finding
  const prose = (text: string, look: (line: string) => string = line => line) =>
    wrap(paint.safe(text), style.width - indent).map(line => `  ${look(line)}`)
  const { line, column } = rangeOf(report.sources, finding).start
  const severity = paint.severity[finding.severity]
  const place = `${paint.safe(path)}:${line}:${column}`
  const name = told.newSystem(finding.system)
  const system = name === '' ? '' : `(${paint.safe(name)})`
  const fits = columnsOf([place, finding.severity, paint.safe(rule), system].join('  ')) <= style.width
  const first = [paint.path(place), severity(finding.severity), paint.link(paint.safe(rule), finding.url)].join('  ')
  const head =
    system === '' ? [first] : fits ? [`${first}  ${paint.faint(system)}`] : [first, `  ${paint.faint(system)}`]
  const isThere = told.shows(path, line)
  const isExplained = told.isExplained(rule)
  const sentences = sentencesOf(finding.message).map(sentence => ({
    sentence,
    // The places below show how many statements work under the locks.
    isKnown: told.has(rule, proseShape(sentence, finding.goesOn)),
  }))
  const code = finding.help.filter(part => typeof part === 'object')
  const isCodeKnown = code.map(part => told.has(rule, codeShape(part))).every(isIt => isIt)
  const others = code.filter(part => !told.has(rule, `\n${part.code}`))
  if (isExplained && !style.verbose) {
    told.isShort = true
    const framed = [...frame(finding, report, style, paint, true), ...generated(finding, style, paint)]
    const shown = shortCode(finding, others, isCodeKnown, report, style, paint)
    const own = [...framed, ...shown].join('\n')
    // Sentences about other names are not repeated if all of these names are in sight.
    const isSaid = (sentence: string) => namesIn(sentence).every(each => own.includes(each))
    const unsaid = sentences.filter(({ sentence, isKnown }) => !isKnown || !isSaid(sentence))
    const lines = [
      ...head,
      ...(isThere ? [] : framed),
      ...prose(unsaid.map(({ sentence }) => sentence).join(' '), paint.message),
      ...shown,
      ...related(finding, report, style, paint),
    ]
    return { lines, isShort: true }
  }
  const lines = [
    ...head,
    ...frame(finding, report, style, paint),
    ...generated(finding, style, paint),
    ...prose(finding.message, paint.message),
    ...effects(finding, style, paint),
    ...(finding.why.trim() === '' ? [] : [...prose(finding.why), '']),
    ...help(finding.help, style, paint),
    ...related(finding, report, style, paint),
  ]
  return { lines, isShort: false }
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

/** Code is meant to be copied: only SQL is broken, where that changes nothing. `isShort`: statements share lines. */
function printed({ code, language }: Code, style: Style, paint: Palette, isShort = false): string[] {
  const broken = isShort ? brokenAtStatements : brokenAtClauses
  const lines = language === 'sql' ? broken(code, style.width - codeIndent) : codeLines(code)
  return lines.map(line => `${' '.repeat(codeIndent)}${paint.sql(paint.safe(line))}`)
}

/** Prose is wrapped. */
function help(parts: Help, style: Style, paint: Palette): string[] {
  return parts.flatMap(part => {
    if (typeof part === 'object') return printed(part, style, paint)
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
    hang(
      `  ${paint.signs.see} `,
      `${path === finding.path ? 'line ' : `${paint.safe(path)}:`}${places.join(', ')}: ${paint.safe(message)}`,
      style.width,
    ),
  )
}
