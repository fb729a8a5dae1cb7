import { sha256, utf8 } from '../reading/hash.ts'
import { textIn } from '../tracking/checksum.ts'
import { applied } from '../tracking/listed.ts'
import { place } from '../tracking/setting.ts'
import { tableNames } from '../tracking/table-names.ts'
import type { Tracking } from '../tracking/tracking.ts'

/** prisma/prisma-engines: checksum.rs of schema-connector, apply_migrations.rs and diagnose_migration_history.rs of core. */
export const prisma: Tracking = {
  table: tableNames.prisma[0],
  columns: ['migration_name', 'checksum', 'finished_at', 'rolled_back_at'],
  more: ['logs'],
  order: ['started_at'],
  configured: (_, __, parameters) => place(undefined, parameters.get('schema')),
  records: rows =>
    rows
      .filter(row => row.rolled_back_at === null)
      .map(row => ({
        ...applied(row.migration_name ?? '', row.finished_at ?? null, row.checksum),
        ...(row.finished_at === null && { state: 'failed', detail: row.logs ?? null }),
      })),
  comparedBy: 'its SHA-256',
  matching:
    () =>
    ({ checksum }, content) => {
      const text = textIn(content)
      if (text === null || !checksum) return null
      const texts = [text, text.replaceAll('\r\n', '\n'), text.replaceAll('\n', '\r\n')]
      return texts.some(each => {
        const sum = sha256(utf8(each))
        // Old versions left out the zero before bytes below 16.
        return checksum === (checksum.length === sum.length ? sum : unpadded(sum))
      })
    },
  failed: '"prisma migrate deploy" stops (P3009) until "prisma migrate resolve" records its outcome',
}

function unpadded(hex: string): string {
  return hex.replace(/../g, byte => byte.replace(/^0/, ''))
}
