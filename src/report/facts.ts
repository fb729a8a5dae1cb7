import type { Effect } from '../postgres/effect.ts'
import { blocksReads, blocksWrites } from '../postgres/lock.ts'

/** An effect in the JSON of lint and of locks, for other programs. */
export interface EffectFacts {
  readonly relation: string
  readonly kind: Effect['kind']
  readonly lock: Effect['lock']
  readonly work: Effect['work']
  readonly blocks: { readonly reads: boolean; readonly writes: boolean }
  readonly certain: boolean
  readonly because: string
}

export function effectFacts({ relation, kind, lock, work, certain, because }: Effect): EffectFacts {
  return {
    relation,
    kind,
    lock,
    work,
    blocks: { reads: blocksReads(lock), writes: blocksWrites(lock) },
    certain,
    because,
  }
}
