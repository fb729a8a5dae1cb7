import { greatest } from '../parse/list.ts'
import type { Oid, RelationKind } from './catalog/catalog.ts'
import { type LockMode, lockModes } from './lock.ts'

/**
 * What a statement does to a relation beyond locking it. All but `none` take longer the larger the relation is.
 * - `scan`: every row is read (a constraint is checked, a query or a foreign key reads it)
 * - `build`: every row is read to build a new index
 * - `rebuild`: an existing index is built again (the relation of the effect is the index)
 * - `rewrite`: every row is copied to a new file, and so is every index
 */
export type Work = 'none' | 'scan' | 'build' | 'rebuild' | 'rewrite'

export const works: readonly Work[] = ['none', 'scan', 'build', 'rebuild', 'rewrite']

/** The effect of one statement on one relation that existed before it. */
export interface Effect {
  /** As the catalog knows it: schema-qualified unless in `public`. A relation that the statement renames has its old name. */
  readonly relation: string
  readonly oid: Oid
  readonly kind: RelationKind
  readonly lock: LockMode | null
  readonly work: Work
  /** False when it depends on something that the migrations do not contain; `because` then says on what. */
  readonly certain: boolean
  /** The reason, for people, as a clause: `random() is volatile, so every row gets its own value`. */
  readonly because: string
  /**
   * True when other sessions can be using the relation: it was there before this migration, it is not temporary, and it
   * is not a relation that this migration (or one deployed together with it) created.
   */
  readonly exposed: boolean
  /** Set where the lock, or the strength of it, comes from an earlier statement of the transaction. */
  readonly held?: true
}

/** Lock and work of a statement on the same relation as one effect: the strongest lock, the heaviest work, and the reason for the heavier. */
export function merge(a: Effect, b: Effect): Effect {
  const work = works.indexOf(b.work) > works.indexOf(a.work) ? b : a
  const locks = [a.lock, b.lock].filter(lock => lock !== null)
  const lock = locks.length === 0 ? null : (lockModes[greatest(locks.map(mode => lockModes.indexOf(mode)))] ?? null)
  const reason = work.work !== 'none' ? work : b.lock === lock && a.lock !== lock ? b : a
  const { relation, oid, kind, exposed } = a
  return { relation, oid, kind, exposed, lock, work: work.work, certain: reason.certain, because: reason.because }
}

/** One effect per relation, in the order in which the relations were first touched. */
export function mergeByRelation(effects: readonly Effect[]): Effect[] {
  const merged = new Map<Oid, Effect>()
  for (const effect of effects) {
    const seen = merged.get(effect.oid)
    merged.set(effect.oid, seen ? merge(seen, effect) : effect)
  }
  return [...merged.values()]
}
