import { later } from '../src/lint/advice/advice.ts'
import { help, quotedList, raw, say } from '../src/lint/advice/sql.ts'
import {
  areGone,
  heldAgainstOthers,
  takenAt,
  untold,
  waitingList,
  waitsDuring,
  workOn,
} from '../src/lint/advice/strongest-lock.ts'
import { once } from '../src/lint/once.ts'
import { defineRule } from '../src/lint/rule.ts'
import { append } from '../src/parse/list.ts'
import type { Effect } from '../src/postgres/effect.ts'
import type { Step } from '../src/postgres/step.ts'

const doing = {
  none: '',
  scan: 'is read',
  build: 'gets a new index',
  rebuild: 'is built again',
  rewrite: 'is copied',
} as const

/** backfill-in-schema-transaction and validate-in-same-transaction report these. */
const others: ReadonlySet<string> = new Set(['insert', 'update', 'delete', 'merge'])

/** Of a statement that comes after thousands of others in one transaction, a report shows so many relations. */
const shown = 100

export default defineRule({
  title: 'Long work in a transaction that holds a strong lock',
  why: 'An earlier statement of this transaction holds its lock until the end. Everybody who needs that table waits for as long as this takes.',
  severity: 'error',
  category: 'locking',
  fallback: 'by relation',
  peers: ['eugene:E4', 'pgfence:statement-after-access-exclusive', 'pgls:runningStatementWhileHoldingAccessExclusive'],

  checkStep({ step, told, migration, runner, history, label, effects, isLarge }) {
    if (step.error) return
    if (step.operations.some(each => others.has(each.kind)) && heldAgainstOthers(step).length > 0) return
    const work = workOn(effects, step, isLarge)
    if (!work) return
    const all = untold(waitsDuring(step), told(work.certain ? 'error' : 'warning'))
    const waiting = isPartOfBackfill(step, migration) ? untold(all, toldOfBackfill(step, migration)) : all
    if (waiting.length === 0) return
    const held = waiting.filter(each => each.held)
    const list = raw(waitingList(waiting, step))
    const names = raw(quotedList(held.map(({ relation }) => relation)))
    const may = raw(work.certain ? 'blocks' : 'may block')
    return {
      at: step.statement.keyword,
      message:
        waiting.length === 1 && waiting[0]?.oid === work.oid
          ? say`This ${may} ${list} while it ${raw(doing[work.work])}.`
          : say`This ${may} ${list} while ${work.relation} ${raw(doing[work.work])}.`,
      ...(held.length === 0 ? { why: 'The statement keeps all of its locks until the last part of it is done.' } : {}),
      // That nobody needs it is what dropping it means.
      severity: areGone(step, waiting) ? 'note' : work.certain ? 'error' : 'warning',
      help:
        held.length === 0
          ? 'Do the parts of this statement one by one, each in a transaction of its own.'
          : // A piece of a DO block, which may lack its INTO, is no statement; rows that are only locked have no use for it later.
            inBlock(step, migration) || step.statement.kind === 'SelectStmt'
            ? say`Commit what locks ${names} first, and do this in a later migration, or before.`
            : help(say`Commit what locks ${names} first. ${raw(later(runner))}`, raw(`${step.statement.text};`)),
      ...takenAt(waiting, step, history, label),
      effects: waiting.slice(0, shown),
    }
  },
})

function inBlock(step: Step, migration: readonly Step[]): boolean {
  return inBlocks(migration).has(step.statement)
}

const inBlocks = once(
  (migration: readonly Step[]) => new Set(migration.flatMap(({ statement }) => statement.body?.statements ?? [])),
)

/**
 * True if it reads rows that the writes of its block or of later statements need: backfill-in-schema-transaction
 * advises to move all of it.
 */
function isPartOfBackfill({ statement, transaction }: Step, migration: readonly Step[]): boolean {
  return statement.kind === 'SelectStmt' && backfills(migration).has(transaction.id)
}

/** What the findings about the writes of the transaction name, whichever of them speaks. */
function toldOfBackfill({ transaction }: Step, migration: readonly Step[]): readonly Effect[] {
  return backfills(migration).get(transaction.id) ?? []
}

/** Transactions in which rows of tables in use are changed, with what others wait for meanwhile. */
const backfills = once((migration: readonly Step[]) => {
  const found = new Map<number | null, Effect[]>()
  for (const step of migration) {
    if (!step.operations.some(({ kind }) => others.has(kind))) continue
    if (!step.effects.some(({ work, exposed }) => work !== 'none' && exposed)) continue
    const own = found.get(step.transaction.id) ?? []
    append(own, untold(waitsDuring(step), own))
    found.set(step.transaction.id, own)
  }
  return found
})
