import { applied, isTrue } from '../tracking/listed.ts'
import { namedBy } from '../tracking/setting.ts'
import { tableNames } from '../tracking/table-names.ts'
import type { Tracking } from '../tracking/tracking.ts'

/** pressly/goose: internal/dialects/postgres.go. The last row of a version counts. */
export const goose: Tracking = {
  table: tableNames.goose[0],
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
