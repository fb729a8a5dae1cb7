import { later } from '../src/lint/advice/advice.ts'
import { isBookkeeping } from '../src/lint/advice/bookkeeping.ts'
import { effectsOf } from '../src/lint/advice/effects.ts'
import { help, raw, say } from '../src/lint/advice/sql.ts'
import {
  isHeldAgainstOthers,
  keptFrom,
  Named,
  takenAt,
  waitingList,
  waitsDuring,
  workOn,
} from '../src/lint/advice/strongest-lock.ts'
import { batches } from '../src/lint/advice/whole-table.ts'
import { once, onceForBoth } from '../src/lint/once.ts'
import { type Context, defineRule } from '../src/lint/rule.ts'
import { grouped } from '../src/parse/list.ts'
import type { Effect } from '../src/postgres/effect.ts'
import type { Step } from '../src/postgres/step.ts'
import type { Write } from '../src/postgres/table-operation.ts'

const doing = { insert: 'Filling', update: 'Updating', delete: 'Deleting from', merge: 'Merging into' } as const

export default defineRule({
  title: 'Rows changed in a transaction that holds a strong lock',
  why: 'A lock is held until its transaction ends. Everybody who needs what an earlier statement has locked waits while the rows are changed.',
  severity: 'error',
  category: 'locking',
  on: ['insert', 'update', 'delete', 'merge'],
  peers: [
    'migrationpilot:MP011',
    'eugene:E4',
    'pgfence:statement-after-access-exclusive',
    'pgls:runningStatementWhileHoldingAccessExclusive',
    'strong_migrations:execute',
  ],

  check(context) {
    const { step, operation, runner, config, history, label, isLarge } = context
    const { kind, table } = operation
    if (!waited(step, operation, isLarge)) return
    // One cause is reported once per transaction: for the first write that certainly makes others wait, and for later
    // ones that make still others wait.
    const { telling, beside } = tellingIn(context).get(step.transaction.id) ?? nothing
    const told = telling.get(operation)
    if (!told) return
    const { work, waiting } = told
    const { writing, reading } = beside.get(told) ?? { writing: [], reading: [] }
    const others = new Set(writing.filter(each => each !== step))
    const labelled = [...others, ...reading]
    return {
      at: operation.keyword,
      message: say`${raw(doing[kind])} ${table.name} here ${raw(work.certain ? 'blocks' : 'may block')} ${raw(waitingList(waiting, step))} until it is done.`,
      severity: work.certain ? 'error' : 'warning',
      help: help(
        others.size === 0
          ? 'Let this migration change the schema only, and change the rows afterwards.'
          : `Let this migration change the schema only, and change the rows afterwards: these, and those of ${others.size === 1 ? 'one more statement' : `${others.size} more statements`}.`,
        kind === 'insert' || kind === 'merge'
          ? [later(runner), raw(`${step.statement.text};`)]
          : batches(step, operation, runner, config),
      ),
      related: [
        ...(takenAt(waiting, step, history, label).related ?? []),
        ...labelled.slice(0, 5).map(other => label(other, 'under the lock, too')),
      ],
      effects: waiting,
      works: operation.effects,
    }
  },
})

/** How many rows a write reads while others wait, and who they are. */
function waited(step: Step, operation: Write, isLarge: Context['isLarge']) {
  if (step.error || !isHeldAgainstOthers(step)) return
  const work = workOn(effectsOf(operation.effects, step.before, isLarge), step, isLarge)
  return work && { step, operation, work, waiting: waitsDuring(step) }
}

type Waited = NonNullable<ReturnType<typeof waited>>

/** The same for all writes of a migration, by transaction. */
const waitedIn = onceForBoth((migration: readonly Step[], isLarge: Context['isLarge']) => {
  const found = new Map<number | null, Waited[]>()
  for (const step of migration) {
    const writes = step.operations.flatMap(each => (isWrite(each) ? (waited(step, each, isLarge) ?? []) : []))
    const { id } = step.transaction
    const own = found.get(id)
    if (own) for (const each of writes) own.push(each)
    else found.set(id, writes)
  }
  return found
})

