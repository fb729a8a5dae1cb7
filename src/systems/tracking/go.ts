import { environment } from '../database.ts'
import { applied, isTrue } from './listed.ts'
import { namedBy, qualified } from './setting.ts'
import type { Parameters, Recorded, Row, Subject, Tracking } from './tracking.ts'

/** golang-migrate: database/postgres/postgres.go. One row: the version that the database is at. */
export const golangMigrate: Tracking = {
  table: { schema: null, name: 'schema_migrations' },
  columns: ['version', 'dirty'],
  order: ['version'],
  configured: (tree, directory, parameters) => {
    const urls = ['POSTGRESQL_URL', 'DATABASE_URL', 'DB_URL'].map(name => environment(tree, directory, name) ?? '')
    const all = [parameters, ...urls.map(parametersOf)]
    const name = all.map(each => each.get('x-migrations-table')).find(found => found !== undefined)
    return name === undefined ? {} : qualified(name)
  },
  records: ([row], { items }) => {
    if (!row) return []
    const version = BigInt(row.version ?? '-1')
    // `NilVersion`: all of them were taken back.
    if (version < 0n) return []
    const before = items.filter(({ id }) => BigInt(id) < version)
    const implied = before.map(({ id }): Recorded => ({ ...applied(id, null), implied: true }))
    return [...implied, { ...applied(String(version), null), ...(isTrue(row, 'dirty') && { state: 'failed' }) }]
  },
  failed: 'golang-migrate stops with "Dirty database version" until "migrate force" says which version it is at',
  notices: recorded =>
    recorded.some(({ implied }) => implied)
      ? ['golang-migrate records only the version that it is at: that those before it ran is taken from that.']
      : [],
}

/** pressly/goose: internal/dialects/postgres.go; of the rows of a version the last one counts. */
export const goose: Tracking = {
  table: { schema: null, name: 'goose_db_version' },
  columns: ['version_id', 'is_applied', 'tstamp'],
  order: ['id'],
  configured: namedBy('GOOSE_TABLE'),
  records: rows => {
    const last = new Map(rows.map(row => [row.version_id ?? '', row]))
    // Version 0 is the empty database.
    last.delete('0')
    return [...last].flatMap(([id, row]) => (isTrue(row, 'is_applied') ? [applied(id, row.tstamp ?? null)] : []))
  },
}

function parametersOf(url: string): Parameters {
  return new Map(new URLSearchParams(url.slice(url.indexOf('?') + 1)))
}

/** Hasura CLI: internal/statestore. The state is one JSON value, by database; before version 3 of the configuration a table. */
export const hasura: readonly Tracking[] = [
  {
    table: { schema: 'hdb_catalog', name: 'hdb_version' },
    columns: ['cli_state'],
    order: [],
    records: ([row], subject) => {
      const state = stateOf(row, subject)
      return state && Object.entries(state).map(([version, dirty]) => hasuraRecord(version, dirty === true))
    },
    failed: 'the Hasura CLI stops, as the state is dirty',
    elsewhere: 'Hasura keeps it in its metadata database, which may be another one.',
  },
  {
    table: { schema: 'hdb_catalog', name: 'schema_migrations' },
    columns: ['version', 'dirty'],
    order: ['version'],
    records: rows => rows.map(row => hasuraRecord(row.version ?? '', isTrue(row, 'dirty'))),
    failed: 'the Hasura CLI stops, as the state is dirty',
  },
]

function hasuraRecord(version: string, dirty: boolean): Recorded {
  return { ...applied(version, null), ...(dirty && { state: 'failed' }) }
}

function stateOf(row: Row | undefined, { project }: Subject): Record<string, unknown> | null {
  const all: unknown = JSON.parse(row?.cli_state ?? '{}')?.migrations ?? {}
  const name = project.directory.slice(project.directory.lastIndexOf('/') + 1)
  const byDatabase = new Map(Object.entries(all ?? {}))
  return byDatabase.get(name) ?? byDatabase.get('default') ?? null
}
