import { baseName } from '../reading/files.ts'
import { utf8 } from '../reading/hash.ts'
import { sipHash13, textIn } from '../tracking/checksum.ts'
import { applied } from '../tracking/listed.ts'
import { tableNames } from '../tracking/table-names.ts'
import type { Tracking } from '../tracking/tracking.ts'

/** refinery_core: runner.rs (Migration::unapplied), util.rs (parse_migration_name), traits/mod.rs. */
export const refinery: Tracking = {
  table: tableNames.refinery[0],
  columns: ['version', 'name', 'applied_on', 'checksum'],
  order: ['version'],
  records: rows => rows.map(row => applied(row.version ?? '', row.applied_on ?? null, row.checksum)),
  comparedBy: 'a SipHash of its name, version and text',
  matching:
    () =>
    ({ checksum }, content, { path, id, migration }) => {
      const text = textIn(content)
      if (checksum === null || migration.opaque !== undefined || text === null) return null
      const name = /__([\p{L}\p{M}\p{N}_]+)/u.exec(baseName(path))?.[1] ?? ''
      // Versions are 32 bits wide, or 64 with the feature int8-versions.
      return [4, 8].some(width => checksum === String(sipHash13(hashed(name, BigInt(id), width, text))))
    },
  // A U migration may be applied out of order.
  isLate: (_, recorded) => {
    // A table of that name may belong to anybody.
    const versions = recorded.flatMap(({ id }) => (/^-?\d{1,20}$/.test(id) ? [BigInt(id)] : []))
    return item => baseName(item.path).startsWith('V') && versions.some(version => version >= BigInt(item.id))
  },
}

/** The bytes that Rust's `Hash` writes: strings end in 0xff, integers are little-endian. */
function hashed(name: string, version: bigint, width: number, text: string): Uint8Array {
  const number = Array.from({ length: width }, (_, i) => Number((version >> BigInt(8 * i)) & 0xffn))
  return new Uint8Array([...utf8(name), 0xff, ...number, ...utf8(text), 0xff])
}
