import { environment } from '../reading/database.ts'
import { applied, isTrue } from '../tracking/listed.ts'
import { qualified } from '../tracking/setting.ts'
import { tableNames } from '../tracking/table-names.ts'
import type { Parameters, Recorded, Tracking } from '../tracking/tracking.ts'

/** golang-migrate: database/postgres/postgres.go. There is one row: the present version of the database. */
export const golangMigrate: Tracking = {
  table: tableNames['golang-migrate'][0],
  columns: ['version', 'dirty'],
  order: ['version'],
  configured: (tree, directory, parameters) => {
    const urls = ['POSTGRESQL_URL', 'DATABASE_URL', 'DB_URL'].map(name => environment(tree, directory, name) ?? '')
    const all = [parameters, ...urls.map(parametersOf)]
    const name = all.map(each => each.get('x-migrations-table')).find(found => found !== undefined)
    return name === undefined ? {} : qualified(name)
  },
  records: ([row], { items }) => {
    // Anything else belongs to another tool.
    if (!row || !/^-?\d{1,20}$/.test(row.version ?? '')) return []
    const version = BigInt(row.version ?? '')
    const current: Recorded = { ...applied(String(version), null), ...(isTrue(row, 'dirty') && { state: 'failed' }) }
    // `NilVersion`: all migrations were taken back, or the last step of that failed.
    if (version < 0n) return current.state === 'failed' ? [current] : []
    const before = items.filter(({ id }) => BigInt(id) < version)
    return [...before.map(({ id }): Recorded => ({ ...applied(id, null), implied: true })), current]
  },
  failed: 'golang-migrate stops with "Dirty database version" until "migrate force" says which version it is at',
  notices: recorded =>
    recorded.some(({ implied }) => implied)
      ? ['golang-migrate records only the present version. So earlier migrations count as applied.']
      : [],
}

function parametersOf(url: string): Parameters {
  return new Map(new URLSearchParams(url.slice(url.indexOf('?') + 1)))
}
