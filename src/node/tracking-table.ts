import type { Project } from '../systems/discover.ts'
import { trackings } from '../systems/tracking/index.ts'
import { itemsByKey, type Reading, subjectOf } from '../systems/tracking/status.ts'
import type { Parameters, Recorded, Row, Subject, TableName, Tracking } from '../systems/tracking/tracking.ts'
import type { Tree } from '../systems/tree.ts'
import { Failure } from './failure.ts'

/** Whatever answers queries. */
export interface Session {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: readonly unknown[] }>
}

export interface TrackedProject {
  readonly subject: Subject
  readonly reading: Reading
}

export interface Where {
  /** What the parameters of the database's URL say, which some systems read. */
  readonly parameters: Parameters
  /** The table that somebody named; null: it is looked for. */
  readonly named: TableName | null
}

/** A table, or what can be read like one, with the category of each column's type (pg_type.typcategory). */
interface Found {
  readonly schema: string
  readonly name: string
  /** The search path finds it. */
  readonly visible: boolean
  readonly columns: ReadonlyMap<string, string>
}

/** True when it is known where the system records what is applied. */
export function isTracked({ system }: Project): boolean {
  return trackings[system.id] !== undefined
}

/**
 * Reads what the database has recorded of a project. Only SELECTs, on catalogs and on the table. Throws a Failure when the table
 * that was named is not there or not the system's, or when it cannot be decided which of several is meant.
 */
export async function readTracking(
  session: Session,
  project: Project,
  tree: Tree,
  where: Where,
): Promise<TrackedProject> {
  const subject = subjectOf(project, tree)
  const sought: string[] = []
  const [first, ...others] = trackings[project.system.id] ?? []
  if (!first) throw new Failure(`It is not known where ${project.system.title} records what is applied.`)
  for (const tracking of [first, ...others]) {
    const wanted = {
      ...tracking.table,
      ...tracking.configured?.(tree, project.directory, where.parameters),
      ...where.named,
    }
    const found = await tablesNamed(session, wanted.name)
    const usable = found.filter(({ columns }) => tracking.columns.every(column => columns.has(column)))
    const readings: Reading[] = []
    for (const table of candidates(usable, wanted, where.named !== null)) {
      const recorded = tracking.records(await rowsOf(session, table, tracking), subject)
      const isIts = where.named !== null || isInPlace(table, wanted) || isOfAny(recorded, subject, tracking)
      if (recorded && isIts) readings.push({ tracking, table, sought: '', recorded })
    }
    const [reading, ...more] = readings
    if (reading && more.length > 0) throw ambiguous(wanted.name, readings)
    if (reading) return { subject, reading }
    sought.push(reasonFor(tracking, wanted, found, where.named !== null))
  }
  if (where.named) throw new Failure(`--tracking-table: ${sought[0]}.`)
  return {
    subject,
    reading: { tracking: first, table: null, sought: [...new Set(sought)].join(', and '), recorded: [] },
  }
}

/** Names that were written without quotes are in lower case in the catalog. */
async function tablesNamed(session: Session, name: string): Promise<Found[]> {
  const { rows } = await session.query(
    `SELECT n.nspname::text AS schema, c.relname::text AS name, pg_catalog.pg_table_is_visible(c.oid)::text AS visible,
       (SELECT json_agg(json_build_array(a.attname, t.typcategory))::text
          FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
         WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
       FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relname IN ($1::text, lower($1::text)) AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
      ORDER BY c.relname <> $1::text, n.nspname`,
    [name],
  )
  return (rows as Row[]).map(({ schema, name: relation, visible, columns }) => ({
    schema: schema ?? '',
    name: relation ?? '',
    visible: visible === 'true',
    columns: new Map(JSON.parse(columns ?? '[]') as [string, string][]),
  }))
}

/** In the schema that is wanted, or where the search path finds it; else all there are. */
function candidates(usable: readonly Found[], wanted: TableName, exactly: boolean): readonly Found[] {
  const here = usable.find(table => isInPlace(table, wanted))
  if (here) return [here]
  return exactly && wanted.schema !== null ? [] : usable
}

function isInPlace(table: Found, { schema }: TableName): boolean {
  return schema === null ? table.visible : table.schema === schema
}

/** Other programs have tables of that name in schemas of their own, such as auth.schema_migrations at Supabase. */
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

async function rowsOf(session: Session, { schema, name, columns }: Found, tracking: Tracking): Promise<Row[]> {
  const wanted = [...tracking.columns, ...(tracking.more ?? [])].filter(column => columns.has(column))
  // Arrays as JSON, all else as PostgreSQL prints it: nothing is rounded on the way.
  const selected = wanted.map(column => {
    const text = columns.get(column) === 'A' ? `to_json(${quoted(column)})::text` : `${quoted(column)}::text`
    return `${text} AS ${quoted(column)}`
  })
  const order = tracking.order.filter(column => columns.has(column)).map(column => `t.${quoted(column)}`)
  const sorted = order.length === 0 ? '' : ` ORDER BY ${order.join(', ')}`
  const { rows } = await session.query(
    `SELECT ${selected.join(', ')} FROM ${quoted(schema)}.${quoted(name)} AS t${sorted}`,
  )
  return rows as Row[]
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
