import type { RunnerAdvice } from '../../migration/runner.ts'

/** `In a later migration, validate it:` from the runner's `In a later migration:`. */
export function later(runner: RunnerAdvice, clause: string): string {
  return joined(runner.laterMigration(), clause)
}

/** `In a migration of its own, outside a transaction, build the index:` */
export function outside(runner: RunnerAdvice, clause: string): string {
  return joined(runner.outsideTransaction(), clause)
}

/** `In a later migration, validate it while reads and writes go on:` */
export function validateLater(runner: RunnerAdvice, count = 1): string {
  return later(runner, `validate ${count > 1 ? 'them' : 'it'} while reads and writes go on`)
}

/** Before a loop that fills a column: it commits, which no transaction around it allows. */
export function fillLater(runner: RunnerAdvice): string {
  return outside(runner, 'or by hand, fill existing rows in batches that commit one by one')
}

/** Before a constraint that is NOT VALID. `claim`: `"email" is never NULL`. */
export function proveThat(claim: string): string {
  return `Prove first that ${claim}, with a constraint that does not check existing rows yet:`
}

function joined(sentence: string, clause: string): string {
  return `${sentence.replace(/:$/, '')}, ${clause}:`
}
