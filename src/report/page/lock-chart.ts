import type { LockSpan, LockTimeline } from '../../lint/lock-timeline.ts'
import { greatest } from '../../parse/list.ts'
import type { Source } from '../../parse/script.ts'
import { positionsIn } from '../position.ts'
import { columnsOf as terminalColumns } from '../width.ts'
import { counted } from '../words.ts'
import { escaped } from './escape.ts'
import { lockTable } from './lock-table.ts'
import { waiting } from './waiting.ts'

const lanesShown = 20
const columnsShown = 240
const nameLength = 26
const letter = 7.3
const row = 30

/** A statement that has a place in the drawing. */
interface Column {
  /** Its place in the timeline. */
  readonly statement: number
  readonly line: number
  readonly transaction: number | null
}

/** Positions, in pixels. */
interface Drawing {
  readonly columns: readonly Column[]
  /** The width of a column, and of the names before the first one. */
  readonly step: number
  readonly left: number
  /** The height of the part above the lanes. */
  readonly top: number
  /** The left edge of a statement, or of the next one that is drawn. */
  readonly x: (statement: number) => number
}

/**
 * The locks of a migration over its statements: a lane for each relation, and a bar for each lock from the statement
 * that takes it to the end of its transaction. The colour of a bar shows what it blocks, and hatching shows long work
 * under it. The same facts follow as a table for people who cannot see it. Empty when nothing is locked.
 */
export function lockChart(timeline: LockTimeline, source: Source | undefined, id: string): string {
  const { locks, path } = timeline
  if (locks.length === 0) return ''
  const all = [...new Set(locks.map(({ relation }) => relation))]
  const lanes = all.slice(0, lanesShown)
  const { columns, omitted } = columnsOf(timeline, source)
  const missing = [
    ...(all.length > lanes.length ? [counted(all.length - lanes.length, 'more relation')] : []),
    ...(omitted > 0 ? [counted(omitted, 'more statement')] : []),
  ]
  return `<figure class="locks">
<div class="scroll" tabindex="0" role="group" aria-label="Chart of the locks of ${escaped(path)}">
${svg(timeline, lanes, drawing(lanes, columns), id)}
</div>
${missing.length > 0 ? `<p class="quiet">Not drawn: ${missing.join(', ')}.</p>\n` : ''}${lockTable(timeline, source)}
</figure>`
}

/** All statements or, if there are many, those where something changes. */
function columnsOf(timeline: LockTimeline, source: Source | undefined): { columns: Column[]; omitted: number } {
  const { statements, locks } = timeline
  const positions = positionsIn(source)
  const column = (statement: number): Column => {
    const { at = [0, 0], transaction = null } = statements[statement] ?? {}
    return { statement, line: positions.at(at[0]).line, transaction }
  }
  const all = statements.map((_, i) => i)
  if (all.length <= columnsShown) return { columns: all.map(column), omitted: 0 }
  const told = new Set(locks.flatMap(({ from, to, work }) => [from, to, ...work.map(({ statement }) => statement)]))
  const shown = all.filter(statement => told.has(statement)).slice(0, columnsShown)
  return { columns: shown.map(column), omitted: all.length - shown.length }
}

function drawing(lanes: readonly string[], columns: readonly Column[]): Drawing {
  const longest = greatest(
    lanes.map(name => Math.min(nameLength, terminalColumns(name))),
    4,
  )
  const left = Math.ceil(longest * letter) + 14
  const step = Math.min(180, Math.max(10, Math.floor((940 - left) / columns.length)))
  const places = new Map(columns.map(({ statement }, i) => [statement, i]))
  const after = columns.map(({ statement }) => statement)
  const x = (statement: number) => {
    const place = places.get(statement) ?? after.findIndex(each => each >= statement)
    return left + (place < 0 ? columns.length : place) * step
  }
  return { columns, step, left, top: columns.some(({ transaction }) => transaction !== null) ? 48 : 24, x }
}

