import type { RunnerAdvice } from './rule.ts'

/** `In a later migration, validate it:` from the runner's `In a later migration:`. */
export function later(runner: RunnerAdvice, clause: string): string {
  return joined(runner.laterMigration(), clause)
}

/** `In a migration of its own, outside a transaction, build the index:` */
export function outside(runner: RunnerAdvice, clause: string): string {
  return joined(runner.outsideTransaction(), clause)
}

function joined(sentence: string, clause: string): string {
  return `${sentence.replace(/:$/, '')}, ${clause}:`
}
