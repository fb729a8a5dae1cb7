import type { Help } from '../../lint/help.ts'
import type { Report, ReportedFinding } from '../../lint/report.ts'
import type { Excerpt } from '../excerpt.ts'
import { webAddress } from '../file-url.ts'
import { excerptOf } from '../generated-sql.ts'
import { helpBlocks } from '../help-blocks.ts'
import { rangeOf } from '../position.ts'
import { blockedQueries, counted, howLong } from '../words.ts'
import { code, escaped, prose } from './escape.ts'
import { highlighted } from './highlight.ts'

const relationsShown = 8

/** The properties that the filters use, as numbers: indexes in the lists of rules and of files. */
export interface FindingKeys {
  readonly rule: number
  readonly file: number
  /** Null: it is about no table. */
  readonly table: number | null
  /** Unfolded from the start. */
  readonly isOpen: boolean
}

/** One finding with everything about it. `excerpt` is left out to keep very long pages readable. */
export function findingArticle(
  finding: ReportedFinding,
  excerpt: Excerpt | null,
  keys: FindingKeys,
  report: Report,
): string {
  const { why, help, effects = [], related = [] } = finding
  const parts = [
    ...(excerpt ? [quoted(finding, excerpt, report)] : []),
    ...(finding.sql === undefined ? [] : [generated(finding.sql)]),
    ...(effects.length > 0 ? [effectTable(finding)] : []),
    ...(related.length > 0 ? [relatedList(finding, report)] : []),
    ...(why.trim() === '' ? [] : [`<p>${prose(why)}</p>`]),
    ...(help.length === 0 ? [] : [`<h4>What to do</h4>\n${remedy(help)}`]),
    ...more(finding),
  ]
  return article(finding, keys, report, parts)
}

/** The finding in two lines. */
export function findingLine(finding: ReportedFinding, keys: FindingKeys, report: Report): string {
  return `<article class="${look(finding)}" ${data(finding, keys)}>\n${heading(finding, report)}\n</article>`
}

function article(finding: ReportedFinding, keys: FindingKeys, report: Report, parts: readonly string[]): string {
  return `<article class="${look(finding)}" ${data(finding, keys)}>
<details${keys.isOpen ? ' open=""' : ''}><summary>${heading(finding, report)}</summary>
${parts.join('\n')}
</details>
</article>`
}

function look({ severity }: ReportedFinding): string {
  return `finding ${severity}`
}

function data({ severity }: ReportedFinding, { rule, file, table }: FindingKeys): string {
  return `data-severity="${severity}" data-rule="${rule}" data-file="${file}" data-table="${table ?? ''}"`
}

function heading(finding: ReportedFinding, report: Report): string {
  const { line, column } = rangeOf(report.sources, finding).start
  const place = `<span class="origin"><span class="in">${code(finding.path)} </span>line ${line}, column ${column} · ${code(finding.rule)}</span>`
  return `<h3><span class="badge">${finding.severity}</span> ${prose(finding.message)}</h3> ${place}`
}

/** The way to the rule's page, which must not be inside of the line that folds. */
function more({ url, rule }: ReportedFinding): string[] {
  const address = webAddress(url)
  return address === null ? [] : [`<p class="origin"><a href="${escaped(address)}">About ${code(rule)}</a></p>`]
}

function quoted(finding: ReportedFinding, { line, lines, before, after }: Excerpt, report: Report): string {
  const text = report.sources.get(finding.path)?.text ?? ''
  const spans = lines.map(({ at }) => at)
  const numbered = highlighted(text, spans, finding.at).map((html, i) => {
    const cut = lines[i]?.cut ? '<span class="c"> …</span>' : ''
    return `<span class="no">${line + i}</span>${html}${cut}`
  })
  const skipped = '<span class="no">⋮</span>'
  const all = [...(before ? [skipped] : []), ...numbered, ...(after ? [skipped] : [])]
  return `<pre class="sql" tabindex="0" role="group" aria-label="SQL from line ${line}"><code>${all.join('\n')}</code></pre>`
}

/** What a migration in code sends. */
function generated(sql: string): string {
  const lines = excerptOf(sql).map(escaped).join('\n')
  return `<p>The SQL of it:</p>\n<pre class="sql" tabindex="0" role="group" aria-label="SQL that the migration sends"><code>${lines}</code></pre>`
}

function effectTable({ effects = [], moreEffects = 0 }: ReportedFinding): string {
  const rows = effects.slice(0, relationsShown).map(effect => {
    const lock = effect.lock === null ? 'no lock' : code(effect.lock)
    return `<tr><th scope="row">${code(effect.relation)}</th><td data-label="Blocks">${blockedQueries(effect.lock).join(', ') || 'neither reads nor writes'}</td><td data-label="For how long">${howLong(effect, effects)}</td><td data-label="Lock">${lock}</td></tr>`
  })
  const rest = effects.length + moreEffects - rows.length
  return `<div class="scroll" tabindex="0" role="group" aria-label="What it blocks"><table>
<thead><tr><th scope="col">Relation</th><th scope="col">Blocks</th><th scope="col">For how long</th><th scope="col">Lock</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table></div>${rest > 0 ? `\n<p class="quiet">And ${counted(rest, 'more relation')}.</p>` : ''}`
}

function remedy(help: Help): string {
  let list = false
  const parts: string[] = []
  for (const block of helpBlocks(help)) {
    if (list !== (block.kind === 'item')) {
      parts.push(list ? '</ul>' : '<ul>')
      list = !list
    }
    if (block.kind === 'code') parts.push(copyable(block.lines, block.language))
    else parts.push(list ? `<li>${prose(block.text)}</li>` : `<p>${prose(block.text)}</p>`)
  }
  return [...parts, ...(list ? ['</ul>'] : [])].join('\n')
}

/** Code to paste. The button is for people whose browser runs the script; others select the text. */
function copyable(lines: readonly string[], language: string): string {
  if (language !== 'sql') return pasted(lines.map(escaped).join('\n'), 'Code')
  const text = lines.join('\n')
  let offset = 0
  const spans = lines.map(line => {
    const start = offset
    offset += line.length + 1
    return [start, start + line.length] as const
  })
  const html = highlighted(text, spans, [0, 0]).join('\n')
  return pasted(html, 'SQL')
}

function pasted(html: string, what: string): string {
  return `<div class="copyable"><pre class="sql" tabindex="0" role="group" aria-label="${what} to use instead"><code>${html}</code></pre></div>`
}

function relatedList(finding: ReportedFinding, report: Report): string {
  const items = (finding.related ?? []).map(label => {
    const { line } = rangeOf(report.sources, label).start
    const place = label.path === finding.path ? `line ${line}` : `${label.path}:${line}`
    return `<li>${code(place)}: ${prose(label.message)}</li>`
  })
  return `<ul class="related">${items.join('')}</ul>`
}
