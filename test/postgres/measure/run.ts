import type { Version } from '../../../src/postgres/version.ts'
import { startServer } from '../servers/server.ts'
import type { Case, CaseFile, MeasuredCase, Result } from './case.ts'
import { createDatabase } from './database.ts'
import { createBench } from './measure.ts'

/**
 * Measures cases on servers of the given major versions, two servers at a time. Calls `report` after every case.
 * Throws if the harness fails; a statement that a server refuses is a result.
 */
export async function measureCases(
  cases: readonly Case[],
  majors: readonly Version[],
  report: (major: Version, id: string) => void = () => {},
): Promise<MeasuredCase[]> {
  // Cases with the same setup follow each other, so that most setups are made once.
  const order = [...cases].sort((a, b) => (a.setup < b.setup ? -1 : a.setup > b.setup ? 1 : 0))
  const results = new Map<Version, Map<string, Result>>()
  const waiting = [...majors]
  const lane = async () => {
    for (let major = waiting.shift(); major !== undefined; major = waiting.shift()) {
      const server = await startServer(major)
      const byId = new Map<string, Result>()
      try {
        const bench = createBench(await createDatabase(server))
        for (const one of order) {
          byId.set(one.id, await bench.measure(one))
          report(major, one.id)
        }
      } finally {
        await server.stop()
      }
      results.set(major, byId)
    }
  }
  await Promise.all([lane(), lane()])
  return cases.map(one => ({ ...pick(one), results: grouped(one.id, majors, results) }))
}

// The fields of a case in the order of the file, without earlier results.
function pick({ id, group, setup, session, sql }: Case): Case {
  return { id, group, setup, ...(session === undefined ? {} : { session }), sql }
}

function grouped(id: string, majors: readonly Version[], results: ReadonlyMap<Version, ReadonlyMap<string, Result>>) {
  const groups = new Map<string, { versions: Version[]; result: Result }>()
  for (const major of majors) {
    const result = results.get(major)?.get(id)
    if (!result) continue
    const key = JSON.stringify(result)
    const group = groups.get(key) ?? { versions: [], result }
    group.versions.push(major)
    groups.set(key, group)
  }
  return [...groups.values()]
}

/** The text of a case file: one case a line. */
export function caseFileText({ about, cases }: CaseFile): string {
  return `{\n "about": ${JSON.stringify(about)},\n "cases": [\n${cases.map(one => `  ${JSON.stringify(one)}`).join(',\n')}\n ]\n}\n`
}
