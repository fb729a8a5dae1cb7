import type { LockSpan } from '../../lint/lock-timeline.ts'
import { greatest } from '../../parse/list.ts'
import { columnsOf as terminalColumns } from '../width.ts'
import { escaped } from './escape.ts'
import { waiting } from './waiting.ts'

const nameLength = 26
const letter = 7.3
const row = 30

/** A statement that has a place in the drawing. */
export interface Column {
  /** Its place in the timeline. */
  readonly statement: number
  /** In pixels. */
  readonly width: number
  /** What stands above it, if there is room. */
  readonly tick: string
  /** Neighbours of the same group get one line over them. */
  readonly group: number | null
}

export interface Chart {
  readonly id: string
  /** What it shows, for people who cannot see it. */
  readonly title: string
  /** What the ticks are. */
  readonly axis: string
  /** The relations, from the top. */
  readonly lanes: readonly string[]
  readonly columns: readonly Column[]
  readonly locks: readonly LockSpan[]
  /** The words about a group, and those that are drawn if there is room. */
  readonly groupNamed: (group: number) => { readonly title: string; readonly label: string }
  /** The words about a bar, and the place on the page to which it leads; null: it leads nowhere. */
  readonly barNamed: (lock: LockSpan) => { readonly title: string; readonly href: string | null }
}

/** The room for the names of lanes, before the first column, in pixels. */
export function roomForNames(lanes: readonly string[]): number {
  const longest = greatest(
    lanes.map(name => Math.min(nameLength, terminalColumns(name))),
    4,
  )
  return Math.ceil(longest * letter) + 14
}

/** Positions, in pixels. */
interface Drawing {
  readonly left: number
  /** The height of the part above the lanes. */
  readonly top: number
  /** The left edges of the columns, and the right one of the last. */
  readonly edges: readonly number[]
  /** The left edge of a statement, or of the next one that is drawn. */
  readonly x: (statement: number) => number
  /** The width of a statement, or of the next one that is drawn. */
  readonly widthOf: (statement: number) => number
}

/**
 * Lanes of relations over statements: a bar for each lock from the statement that takes it to the end of its transaction. The colour of a bar
 * shows what it blocks, and hatching shows long work under it. The names of the lanes are a drawing of their own, which stays in sight where
 * the other one is scrolled.
 */
export function drawn(chart: Chart): string {
  const { id, title, axis, lanes, columns, locks } = chart
  const drawing = drawingOf(lanes, columns)
  const { left, top, edges } = drawing
  const width = (edges.at(-1) ?? left) + 2
  const height = top + lanes.length * row + 4
  const names = lanes.map((name, i) => {
    return `<text class="lane" x="0" y="${top + i * row + 19}">${escaped(clipped(name))}<title>${escaped(name)}</title></text>`
  })
  const lane = new Map(lanes.map((name, i) => [name, top + i * row]))
  const bars = locks.flatMap(lock => {
    const y = lane.get(lock.relation)
    return y === undefined || drawing.x(lock.from) >= width - 2 ? [] : [bar(lock, y, chart, drawing)]
  })
  // What can be followed by the keyboard is not one picture.
  const role = locks.some(lock => chart.barNamed(lock).href !== null) ? 'group' : 'img'
  return `<div class="lanes"><svg class="names" width="${left}" height="${height}">
<text class="axis" x="0" y="${top - 8}">${escaped(axis)}</text>
${names.join('\n')}
</svg><svg role="${role}" aria-labelledby="${id}" width="${width - left}" height="${height}" viewBox="${left} 0 ${width - left} ${height}">
<title id="${id}">${escaped(title)}</title>
${[...brackets(chart, drawing), ...ticks(columns, drawing), ...grid(columns, drawing, height), ...bars].join('\n')}
</svg></div>`
}

