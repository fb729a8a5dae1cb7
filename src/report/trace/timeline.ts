import type { LockSpan } from '../../lint/lock-timeline.ts'
import { strongest } from '../../postgres/lock.ts'
import type { SeenRelation, TracedStatement } from './trace.ts'
import { isTold, waitsAt } from './words.ts'

type Work = LockSpan['work'][number]

interface Open extends Omit<LockSpan, 'to' | 'work'> {
  readonly work: Work[]
}

/**
 * The locks that a server has shown, each from the statement that takes it to the end of its transaction. Statements are given by their places
 * in the list. A lock that a later statement makes stronger ends there, and a stronger one begins;
 * the same where others come to wait.
 */
export function locksSeenIn(statements: readonly TracedStatement[]): LockSpan[] {
  const spans: LockSpan[] = []
  const open = new Map<string, Open>()
  const close = (oid: string, to: number) => {
    const lock = open.get(oid)
    if (lock) spans.push({ ...lock, to })
    open.delete(oid)
  }
  let transaction: number | null = null
  for (const [i, { transaction: own, seen, givesBack }] of statements.entries()) {
    if (own === null || own !== transaction) for (const oid of [...open.keys()]) close(oid, i - 1)
    transaction = own
    const relations = seen?.relations ?? []
    if (givesBack) {
      const held = new Set(relations.flatMap(({ oid, lock }) => (lock === null ? [] : oid)))
      for (const oid of [...open.keys()]) if (!held.has(oid)) close(oid, i - 1)
    }
    for (const each of relations) if (isTold(each) || open.has(each.oid)) take(each, i)
  }
  for (const oid of [...open.keys()]) close(oid, statements.length - 1)
  return spans.sort((a, b) => a.from - b.from)

  function take(seen: SeenRelation, i: number): void {
    const { oid, relation, kind, lock, work, read } = seen
    const has = open.get(oid)
    const mode = strongest(has?.mode ?? null, lock)
    if (mode === null) return
    const waits = waitsAt({ ...seen, lock: mode })
    if (has?.mode !== mode || has.waits?.reads !== waits.reads || has.waits.writes !== waits.writes) {
      close(oid, i - 1)
      open.set(oid, { relation: has?.relation ?? relation, kind, mode, waits, from: i, before: false, work: [] })
    }
    const done = work !== 'none' ? work : read > 0 ? 'scan' : null
    if (done !== null) open.get(oid)?.work.push({ statement: i, work: done, certain: true })
  }
}

/** The locks of some of the statements, as places among these. */
export function locksBetween(spans: readonly LockSpan[], first: number, count: number): LockSpan[] {
  return spans.flatMap(span => {
    if (span.to < first || span.from >= first + count) return []
    return {
      ...span,
      from: Math.max(0, span.from - first),
      to: Math.min(count - 1, span.to - first),
      before: span.from < first,
      work: span.work.flatMap(each => {
        const statement = each.statement - first
        return statement < 0 || statement >= count ? [] : { ...each, statement }
      }),
    }
  })
}
