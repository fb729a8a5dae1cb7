import type { LockTimeline } from '../lint/lock-timeline.ts'
import type { Report, ReportedFinding } from '../lint/report.ts'
import { severities } from '../migration/severity.ts'
import { byFile } from './by-file.ts'
import { excerpts } from './excerpt.ts'
import { earlierNotRead, notRead, notReadByFolder } from './not-read.ts'
import { code, escaped } from './page/escape.ts'
import { findingArticle, findingLine } from './page/finding.ts'
import { lockChart } from './page/lock-chart.ts'
import { script, scriptHash } from './page/script.ts'
import { style } from './page/style.ts'
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
  const lists = { rules: [...new Set(report.findings.map(({ rule }) => rule))].sort(), files: [...files.keys()] }
  const parts = [
    ...troubles(report),
    ...(report.findings.length > 1 ? [filters(report, lists)] : []),
    ...(files.size > 1 ? [contents(files)] : []),
    ...(report.findings.length > toldInFull
      ? [`<p class="quiet">The first ${toldInFull} findings are shown in full, the others in one line each.</p>`]
      : []),
    ...sections(report, files, lists.rules),
    ...others(report, files),
  ]
  return `${head(report)}
<main id="main">
${parts.join('\n')}
</main>
<footer>${escaped(`${report.tool.name} ${report.tool.version}`)}</footer>
<script>${script}</script>
</body>
</html>
`
}

function head(report: Report): string {
  const { errors, warnings, statements, suppressed } = report.summary
  const found = escaped(verdict(report, { notes: true }))
  const earlier = earlierNotRead(report)
  const isWhole = notRead(report) === null && earlier === null
  const look = errors > 0 ? 'bad' : warnings > 0 || !isWhole ? 'doubt' : 'good'
  const facts = [
    counted(statements, 'statement'),
    report.system,
    ...serverFacts(report),
    ...(suppressed > 0 ? [`${counted(suppressed, 'finding')} suppressed`] : []),
    ...(earlier === null ? [] : [earlier]),
  ]
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src '${scriptHash}'; base-uri 'none'; form-action 'none'`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(report.tool.name)}: ${found}</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the findings</a>
<svg width="0" height="0" aria-hidden="true" style="position:absolute"><defs><pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="hatch" d="M0 0V7"/></pattern></defs></svg>
<header>
<h1 class="${look}">${found}</h1>
<p class="quiet">${facts.map(escaped).join(' · ')}</p>
</header>`
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

function filters(report: Report, { rules, files }: { rules: readonly string[]; files: readonly string[] }): string {
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
<output aria-live="polite"></output>
</form>`
}

function contents(files: ReadonlyMap<string, readonly ReportedFinding[]>): string {
  const items = [...files].map(
    ([path, findings], i) =>
      `<li><a href="#file-${i}">${code(path)}</a> <span class="quiet">${tally(findings)}</span></li>`,
  )
  return `<details><summary>${counted(files.size, 'file')} with findings</summary>
<nav aria-label="Files"><ol>${items.join('\n')}</ol></nav></details>`
}

function tally(findings: readonly ReportedFinding[]): string {
  return severities
    .flatMap(severity => {
      const count = findings.filter(finding => finding.severity === severity).length
      return count > 0 ? [counted(count, severity)] : []
    })
    .join(', ')
}

function sections(
  report: Report,
  files: ReadonlyMap<string, readonly ReportedFinding[]>,
  rules: readonly string[],
): string[] {
  const excerpt = excerpts(report)
  const timelines = new Map(report.timelines.map(timeline => [timeline.path, timeline]))
  const places = new Map(rules.map((rule, i) => [rule, i]))
  let told = 0
  return [...files].map(([path, findings], file) => {
    const articles = findings.map(finding => {
      const keys = { rule: places.get(finding.rule) ?? 0, file }
      told++
      return told > toldInFull
        ? findingLine(finding, keys, report)
        : findingArticle(finding, excerpt(finding), keys, report)
    })
    const timeline = timelines.get(path)
    const chart = timeline && told <= toldInFull ? lockChart(timeline, report.sources.get(path), `locks-${file}`) : ''
    return `<section class="file" aria-labelledby="file-${file}">
<h2 id="file-${file}">${code(path)} <span class="quiet">${tally(findings)}</span></h2>
${chart}
${articles.join('\n')}
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