function svg(timeline: LockTimeline, lanes: readonly string[], chart: Drawing, id: string): string {
  const { columns, step, left, top } = chart
  const width = left + columns.length * step + 2
  const height = top + lanes.length * row + 4
  const every = Math.max(1, Math.ceil(30 / step))
  const ticks = columns.flatMap(({ line }, i) =>
    i % every === 0 ? [`<text class="tick" x="${left + (i + 0.5) * step}" y="${top - 8}">${line}</text>`] : [],
  )
  const grid = Array.from(
    { length: columns.length + 1 },
    (_, i) => `<path class="grid" d="M${left + i * step} ${top - 3}V${height}"/>`,
  )
  const names = lanes.map((name, i) => {
    return `<text class="lane" x="0" y="${top + i * row + 19}">${escaped(clipped(name))}<title>${escaped(name)}</title></text>`
  })
  const lane = new Map(lanes.map((name, i) => [name, top + i * row]))
  const bars = timeline.locks.flatMap(lock => {
    const y = lane.get(lock.relation)
    return y === undefined || chart.x(lock.from) >= width - 2 ? [] : [bar(lock, y, chart)]
  })
  return `<svg role="img" aria-labelledby="${id}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<title id="${id}">${escaped(described(timeline))}</title>
<text class="axis" x="0" y="${top - 8}">line</text>
${[...brackets(chart), ...ticks, ...grid, ...names, ...bars].join('\n')}
</svg>`
}

function clipped(name: string): string {
  return name.length <= nameLength ? name : `${name.slice(0, nameLength - 1).replace(/[\ud800-\udbff]$/, '')}…`
}

function described({ path, locks, statements }: LockTimeline): string {
  const relations = counted(new Set(locks.map(({ relation }) => relation)).size, 'relation')
  const over = counted(statements.length, 'statement')
  return `${counted(locks.length, 'lock')} on ${relations} over ${over} of ${path}. The table below says the same.`
}

function bar(lock: LockSpan, y: number, { x, step }: Drawing): string {
  const { words, look } = waiting(lock.mode)
  const from = x(lock.from)
  const to = Math.max(x(lock.to + 1), from + 6)
  const box = (start: number, end: number, kind = '') =>
    `<rect${kind} x="${start + 1}" y="${y + 4}" width="${end - start - 2}" height="${row - 8}" rx="3"/>`
  const hatched = [...new Set(lock.work.map(({ statement }) => x(statement)))].map(start => {
    const inside = Math.min(Math.max(start, from), to - 6)
    return box(inside, Math.min(inside + step, to), ' class="work"')
  })
  const label = [`blocks ${words}`, look === 'reads' ? 'reads, writes' : words].find(
    text => text.length * 7 + 18 < to - from,
  )
  const text = label === undefined ? '' : `<text class="on" x="${from + 9}" y="${y + 19}">${label}</text>`
  const title = `<title>${escaped(`${lock.relation}: ${lock.mode}, blocks ${words}`)}</title>`
  return `<g class="bar ${look}">${title}${box(from, to)}${hatched.join('')}${text}</g>`
}

/** A line over the statements of each transaction. */
function brackets({ columns, step, left, top }: Drawing): string[] {
  const drawn: string[] = []
  let start = 0
  for (let i = 1; i <= columns.length; i++) {
    const own = columns[start]?.transaction ?? null
    if (own !== null && own === columns[i]?.transaction) continue
    if (own !== null) {
      const [from, to] = [left + start * step + 2, left + i * step - 2]
      const label = to - from > 84 ? `<text class="axis" x="${from + 4}" y="14">transaction</text>` : ''
      const line = `<path d="M${from} ${top - 23}v-5H${to}v5"/>`
      drawn.push(`<g class="transaction"><title>one transaction</title>${line}${label}</g>`)
    }
    start = i
  }
  return drawn
}
