import type { PassedOver } from '../../migration/status.ts'
import type { Project } from '../../systems/discover.ts'
import { withParsers } from '../../systems/reading/on-demand.ts'
import type { Tree } from '../../systems/reading/tree.ts'
import { itemsByKey, type Reading, subjectOf } from '../../systems/status/status.ts'
import { trackings } from '../../systems/status/trackings.ts'
import type { TableName } from '../../systems/tracking/table-names.ts'
import type { Parameters, Recorded, Subject, Tracking } from '../../systems/tracking/tracking.ts'
import { Failure } from '../failure.ts'
import { type Found, TABLES, tablesNamed } from './found-table.ts'
import type { Session } from './session.ts'
import { rowsOf } from './table-rows.ts'

export interface TrackedProject {
  readonly subject: Subject
  readonly reading: Reading
}

export interface Where {
  /** The parameters of the database's URL, which some systems read. */
  readonly parameters: Parameters
  /** The table that the user named; null: it is searched for. */
  readonly named: TableName | null
}

/** True if it is known where the system records what is applied. */
export function isTracked({ system }: Project): boolean {
  return trackings[system.id].length > 0
}

/**
 * Reads the database's record of a project. Only catalogs and the table are read, and only tables whose reading runs no
 * code of other database users. The result says which tables were passed over. Throws a Failure if the table that was
 * named is missing, does not belong to the system or cannot be read, or if it cannot be decided which of several is
 * meant.
 */
export async function readTracking(
  session: Session,
  project: Project,
  tree: Tree,
  where: Where,
): Promise<TrackedProject> {
  const subject = subjectOf(project, tree)
  const sought: string[] = []
  const passedOver: PassedOver[] = []
  const [first, ...others] = trackings[project.system.id]
  if (!first) throw new Failure(`It is not known where ${project.system.title} records what is applied.`)
  for (const tracking of [first, ...others]) {
    const wanted = {
      ...tracking.table,
      ...(await withParsers(() => tracking.configured?.(tree, project.directory, where.parameters))),
      ...where.named,
    }
    const found = await tablesNamed(session, {
      ...wanted,
      columns: [...new Set([...tracking.columns, ...(tracking.more ?? []), ...tracking.order])],
      vouched: where.named !== null && where.named.schema !== null,
    })
    const usable = found.filter(({ columns }) => tracking.columns.every(column => columns.has(column)))
    const chosen = candidates(usable, wanted, where.named !== null)
    const readings: Reading[] = []
    for (const table of chosen) {
      const rows = table.refused ?? (await rowsOf(session, table, tracking))
      if (typeof rows === 'string') {
        passedOver.push({ table: `${table.schema}.${table.name}`, reason: rows })
        continue
      }
      const recorded = tracking.records(rows, subject)
      const isIts = where.named !== null || isInPlace(table, wanted) || isOfAny(recorded, subject, tracking)
      if (recorded && isIts) readings.push({ tracking, table, sought: '', recorded, passedOver: [] })
    }
    if (found.length > TABLES && !chosen.some(table => isInPlace(table, wanted)))
      passedOver.push({ table: wanted.name, reason: `is the name of more than ${TABLES} tables` })
    const [reading, ...more] = readings
    if (reading && more.length > 0) throw ambiguous(wanted.name, readings)
    if (reading && passedOver.length === 0) return { subject, reading }
    sought.push(reasonFor(tracking, wanted, found, where.named !== null))
  }
  const [refused] = passedOver
  if (where.named && refused) throw new Failure(`--tracking-table: ${refused.table} is not read: it ${refused.reason}.`)
  if (where.named) throw new Failure(`--tracking-table: ${sought[0]}.`)
  return {
    subject,
    reading: { tracking: first, table: null, sought: [...new Set(sought)].join(', and '), recorded: [], passedOver },
  }
}

/** The tables in the wanted schema, or where the search path finds them, or else all of them. */
function candidates(usable: readonly Found[], wanted: TableName, exactly: boolean): readonly Found[] {
  const here = usable.find(table => isInPlace(table, wanted))
  if (here) return [here]
  return exactly && wanted.schema !== null ? [] : usable
}

function isInPlace(table: Found, { schema }: TableName): boolean {
  return schema === null ? table.visible : table.schema === schema
}

/** Other programs have tables of the same name in schemas of their own, such as auth.schema_migrations at Supabase. */
function isOfAny(recorded: readonly Recorded[] | null, subject: Subject, tracking: Tracking): boolean {
  const items = itemsByKey(subject, tracking)
  return recorded?.some(({ keys }) => keys.some(key => items.has(key))) ?? false
}

function ambiguous(name: string, readings: readonly Reading[]): Failure {
  const names = readings.map(({ table }) => `${table?.schema}.${table?.name}`).join(', ')
  return new Failure(
    `There are several tables ${name} (${names}): say which one with --tracking-table <schema>.${name}.`,
  )
}

function reasonFor(
  { columns }: Tracking,
  { schema, name }: TableName,
  found: readonly Found[],
  exactly: boolean,
): string {
  const [other] = found
  if (!other) return `there is no table ${name} in any schema${schema === null ? '' : ` (it is usually in ${schema})`}`
  const place = `${other.schema}.${other.name} is there, but`
  const absent = columns.filter(column => !other.columns.has(column))
  if (absent.length > 0) return `${place} has no ${absent.length === 1 ? 'column' : 'columns'} ${absent.join(', ')}`
  return exactly && schema !== null && other.schema !== schema
    ? `${place} not in the schema ${schema}`
    : `${place} has none of these migrations`
}
