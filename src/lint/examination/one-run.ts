import { type HeldLock, HeldLocks } from '../../postgres/held.ts'
import { strongest } from '../../postgres/lock.ts'
import type { Step } from '../../postgres/step.ts'
import type { RuleFinding, RuleResult } from '../rule.ts'

/**
 * Systems that put all pending migrations into one transaction hold the locks of one migration while the next ones run,
 * but only if these are deployed together: on a new database, which nobody uses, or by somebody in a hurry. A finding
 * for that case alone is a note. A failure in it is still an error, because every new database is set up like that.
 */

/** A value for a migration that is deployed by itself, and one for a migration that shares its transaction. */
export interface BothWays<T> {
  readonly alone: T
  readonly inOneRun: T
}

/** The step as it is when its migration is deployed by itself; null when that makes no difference. */
export function deployedAlone(step: Step, history: readonly Step[]): Step | null {
  if (step.transaction.kind !== 'runner') return null
  const isOwn = (index: number) => history[index]?.migration === step.migration
  const all = [...step.transaction.held]
  if (all.every(({ takenBy }) => isOwn(takenBy))) return null
  const held = HeldLocks.of(
    all.flatMap(lock => (isOwn(lock.takenBy) ? [lock] : (takenAgain(lock, step, history) ?? []))),
  )
  const operations = step.operations.map(operation =>
    operation.kind === 'validate-constraint' && operation.constraint?.createdIn !== step.migration
      ? { ...operation, addedInSameTransaction: false }
      : operation,
  )
  return { ...step, operations, transaction: { ...step.transaction, held } }
}

/**
 * What is reported about a step: the findings for the migration by itself or, if there are none, notes about what
 * happens in one run.
 */
export function inOneRun(together: RuleResult, alone: RuleResult): RuleResult {
  return isNothing(alone) ? allOf(together).map(asNote) : alone
}

function isNothing(result: RuleResult): boolean {
  return allOf(result).length === 0
}

/** All results of a rule, as a list. */
export function allOf(result: RuleResult): readonly RuleFinding[] {
  return result === undefined ? [] : 'message' in result ? [result] : result
}

function asNote(found: RuleFinding): RuleFinding {
  const message = `${found.message} That is so only if it is deployed in one run with the migrations before it.`
  return { ...found, severity: 'note', message }
}

/** A lock that an earlier migration took, if the step's own migration takes it again; null if it does not. */
function takenAgain(lock: HeldLock, { migration, index }: Step, history: readonly Step[]): HeldLock | null {
  let own: HeldLock | null = null
  for (let i = index - 1; i >= 0 && history[i]?.migration === migration; i--) {
    for (const { oid, lock: mode } of history[i]?.effects ?? []) {
      // The first step that takes it at its full strength, as in HeldLock.
      if (oid === lock.oid && mode !== null && strongest(mode, own?.mode ?? null) === mode)
        own = { ...lock, mode, takenBy: i }
    }
  }
  return own
}
