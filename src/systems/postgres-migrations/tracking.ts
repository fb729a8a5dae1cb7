import { baseName } from '../reading/files.ts'
import { sha1, utf8 } from '../reading/hash.ts'
import { textIn } from '../tracking/checksum.ts'
import { applied } from '../tracking/listed.ts'
import { tableNames } from '../tracking/table-names.ts'
import type { Tracking } from '../tracking/tracking.ts'

/** ThomWright/postgres-migrations: src/migrate.ts, migration-file.ts; number 0 makes the table itself. */
export const postgresMigrations: Tracking = {
  table: tableNames['postgres-migrations'][0],
  columns: ['id', 'name', 'hash', 'executed_at'],
  order: ['id'],
  records: rows =>
    rows.flatMap(row => (row.id === '0' ? [] : [{ ...applied(row.id ?? '', row.executed_at ?? null, row.hash) }])),
  comparedBy: 'a SHA-1 of its name and text',
  matching:
    () =>
    ({ checksum }, content, { path, migration }) => {
      const text = textIn(content)
      if (checksum === null || text === null || migration.opaque !== undefined) return null
      return sha1(utf8(baseName(path) + text)) === checksum
    },
}
