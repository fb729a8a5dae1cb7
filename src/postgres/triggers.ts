import type { StatementKind } from '../parse/script.ts'
import type { Moment } from './backend.ts'
import type { Catalog, Oid, Trigger } from './catalog/catalog.ts'
import { type Effect, merge } from './effect.ts'
import type { Outcome } from './outcome.ts'
import { triggerBody } from './query/calls.ts'

/** Statements that write rows, by themselves or by a function. */
const writing: ReadonlySet<StatementKind> = new Set([
  'InsertStmt',
  'UpdateStmt',
  'DeleteStmt',
  'MergeStmt',
  'CopyStmt',
  'TruncateStmt',
  'SelectStmt',
  'CallStmt',
])

/** What the writes of an operation are to a trigger: ON CONFLICT may make an UPDATE of an INSERT. */
const eventsOf: ReadonlyMap<string, readonly Trigger['events'][number][]> = new Map([
  ['insert', ['insert', 'update']],
  ['copy-from', ['insert']],
  ['update', ['update']],
  ['delete', ['delete']],
  ['truncate', ['truncate']],
])

/**
 * Adds what the triggers may do that the statement may fire. None of it is certain: there may be no rows, a condition may not hold, and triggers
 * can be switched off. `run`: executes a statement of a trigger's function.
 */
export function withTriggers(outcome: Outcome, moment: Moment, run: (moment: Moment) => Outcome): Outcome {
  if (outcome.error || !writing.has(moment.statement.kind)) return outcome
  const added: Effect[] = []
  let unread: string | undefined
  const done = new Set<Oid>()
  const waiting: Outcome[] = [outcome]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    for (const { trigger, relation } of firedBy(next, outcome.after)) {
      if (trigger.routine !== null && done.has(trigger.routine)) continue
      const body = trigger.routine === null ? null : triggerBody(outcome.after.routines.get(trigger.routine))
      if (body === null || body.opaque.length > 0) unread ??= trigger.name
      if (body === null || trigger.routine === null) continue
      done.add(trigger.routine)
      for (const statement of body.statements) {
        const inner = run({ ...moment, statement: { ...statement, conditional: true }, catalog: outcome.after })
        if (inner.error || inner.opaque !== null) unread ??= trigger.name
        waiting.push(inner)
        for (const effect of inner.effects) added.push(byTrigger(effect, trigger.name, relation))
      }
    }
  }
  if (added.length === 0 && unread === undefined) return outcome
  return {
    ...outcome,
    effects: together(outcome.effects, added),
    ...(unread !== undefined && { unreadTrigger: unread }),
  }
}

/** What the statement does itself stays certain where its triggers add nothing to it. */
function together(own: readonly Effect[], added: readonly Effect[]): Effect[] {
  const all = new Map(own.map(effect => [effect.oid, effect]))
  for (const effect of added) {
    const before = all.get(effect.oid)
    const both = before ? merge(before, effect) : effect
    if (!before || both.lock !== before.lock || both.work !== before.work)
      all.set(effect.oid, { ...both, certain: false })
  }
  return [...all.values()]
}

interface Fired {
  readonly trigger: Trigger
  /** The table or view that it is on, for people. */
  readonly relation: string
}

/** The triggers of the tables and views that are written. Which rows foreign keys and rules write as well is not asked: each event may be theirs. */
function firedBy({ effects, operations }: Outcome, catalog: Catalog): Fired[] {
  const events = new Map<Oid, readonly Trigger['events'][number][]>()
  for (const operation of operations) {
    const own = eventsOf.get(operation.kind)
    if (own && 'table' in operation && operation.table)
      events.set(operation.table.oid, [...(events.get(operation.table.oid) ?? []), ...own])
  }
  return effects.flatMap(({ oid, lock }) => {
    if (lock !== 'RowExclusiveLock' && lock !== 'AccessExclusiveLock') return []
    const relation = catalog.relations.get(oid)
    if (!relation || !('triggers' in relation)) return []
    const own = events.get(oid)
    return relation.triggers
      .filter(trigger => !own || trigger.events.some(event => own.includes(event)))
      .map(trigger => ({ trigger, relation: relation.name }))
  })
}

/** Rows that a trigger reads are few for each row, as a rule. What is left is written again in any case. */
function byTrigger(effect: Effect, name: string, relation: string): Effect {
  const work = effect.work === 'rewrite' || effect.work === 'rebuild' ? effect.work : 'none'
  const because = `the trigger "${name}" of "${relation}" may use it`
  return { ...effect, work, certain: false, because }
}
