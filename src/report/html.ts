import type { LockTimeline } from '../lint/lock-timeline.ts'
import type { Report, ReportedFinding } from '../lint/report.ts'
import { severities } from '../migration/severity.ts'
import { byFile } from './by-file.ts'
import { excerpts } from './excerpt.ts'
import { earlierNotRead, notRead, notReadByFolder } from './not-read.ts'
import { contents } from './page/contents.ts'
import { pageOf } from './page/document.ts'
import { code, escaped } from './page/escape.ts'
import { findingArticle, findingLine } from './page/finding.ts'
import { lockChart } from './page/lock-chart.ts'
import { overview } from './page/overview.ts'
import type { Reporter } from './reporter.ts'
import { serverFacts } from './servers.ts'
import { verdict } from './summary.ts'
import { counted } from './words.ts'

/** The number of findings that are shown in full, with their code. A page with more would be too large for browsers. */
const toldInFull = 1000
const chartsOfOthers = 200
const foldersShown = 20

/** A page for people that needs nothing but itself: no network and no other script, and it uses the reader's own colours. */
export const html: Reporter = report => {
  const files = byFile(report.findings)
  const lists = {
    rules: [...new Set(report.findings.map(({ rule }) => rule))].sort(),
    files: [...files.keys()],
    tables: [...new Set(report.findings.flatMap(tableOf))].sort(),
  }
  const isLong = report.findings.length > 1
  const { errors, warnings, statements, suppressed } = report.summary
  const earlier = earlierNotRead(report)
  const isWhole = notRead(report) === null && earlier === null
  const found = verdict(report, { notes: true })
  return pageOf({
    title: `${report.tool.name}: ${found}`,
    heading: found,
    look: errors > 0 ? 'bad' : warnings > 0 || !isWhole ? 'doubt' : 'good',
    facts: [
      [
        counted(statements, 'statement'),
        report.system,
        ...serverFacts(report),
        ...(suppressed > 0 ? [`${counted(suppressed, 'finding')} suppressed`] : []),
        ...(earlier === null ? [] : [earlier]),
      ],
      originFacts(report),
    ],
    skip: 'Skip to the findings',
    aside:
      files.size > 1
        ? contents(
            [...files].map(([path, findings]) => ({ path, words: tally(findings) })),
            'Groups of findings',
          )
        : '',
    main: [
      ...troubles(report),
      overview(report),
      ...(isLong ? [filters(report, lists)] : []),
      ...(report.findings.length > toldInFull
        ? [`<p class="quiet">The first ${toldInFull} findings are shown in full, the others in one line each.</p>`]
        : []),
      `<div class="groups">`,
      ...sections(report, files, lists),
      '</div>',
      ...others(report, files),
    ],
    footer: `${report.tool.name} ${report.tool.version}`,
  })
}

interface Lists {
  readonly rules: readonly string[]
  readonly files: readonly string[]
  readonly tables: readonly string[]
}

/** The first table that a finding is about, or none. */
function tableOf({ effects = [] }: ReportedFinding): string[] {
  return effects.flatMap(({ relation, kind }) => (kind.endsWith('index') ? [] : relation)).slice(0, 1)
}

/** Where and when the report was made: the date as people write it everywhere, in UTC. */
function originFacts({ origin }: Report): string[] {
  if (origin === undefined) return []
  const { project, branch, commit, date } = origin
  return [
    project,
    ...(branch === null ? [] : [`branch ${branch}`]),
    ...(commit === null ? [] : [`commit ${commit.slice(0, 12)}`]),
    `${date.slice(0, 10)} ${date.slice(11, 16)} UTC`,
  ]
}

/** What kept the linter from its work: without this the verdict would be wrong. */
function troubles(report: Report): string[] {
  const { internalErrors, notices } = report
  const folders = notReadByFolder(report)
  const rest = folders.length - foldersShown
  const all = [
    ...folders.slice(0, foldersShown),
    ...(rest > 0 ? [`and ${counted(rest, 'more folder')}`] : []),
    ...internalErrors.map(
      ({ part, path, line, message }) => `internal error in ${part} on ${path}:${line}: ${message}`,
    ),
    ...notices,
  ]
  return all.length === 0 ? [] : [`<ul class="notices">${all.map(text => `<li>${escaped(text)}</li>`).join('')}</ul>`]
}