function drawingOf(lanes: readonly string[], columns: readonly Column[]): Drawing {
  const left = roomForNames(lanes)
  const edges = [left]
  for (const { width } of columns) edges.push(round((edges.at(-1) ?? left) + width))
  const places = new Map(columns.map(({ statement }, i) => [statement, i]))
  const placeOf = (statement: number) =>
    places.get(statement) ?? columns.findIndex(column => column.statement >= statement)
  const x = (statement: number) => {
    const place = placeOf(statement)
    return edges[place < 0 ? columns.length : place] ?? left
  }
  const widthOf = (statement: number) => columns[placeOf(statement)]?.width ?? 0
  return { left, top: columns.some(({ group }) => group !== null) ? 48 : 24, edges, x, widthOf }
}

function round(pixels: number): number {
  return Math.round(pixels * 100) / 100
}

/** As many as there is room for. */
function ticks(columns: readonly Column[], { left, top, edges }: Drawing): string[] {
  let free = 0
  return columns.flatMap(({ tick, width }, i) => {
    // The first one does not reach over the edge.
    const middle = round(Math.max((edges[i] ?? 0) + width / 2, left + tick.length * 3.6))
    const half = Math.max(15, tick.length * 3.6 + 2)
    if (tick === '' || middle - half < free) return []
    free = middle + half
    return [`<text class="tick" x="${middle}" y="${top - 8}">${escaped(tick)}</text>`]
  })
}

/** Lines between columns, or only between their groups where lines would be all that can be seen. */
function grid(columns: readonly Column[], { top, edges }: Drawing, height: number): string[] {
  const isDense = columns.some(({ width }) => width < 8)
  return edges.flatMap((x, i) => {
    const inside = i > 0 && i < columns.length && columns[i]?.group === columns[i - 1]?.group
    return isDense && inside ? [] : [`<path class="grid" d="M${x} ${top - 3}V${height}"/>`]
  })
}

function clipped(name: string, length = nameLength): string {
  return name.length <= length ? name : `${name.slice(0, length - 1).replace(/[\ud800-\udbff]$/, '')}…`
}

function bar(lock: LockSpan, y: number, { barNamed }: Chart, { x, widthOf }: Drawing): string {
  const { words, look } = waiting(lock.mode, lock.waits)
  const from = x(lock.from)
  const to = Math.max(x(lock.to + 1), from + 6)
  const box = (start: number, end: number, kind = '') =>
    `<rect${kind} x="${round(start + 1)}" y="${y + 4}" width="${round(end - start - 2)}" height="${row - 8}" rx="3"/>`
  const hatched = [...new Set(lock.work.map(({ statement }) => statement))].map(statement => {
    const inside = Math.min(Math.max(x(statement), from), to - 6)
    return box(inside, Math.min(Math.max(inside + widthOf(statement), inside + 4), to), ' class="work"')
  })
  const label = [`blocks ${words}`, words].find(text => text.length * 7 + 18 < to - from)
  const text = label === undefined ? '' : `<text class="on" x="${round(from + 9)}" y="${y + 19}">${label}</text>`
  const { title, href } = barNamed(lock)
  const inside = `<title>${escaped(title)}</title>${box(from, to)}${hatched.join('')}${text}`
  return href === null
    ? `<g class="bar ${look}">${inside}</g>`
    : `<a class="bar ${look}" href="${href}" aria-label="${escaped(title)}">${inside}</a>`
}

/** A line over the columns of each group. */
function brackets({ columns, groupNamed }: Chart, { top, edges }: Drawing): string[] {
  const lines: string[] = []
  let start = 0
  for (let i = 1; i <= columns.length; i++) {
    const own = columns[start]?.group ?? null
    if (own !== null && own === columns[i]?.group) continue
    if (own !== null) {
      const [from, to] = [round((edges[start] ?? 0) + 2), round((edges[i] ?? 0) - 2)]
      const { title, label } = groupNamed(own)
      const room = Math.floor((to - from - 7) / 7)
      const fits = label.length <= room ? label : room < 6 ? '' : clipped(label, room)
      const text = fits === '' ? '' : `<text class="axis" x="${from + 4}" y="14">${escaped(fits)}</text>`
      const line = `<path d="M${from} ${top - 23}v-5H${Math.max(to, from)}v5"/>`
      lines.push(`<g class="transaction"><title>${escaped(title)}</title>${line}${text}</g>`)
    }
    start = i
  }
  return lines
}
