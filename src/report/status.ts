import { tool } from '../lint/tool.ts'
import type { Outcome } from '../migration/change.ts'
import {
  type Difference,
  type EditedMigration,
  isKnown,
  type ProjectStatus,
  problemsOf,
  type Status,
} from '../migration/status.ts'
import { placesNotRead } from './not-read.ts'
import { type Palette, palette } from './palette.ts'
import type { Style } from './reporter.ts'
import { visibleJson } from './visible.ts'
import { hang } from './wrap.ts'

export type StatusReporter = (status: Status, style: Style) => string

/** For programs. The shape is a contract, as that of lint is. */
export const statusJson: StatusReporter = ({ database, projects, unread }) => {
  const { name, version } = tool
  const said = (outcome: Outcome) => ({ severity: outcome.severity, consequence: outcome.what })
  const whole = projects.map(({ applied, edited, pending, missing, failed, ...project }) => ({
    ...project,
    applied,
    edited: edited.map(({ outcome, ...migration }) => ({ ...migration, ...said(outcome) })),
    pending: pending.map(({ late, ...migration }) => ({ ...migration, outOfOrder: late && said(late) })),
    missing: missing.map(({ outcome, ...migration }) => ({ ...migration, ...said(outcome) })),
    failed: failed.map(({ outcome, ...migration }) => ({ ...migration, ...said(outcome) })),
  }))
  return `${visibleJson({ schemaVersion: 1, tool: { name, version }, database, summary: { ...countsOf(projects), unread }, projects: whole }, 2)}\n`
}

/** For people: for each project, a group for each state that a migration can be in. */
export const statusText: StatusReporter = ({ database, projects, unread }, style) => {
  const paint = palette(style)
  const { name, host, port, version } = database
  const where = host === null ? '' : ` on ${host}:${port}`
  const lines = [
    ...hang('', paint.safe(`Database ${name}${where}, PostgreSQL ${version}`), style.width),
    '',
    ...projects.flatMap(project => [...projectLines(project, style, paint), '']),
    summary(projects, unread, paint),
  ]
  return lines.map(line => `${line.trimEnd()}\n`).join('')
}

function projectLines(project: ProjectStatus, style: Style, paint: Palette): string[] {
  const { system, directory, table, sought, notices, comparedBy, applied, edited, pending, missing, failed } = project
  const safe = (text: string) => paint.safe(text)
  const prose = (margin: string, text: string, look = paint.faint) =>
    hang(margin, safe(text), style.width).map(line => look(line))
  const problem = (outcome: Outcome) => paint.severity[outcome.severity]
  const group = (title: string, rows: readonly Row[], look = paint.message) =>
    rows.length === 0
      ? []
      : [
          '',
          `  ${look(`${rows.length} ${title}`)}`,
          ...rows.slice(0, MANY).flatMap(({ text, more, outcome }, i) => [
            ...hang('    ', safe(text), style.width),
            ...more.flatMap(line => prose('      ', line)),
            // If several changes have the same consequence, it is given once, after the last.
            ...(outcome && rows[i + 1]?.outcome?.what !== outcome.what
              ? prose('      ', `${outcome.what}.`, problem(outcome))
              : []),
          ]),
          ...(rows.length > MANY ? [paint.faint(`    ${paint.signs.cut} and ${rows.length - MANY} more`)] : []),
        ]
  const last = lastOf(applied)
  const compared = applied.filter(migration => migration.compared).length
  const edits =
    comparedBy === null
      ? `edits cannot be detected: ${system} does not record the contents of files`
      : compared === 0
        ? `none of them could be compared by ${comparedBy}`
        : `${compared === applied.length ? '' : `${compared} of them `}compared by ${comparedBy}`
  return [
    paint.path(safe(`${directory || '.'}/`)) + paint.faint(safe(`  (${system}, ${table ?? 'no table'})`)),
    ...unreadLines(project, prose, paint),
    ...(table === null && isKnown(project)
      ? ['', ...prose('  ', `Nothing is applied here: ${sought}.`, paint.message)]
      : []),
    ...(last ? ['', `  ${paint.message(`${applied.length} applied`)}`, ...prose('    ', `the last: ${last}`)] : []),
    ...(last ? prose('    ', edits) : []),
    ...group(
      'edited since applied',
      edited.map(each => ({ text: each.path, more: [editOf(each)], outcome: each.outcome })),
      edited.some(({ outcome }) => outcome.severity === 'error') ? paint.severity.error : paint.message,
    ),
    ...group(
      'failed or half done',
      failed.map(({ id, path, at, detail, outcome }) => ({
        text: path ?? id,
        more: [...(at === null ? [] : [minutes(at)]), ...(detail === null ? [] : [firstLine(detail)])],
        outcome,
      })),
      paint.severity.error,
    ),
    ...group(
      'applied, but missing on disk',
      missing.map(({ id, at, outcome }) => ({ text: dated(id, at), more: [], outcome })),
      paint.severity.error,
    ),
    ...group(
      `pending${pending.length > 1 ? ', in this order' : ''}`,
      pending.map(({ path, late, again }) => ({
        text: `${path}${late ? ' (out of order)' : ''}${again ? ' (again, because it changed)' : ''}`,
        more: [],
        outcome: late,
      })),
    ),
    ...(notices.length > 0 ? [''] : []),
    ...notices.flatMap(notice => prose('  ', notice)),
  ]
}

