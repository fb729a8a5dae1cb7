import { editOf } from '../history/edit.ts'
import { utf8 } from '../reading/hash.ts'
import { applied, jsonIn } from '../tracking/listed.ts'
import { tableNames } from '../tracking/table-names.ts'
import type { Tracking } from '../tracking/tracking.ts'

/** supabase/cli: pkg/migration/history.go and file.go. It records the statements themselves, so they can be compared. */
export const supabase: Tracking = {
  table: tableNames.supabase[0],
  columns: ['version'],
  more: ['name', 'statements'],
  order: ['version'],
  records: rows =>
    rows.map(({ version, name, statements }) => ({
      ...applied(version ?? '', null, statements),
      id: name ? `${version}_${name}` : (version ?? ''),
    })),
  comparedBy: 'its statements',
  matching:
    () =>
    ({ checksum }, content, { migration }) => {
      const statements = checksum?.startsWith('[') ? jsonIn(checksum) : null
      if (!Array.isArray(statements)) return null
      const text = statements.join('\n;\n')
      // It does not record a semicolon after the last statement.
      return [text, `${text}\n;`].some(
        each => editOf({ ...migration, content: utf8(each) }, { ...migration, content })?.kind !== 'statements',
      )
    },
}
