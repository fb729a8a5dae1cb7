import { severities } from '../../migration/severity.ts'
import { append } from '../../parse/list.ts'
import type { Oid } from '../../postgres/catalog/catalog.ts'
import type { Effect } from '../../postgres/effect.ts'
import { HeldLocks } from '../../postgres/held.ts'
import { blocksReads, blocksWrites } from '../../postgres/lock.ts'
import type { Step } from '../../postgres/step.ts'
import { pauseIn } from '../advice/pause.ts'
import { areGone, isHeldAgainstOthers, keptFrom, Named, untold, waitsDuring, workOn } from '../advice/strongest-lock.ts'
import type { Effects, Told, Waits } from '../rule.ts'
import type { FindingOfRule } from './fallback.ts'

/** The reports about the statements of a migration, as far as the remaining ones depend on them. */
export interface Telling {
  readonly steps: readonly Step[]
  /** What findings about one of them show, even those of rules that the user has turned off. */
  readonly told: (step: Step) => Told
  /** The findings about one of them that the user sees. */
  readonly standing: (step: Step) => readonly FindingOfRule[]
  readonly at: (step: Step) => { readonly effects: Effects; readonly isLarge: (relation: string) => boolean }
}

/** A statement that works, and who waits meanwhile. */
type Worker = Omit<Waits, 'others'>

/** Statements that work while a relation stays locked: a list of all of them for each finding would be the square of the statements. */
export interface Later {
  readonly count: number
  /** The last few, in order. */
  readonly last: readonly Step[]
}

/** How many of the statements that work under a lock a finding points to. */
export const mostLater = 4

/** Facts about the transactions of a migration as a whole. */
export interface Lasting {
  /** By the index of the step. */
  readonly waits: ReadonlyMap<number, Waits>
  /** Findings about a relation that stays locked, with the later statements that work meanwhile. */
  readonly goingOn: ReadonlyMap<FindingOfRule, Later>
  /** All who wait while a step works, wherever that is reported. */
  readonly working: (step: Step) => readonly Effect[]
}

/**
 * Finds out which queries wait while the statements of a migration work, and which finding reports each of them, once. A finding that says
 * that a relation is locked also reports the relation for all later statements. For the other relations as few statements as possible get a
 * finding. An earlier statement never reports a relation that a later one locks: accepting its finding must not hide what comes later.
 */
export function lastingIn(telling: Telling): Lasting {
  const goingOn = new Map<FindingOfRule, Later>()
  const heard = new Map<number | Step, Tellers>()
  const left = new Map<number | Step, Worker[]>()
  const backfills = backfillsIn(telling)
  for (const step of telling.steps) {
    // A statement that commits by itself is a transaction.
    const transaction = step.transaction.id ?? step
    const tellers = heard.get(transaction) ?? new Tellers(goingOn)
    heard.set(transaction, tellers)
    const worker = workerAt(step, telling, backfills)
    const waiting = worker ? tellers.untold(worker) : []
    if (worker && waiting.length > 0) {
      const severity = areGone(step, waiting) ? 'note' : worker.severity
      const own = left.get(transaction) ?? []
      own.push({ ...worker, waiting, severity })
      left.set(transaction, own)
    }
    for (const finding of telling.standing(step)) tellers.hear(step, finding)
  }
  const told = [...left.values()].flatMap(fewest)
  return {
    waits: new Map(told.map(each => [each.step.index, each])),
    goingOn,
    // Computed for each step that asks: all of them together would be as many as the square of the statements.
    working: step => workerAt(step, telling, backfills)?.waiting ?? [],
  }
}

/** The findings of one transaction about relations that are locked, each with the strength of the lock. */
class Tellers {
  readonly #goingOn: Map<FindingOfRule, Later>
  /**
   * The last one of each severity and strength, by relation. Other differences do not matter. Relations are numbered one after the other, so that
   * these are lists: thousands of statements each ask for thousands of relations.
   */
  readonly #lists: { readonly severity: number; readonly reads: boolean; readonly byRelation: Teller[] }[] = []
  /** The statements that took the locks which the last statement began with. */
  readonly #takenBy: number[] = []
  #held = HeldLocks.none

  constructor(goingOn: Map<FindingOfRule, Later>) {
    this.#goingOn = goingOn
  }

  hear({ index }: Step, found: FindingOfRule): void {
    const { effects = [] } = found.finding
    // Taking a lock does not show how long it lasts.
    if (!effects.some(({ work, held }) => work !== 'none' || held)) return
    const severity = severities.indexOf(found.finding.severity)
    const teller: Teller = { index, found, worker: null }
    for (const { oid, lock } of effects) {
      if (blocksWrites(lock)) this.#listOf(severity, blocksReads(lock))[oid] = teller
    }
  }

