import type { LockTimeline } from '../../lint/lock-timeline.ts'
import type { Source } from '../../parse/script.ts'
import { positionsIn } from '../position.ts'
import { counted } from '../words.ts'
import { drawn, roomForNames } from './chart.ts'
import { escaped } from './escape.ts'
import { lockTable } from './lock-table.ts'
import { waiting } from './waiting.ts'

const lanesShown = 20
const columnsShown = 240

/**
 * The locks of a migration over its statements: a lane for each relation, and a bar for each lock. The same facts follow as a table for people
 * who cannot see it. Empty when nothing is locked.
 */
export function lockChart(timeline: LockTimeline, source: Source | undefined, id: string): string {
  const { locks, path, statements } = timeline
  if (locks.length === 0) return ''
  const all = [...new Set(locks.map(({ relation }) => relation))]
  const lanes = all.slice(0, lanesShown)
  const shown = shownOf(timeline)
  const omitted = statements.length - shown.length
  const missing = [
    ...(all.length > lanes.length ? [counted(all.length - lanes.length, 'more relation')] : []),
    ...(omitted > 0 ? [counted(omitted, 'more statement')] : []),
  ]
  const width = evenly(lanes, shown.length)
  const positions = positionsIn(source)
  const columns = shown.map(statement => {
    const { at = [0, 0] as const, transaction = null } = statements[statement] ?? {}
    return { statement, width, tick: String(positions.at(at[0]).line), group: transaction }
  })
  const svg = drawn({
    id,
    title: described(timeline),
    axis: 'line',
    lanes,
    columns,
    locks,
    groupNamed: () => ({ title: 'one transaction', label: 'transaction' }),
    barNamed: ({ relation, mode }) => ({ title: `${relation}: ${mode}, blocks ${waiting(mode).words}`, href: null }),
  })
  return `<figure class="locks">
<div class="scroll" tabindex="0" role="group" aria-label="Chart of the locks of ${escaped(path)}">
${svg}
</div>
${missing.length > 0 ? `<p class="quiet">Not drawn: ${missing.join(', ')}.</p>\n` : ''}${lockTable(timeline, source)}
</figure>`
}

/** The width of each of so many columns in a page of the usual width, in pixels. */
function evenly(lanes: readonly string[], count: number): number {
  return Math.min(180, Math.max(10, Math.floor((940 - roomForNames(lanes)) / count)))
}

/** All statements or, if there are many, those where something changes. */
function shownOf({ statements, locks }: LockTimeline): number[] {
  const all = statements.map((_, i) => i)
  if (all.length <= columnsShown) return all
  const told = new Set(locks.flatMap(({ from, to, work }) => [from, to, ...work.map(({ statement }) => statement)]))
  return all.filter(statement => told.has(statement)).slice(0, columnsShown)
}

function described({ path, locks, statements }: LockTimeline): string {
  const relations = counted(new Set(locks.map(({ relation }) => relation)).size, 'relation')
  const over = counted(statements.length, 'statement')
  return `${counted(locks.length, 'lock')} on ${relations} over ${over} of ${path}. The table below says the same.`
}
