import type { Work } from '../../postgres/effect.ts'
import type { RelationSize } from './statistics.ts'

/** At least and at most. */
export type Range = readonly [least: number, most: number]

type Rated = Exclude<Work, 'none'> | 'write'

const MiB = 2 ** 20

/**
 * MiB of a table that PostgreSQL works through in a second, the slowest and the fastest that `test/postgres/measure/rates.ts` measured on
 * PostgreSQL 12 and 18: docs/server.md says on what machine. A MiB of narrow rows has more of them.
 */
const rates: Readonly<Record<Rated, { readonly narrow: Range; readonly wide: Range }>> = {
  scan: { narrow: [40, 114], wide: [60, 610] },
  build: { narrow: [13, 70], wide: [48, 272] },
  rebuild: { narrow: [13, 70], wide: [48, 272] },
  rewrite: { narrow: [27, 44], wide: [20, 76] },
  write: { narrow: [7.4, 13.2], wide: [24, 68] },
}

/** Bytes of a row, with its head. The measured narrow rows have 77, the wide ones 730. */
const wideFrom = 240

/** How long work on a table of this size takes, in seconds. */
export function secondsFor(work: Work | 'write', { rows, bytes, indexBytes }: RelationSize): Range {
  if (work === 'none') return [0, 0]
  const { narrow, wide } = rates[work]
  const width = rows === null || rows === 0 ? null : bytes / rows
  const [slow, fast] =
    width === null ? [Math.min(narrow[0], wide[0]), Math.max(narrow[1], wide[1])] : width < wideFrom ? narrow : wide
  // Its indexes are built again, or get an entry for each new row.
  const all = bytes + (work === 'rewrite' || work === 'write' ? indexBytes : 0)
  return [all / (fast * MiB), all / (slow * MiB)]
}

/** Bytes that a batch may write: it takes about a second. */
const batchBytes = 8 * MiB

/** The rows of a batch, a round number: many of a narrow table, few of a wide one. Undefined: nothing is known. */
export function rowsInBatch({ rows, bytes }: Pick<RelationSize, 'rows' | 'bytes'>): number | undefined {
  if (rows === null || rows === 0 || bytes === 0) return undefined
  const fitting = (batchBytes * rows) / bytes
  return [20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100].find(each => each <= fitting) ?? 50
}

const units: readonly (readonly [seconds: number, name: string])[] = [
  [86_400, 'days'],
  [3_600, 'hours'],
  [60, 'minutes'],
  [1, 'seconds'],
]

/** `about 4 to 9 minutes`, `about 40 seconds to 4 minutes`, `less than a second`: always a range, because it is an estimate. */
export function duration([least, most]: Range): string {
  if (most < 1) return 'less than a second'
  const [size, name] = unitOf(most)
  const to = Math.ceil(most / size)
  if (least < 1) return `up to ${to} ${to === 1 ? name.slice(0, -1) : name}`
  const [sizeFrom, nameFrom] = unitOf(least)
  const from = Math.floor(least / sizeFrom)
  if (name === nameFrom) return `about ${from} to ${Math.max(to, from + 1)} ${name}`
  return `about ${from} ${from === 1 ? nameFrom.slice(0, -1) : nameFrom} to ${to} ${name}`
}

function unitOf(time: number): readonly [seconds: number, name: string] {
  return units.find(([seconds]) => time >= 2 * seconds) ?? [1, 'seconds']
}
