import type { LockTimeline } from '../../lint/lock-timeline.ts'
import type { Report, ReportedFinding } from '../../lint/report.ts'
import { severities } from '../../migration/severity.ts'
import { greatest } from '../../parse/list.ts'
import { columnsOf } from '../width.ts'
import { counted } from '../words.ts'
import { escaped } from './escape.ts'
import { legend, strength, waiting, wordsOf } from './waiting.ts'

const tablesShown = 30
const migrationsShown = 140
const nameLength = 22
const letter = 7.3
const row = 16
const top = 8

/** One migration and one table: the strongest lock, and what was found. */
interface Cell {
  look: ReturnType<typeof waiting>['look'] | null
  works: boolean
  readonly findings: ReportedFinding[]
}

/**
 * All migrations and all tables at one glance: a column for each migration that locks something or has a finding, a row for each table. The
 * sections below say the same in words. Empty where there is nothing to compare.
 */
export function overview(report: Report): string {
  const cells = cellsOf(report)
  const paths = report.timelines.map(({ path }) => path).filter(path => cells.has(path))
  const columns = paths.slice(-migrationsShown)
  const tables = inOrder(columns.flatMap(path => cells.get(path) ?? []))
  const shown = tables.slice(0, tablesShown)
  if (columns.length < 2 || shown.length === 0) return ''
  const longest = greatest(
    shown.map(name => Math.min(nameLength, columnsOf(name))),
    4,
  )
  const left = Math.ceil(longest * letter) + 12
  const step = Math.min(22, Math.max(6, Math.floor((860 - left) / columns.length)))
  const width = left + columns.length * step + 2
  const height = top + shown.length * row + 4
  const drawn = shown.flatMap((table, y) => {
    const name =
      table.length <= nameLength ? table : `${table.slice(0, nameLength - 1).replace(/[\ud800-\udbff]$/, '')}…`
    const label = `<text class="lane" x="0" y="${top + y * row + 12}">${escaped(name)}<title>${escaped(table)}</title></text>`
    const line = `<path class="grid" d="M${left} ${top + (y + 1) * row}H${width}"/>`
    return [label, line, ...columns.flatMap((path, x) => cellAt(path, table, left + x * step, top + y * row, step))]
  })
  const rest = [
    ...(tables.length > shown.length ? [counted(tables.length - shown.length, 'more table')] : []),
    ...(paths.length > columns.length ? [counted(paths.length - columns.length, 'earlier migration')] : []),
  ]
  const said = `${counted(columns.length, 'migration')} and ${counted(shown.length, 'table')}. The sections below say the same.`
  return `<figure class="overview">
<figcaption>What each migration locks (a column each, the oldest on the left), and where something was found</figcaption>
<div class="scroll" tabindex="0" role="group" aria-label="Chart of all migrations and tables">
<svg role="img" aria-labelledby="overview" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<title id="overview">${escaped(said)}</title>
${drawn.join('\n')}
</svg>
</div>
${legend(foundDot)}${rest.length > 0 ? `\n<p class="quiet">Not drawn: ${rest.join(', ')}.</p>` : ''}
</figure>`

  function cellAt(path: string, table: string, x: number, y: number, step: number): string[] {
    const cell = cells.get(path)?.get(table)
    if (cell === undefined) return []
    const { look, works, findings } = cell
    const words = [
      ...(look === null ? [] : [`blocks ${wordsOf[look]}${works ? ', with long work' : ''}`]),
      ...(findings.length > 0 ? [counted(findings.length, 'finding')] : []),
    ]
    const box = `x="${x + 1}" y="${y + 2}" width="${Math.max(3, step - 2)}" height="${row - 4}" rx="2"`
    const [worst] = severities.filter(severity => findings.some(finding => finding.severity === severity))
    return [
      `<g class="bar ${look ?? 'none'}"><title>${escaped(`${path}: ${table}, ${words.join(', ')}`)}</title>` +
        `${look === null ? '' : `<rect ${box}/>`}${look !== null && works ? `<rect class="work" ${box}/>` : ''}` +
        `${worst === undefined ? '' : `<circle class="found ${worst}" cx="${x + step / 2}" cy="${y + row / 2}" r="${Math.min(4, step / 2 - 0.5)}"/>`}</g>`,
    ]
  }
}

const foundDot = ['<li><span class="dot"></span>something was found</li>']

function cellsOf({ timelines, findings }: Report): Map<string, Map<string, Cell>> {
  const found = new Map<string, Map<string, Cell>>()
  const cell = (path: string, table: string): Cell => {
    const own = found.get(path) ?? new Map<string, Cell>()
    found.set(path, own)
    const there = own.get(table) ?? { look: null, works: false, findings: [] }
    own.set(table, there)
    return there
  }
  for (const timeline of timelines) markLocks(timeline, cell)
  for (const finding of findings) {
    const tables = (finding.effects ?? []).flatMap(({ relation, kind }) => (kind.endsWith('index') ? [] : relation))
    for (const table of new Set(tables)) cell(finding.path, table).findings.push(finding)
  }
  return found
}

function markLocks({ path, locks }: LockTimeline, cell: (path: string, table: string) => Cell): void {
  for (const { relation, kind, mode, work } of locks) {
    if (kind.endsWith('index')) continue
    const there = cell(path, relation)
    const { look } = waiting(mode)
    if (there.look === null || strength.indexOf(look) < strength.indexOf(there.look)) there.look = look
    if (work.length > 0) there.works = true
  }
}

/** The tables with the gravest and most findings first, then those that most migrations lock. */
function inOrder(columns: readonly ReadonlyMap<string, Cell>[]): string[] {
  const weights = new Map<string, number>()
  for (const own of columns)
    for (const [table, { look, findings }] of own) {
      const errors = findings.filter(({ severity }) => severity === 'error').length
      const weight = 1000 * errors + 10 * findings.length + (look === 'reads' ? 2 : 1)
      weights.set(table, (weights.get(table) ?? 0) + weight)
    }
  return [...weights].sort(([nameA, a], [nameB, b]) => b - a || (nameA < nameB ? -1 : 1)).map(([table]) => table)
}
