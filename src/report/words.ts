import type { ReportedFinding } from '../lint/report.ts'
import type { Effect, Work } from '../postgres/effect.ts'
import type { LockMode } from '../postgres/lock.ts'
import { blocksReads, blocksWrites } from '../postgres/lock.ts'

/** `1 error`, `2 errors`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** The queries that wait for a holder of the lock, by the conflict matrix: `blocks INSERT, UPDATE, DELETE`. */
export function blocked(lock: LockMode | null): string {
  const queries = blockedQueries(lock)
  return queries.length === 0 ? 'blocks neither reads nor writes' : `blocks ${queries.join(', ')}`
}

/** The queries that wait for a lock: `['INSERT', 'UPDATE', 'DELETE']`. */
export function blockedQueries(lock: LockMode | null): string[] {
  return [...(blocksReads(lock) ? ['SELECT'] : []), ...(blocksWrites(lock) ? ['INSERT', 'UPDATE', 'DELETE'] : [])]
}

/** `and 4 more relations`, where a finding is about more than a report shows; nothing where it shows them all. */
export function moreRelations(
  { effects = [], moreEffects = 0 }: Pick<ReportedFinding, 'effects' | 'moreEffects'>,
  shown = effects.length,
): string[] {
  const rest = effects.length + moreEffects - Math.min(shown, effects.length)
  return rest > 0 ? [`and ${counted(rest, 'more relation')}`] : []
}

/** How long it takes where nothing is read or written. */
export const instantly = 'instant once it has the lock'

const phrases: Record<Work, string> = {
  none: instantly,
  scan: 'while it is read',
  build: 'for the whole build',
  rebuild: 'for the whole rebuild',
  rewrite: 'while it is copied',
}

type Timed = Pick<Effect, 'work' | 'kind' | 'certain' | 'held'>

/**
 * For how long, in terms of the table: `for the whole build: longer the larger the table`. `all`: the effects of the
 * statement.
 */
export function howLong(effect: Timed, all: readonly Timed[]): string {
  const { work, kind } = effect
  if (work === 'none') return until(effect, all)
  const isItself = work === 'scan' || work === 'rewrite'
  const larger = isItself ? 'it is' : `the ${kind.endsWith('index') ? 'index' : 'table'}`
  return `${until(effect, all)}: longer the larger ${larger}`
}

/** The same without the table: `for the whole build`. */
export function until({ work, certain, held }: Timed, all: readonly Timed[]): string {
  // A table that is only locked stays locked until the work on the others is done.
  if (work === 'none' && held) return 'for as long as this takes'
  if (work === 'none') return all.every(other => other.work === 'none') ? phrases.none : 'for as long as the rest takes'
  return `${certain ? '' : 'perhaps '}${phrases[work]}`
}
