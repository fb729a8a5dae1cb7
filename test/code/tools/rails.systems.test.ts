import { execFileSync, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { railsCalls } from '../../../src/systems/rails/calls.ts'
import '../../kit/grammars.ts'
import { type Server, startServer } from '../../postgres/servers/server.ts'
import { sentBothWays } from '../kit/sent.ts'
import { histories } from './kit/rails-changes.ts'
import { Tally } from './kit/tally.ts'

// Generated migrations run by the Active Record of Debian's packages on a server, up and down: what it sends is what is read.

interface Ran {
  /** Null: Rails or PostgreSQL refuses it. */
  readonly up: readonly string[] | null
  readonly down: readonly string[] | null
}

const program = fileURLToPath(new URL('programs/run-rails.rb', import.meta.url))
const check = 'require "active_record"; require "pg"; print ActiveRecord.version'
const { status, stdout } = spawnSync('ruby', ['-e', check], { encoding: 'utf8' })
const version = /^\d+\.\d+/.exec(stdout ?? '')?.[0]
const why =
  status === 0 && version ? null : 'the packages ruby-activerecord and ruby-pg of Debian are not on this machine'
if (why !== null) console.warn(`Rails is not compared: ${why}.`)

let server: Server
beforeAll(async () => {
  if (why === null) server = await startServer(15)
})
afterAll(() => server?.stop())

describe.skipIf(why !== null)('what Rails sends', () => {
  test(`Rails ${version}`, async () => {
    const cases = fc.sample(histories, { seed: 13, numRuns: 250 })
    const input = JSON.stringify({ port: server.port, database: 'postgres', cases })
    const ran: Ran[][] = JSON.parse(execFileSync('ruby', [program], { input, maxBuffer: 1 << 28 }).toString('utf8'))
    const tally = new Tally(`Rails ${version}`)
    for (const [i, bodies] of cases.entries()) {
      const reader = railsCalls({ rails: Number(version) })
      const own = reader.ofHistory?.() ?? reader
      for (const [j, body] of bodies.entries()) {
        const real = ran[i]?.[j]
        const text = `class A < ActiveRecord::Migration[${version}]\ndef change\n${body}\nend\nend\n`
        const read = await sentBothWays(own, text, '1.rb')
        tally.compare(`up: ${body}`, real?.up ?? null, read.up(), plainly)
        if (!real?.up) break
        tally.compare(`down: ${body}`, real.down, read.down(), plainly)
      }
    }
    tally.print()
    expect(tally.claimed.slice(0, 25)).toEqual([])
    expect(tally.exact).toBeGreaterThan(1500)
  }, 600_000)
})

function plainly(statements: readonly string[]): string[] {
  return statements.map(sql => sql.replace(/\s+/g, ' ').replaceAll(' ,', ',').trim())
}
