import { textIn } from '../tracking/checksum.ts'
import { applied } from '../tracking/listed.ts'
import { namedIn } from '../tracking/setting.ts'
import { tableNames } from '../tracking/table-names.ts'
import type { Recorded, Tracking } from '../tracking/tracking.ts'
import { revisionOf } from './alembic.ts'
import { lineage } from './order.ts'

/** Alembic: runtime/migration.py. The table has only the heads; the revisions that they are based on are applied. */
export const alembic: Tracking = {
  table: tableNames.alembic[0],
  columns: ['version_num'],
  order: ['version_num'],
  configured: namedIn({
    files: ['env.py'],
    name: [['version_table']],
    schema: [['version_table_schema']],
  }),
  records: (rows, { items }) => {
    const heads = rows.map(row => row.version_num ?? '')
    const revisions = items.flatMap(({ path, migration }) => revisionOf(path, textIn(migration.content) ?? ''))
    const below = [...lineage(revisions, heads)].filter(id => !heads.includes(id))
    return [
      ...below.map((id): Recorded => ({ ...applied(id, null), implied: true })),
      ...heads.map(id => applied(id, null)),
    ]
  },
  notices: (recorded, { items }) => {
    const known = new Set(items.map(({ id }) => id))
    const unknown = recorded.find(({ id }) => !known.has(id))
    return [
      ...(recorded.some(({ implied }) => implied)
        ? ['Alembic records only the heads. So the revisions that they are based on count as applied.']
        : []),
      ...(unknown
        ? [`It is unknown which revisions ${unknown.id} is based on. Some that are listed as pending may be applied.`]
        : []),
    ]
  },
}
