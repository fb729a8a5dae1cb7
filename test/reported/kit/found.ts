import { expect } from 'vitest'
import { lint } from '../../../src/index.ts'

/** A migration in code with unknown effects. */
export const code = null

/** `severity rule: message` of the findings in the last migration. Each migration is a file. */
export async function found(migrations: readonly (string | null)[], pgVersion?: string): Promise<string[]> {
  const last = `${migrations.length - 1}.sql`
  const { findings, internalErrors } = await lint({
    migrations: migrations.map((content, i) =>
      content === null
        ? { kind: 'code' as const, path: `${i}.sql`, content: '', opaque: 'it is written in Go' }
        : { path: `${i}.sql`, content, execution: { inTransaction: false, singleMessage: false, spansFiles: false } },
    ),
    config: pgVersion ? { pgVersion } : {},
    report: path => path === last,
  })
  expect(internalErrors).toEqual([])
  return findings.map(({ severity, rule, message }) => `${severity} ${rule}: ${message}`)
}

export const rulesOf = (said: readonly string[]) => said.map(line => line.slice(0, line.indexOf(':')))
export const failures = (said: readonly string[]) => said.filter(line => line.includes('certain-failure'))
