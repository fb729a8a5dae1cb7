import { readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { loadParser } from '../../src/parse/index.ts'
import { Database } from '../rules/kit/database.ts'
import { type OracleCase, type OracleResult, predict } from './kit/oracle.ts'

await loadParser()

const { cases }: { cases: OracleCase[] } = JSON.parse(
  readFileSync(new URL('./cases/shared.json', import.meta.url), 'utf8'),
)

/** PGlite keeps to one database and one tablespace, and some cases are about more. */
const needsAServer = /\bTABLESPACE ts1\b|\bEXTENSION IF NOT EXISTS unaccent\b/

const wrapped = { inTransaction: true, singleMessage: false, spansFiles: false }

// The same statements once more, on a server in this process: the model, the measured results, and what
// PostgreSQL 18 does must all agree.
describe('the shared cases on PGlite', () => {
  let database: Database
  beforeAll(async () => {
    database = await Database.start()
  })
  afterAll(() => database.stop())

  const here = cases.filter(each => !needsAServer.test(each.sql))

  test('all but a few can be run here', () => {
    expect(cases.length - here.length).toBeLessThan(5)
  })

  // Setting up takes most of the time, so cases with the same set-up share it, and the effects of each case are rolled back.
  const bySetup = new Map<string, OracleCase[]>()
  for (const each of here) {
    const setup = [each.setup, ...(each.session ? [each.session] : [])].join('\n;\n')
    bySetup.set(setup, [...(bySetup.get(setup) ?? []), each])
  }

  describe.each([...bySetup.values()].map(own => [own[0]?.id, own] as const))('after the set-up of %s', (_, own) => {
    beforeAll(async () => {
      await database.reset()
      const prelude =
        'CREATE SCHEMA app; CREATE ROLE app_role; CREATE EXTENSION citext SCHEMA public; SET search_path = app, public'
      const { setup = '', session } = own[0] ?? {}
      for (const sql of [prelude, setup, ...(session ? [session] : [])]) expect(await database.run(sql)).toBeNull()
    })
    afterEach(() => database.run('ROLLBACK'))

    test.each(own.map(each => [each.id, each] as const))('%s', async (_, each) => {
      const result = each.results.find(({ versions }) => versions.includes(18))?.result
      const before = await database.relations()
      await database.run('BEGIN')
      const error = await database.run(each.sql)
      const outcome = error === null ? 'ok' : `error:${error}`
      expect(outcome).toBe(result?.inTransaction)
      const { error: predicted, relations } = predict(each, 18, wrapped)
      expect(predicted).toBe(error)
      if (error !== null) return
      const name = (oid: number) => before.get(oid)?.name.replace(/^app\./, '')
      const isIndex = (oid: number) => /^[iI]$/.test(before.get(oid)?.kind ?? '')
      // Set-up and case share a session here: a sequence that the set-up used is still open, and looked at under AccessShare.
      const isOpen = (oid: number, mode: string) => before.get(oid)?.kind === 'S' && mode === 'AccessShareLock'
      const locks = [...(await database.locks())].flatMap(([oid, mode]) =>
        before.has(oid) && !isIndex(oid) && !isOpen(oid, mode) ? [`${name(oid)} ${mode}`] : [],
      )
      expect(locks.sort()).toEqual(tableLocks(result))
      const said = [...relations].flatMap(([relation, entry]) =>
        entry.isIndex || !entry.lock ? [] : [`${relation} ${entry.lock}`],
      )
      expect(said.sort()).toEqual(tableLocks(result))
      const after = await database.relations()
      const rewritten = [...after.values()].flatMap(({ oid, filenode }) => {
        const then = before.get(oid)
        return then &&
          !isIndex(oid) &&
          then.kind !== 'S' &&
          then.filenode !== filenode &&
          !/\bTRUNCATE\b/.test(each.sql)
          ? [name(oid)]
          : []
      })
      expect(rewritten.sort()).toEqual([...(result?.rewrites ?? [])].sort())
    })
  })
})

function tableLocks(result: OracleResult | undefined): string[] {
  const locks = (result?.locks ?? []).filter(({ kind }) => !kind.endsWith('index'))
  return locks.map(({ relation, lock }) => `${relation} ${lock}`).sort()
}
