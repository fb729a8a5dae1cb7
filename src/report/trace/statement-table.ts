import type { ReportedFinding } from '../../lint/report.ts'
import type { Source } from '../../parse/script.ts'
import type { Span } from '../../parse/span.ts'
import { webAddress } from '../file-url.ts'
import { code, escaped, prose } from '../page/escape.ts'
import { highlighted } from '../page/highlight.ts'
import { waiting } from '../page/waiting.ts'
import { positionsIn } from '../position.ts'
import { counted } from '../words.ts'
import type { SeenRelation, TracedStatement } from './trace.ts'
import { changedBy, duration, inWords, isTold, refusal, unseenLocks, waitsAt } from './words.ts'

const linesShown = 30
const lettersShown = 2000

/** Statements of one file with what the server did, and what linting finds. `rowOf`: the id of the row of a statement. */
export function statementTable(
  statements: readonly TracedStatement[],
  findings: readonly ReportedFinding[],
  source: Source,
  rowOf: (statement: number) => string,
): string {
  const positions = positionsIn(source)
  const owners = ownersOf(statements, findings)
  const rows = statements.map((statement, i) => {
    const { span, seen } = statement
    const time = seen ? duration(seen.milliseconds) : 'not run'
    const locks = (seen?.relations ?? []).filter(isTold).map(relationLine)
    return `<tr id="${rowOf(i)}" tabindex="-1"><th scope="row" data-label="Line">${positions.at(span[0]).line}</th>
<td data-label="Statement">${sqlOf(statement.text)}${notes(statement)}${(owners.get(i) ?? []).map(findingLine).join('')}</td>
<td data-label="Time">${time}</td>
<td data-label="Locks">${locks.length > 0 ? `<ul>${locks.join('')}</ul>` : 'none on what was there before'}</td></tr>`
  })
  const others = owners.get(null) ?? []
  return `${others.map(findingLine).join('\n')}
<div class="scroll" tabindex="0" role="group" aria-label="Statements of ${escaped(source.path)}"><table class="statements">
<thead><tr><th scope="col">Line</th><th scope="col">Statement</th><th scope="col">Time</th><th scope="col">Locks</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody></table></div>`
}

/** The findings of each statement, by its place; those under null are about no statement that is listed. */
function ownersOf(
  statements: readonly TracedStatement[],
  findings: readonly ReportedFinding[],
): Map<number | null, ReportedFinding[]> {
  const owners = new Map<number | null, ReportedFinding[]>()
  for (const finding of findings) {
    const place = statements.findIndex(
      ({ span }) => span[0] <= finding.at[0] && finding.at[0] < Math.max(span[1], span[0] + 1),
    )
    const owner = place === -1 ? null : place
    const own = owners.get(owner)
    if (own) own.push(finding)
    else owners.set(owner, [finding])
  }
  return owners
}

function sqlOf(text: string): string {
  const clipped = text.slice(0, lettersShown).replace(/[\ud800-\udbff]$/, '')
  const lines: Span[] = []
  let at = 0
  for (const line of clipped.split(/(\r\n|\r|\n)/)) {
    if (!/^[\r\n]/.test(line)) lines.push([at, at + line.length])
    at += line.length
  }
  const shown = lines.slice(0, linesShown)
  const isCut = shown.length < lines.length || clipped.length < text.length
  const html = highlighted(clipped, shown, [0, 0])
  return `<pre class="sql"><code>${[...html, ...(isCut ? ['…'] : [])].join('\n')}</code></pre>`
}

function notes(statement: TracedStatement): string {
  const { notSent, differences } = statement
  const refused = refusal(statement)
  const unseen = unseenLocks(statement)
  const all = [
    ...(notSent === null ? [] : [['warning', `not run: ${notSent}`]]),
    ...(refused === null ? [] : [['error', refused]]),
    ...(unseen === null ? [] : [['quiet', unseen]]),
    ...changedBy(statement).map(words => ['quiet', words]),
    ...differences.map(each => ['warning', `differs from the prediction: ${inWords(each)}`]),
  ]
  return all.map(([look, words = '']) => `<p class="outcome ${look}">${escaped(words)}</p>`).join('')
}

function findingLine({ severity, message, rule, url }: ReportedFinding): string {
  const address = webAddress(url)
  const name = address === null ? code(rule) : `<a href="${escaped(address)}">${code(rule)}</a>`
  return `<p class="outcome ${severity}"><span class="badge">${severity}</span> ${prose(message)} <span class="quiet">${name}</span></p>`
}

function relationLine(seen: SeenRelation): string {
  const { relation, kind, lock, isTaken, work, read } = seen
  const words = [
    ...(work === 'none' ? [] : [work === 'rewrite' ? 'written again' : 'built again']),
    ...(read > 0 ? [`${counted(read, 'row')} read`] : []),
  ]
  const done = words.length > 0 ? `, ${words.join(', ')}` : ''
  const name = `${code(relation)} <span class="quiet">${kind}</span><br/>`
  const { look, words: blocks } = waiting(lock, waitsAt(seen))
  if (lock === null && look === 'neither') return `<li>${name}no lock${done}</li>`
  return `<li>${name}<span class="swatch ${look}"></span>blocks ${blocks}${done}<br/><span class="quiet">${lock ?? 'no lock'}${isTaken || lock === null ? '' : ', held'}</span></li>`
}
