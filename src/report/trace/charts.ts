import type { LockSpan } from '../../lint/lock-timeline.ts'
import { type Column, drawn, roomForNames } from '../page/chart.ts'
import { escaped } from '../page/escape.ts'
import { strength, waiting } from '../page/waiting.ts'
import { counted } from '../words.ts'
import type { TracedStatement } from './trace.ts'
import { duration } from './words.ts'

const lanesShown = 40
const columnsShown = 1500
const pageWidth = 940

/** Statements with the locks over them, as one picture. */
export interface Picture {
  /** Unique on the page. */
  readonly id: string
  /** It says how to use it. */
  readonly hint: boolean
  /** Whose locks: `2.sql`, `all migrations`. */
  readonly of: string
  readonly statements: readonly PicturedStatement[]
  readonly locks: readonly LockSpan[]
  /** What the ticks of its statements are. */
  readonly axis: string
  /** The least width of a statement, in pixels. */
  readonly narrowest: number
  readonly groupNamed: (group: number) => { readonly title: string; readonly label: string }
}

export interface PicturedStatement extends Pick<TracedStatement, 'seen'> {
  /** For people: `line 3 of 2.sql`. */
  readonly place: string
  readonly tick: string
  readonly group: number | null
  /** The id of its row in the tables. */
  readonly row: string
}

/** The ways to give statements a width, by the values of the switch. */
const widths = { statement: byStatement, time: byTime }

/**
 * The same locks twice, with the width of each statement the same, and by time; style shows the one that is chosen. Each bar leads to the
 * statement that takes the lock. Empty when nothing is locked.
 */
export function pictures(picture: Picture): string {
  const { locks, statements, of, id } = picture
  if (locks.length === 0) return ''
  const all = byWeight(locks)
  const lanes = all.slice(0, lanesShown)
  const from = Math.max(0, statements.length - columnsShown)
  const missing = [
    ...(all.length > lanes.length ? [counted(all.length - lanes.length, 'more relation')] : []),
    ...(from > 0 ? [counted(from, 'earlier statement')] : []),
  ]
  const shown = locks.filter(({ to }) => to >= from)
  const relations = counted(new Set(shown.map(({ relation }) => relation)).size, 'relation')
  const title = `${counted(shown.length, 'lock')} on ${relations} over ${counted(statements.length - from, 'statement')} of ${of}. The tables say the same.`
  const charts = Object.entries(widths).map(([width, columnsOf]) => {
    const chart = drawn({
      id: `${id}-${width}`,
      title,
      axis: width === 'time' ? 'time' : picture.axis,
      lanes,
      columns: columnsOf(picture, lanes).slice(from),
      locks: shown.map(lock => ({ ...lock, from: Math.max(lock.from, from) })),
      groupNamed: picture.groupNamed,
      barNamed: lock => ({ title: barTitle(lock, statements), href: `#${statements[lock.from]?.row ?? 'main'}` }),
    })
    return `<div class="scroll by-${width}" tabindex="0" role="group" aria-label="Chart of the locks of ${escaped(of)}, by ${width}">\n${chart}\n</div>`
  })
  return `<figure class="locks">
${charts.join('\n')}
<p class="told quiet" hidden>${picture.hint ? hint : ''}</p>
${missing.length > 0 ? `<p class="quiet">Not drawn: ${missing.join(', ')}.</p>\n` : ''}</figure>`
}

const hint = 'Point at a bar, or go from bar to bar with the arrow keys, to read it here. Enter leads to its statement.'

/** What chooses between the two pictures. It works without the script. */
export const widthSwitch = `<fieldset class="switch"><legend>Width of statements</legend>
<label><input type="radio" name="width" id="by-statement" checked> equal</label>
<label><input type="radio" name="width" id="by-time"> by time</label></fieldset>`

function byStatement({ statements, narrowest }: Picture, lanes: readonly string[]): Column[] {
  const even = Math.floor((pageWidth - roomForNames(lanes)) / statements.length)
  const width = Math.min(180, Math.max(narrowest, even))
  return statements.map(({ tick, group }, statement) => ({ statement, width, tick, group }))
}

/** Even a statement that takes no time can be seen. */
function byTime({ statements }: Picture, lanes: readonly string[]): Column[] {
  const times = statements.map(({ seen }) => seen?.milliseconds ?? 0)
  const sum = times.reduce((all, each) => all + each, 0) || 1
  const room = Math.max(300, pageWidth - roomForNames(lanes) - 2 * statements.length)
  return statements.map(({ group }, statement) => {
    const time = times[statement] ?? 0
    const width = 2 + (room * time) / sum
    return { statement, width, tick: width < 30 ? '' : duration(time), group }
  })
}

/** Those with the strongest and most locks first. */
function byWeight(locks: readonly LockSpan[]): string[] {
  const weights = new Map<string, number>()
  for (const { relation, mode, waits, work } of locks) {
    const weight = [100, 10, 1][strength.indexOf(waiting(mode, waits).look)] ?? 1
    weights.set(relation, (weights.get(relation) ?? 0) + weight * (work.length > 0 ? 2 : 1))
  }
  return [...weights].sort(([nameA, a], [nameB, b]) => b - a || (nameA < nameB ? -1 : 1)).map(([name]) => name)
}

function barTitle(
  { relation, mode, waits, from, to, before, work }: LockSpan,
  all: readonly PicturedStatement[],
): string {
  const time = all.slice(from, to + 1).reduce((sum, { seen }) => sum + (seen?.milliseconds ?? 0), 0)
  const first = before ? 'an earlier migration' : (all[from]?.place ?? '')
  const until = from === to && !before ? '' : ` to ${all[to]?.place ?? ''}`
  const works = new Set(work.map(({ work: kind }) => workWords[kind]))
  return [
    `${relation}: ${mode}, blocks ${waiting(mode, waits).words}`,
    `from ${first}${until}`,
    ...works,
    duration(time),
  ].join(', ')
}

const workWords: Readonly<Record<LockSpan['work'][number]['work'], string>> = {
  none: 'no work',
  scan: 'is read',
  build: 'is built',
  rebuild: 'is built again',
  rewrite: 'is written again',
}
