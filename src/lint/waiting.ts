import { blocksReads } from '../postgres/lock.ts'
import type { Step } from '../postgres/step.ts'
import { quotedList, raw, say } from './advice/sql.ts'
import { stopsTraffic, takenAt, waitsDuring } from './advice/strongest-lock.ts'
import type { Label } from './finding.ts'
import { hash } from './fingerprint.ts'
import type { RuleFinding } from './rule.ts'

/**
 * What a rule says of a step, with the locks that others really meet while it works: a relation that the transaction, or another part of
 * the statement, has locked more strongly than what the rule looks at is told so, in the effects and in words.
 */
export function underAllLocks(
  found: RuleFinding,
  step: Step,
  history: readonly Step[],
  label: (step: Step, message: string) => Label,
): RuleFinding {
  const { effects = [] } = found
  if (!effects.some(({ work }) => work !== 'none')) return found
  const whole = new Map(waitsDuring(step).map(effect => [effect.oid, effect]))
  // What the rule speaks of does not block anybody by itself: then others speak of what does.
  const raised = effects.map(effect => {
    const { lock, relation, held } = whole.get(effect.oid) ?? effect
    return stopsTraffic(effect.lock) ? { ...effect, lock, relation, ...(held ? { held } : {}) } : effect
  })
  const more = raised.filter(({ lock }, i) => blocksReads(lock) && !blocksReads(effects[i]?.lock ?? null))
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

/**
 * What tells findings apart that are about the same statement, while earlier ones hold other locks: who has accepted that one table waits
 * has not accepted that another does. Empty when no lock but the statement's own matters.
 */
export function heldKey({ effects = [] }: Pick<RuleFinding, 'effects'>): string {
  const held = effects.flatMap(({ held, relation, lock }) => (held ? [`${relation} ${blocksReads(lock)}`] : []))
  return held.length === 0 ? '' : `:${hash(held.sort().join('\0'))}`
}
