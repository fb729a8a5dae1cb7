import { baseName } from '../reading/files.ts'
import { applied, isTrue, jsonIn } from '../tracking/listed.ts'
import { tableNames } from '../tracking/table-names.ts'
import type { Recorded, Row, Subject, Tracking } from '../tracking/tracking.ts'

/**
 * Hasura CLI: internal/statestore. The state is one JSON value, by database; before version 3 of the configuration it
 * is a table.
 */
export const hasura: readonly Tracking[] = [
  {
    table: tableNames.hasura[0],
    columns: ['cli_state'],
    order: [],
    records: ([row], subject) => {
      const state = stateOf(row, subject)
      return state && Object.entries(state).map(([version, dirty]) => hasuraRecord(version, dirty === true))
    },
    failed: 'the Hasura CLI stops because the state is dirty',
    elsewhere: 'Hasura keeps it in its metadata database, which may be another one.',
  },
  {
    table: tableNames.hasura[1],
    columns: ['version', 'dirty'],
    order: ['version'],
    records: rows => rows.map(row => hasuraRecord(row.version ?? '', isTrue(row, 'dirty'))),
    failed: 'the Hasura CLI stops because the state is dirty',
  },
]

function hasuraRecord(version: string, dirty: boolean): Recorded {
  return { ...applied(version, null), ...(dirty && { state: 'failed' }) }
}

function stateOf(row: Row | undefined, { project }: Subject): Record<string, unknown> | null {
  const all = recordIn(recordIn(jsonIn(row?.cli_state ?? '{}')).migrations)
  const name = baseName(project.directory)
  const byDatabase = new Map(Object.entries(all))
  const state = byDatabase.get(name) ?? byDatabase.get('default') ?? null
  return state === null ? null : recordIn(state)
}

function recordIn(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}
