import type { Effect } from '../postgres/effect.ts'
import type { ReportedFinding } from './report.ts'

/** The largest numbers of listed relations per finding: of all, and of those that earlier statements have locked. */
const mostListed = 100
const mostHeld = 20

/**
 * The effects of a finding that a report lists, and how many it leaves out. Each statement of a long transaction may be under the locks of all
 * before it: a report of all of them would grow with the square of the file.
 */
export function listedEffects(all: readonly Effect[]): Pick<ReportedFinding, 'effects' | 'moreEffects'> {
  let held = 0
  const isListed = (effect: Effect) => effect.held === undefined || effect.work !== 'none' || ++held <= mostHeld
  const listed = all.filter(isListed).slice(0, mostListed)
  // The effect that takes time shows for how long the others are locked.
  const work = all.find(effect => effect.work !== 'none')
  if (work && !listed.includes(work)) listed[listed.length - 1] = work
  return listed.length === all.length ? { effects: all } : { effects: listed, moreEffects: all.length - listed.length }
}
