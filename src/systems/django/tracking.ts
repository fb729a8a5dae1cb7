import { textIn } from '../tracking/checksum.ts'
import { applied } from '../tracking/listed.ts'
import { tableNames } from '../tracking/table-names.ts'
import type { Item, Recorded, Tracking } from '../tracking/tracking.ts'
import { replacedBy } from './django.ts'

/** Django: db/migrations/recorder.py, and loader.py for the migrations that a squashed one replaces. */
export const django: Tracking = {
  table: tableNames.django[0],
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
  // Installed apps have migrations of their own.
  isForeign: ({ id }, { items }) =>
    !items.some(item => appOf(item.id) === appOf(id)) || items.some(item => replacesOf(item).includes(id)),
}

function replacesOf({ migration }: Item): string[] {
  return replacedBy(textIn(migration.content) ?? '')
}

function appOf(id: string): string {
  return id.split('.', 1)[0] ?? id
}
