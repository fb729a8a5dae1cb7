import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Server, startServer } from '../../postgres/servers/server.ts'
import { python, withoutPython } from '../../systems/kit/python.ts'
import { djangoProject } from './kit/django.ts'
import { projects } from './kit/django-operations.ts'
import '../../kit/grammars.ts'
import { Tally } from './kit/tally.ts'

// Generated migrations run by Django on a server, up and down: what it sends is what is read, statement by statement.

interface Ran {
  /** Null: Django or PostgreSQL refuses it. */
  readonly up: readonly string[] | null
  readonly down: readonly string[] | null
}

const why = withoutPython()
if (why !== null) console.warn(`Django is not compared: ${why}.`)
const program = fileURLToPath(new URL('programs/run-django.py', import.meta.url))

let server: Server
beforeAll(async () => {
  if (why === null) server = await startServer(17)
})
afterAll(() => server?.stop())

describe.skipIf(why !== null)('what Django sends', () => {
  test.each([
    ['4.2', [4, 2]],
    ['5.2', [5, 2]],
  ] as const)(
    'Django %s',
    async (name, version) => {
      const cases = fc.sample(projects(version[0] >= 5), { seed: 13, numRuns: 250 })
      const ran = python<Ran[][]>(`django-${name}`, program, { port: server.port, database: 'postgres', cases })
      const tally = new Tally(`Django ${name}`)
      for (const [i, texts] of cases.entries()) {
        const migrations = texts.map(text => ({ app: 'app', text }))
        const options = { version, settings: { DEFAULT_AUTO_FIELD: 'django.db.models.BigAutoField' } }
        for (const direction of ['up', 'down'] as const) {
          const read = await djangoProject(migrations, { ...options, direction })
          for (const [j, text] of texts.entries()) {
            const real = ran[i]?.[j]?.[direction] ?? null
            tally.compare(`${direction}: ${/operations = .*/.exec(text)?.[0]}`, real, read[j], plainly)
            // Django has left it in a state that nobody reads.
            if (real === null && direction === 'up') break
          }
        }
      }
      tally.print()
      expect(tally.claimed.slice(0, 25)).toEqual([])
      expect(tally.exact).toBeGreaterThan(1500)
    },
    600_000,
  )
})

function plainly(statements: readonly string[]): string[] {
  return statements.map(sql => sql.replace(/;$/, '').replace(/\s+/g, ' ').trim())
}
