import { whoWaits } from '../src/lint/advice/effects.ts'
import { help, quoted, raw, say } from '../src/lint/advice/sql.ts'
import { effectsUnder, heldAgainstOthers, mostFelt, takenAt, workOn } from '../src/lint/advice/strongest-lock.ts'
import { once, stepsBy } from '../src/lint/once.ts'
import { defineRule } from '../src/lint/rule.ts'
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

export default defineRule({
  title: 'Long work in a transaction that holds a strong lock',
  why: 'An earlier statement of this transaction holds its lock until the end. Everybody who needs that table waits for as long as this takes.',
  severity: 'error',
  category: 'locking',
  peers: ['eugene:E4', 'pgfence:statement-after-access-exclusive', 'pgls:runningStatementWhileHoldingAccessExclusive'],

  checkStep({ step, effects, migration, runner, history, label, isLarge }) {
    // Work that blocks others by itself is reported by other rules.
    if (step.error || effects.blockingWrites() || effects.blockingReads()) return
    if (step.operations.some(each => others.has(each.kind))) return
    if (step.operations.some(each => each.kind === 'validate-constraint' && each.addedInSameTransaction)) return
    if (isPartOfBackfill(step, migration)) return
    const work = workOn(effects, step, isLarge)
    if (!work) return
    const held = heldAgainstOthers(step)
    const lock = mostFelt(held, work)
    if (!lock) return
    const who = raw(whoWaits(lock.mode) ?? '')
    const may = raw(work.certain ? 'blocks' : 'may block')
    return {
      at: step.statement.keyword,
      message:
        lock.oid === work.oid
          ? say`This ${may} ${who} ${lock.relation} while it ${raw(doing[work.work])}.`
          : say`This ${may} ${who} ${lock.relation} while ${work.relation} ${raw(doing[work.work])}.`,
      severity: work.certain ? 'error' : 'warning',
      help:
        // A part of a DO block, which may lack its INTO, is not a statement. Rows that are only locked are of no use
        // later.
        inBlock(step, migration) || step.statement.kind === 'SelectStmt'
          ? `Commit what locks ${quoted(lock.relation)} first, and do this in a later migration, or before.`
          : help(
              `Commit what locks ${quoted(lock.relation)} first. ${runner.laterMigration()}`,
              raw(`${step.statement.text};`),
            ),
      ...takenAt(lock, history, label),
      effects: effectsUnder(held, step),
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
  if (statement.kind !== 'SelectStmt') return false
  return backfills(migration).has(transaction.id)
}

/** Transactions in which rows of tables in use are changed. */
const backfills = once((migration: readonly Step[]) =>
  stepsBy(migration, ({ transaction, operations, effects }) =>
    operations.some(({ kind }) => others.has(kind)) && effects.some(({ work, exposed }) => work !== 'none' && exposed)
      ? [transaction.id]
      : [],
  ),
)
