import { revisionOf } from '../alembic.ts'
import { lineage } from '../alembic-order.ts'
import { replacedBy } from '../django.ts'
import { textIn } from './checksum.ts'
import { applied } from './listed.ts'
import { namedIn } from './setting.ts'
import type { Item, Recorded, Tracking } from './tracking.ts'

/** Alembic: runtime/migration.py. The table has the heads only; what they build on is applied. */
export const alembic: Tracking = {
  table: { schema: null, name: 'alembic_version' },
  columns: ['version_num'],
  order: ['version_num'],
  configured: namedIn({
    files: ['env.py'],
    name: /\bversion_table\s*=\s*["']([^"']+)/,
    schema: /\bversion_table_schema\s*=\s*["']([^"']+)/,
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
    const unknown = recorded.find(({ id }) => !items.some(item => item.id === id))
    return [
      ...(recorded.some(({ implied }) => implied)
        ? ['Alembic records only the heads: that what they build on ran is taken from that.']
        : []),
      ...(unknown ? [`What ${unknown.id} builds on cannot be told: what is listed as pending may be applied.`] : []),
    ]
  },
}

/** Django: db/migrations/recorder.py, and loader.py for what a squashed migration replaces. */
export const django: Tracking = {
  table: { schema: null, name: 'django_migrations' },
  columns: ['app', 'name', 'applied'],
  order: ['id'],
  records: (rows, { items }) => {
    const rowsOf = rows.map(({ app, name, applied: at }) => applied(`${app}.${name}`, at ?? null))
    const known = new Set(rowsOf.map(({ id }) => id))
    const squashed = items.filter(item => {
      const replaces = replacesOf(item)
      return !known.has(item.id) && replaces.length > 0 && replaces.every(id => known.has(id))
    })
    return [...rowsOf, ...squashed.map(({ id }): Recorded => ({ ...applied(id, null), implied: true }))]
  },
  // Apps that are installed bring migrations of their own.
  isForeign: ({ id }, { items }) =>
    !items.some(item => appOf(item.id) === appOf(id)) || items.some(item => replacesOf(item).includes(id)),
}

function replacesOf({ migration }: Item): string[] {
  return replacedBy(textIn(migration.content) ?? '')
}

function appOf(id: string): string {
  return id.split('.', 1)[0] ?? id
}