function unreadLines({ passedOver }: ProjectStatus, prose: Prose, paint: Palette): string[] {
  if (passedOver.length === 0) return []
  const named = passedOver.slice(0, MANY).map(({ table, reason }) => `${table} is not read: it ${reason}.`)
  const more = passedOver.length - named.length
  return [
    '',
    ...prose('  ', 'It is not known what is applied here.', paint.severity.error),
    ...named.flatMap(line => prose('    ', line)),
    ...(more > 0 ? prose('    ', `${paint.signs.cut} and ${more} more`) : []),
    ...prose('  ', '--tracking-table <schema>.<table> names the right table, and says that its owner is trusted.'),
  ]
}

type Prose = (margin: string, text: string, look?: (text: string) => string) => string[]

/** The number of items of a kind that are listed for people. */
const MANY = 30

interface Row {
  readonly text: string
  readonly more: readonly string[]
  readonly outcome: Outcome | null
}

const differences: Record<Difference, string> = {
  statements: 'its statements differ',
  down: 'its down migration differs',
  comments: 'comments, white space or case differ',
  'line-ends': 'line ends differ',
  name: 'its name differs',
  unknown: 'its text differs',
}

function editOf({ at, difference, appliedText }: EditedMigration): string {
  const from = appliedText
    ? ` from what was applied, that of commit ${appliedText.commit.slice(0, 12)} (${appliedText.date})`
    : ''
  return `${at === null ? 'applied' : `applied ${minutes(at)}`}; ${differences[difference]}${from}`
}

function lastOf(applied: ProjectStatus['applied']): string | null {
  const latest = applied.reduce<ProjectStatus['applied'][number] | null>(
    (last, each) => (last === null || last.at === null || (each.at !== null && each.at >= last.at) ? each : last),
    null,
  )
  return latest && dated(latest.path, latest.at)
}

function dated(name: string, at: string | null): string {
  return at === null ? name : `${name}, ${minutes(at)}`
}

/** `2026-03-01 10:22:33.12+00` → `2026-03-01 10:22`. */
function minutes(at: string): string {
  return /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d/.exec(at)?.[0].replace('T', ' ') ?? at
}

function firstLine(text: string): string {
  return text.trim().split('\n', 1)[0] ?? ''
}

/** The number of migrations in each state, and of those that need attention. */
function countsOf(projects: readonly ProjectStatus[]) {
  const sum = (count: (project: ProjectStatus) => number) => projects.reduce((all, each) => all + count(each), 0)
  return {
    applied: sum(({ applied }) => applied.length),
    edited: sum(({ edited }) => edited.length),
    pending: sum(({ pending }) => pending.length),
    outOfOrder: sum(({ pending }) => pending.filter(({ late }) => late !== null).length),
    missing: sum(({ missing }) => missing.length),
    failed: sum(({ failed }) => failed.length),
    problems: sum(project => problemsOf(project).length),
  }
}

function summary(projects: readonly ProjectStatus[], unread: number, paint: Palette): string {
  const { applied, edited, pending, outOfOrder, missing, failed, problems } = countsOf(projects)
  const parts = [
    ...(unread > 0 ? [placesNotRead(unread)] : []),
    `${applied} applied`,
    ...(edited > 0 ? [`${edited} edited`] : []),
    `${pending} pending${outOfOrder > 0 ? ` (${outOfOrder} out of order)` : ''}`,
    ...(missing > 0 ? [`${missing} missing`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
  ]
  const unknown = projects.filter(project => !isKnown(project)).length
  if (unknown > 0) parts.push(`${unknown} ${unknown === 1 ? 'project' : 'projects'} not known`)
  return (problems + unknown + unread > 0 ? paint.severity.error : paint.good)(parts.join(', '))
}
