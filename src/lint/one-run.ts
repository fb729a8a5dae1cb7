import type { Step } from '../postgres/step.ts'
import type { Found, Said } from './rule.ts'

/**
 * Systems that put all pending migrations into one transaction hold the locks of one migration while the next ones run, but only
 * where these are deployed together: on a new database, which nobody uses, or by somebody in a hurry. What holds for that
 * case alone is a note. What fails in it is an error all the same: every new database is set up so.
 */

/** The step as it is when its migration is deployed by itself; null when that makes no difference. */
export function deployedAlone(step: Step, history: readonly Step[]): Step | null {
  if (step.transaction.kind !== 'runner') return null
  const isOwn = (index: number) => history[index]?.migration === step.migration
  const held = step.transaction.held.filter(({ takenBy }) => isOwn(takenBy))
  if (held.length === step.transaction.held.length) return null
  const operations = step.operations.map(operation =>
    operation.kind === 'validate-constraint' && operation.constraint?.createdIn !== step.migration
      ? { ...operation, addedInSameTransaction: false }
      : operation,
  )
  return { ...step, operations, transaction: { ...step.transaction, held } }
}

/** What is said of a step: that of the migration by itself, or, when there is nothing, a note on what holds in one run. */
export function inOneRun(together: Said, alone: Said): Said {
  return isNothing(alone) ? each(together).map(asNote) : alone
}

function isNothing(said: Said): boolean {
  return each(said).length === 0
}

function each(said: Said): readonly Found[] {
  return said === undefined ? [] : 'message' in said ? [said] : said
}

function asNote(found: Found): Found {
  const message = found.message.replace(/\.$/, ', if it is deployed in one run with the migrations before it.')
  return { ...found, severity: 'note', message }
}