function filters(report: Report, { rules, files, tables }: Lists): string {
  const boxes = severities.flatMap(severity => {
    const count = report.findings.filter(finding => finding.severity === severity).length
    if (count === 0) return []
    return [
      `<label><input type="checkbox" name="severity" value="${severity}" checked> ${counted(count, severity)}</label>`,
    ]
  })
  const options = (names: readonly string[]) =>
    names.map((name, i) => `<option value="${i}">${escaped(name)}</option>`).join('')
  return `<form hidden aria-label="Filter the findings">
<fieldset><legend>Severity</legend>${boxes.join('')}</fieldset>
<label class="field"><span>Rule</span><select name="rule"><option value="">all</option>${options(rules)}</select></label>
<label class="field"><span>File</span><select name="file"><option value="">all</option>${options(files)}</select></label>
<label class="field"><span>Table</span><select name="table"><option value="">all</option>${options(tables)}</select></label>
<label class="field"><span>Group by</span><select name="group"><option value="file">file</option><option value="rule">rule</option><option value="table">table</option></select></label>
<label class="field"><span>Search</span><input type="search" name="search"></label>
<button type="button" name="fold">Unfold all</button>
<output aria-live="polite"></output>
</form>`
}

function tally(findings: readonly ReportedFinding[]): string {
  return severities
    .flatMap(severity => {
      const count = findings.filter(finding => finding.severity === severity).length
      return count > 0 ? [counted(count, severity)] : []
    })
    .join(', ')
}

function sections(report: Report, files: ReadonlyMap<string, readonly ReportedFinding[]>, lists: Lists): string[] {
  const excerpt = excerpts(report)
  const timelines = new Map(report.timelines.map(timeline => [timeline.path, timeline]))
  const placesIn = (names: readonly string[]) => new Map(names.map((name, i) => [name, i]))
  const [rules, tables] = [placesIn(lists.rules), placesIn(lists.tables)]
  let told = 0
  return [...files].map(([path, findings], file) => {
    const articles = findings.map(finding => {
      const [table = ''] = tableOf(finding)
      const keys = { rule: rules.get(finding.rule) ?? 0, file, table: tables.get(table) ?? null, isOpen: told === 0 }
      told++
      return told > toldInFull
        ? findingLine(finding, keys, report)
        : findingArticle(finding, excerpt(finding), keys, report)
    })
    const timeline = timelines.get(path)
    const chart = timeline && told <= toldInFull ? lockChart(timeline, report.sources.get(path), `locks-${file}`) : ''
    const folded = `<details class="chart"><summary>Locks, from the statement that takes them to the end of its transaction</summary>
${chart}</details>`
    return `<section class="file" aria-labelledby="file-${file}">
<h2 id="file-${file}">${code(path)} <span class="quiet">${tally(findings)}</span></h2>
${articles.join('\n')}
${chart === '' ? '' : folded}
</section>`
  })
}

/** The migrations without findings, with their locks. */
function others(report: Report, files: ReadonlyMap<string, unknown>): string[] {
  const clean = report.timelines.filter(({ path }) => !files.has(path))
  const locking = clean.filter(({ locks }) => locks.length > 0)
  const quiet = clean.length - locking.length
  if (locking.length === 0) return []
  const charts = locking.slice(0, chartsOfOthers).map((timeline, i) => unfolding(timeline, report, i))
  const rest = locking.length - charts.length
  const also = [
    ...(rest > 0 ? [`${counted(rest, 'more migration')} with locks not drawn`] : []),
    ...(quiet > 0 ? [`${counted(quiet, 'more migration')} without locks on what others use`] : []),
  ]
  return [
    `<section aria-labelledby="others">
<h2 id="others">Nothing found</h2>
${charts.join('\n')}${also.length > 0 ? `\n<p class="quiet">And ${also.join(', and ')}.</p>` : ''}
</section>`,
  ]
}

function unfolding(timeline: LockTimeline, report: Report, i: number): string {
  const relations = new Set(timeline.locks.map(({ relation }) => relation)).size
  return `<details><summary>${code(timeline.path)} <span class="quiet">${counted(relations, 'relation')} locked</span></summary>
${lockChart(timeline, report.sources.get(timeline.path), `quiet-${i}`)}</details>`
}