  #listOf(severity: number, reads: boolean): Teller[] {
    const known = this.#lists.find(each => each.severity === severity && each.reads === reads)
    if (known) return known.byRelation
    const byRelation: Teller[] = []
    this.#lists.push({ severity, reads, byRelation })
    return byRelation
  }

  /**
   * What waits for a worker and no finding reports. A lock that is held while it runs is reported by the last finding that shows it as at least as
   * strong and at least as severe, and goes on for one more statement.
   */
  untold(worker: Worker): readonly Effect[] {
    const { step, severity, waiting } = worker
    const lists = this.#lists.filter(each => each.severity <= severities.indexOf(severity))
    if (lists.length === 0) return waiting
    const takenBy = this.#takers(step.transaction.held)
    const untold: Effect[] = []
    for (const effect of waiting) {
      const { oid, lock, held } = effect
      // A finding before that is about a lock which a ROLLBACK TO SAVEPOINT has released.
      const taken = held ? takenBy[oid] : undefined
      let last: Teller | undefined
      if (taken !== undefined) {
        const readsToo = blocksReads(lock)
        for (const { reads, byRelation } of lists) {
          const each = reads || !readsToo ? byRelation[oid] : undefined
          if (each && each.index >= taken && each.index > (last?.index ?? -1)) last = each
        }
      }
      if (!last) untold.push(effect)
      else if (last.worker !== step) {
        last.worker = step
        this.#goesOn(last.found, step)
      }
    }
    return untold
  }

  #goesOn(found: FindingOfRule, step: Step): void {
    const { count, last } = this.#goingOn.get(found) ?? { count: 0, last: [] }
    this.#goingOn.set(found, { count: count + 1, last: [...last.slice(1 - mostLater), step] })
  }

  /** By the relation, the statement that took the lock on it, for all locks that are held. */
  #takers(held: HeldLocks): readonly number[] {
    for (const place of this.#held.differing(held)) {
      const lock = held.at(place)
      if (lock) this.#takenBy[lock.oid] = lock.takenBy
    }
    this.#held = held
    return this.#takenBy
  }
}

interface Teller {
  readonly index: number
  readonly found: FindingOfRule
  /** The last step that works meanwhile. */
  worker: Step | null
}

/**
 * Chooses as few statements of one transaction as possible whose findings together report everything that is blocked: a statement is
 * chosen if no later one would report one of its relations. Certain work comes first.
 */
function fewest(workers: readonly Worker[]): Waits[] {
  const told = new Set<string>()
  const telling: Worker[] = []
  for (const severity of severities) {
    const own = workers.filter(worker => worker.severity === severity)
    const last = new Map(own.flatMap(({ step, waiting }) => waiting.flatMap(keptFrom).map(key => [key, step] as const)))
    for (const worker of own) {
      const isNew = (key: string) => !told.has(key)
      if (!worker.waiting.flatMap(keptFrom).some(key => isNew(key) && last.get(key) === worker.step)) continue
      const waiting = worker.waiting.filter(effect => keptFrom(effect).some(isNew))
      for (const key of waiting.flatMap(keptFrom)) told.add(key)
      telling.push({ ...worker, waiting })
    }
  }
  const during = new Map<Oid, Step[]>()
  for (const { step, waiting } of workers) {
    for (const { oid } of waiting) {
      const own = during.get(oid)
      if (own) own.push(step)
      else during.set(oid, [step])
    }
  }
  return telling.map(each => {
    const others = new Set(each.waiting.flatMap(({ oid }) => during.get(oid) ?? []))
    others.delete(each.step)
    return { ...each, others: [...others].sort((a, b) => a.index - b.index) }
  })
}

function workerAt(step: Step, telling: Telling, backfills: Backfills): Worker | undefined {
  if (step.error) return
  if (step.operations.some(each => writes.has(each.kind)) && isHeldAgainstOthers(step)) return
  const { effects, isLarge } = telling.at(step)
  const work = workOn(effects, step, isLarge) ?? pauseIn(step)
  if (!work) return
  const severity = work.certain ? 'error' : 'warning'
  const all = untold(waitsDuring(step), telling.told(step)(severity))
  // It reads rows that the writes of its block or of later statements need: the rule about those advises to move all of it.
  const isPart = step.statement.kind === 'SelectStmt'
  const waiting = isPart ? untold(all, backfills.get(step.transaction.id) ?? []) : all
  return waiting.length === 0 ? undefined : { step, work, waiting, severity }
}

/** backfill-in-schema-transaction and validate-in-same-transaction report these. */
const writes: ReadonlySet<string> = new Set(['insert', 'update', 'delete', 'merge'])

/** Transactions that change rows of tables in use, with the relations that findings name as waited for meanwhile. */
type Backfills = ReadonlyMap<number | null, readonly Effect[]>

function backfillsIn({ steps, told }: Telling): Backfills {
  const found = new Map<number | null, { readonly all: Effect[]; readonly named: Named }>()
  for (const step of steps) {
    if (!step.operations.some(({ kind }) => writes.has(kind)) || !isHeldAgainstOthers(step)) continue
    const own = found.get(step.transaction.id) ?? { all: [], named: new Named() }
    const more = own.named.untold(told(step)('note'))
    append(own.all, more)
    own.named.add(more)
    found.set(step.transaction.id, own)
  }
  return new Map([...found].map(([id, { all }]) => [id, all]))
}
