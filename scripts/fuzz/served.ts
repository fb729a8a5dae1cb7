import { type Config, mapTree } from '../../src/index.ts'
import type { Report } from '../../src/lint/report.ts'
import { type Server, serverNotices, serverOf } from '../../src/lint/server.ts'
import { readStatistics, StatisticsError } from '../../src/lint/sizes/statistics.ts'
import { findVersions } from '../../src/systems/server/find.ts'
import type { Input } from './input.ts'
import { type Failure, failure } from './try.ts'

/** The server that the files of the input name. Its places must be lines of these files. */
export async function served({ files }: Input, failures: Failure[]): Promise<Server> {
  const places = await findVersions(mapTree(Object.fromEntries(files)), [''])
  for (const { version, path, line } of places) {
    const lines = String(files.get(path) ?? '').split('\n').length
    const isThere = files.has(path) && (line === null || (1 <= line && line <= lines))
    if (!isThere) failures.push(broken('a version is on a line of a file', `${path}:${line} of ${lines}`))
    if (!/^\d{1,2}(?:\.\d{1,3})?$/.test(version)) failures.push(broken('a version is two numbers at most', version))
  }
  const server = serverOf(places)
  for (const notice of serverNotices(server)) {
    if (notice.length > 2000) failures.push(broken('notices about the server are short', notice))
  }
  return server
}

/** Long after the dates of the inputs, or before them. */
const late = Date.parse('2026-03-01')
const early = Date.parse('2026-01-02')

/** The configuration with the statistics of the input; without them if they cannot be used, which must be one line. */
export function sized(config: Config, { given = '' }: Input, failures: Failure[]): Config {
  try {
    return { ...config, statistics: readStatistics(given, given.length % 2 === 0 ? early : late) }
  } catch (error) {
    if (!(error instanceof StatisticsError)) throw error
    if (/[\r\n]/.test(error.message)) failures.push(broken('what is wrong with statistics is one line', error.message))
    return config
  }
}

/** Sizes in a report that are not numbers. */
export function endlessSizes({ findings }: Report): Failure[] {
  const wrong = findings.filter(
    ({ size }) =>
      size &&
      [
        ...size.seconds,
        ...size.tables.flatMap(({ rows, bytes, writesPerSecond }) => [rows, bytes, writesPerSecond]),
      ].some(figure => figure !== null && !Number.isFinite(figure)),
  )
  return wrong.map(({ message }) => broken('sizes are numbers', message))
}

function broken(property: string, told: string): Failure {
  return failure(property, told.slice(0, 1000), property)
}
