import type { RunnerAdvice } from '../../migration/runner.ts'

/** Before SQL: `In a later migration:`; with a clause about it `In a later migration, validate it:`. */
export function later(runner: RunnerAdvice, clause?: string): string {
  return opening(runner.laterMigration(), clause)
}

/** Before SQL: `In a migration of its own, outside a transaction:`; with a clause `…, build the index:`. */
export function outside(runner: RunnerAdvice, clause?: string): string {
  return opening(runner.outsideTransaction(), clause)
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

function opening(where: string, clause: string | undefined): string {
  return clause === undefined ? `${where}:` : `${where}, ${clause}:`
}
