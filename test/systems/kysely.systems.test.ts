import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { snakeCase } from '../../src/code/spelling/snake-case.ts'
import { kyselyReader } from '../../src/systems/kysely/calls.ts'
import { sent } from '../code/kit/sent.ts'
import '../kit/grammars.ts'
import { query, root, schema, statements, withQuery } from './kit/kysely-chains.ts'

// Chains of calls as programs have them. Kysely itself compiles each one, for which it needs no server. The reader must get the same SQL from
// the same text, or report it as unread if Kysely refuses it.

/** The SQL that Kysely sends for a chain. Throws if Kysely refuses it. */
let compiled: (chain: string, hasPlugin: boolean) => Promise<string>

beforeAll(async () => {
  const module = await import(
    pathToFileURL(new URL('tools/node_modules/kysely/dist/esm/index.js', import.meta.url).pathname).href
  )
  const { CamelCasePlugin, DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, sql } =
    module
  let last = ''
  const settings = {
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db: unknown) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
    log: ({ query }: { query: { sql: string } }) => {
      last = query.sql
    },
  }
  const database = new Kysely(settings)
  const withPlugin = new Kysely({ ...settings, plugins: [new CamelCasePlugin()] })
  compiled = async (chain, hasPlugin) => {
    await new Function('sql', 'db', `return ${chain}`)(sql, hasPlugin ? withPlugin : database)
    return last
  }
})

/** Kysely leaves more than one where there is nothing between them. */
const oneSpace = (sql: string) => sql.replace(/\s+/g, ' ').trim()

/** Chains on one of these, each with and without the plugin: how many are read exactly, and how many Kysely refuses. */
async function compare(first: fc.Arbitrary<string>, rest: fc.Arbitrary<string>, runs: number) {
  const count = { same: 0, refused: 0 }
  await fc.assert(
    fc.asyncProperty(first, rest, fc.boolean(), async (start, more, hasPlugin) => {
      const text = `${start}${more}.execute()`
      const wanted = await compiled(text, hasPlugin).catch(() => null)
      const code = `import { sql } from 'kysely'\nexport async function up(db) {\n  await ${text}\n}`
      const { sql, unread } = await sent(kyselyReader(hasPlugin ? { changed: snakeCase } : undefined), code)
      if (wanted === null) {
        expect(unread, text).not.toEqual([])
        count.refused++
        return
      }
      expect({ sql: sql.map(oneSpace), unread }, text).toEqual({ sql: [oneSpace(wanted)], unread: [] })
      count.same++
    }),
    { numRuns: runs, seed: 12 },
  )
  return count
}

test('what is read of a chain is what Kysely compiles', async () => {
  const { same, refused } = await compare(schema, statements, 3_000)
  console.log(`${same} chains of calls are read as Kysely compiles them; ${refused} that it refuses are reported`)
  expect(same).toBeGreaterThan(1_500)
})

test('what is read of a query is what Kysely compiles', async () => {
  const { same, refused } = await compare(root, query, 3_000)
  const before = await compare(fc.constant('db'), withQuery, 500)
  console.log(
    `${same} queries, and ${before.same} with WITH, are read as Kysely compiles them; ${refused + before.refused} that it refuses are reported`,
  )
  expect(same + before.same).toBeGreaterThan(2_000)
})
