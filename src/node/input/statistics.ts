import { join, relative, resolve } from 'node:path'
import type { Config } from '../../lint/config/config.ts'
import { serverIn } from '../../lint/server.ts'
import { isInside, slashes } from '../disk/path.ts'
import { Failure, reason } from '../failure.ts'
import type { ResolvedConfig } from './resolve-config.ts'

/** What the file is called, beside the configuration. */
const usualName = 'migrate-lint-stats.json'

/**
 * The configuration with the statistics that it names, or that are beside it, and a notice if they are old. Like the configuration, they come
 * from its source. Throws a Failure if they cannot be used.
 */
export async function withStatistics(
  resolved: ResolvedConfig,
): Promise<{ readonly config: Config; readonly notices: readonly string[] }> {
  const { config, root, source } = resolved
  const { stats } = config
  if (stats === false) return { config, notices: [] }
  const path = stats === true ? join(root, usualName) : resolve(root, stats)
  const within = relative(root, path)
  const name = slashes(isInside(within) ? within : path)
  if (stats === true && !source.has(path)) return { config, notices: [] }
  const { daysUntilOld, readStatistics, StatisticsError } = await import('../../lint/sizes/statistics.ts')
  try {
    const text = source.read(path)
    if (text === null) throw new StatisticsError('no such file or directory')
    const statistics = readStatistics(text, Date.now())
    const server = serverIn(config)
    const places = [{ version: statistics.server, path: name, line: null }]
    const known: Config = {
      ...config,
      statistics,
      ...(server.by === 'nobody' && {
        pgVersion: statistics.server,
        server: { versions: [statistics.server], by: 'statistics', places },
      }),
    }
    const old = `${name} is from ${statistics.takenAt.slice(0, 10)}, more than ${daysUntilOld} days ago: run "migrate-lint stats" again. Tables may have grown, so none is called small.`
    return { config: known, notices: statistics.isOld ? [old] : [] }
  } catch (error) {
    throw new Failure(`Cannot use the statistics ${name}: ${reason(error)}.`)
  }
}
