import { blocksReads, blocksWrites, type Effect, type Work } from '../postgres/effect.ts'
import type { LockMode } from '../postgres/lock.ts'

/** `1 error`, `2 errors`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** Which queries wait for a holder of the lock, by the conflict matrix: `blocks INSERT, UPDATE, DELETE`. */
export function blocked(lock: LockMode | null): string {
  const queries = [
    ...(blocksReads(lock) ? ['SELECT'] : []),
    ...(blocksWrites(lock) ? ['INSERT', 'UPDATE', 'DELETE'] : []),
  ]
  return queries.length === 0 ? 'blocks neither reads nor writes' : `blocks ${queries.join(', ')}`
}

const phrases: Record<Work, string> = {
  none: 'instant once it has the lock',
  scan: 'for the scan',
  build: 'for the whole build',
  rebuild: 'for the whole rebuild',
  rewrite: 'for the whole rewrite',
}

/** For how long, measured by the table: `for the whole build: longer the larger the table`. */
export function howLong(effect: Pick<Effect, 'work' | 'kind' | 'certain'>): string {
  if (effect.work === 'none') return phrases.none
  const thing = effect.kind.endsWith('index') ? 'index' : 'table'
  return `${effect.certain ? '' : 'perhaps '}${phrases[effect.work]}: longer the larger the ${thing}`
}
