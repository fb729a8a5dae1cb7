import { textIn } from '../tracking/checksum.ts'
import { applied } from '../tracking/listed.ts'
import { tableNames } from '../tracking/table-names.ts'
import type { Tracking } from '../tracking/tracking.ts'
import { bodyStart, calculateHash, headerOf } from './graphile-migrate.ts'

/** graphile/migrate: src/migration.ts and hash.ts. The hash is in the file's header too, but the body is what counts. */
export const graphileMigrate: Tracking = {
  table: tableNames['graphile-migrate'][0],
  columns: ['hash', 'previous_hash', 'filename', 'date'],
  order: ['filename'],
  records: rows => rows.map(row => applied(row.filename ?? '', row.date ?? null, row.hash)),
  comparedBy: 'a SHA-1 of it and of the hash before it',
  matching:
    () =>
    ({ checksum }, content) => {
      const text = textIn(content)
      if (checksum === null || text === null) return null
      const header = headerOf(text)
      const previous = header.get('Previous') ?? '-'
      const sum = calculateHash(text.slice(bodyStart(text)), previous === '-' ? '' : previous)
      // `--! AllowInvalidHash` says that the body is known to differ from its hash.
      return header.get('Hash') === checksum && (sum === checksum || header.has('AllowInvalidHash'))
    },
}
