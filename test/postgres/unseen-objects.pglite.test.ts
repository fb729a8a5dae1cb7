import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { completeConfig, steps } from '../../src/index.ts'
import { scripts, unseen } from './kit/unseen-objects.ts'

let db: PGlite
beforeAll(async () => {
  db = await PGlite.create()
}, 200_000)
afterAll(() => db.close())

interface Stop {
  readonly at: number
  readonly code: string
}

/** The statement at which PostgreSQL stops; null: all of them run. */
async function real(script: readonly string[]): Promise<Stop | null> {
  await db.exec('ROLLBACK')
  await db.exec('DROP SCHEMA public CASCADE; CREATE SCHEMA public; RESET ALL')
  await db.exec(unseen)
  for (const [at, statement] of script.entries()) {
    try {
      await db.exec(statement)
    } catch (error) {
      return { at, code: error instanceof Error && 'code' in error ? String(error.code) : String(error) }
    }
  }
  return null
}

/** The first certain failure that the model reports; one inside of a block counts for the block. */
async function told(script: readonly string[], transaction: 'none' | 'unknown'): Promise<Stop | null> {
  const { steps: all } = await steps({
    migrations: [{ path: '1.sql', content: script.map(each => `${each};\n`).join('') }],
    config: completeConfig({ pgVersion: '18', transaction }),
  })
  let at = -1
  for (const { statement, error } of all) {
    if (statement.text.replace(/;$/, '') === script[at + 1]) at++
    if (error) return { at, code: error.sqlstate }
  }
  return null
}

test('a certain failure happens on a server with objects that no migration makes', async () => {
  const wrong: string[] = []
  let right = 0
  for (const script of Object.values(scripts).flat()) {
    const stop = await real(script)
    for (const mode of ['none', 'unknown'] as const) {
      const said = await told(script, mode)
      if (said === null) continue
      if (stop?.at === said.at && stop.code === said.code) right++
      else wrong.push(`${mode}: ${script.join('; ')}: ${JSON.stringify({ said, stop })}`)
    }
  }
  expect(wrong).toEqual([])
  expect(right).toBeGreaterThan(60)
}, 300_000)
