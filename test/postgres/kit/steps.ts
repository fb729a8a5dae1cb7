import { parse } from '../../../src/parse/parse.ts'
import { loadParser } from '../../../src/parse/parser.ts'
import type { Effect } from '../../../src/postgres/effect.ts'
import type { Step } from '../../../src/postgres/step.ts'
import { timeline } from '../../../src/postgres/timeline.ts'

await loadParser()

export interface Run {
  readonly version?: number
  /** Whether the statements run in one transaction (the default) or each on its own, if that is known. */
  readonly inTransaction?: boolean | 'unknown'
}

/** Steps of `sql`, after `setup` was deployed as an earlier migration. */
export function steps(setup: string, sql: string, { version = 18, inTransaction = true }: Run = {}): Step[] {
  const unit = (text: string, wrapped: boolean | 'unknown') => ({
    path: 'test.sql',
    parts: [
      {
        statements: parse({ path: 'test.sql', text }).statements,
        execution: { inTransaction: wrapped, singleMessage: false, spansFiles: false },
      },
    ],
  })
  const all = timeline([unit(setup, false), unit(sql, inTransaction)], { version })
  const failed = all.find(step => step.migration === 0 && step.error)
  if (failed) throw new Error(`set-up fails: ${failed.error?.message}: ${failed.statement.text}`)
  return all.filter(step => step.migration === 1)
}

/** The effects of the last statement of `sql`, one line per relation: `users AccessShareLock scan`, with `?` if uncertain. */
export function effects(setup: string, sql: string, run?: Run): string[] {
  const last = steps(setup, sql, run).at(-1)
  if (last?.error) return [`error ${last.error.sqlstate}`]
  return (last?.effects ?? []).map(shown).sort()
}

function shown({ relation, lock, work, certain }: Effect): string {
  return [relation, lock, ...(work === 'none' ? [] : [work]), ...(certain ? [] : ['?'])].join(' ')
}