/** Queries that read whole tables, by transaction: the writes need their results, and they run under the same lock. */
const readingIn = onceForBoth((migration: readonly Step[], isLarge: Context['isLarge']) => {
  const isReading = (step: Step) =>
    step.statement.kind === 'SelectStmt' &&
    !step.operations.some(isWrite) &&
    isHeldAgainstOthers(step) &&
    workOn(effectsOf(step.effects, step.before, isLarge), step, isLarge) !== undefined
  return grouped(migration.filter(isReading), ({ transaction }) => transaction.id)
})

/** The writes of a transaction that are reported: the first, and each one that makes somebody wait who did not before. */
interface Telling {
  readonly telling: ReadonlyMap<Write, Waited>
  /** The other statements, by the write whose finding names what waits for them. */
  readonly beside: ReadonlyMap<Waited, { readonly writing: Step[]; readonly reading: Step[] }>
}

const nothing: Telling = { telling: new Map(), beside: new Map() }

/** By transaction. All statements of a migration have the same runner. */
function tellingIn(context: Pick<Context, 'migration' | 'isLarge' | 'runner'>): ReadonlyMap<number | null, Telling> {
  return byRunner(context.migration, context.isLarge)(context.runner)
}

const byRunner = onceForBoth((migration: readonly Step[], isLarge: Context['isLarge']) =>
  once((runner: Context['runner']): ReadonlyMap<number | null, Telling> => {
    const isOwn = (each: Waited) => !isBookkeeping(each.step, each.operation, { runner, migration })
    const reading = readingIn(migration, isLarge)
    return new Map(
      [...waitedIn(migration, isLarge)].map(([id, all]) => [id, toldOf(all.filter(isOwn), reading.get(id) ?? [])]),
    )
  }),
)

function toldOf(all: readonly Waited[], reading: readonly Step[]): Telling {
  const start = Math.max(
    all.findIndex(({ work }) => work.certain),
    0,
  )
  const telling = new Map<Write, Waited>()
  const silent: Waited[] = []
  const named = new Named()
  for (const [i, each] of all.entries()) {
    const more = i < start ? [] : named.untold(each.waiting)
    if (more.length > 0) telling.set(each.operation, each)
    else silent.push(each)
    named.add(more)
  }
  const tellers = [...telling.values()]
  const beside = new Map(tellers.map(each => [each, { writing: [] as Step[], reading: [] as Step[] }] as const))
  for (const { step, waiting } of silent)
    for (const teller of tellersOf(tellers, named, step, waiting)) beside.get(teller)?.writing.push(step)
  for (const step of reading)
    for (const teller of tellersOf(tellers, named, step, waitsDuring(step))) beside.get(teller)?.reading.push(step)
  return { telling, beside }
}

/** The writes before a statement that together name everything that waits for it, and nothing else; without such writes, the first one. */
function tellersOf(
  tellers: readonly Waited[],
  named: Named,
  step: Step,
  waiting: readonly Effect[],
): readonly Waited[] {
  const own = new Set(waiting.flatMap(keptFrom))
  // An access that no write names would never be found, and looking for it would go through all writes each time.
  const left = new Set(waiting.flatMap(keptFrom).filter(key => named.has(key)))
  const found: Waited[] = []
  for (let i = tellers.length - 1; i >= 0 && left.size > 0; i--) {
    const teller = tellers[i]
    if (!teller || teller.step.index > step.index) continue
    const keys = accessesOf(teller)
    if (!keys.every(key => own.has(key)) || !keys.some(key => left.has(key))) continue
    for (const key of keys) left.delete(key)
    found.push(teller)
  }
  return found.length > 0 ? found : tellers.slice(0, 1)
}

/** Computed only where several findings compete, because all of them together are as many as the square of the statements. */
const accessesOf = once(({ waiting }: Waited): readonly string[] => waiting.flatMap(keptFrom))

function isWrite(operation: Step['operations'][number]): operation is Write {
  return operation.kind in doing
}
