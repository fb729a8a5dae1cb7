import { later } from '../src/lint/advice/advice.ts'
import { help, quotedList, raw, say } from '../src/lint/advice/sql.ts'
import { takenAt, waitingList, worksOf } from '../src/lint/advice/strongest-lock.ts'
import { underTheLock } from '../src/lint/examination/waiting.ts'
import { once } from '../src/lint/once.ts'
import { defineRule } from '../src/lint/rule.ts'
import type { Step } from '../src/postgres/step.ts'

const doing = {
  none: '',
  scan: 'is read',
  build: 'gets a new index',
  rebuild: 'is built again',
  rewrite: 'is copied',
} as const

export default defineRule({
  title: 'Long work in a transaction that holds a strong lock',
  why: 'An earlier statement of this transaction holds its lock until the end. Everybody who needs that table waits for as long as this takes.',
  severity: 'error',
  category: 'locking',
  fallback: 'by relation',
  peers: ['eugene:E4', 'pgfence:statement-after-access-exclusive', 'pgls:runningStatementWhileHoldingAccessExclusive'],

  checkStep({ step, waits, migration, runner, history, label }) {
    if (!waits) return
    const { work, waiting, others, severity } = waits
    const held = waiting.filter(each => each.held)
    const list = raw(waitingList(waiting, step))
    const names = raw(quotedList(held.map(({ relation }) => relation)))
    const may = raw(work.certain ? 'blocks' : 'may block')
    const more =
      others.length === 0
        ? ''
        : others.length === 1
          ? ' Another statement of the transaction works under these locks, too.'
          : ` ${others.length} other statements of the transaction work under these locks, too.`
    const related = [...(takenAt(waiting, step, history, label).related ?? []), ...underTheLock(others, label)]
    return {
      at: step.statement.keyword,
      message:
        'doing' in work
          ? say`This ${may} ${list} while ${raw(work.doing)}.${raw(more)}`
          : waiting.length === 1 && waiting[0]?.oid === work.oid
            ? say`This ${may} ${list} while it ${raw(doing[work.work])}.${raw(more)}`
            : say`This ${may} ${list} while ${work.relation} ${raw(doing[work.work])}.${raw(more)}`,
      ...(held.length === 0 ? { why: 'The statement keeps all of its locks until the last part of it is done.' } : {}),
      severity,
      help:
        held.length === 0
          ? 'Do the parts of this statement one by one, each in a transaction of its own.'
          : others.length > 0
            ? say`Commit what locks ${names} first, and do this and the ${raw(others.length === 1 ? 'other' : 'others')} afterwards, each in a migration of its own.`
            : // A piece of a DO block, which may lack its INTO, is not a statement of its own. Locking rows later would be of no use.
              inBlock(step, migration) || step.statement.kind === 'SelectStmt'
              ? say`Commit what locks ${names} first, and do this in a later migration, or before.`
              : help(say`Commit what locks ${names} first. ${raw(later(runner))}`, raw(`${step.statement.text};`)),
      ...(related.length > 0 ? { related } : {}),
      effects: waiting,
      worksUnderLocks: 'doing' in work ? null : worksOf(others),
    }
  },
})

function inBlock(step: Step, migration: readonly Step[]): boolean {
  return inBlocks(migration).has(step.statement)
}

const inBlocks = once(
  (migration: readonly Step[]) => new Set(migration.flatMap(({ statement }) => statement.body?.statements ?? [])),
)
