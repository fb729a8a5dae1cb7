import type { Effect } from '../../postgres/effect.ts'
import { blocksReads } from '../../postgres/lock.ts'
import type { Step } from '../../postgres/step.ts'
import { quotedList, raw, say } from '../advice/sql.ts'
import { ownWaits, stopsTraffic, takenAt, waitFor, worksOf } from '../advice/strongest-lock.ts'
import type { Finding, Label } from '../finding.ts'
import { hash } from '../fingerprint.ts'
import { once } from '../once.ts'
import type { RuleFinding } from '../rule.ts'
import type { FindingOfRule } from './fallback.ts'
import { type Lasting, type Later, lastingIn, mostLater, type Telling } from './lasting.ts'
import type { BothWays } from './one-run.ts'

/**
 * A rule's finding about a step, with the locks that others really meet while it works. If the transaction or another part of the statement
 * has locked a relation more strongly than the part that the rule examines, the finding's effects and words say so.
 */
export function underAllLocks(
  found: RuleFinding,
  step: Step,
  history: readonly Step[],
  label: (step: Step, message: string) => Label,
): RuleFinding {
  const { effects = [] } = found
  if (!effects.some(({ work }) => work !== 'none')) return found
  const own = ownWaits(step)
  // The part that the rule reports blocks nobody by itself; other findings report the part that does.
  const raised = effects.map(effect => {
    // The rule has shown it under all locks already.
    if (effect.held && !own.has(effect.oid)) return effect
    const full = waitFor(step, effect.oid)
    if (!full || full === effect || !stopsTraffic(effect.lock)) return effect
    const { lock, relation, held } = full
    return { ...effect, lock, relation, ...(held ? { held } : {}) }
  })
  const more = raised.filter(({ lock }, i) => blocksReads(lock) && !blocksReads(effects[i]?.lock ?? null))
  // Thousands of findings may each list thousands of locks, so that a second list counts.
  if (raised.every((each, i) => each === effects[i])) return found.effects ? found : { ...found, effects }
  if (more.length === 0) return { ...found, effects: raised }
  const names = quotedList([...new Set(more.map(({ relation }) => relation))])
  const cause = more.some(({ held }) => held)
    ? 'an earlier statement of the transaction'
    : 'another part of the statement'
  const taken = takenAt(more, step, history, label).related ?? []
  const known = found.related ?? []
  const related = [
    ...known,
    ...taken.filter(({ at, path }) => !known.some(each => each.at === at && each.path === path)),
  ]
  return {
    ...found,
    message: say`${raw(found.message)} Reads of ${raw(names)} wait as well, since ${raw(cause)} takes a stronger lock.`,
    effects: raised,
    ...(related.length > 0 ? { related } : {}),
  }
}

/** `lastingIn` for a migration that is deployed in one run with others, and by itself. `alone` has the steps that differ then. */
export function lastingBothWays(
  steps: readonly Step[],
  {
    alone,
    at,
  }: { readonly alone: readonly (Step | null)[]; readonly at: (step: Step, all: readonly Effect[]) => Seen },
  told: BothWays<Telling['told']>,
  standing: Telling['standing'],
): BothWays<Lasting> {
  const telling = { standing, at: (step: Step) => at(step, step.effects) }
  const own = lastingIn({ steps: steps.map((step, i) => alone[i] ?? step), told: told.alone, ...telling })
  if (alone.every(step => step === null)) return { alone: own, inOneRun: own }
  const [first] = steps
  const toldOf = (step: Step) => (alone[step.index - (first?.index ?? 0)] ? told.inOneRun(step) : told.alone(step))
  return { alone: own, inOneRun: lastingIn({ steps, told: toldOf, ...telling }) }
}

type Seen = ReturnType<Telling['at']>

/** A finding about relations that stay locked while later statements of the transaction work, with a sentence about that. */
export function goesOn(
  found: FindingOfRule,
  later: Later | undefined,
  label: (step: Step, message: string) => Label,
): FindingOfRule {
  if (!later) return found
  const { finding } = found
  const meanwhile = later.count === 1 ? 'a later statement works' : `${later.count} later statements work`
  const message = `${finding.message} The transaction keeps its locks while ${meanwhile}.`
  const related = [...(finding.related ?? []), ...underTheLock(later.last, label)]
  const worksUnderLocks = later.last.length < later.count ? null : worksOf(later.last)
  return { ...found, finding: { ...finding, message, related, worksUnderLocks, goesOn: true } }
}

/** Labels for the last few statements that work under the locks of a finding. */
export function underTheLock(steps: readonly Step[], label: (step: Step, message: string) => Label): Label[] {
  return steps.slice(-mostLater).map(step => label(step, 'under the lock, too'))
}

/**
 * Distinguishes findings about the same statement under different locks of earlier statements: people who have accepted that one table
 * is blocked have not accepted that another one is, or that it stays blocked during later statements. Empty if only the statement's own
 * locks matter, and only while it works.
 */
export function heldKey({ effects = [], goesOn }: Pick<Finding, 'effects' | 'goesOn'>): string {
  const locks = effects.filter(({ held }) => held)
  if (locks.length > mostInOrder) return `:${hash(`${digestOf(locks)}${goesOn ?? ''}`)}`
  const held = locks.map(keyOfLock)
  if (goesOn) held.push('')
  return held.length === 0 ? '' : `:${hash(held.sort().join('\0'))}`
}

/** Longer lists of locks are not sorted, because each statement of a long transaction may run under the locks of all before it. */
const mostInOrder = 100

function keyOfLock({ relation, lock }: Effect): string {
  return `${relation} ${blocksReads(lock)}`
}

/** The two halves of a number of 64 bits. */
const numberOfLock = once((effect: Effect): readonly [number, number] => {
  const digits = hash(keyOfLock(effect))
  return [Number.parseInt(digits.slice(0, 8), 16), Number.parseInt(digits.slice(8), 16)]
})

/**
 * Does not depend on the order of the locks. All statements under a lock share its effect, so that each is hashed once. Sums of fewer than two
 * million halves are exact.
 */
function digestOf(locks: readonly Effect[]): string {
  let [high, low] = [0, 0]
  for (const each of locks) {
    const halves = numberOfLock(each)
    high += halves[0]
    low += halves[1]
  }
  return `${locks.length} ${BigInt.asUintN(64, BigInt(high) * 2n ** 32n + BigInt(low))}`
}
