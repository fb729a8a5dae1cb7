import { textOf } from '../reading/files.ts'
import { sha1 } from '../reading/hash.ts'
import { tableNames } from '../tracking/table-names.ts'
import type { Item, Subject, Tracking } from '../tracking/tracking.ts'
import { planIn, registryOf } from './sqitch.ts'

/**
 * App::Sqitch: Engine/pg.sql, Plan::Change (script_hash). A reworked change has several rows with one name, in the
 * order of the plan.
 */
export const sqitch: Tracking = {
  table: tableNames.sqitch[0],
  columns: ['change_id', 'change', 'project', 'committed_at'],
  more: ['script_hash'],
  order: ['committed_at'],
  configured: (tree, directory) => {
    const schema = registryOf(tree, directory)
    return schema === undefined ? {} : { schema }
  },
  records: (rows, subject) => {
    const project = projectOf(subject)
    const seen = new Map<string, number>()
    return rows
      .filter(row => project === undefined || row.project === project)
      .map(row => {
        const name = row.change ?? ''
        const place = seen.get(name) ?? 0
        seen.set(name, place + 1)
        // Registries of old versions have the id of the change in this column.
        const checksum = row.script_hash === row.change_id ? null : (row.script_hash ?? null)
        return { keys: [`${place} ${name}`], id: name, at: row.committed_at ?? null, state: 'applied', checksum }
      })
  },
  keys:
    ({ items }) =>
    item => {
      const alike = items.filter(other => nameOf(other) === nameOf(item))
      return [`${alike.indexOf(item)} ${nameOf(item)}`]
    },
  comparedBy: 'its SHA-1',
  matching:
    () =>
    ({ checksum }, content) =>
      checksum === null ? null : sha1(content) === checksum,
}

/** The name without the tag that marks an old form of a reworked change. */
function nameOf({ id }: Item): string {
  return id.split('@', 1)[0] ?? id
}

function projectOf({ tree, project }: Subject): string | undefined {
  return /^%project=(.*)/m.exec(textOf(tree, planIn(tree, project.directory)) ?? '')?.[1]?.trim()
}
