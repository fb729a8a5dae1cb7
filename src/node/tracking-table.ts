import type { Project } from '../systems/discover.ts'
import { trackings } from '../systems/tracking/index.ts'
import { type Reading, subjectOf } from '../systems/tracking/status.ts'
import type { Parameters, Row, Subject, TableName, Tracking } from '../systems/tracking/tracking.ts'
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
    const table = chosen(usable, wanted, where.named !== null)
    if (table) {
      const recorded = tracking.records(await rowsOf(session, table, tracking), subject)
      if (recorded) return { subject, reading: { tracking, table, sought: '', recorded } }
    }
    sought.push(reasonFor(tracking, wanted, found))
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

/** In the schema that is wanted, or where the search path finds it; else the only one there is. */
function chosen(usable: readonly Found[], { schema, name }: TableName, exactly: boolean): Found | null {
  const here = usable.find(table => (schema === null ? table.visible : table.schema === schema))
  if (here || (exactly && schema !== null)) return here ?? null
  const [only, ...more] = usable
  if (more.length === 0) return only ?? null
  const names = usable.map(table => `${table.schema}.${table.name}`).join(', ')
  throw new Failure(
    `There are several tables ${name} (${names}): say which one with --tracking-table <schema>.${name}.`,
  )
}

function reasonFor({ columns }: Tracking, { schema, name }: TableName, found: readonly Found[]): string {
  const [other] = found
  const absent = columns.filter(column => !other?.columns.has(column))
  if (other && absent.length > 0) {
    return `${other.schema}.${other.name} is there, but has no ${absent.length === 1 ? 'column' : 'columns'} ${absent.join(', ')}`
  }
  if (other) return `${other.schema}.${other.name} is there, but not in the schema ${schema}`
  return `there is no table ${name} in any schema${schema === null ? '' : ` (it is usually in ${schema})`}`
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
