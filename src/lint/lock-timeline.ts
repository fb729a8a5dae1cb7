import type { Span } from '../parse/span.ts'
import type { Oid, RelationKind } from '../postgres/catalog/catalog.ts'
import type { Effect, Work } from '../postgres/effect.ts'
import { HeldLocks } from '../postgres/held.ts'
import { type LockMode, strongest } from '../postgres/lock.ts'
import type { Step } from '../postgres/step.ts'

/** The locks that a migration holds, with their first and last statements, for reports to draw. */
export interface LockTimeline {
  readonly path: string
  readonly statements: readonly TimelineStatement[]
  /** In the order in which they are taken; only on relations that others can be using. */
  readonly locks: readonly LockSpan[]
}

export interface TimelineStatement {
  readonly at: Span
  /** Statements with the same number run in one transaction. Null: the statement runs on its own, or this is not known. */
  readonly transaction: number | null
}

/** A lock at one strength. Statements are given by their place in `statements`. */
export interface LockSpan {
  readonly relation: string
  readonly kind: RelationKind
  readonly mode: LockMode
  /** Who waits at it, where a server has shown it. Otherwise, the mode tells. */
  readonly waits?: { readonly reads: boolean; readonly writes: boolean }
  /** The statement that takes it. */
  readonly from: number
  /** The last statement that runs under it. */
  readonly to: number
  /** An earlier migration of the same transaction has taken it. */
  readonly before: boolean
  /** Statements that do long work on the relation while it is held. */
  readonly work: readonly { readonly statement: number; readonly work: Work; readonly certain: boolean }[]
}

interface Open {
  readonly relation: string
  readonly kind: RelationKind
  readonly mode: LockMode
  readonly from: number
  readonly before: boolean
  readonly work: { statement: number; work: Work; certain: boolean }[]
}

/**
 * The locks of one migration's steps. A lock that a later statement strengthens ends there, and a stronger one begins. `placeOf`: where the
 * file shows a place.
 */
export function lockTimeline(
  path: string,
  steps: readonly Step[],
  placeOf: (at: Span) => Span = at => at,
): LockTimeline {
  const locks: LockSpan[] = []
  const names = new Map<Oid, string>()
  let open = new Map<Oid, Open>()
  const close = (oid: Oid, to: number) => {
    const lock = open.get(oid)
    if (lock && lock.from <= to) locks.push({ to, ...lock })
    open.delete(oid)
  }
  const named = (oid: Oid, relation: string) => {
    const name = names.get(oid) ?? relation
    names.set(oid, name)
    return name
  }
  let held = HeldLocks.none
  let transaction: number | null = null
  for (const [i, step] of steps.entries()) {
    const goesOn = step.transaction.id !== null && step.transaction.id === transaction
    if (!goesOn) for (const oid of [...open.keys()]) close(oid, i - 1)
    // ROLLBACK TO SAVEPOINT gives locks back: the only way to hold fewer before the transaction ends.
    else if (step.transaction.held.size < held.size) {
      for (const oid of [...open.keys()]) if (!step.transaction.held.get(oid)) close(oid, i - 1)
    }
    transaction = step.transaction.id
    held = step.transaction.held
    if (i === 0) open = inherited(step, named)
    for (const effect of step.effects) if (effect.exposed) take(effect, i)
  }
  for (const oid of [...open.keys()]) close(oid, steps.length - 1)
  locks.sort((a, b) => a.from - b.from)
  const statements = steps.map(({ statement, transaction: { id } }) => ({
    at: placeOf(statement.span),
    transaction: id,
  }))
  return { path, statements, locks }

  function take({ oid, relation, kind, lock, work, certain }: Effect, i: number): void {
    const has = open.get(oid)
    const mode = strongest(has?.mode ?? null, lock)
    if (mode === null) return
    if (has?.mode !== mode) {
      close(oid, i - 1)
      open.set(oid, { relation: named(oid, relation), kind, mode, from: i, before: false, work: [] })
    }
    if (work !== 'none') open.get(oid)?.work.push({ statement: i, work, certain })
  }
}

/** Locks that the transaction already holds from migrations before this one. */
function inherited({ transaction }: Step, named: (oid: Oid, relation: string) => string): Map<Oid, Open> {
  const open = new Map<Oid, Open>()
  for (const { oid, kind, relation, mode, exposed } of transaction.held) {
    if (!exposed) continue
    open.set(oid, { relation: named(oid, relation), kind, mode, from: 0, before: true, work: [] })
  }
  return open
}
