import { greatest } from '../../parse/list.ts'
import { sha256 } from '../reading/hash.ts'
import { namedIn } from '../tracking/setting.ts'
import { tableNames } from '../tracking/table-names.ts'
import type { Item, Subject, Tracking } from '../tracking/tracking.ts'
import { journalEntries } from './drizzle.ts'

const CONFIGS = ['ts', 'js', 'mjs', 'cjs', 'mts', 'json'].map(end => `drizzle.config.${end}`)

/**
 * drizzle-orm: migrator.ts and pg-core/dialect.ts. Up to 0.x, a row is identified by the time in its journal entry;
 * from 1.0 on, by its name.
 */
export const drizzle: Tracking = {
  table: tableNames.drizzle[0],
  columns: ['hash', 'created_at'],
  more: ['name', 'applied_at'],
  order: ['created_at'],
  configured: namedIn({
    files: CONFIGS,
    name: [['migrations', 'table']],
    schema: [['migrations', 'schema']],
  }),
  records: rows =>
    rows.map(row => {
      const when = row.created_at ?? ''
      const name = row.name ?? null
      return {
        keys: [...(name === null ? [] : [name]), when],
        id: name ?? `the one of ${iso(when)}`,
        at: row.applied_at ?? null,
        state: 'applied',
        checksum: row.hash ?? null,
      }
    }),
  keys: subject => {
    const when = times(subject)
    return item => [item.id, String(when(item))]
  },
  comparedBy: 'its SHA-256',
  matching:
    () =>
    ({ checksum }, content) =>
      checksum ? sha256(content) === checksum : null,
  isLate: (subject, recorded) => {
    const when = times(subject)
    const last = greatest(recorded.map(({ keys }) => Number(keys.at(-1))))
    const isJournaled = journalEntries(subject.tree, subject.project.directory) !== null
    return item => isJournaled && when(item) <= last
  },
}

/** In milliseconds: the time in the journal, or the one with which the folder's name begins. */
function times({ tree, project }: Subject): (item: Item) => number {
  const journal = new Map(journalEntries(tree, project.directory)?.map(({ tag, when }) => [tag, when]))
  return ({ id }) => {
    const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/.exec(id) ?? []
    const named = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second))
    return journal.get(id) ?? named
  }
}

function iso(when: string): string {
  const date = new Date(Number(when))
  return Number.isNaN(date.valueOf()) ? when : date.toISOString().slice(0, 16).replace('T', ' ')
}
