import { whoWaits } from '../src/lint/advice/effects.ts'
import { isAllKnown } from '../src/lint/advice/relations.ts'
import { help, quoted, raw, say } from '../src/lint/advice/sql.ts'
import { defineRule, type RuleResult } from '../src/lint/rule.ts'
import type { Step } from '../src/postgres/step.ts'

/** What happens to the relation in the meantime. An index has its own name in the message. */
const doing = {
  none: '',
  scan: 'every row is read',
  build: 'a new index is built',
  rebuild: 'it is built again',
  rewrite: 'every row is copied',
} as const

/** The safety net below all other rules about locks: it reports only where they have nothing better to say. */
export default defineRule({
  title: 'Work under a lock that blocks writes',
  why: 'The lock is held for as long as the work takes, which grows with the table, and writes wait all that time.',
  severity: 'error',
  category: 'locking',
  fallback: true,

  checkStep({ step, effects }) {
    // CONCURRENTLY takes a strong lock only for the moment in which the new index replaces the old one.
    if (step.operations.some(operation => 'concurrently' in operation && operation.concurrently)) return
    const effect =
      effects.blockingReads({ certain: true }) ?? effects.blockingWrites({ certain: true }) ?? effects.blockingWrites()
    if (!effect) return ofTypedTables(step)
    const { relation, lock, work, certain, because } = effect
    return {
      at: step.statement.keyword,
      message: say`This ${raw(certain ? 'blocks' : 'may block')} ${raw(whoWaits(lock, effect.kind) ?? '')} ${relation} while ${raw(doing[work])}.`,
      why: `${because.charAt(0).toUpperCase()}${because.slice(1)}, and the lock is held until that is done.`,
      severity: certain ? 'error' : 'warning',
      help: help(
        `Run it when nobody needs ${quoted(relation)}, or look for steps that block for less time.`,
        'A lock_timeout only limits the wait for the lock, not the work that is done under it.',
        `If ${quoted(relation)} is known to be small, say so in the configuration, under \`tables\`.`,
      ),
    }
  },
})

/** CASCADE is written for typed tables, of which only some are in migrations that were read, or none. */
function ofTypedTables({ operations, error, statement }: Step): RuleResult {
  const [type] = operations.flatMap(operation => ('typedTablesOf' in operation ? (operation.typedTablesOf ?? []) : []))
  if (!type?.exposed || isAllKnown(type) || error) return
  return {
    at: statement.keyword,
    message: say`This may block reads and writes of every table of type ${type.name} while every row is copied.`,
    why: 'CASCADE changes the tables OF a composite type with it, and the lock on each is held until that is done.',
    severity: 'warning',
    help: help(
      `See which tables are made with OF ${quoted(type.name)}: the migrations that were read do not show all of them.`,
    ),
  }
}
