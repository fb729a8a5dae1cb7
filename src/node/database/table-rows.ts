import { append } from '../../parse/list.ts'
import type { Row, Tracking } from '../../systems/tracking/tracking.ts'
import type { Found } from './found-table.ts'
import type { Session } from './session.ts'

/** The most rows: more than any project has. */
const ROWS = 100_000
/** The most bytes of all values together, and of one value that a table can do without. */
const WHOLE = 64 << 20
const LONG = 1 << 20
/** The number of rows that are fetched at once. */
const BATCH = 1000

/** The rows of a table that is safe to read, or the reason why they are too many, as a clause that follows its name. */
export async function rowsOf(
  session: Session,
  { schema, name, columns }: Found,
  tracking: Tracking,
): Promise<Row[] | string> {
  const more = new Set(tracking.more)
  const wanted = [...tracking.columns, ...more].filter(column => columns.has(column))
  // Arrays are read as JSON, and everything else as PostgreSQL prints it, so that nothing is rounded.
  const selected = wanted.map(column => {
    const value = `t.${quoted(column)}`
    const text = `${columns.get(column) ? `pg_catalog.to_json(${value})` : value}::pg_catalog.text`
    // A value that is too long counts as not recorded.
    const short = `CASE WHEN pg_catalog.octet_length(${text}) <= ${LONG} THEN ${text} END`
    return `${more.has(column) ? short : text} AS ${quoted(column)}`
  })
  const from = `SELECT ${selected.join(', ')} FROM ONLY ${quoted(schema)}.${quoted(name)} AS t`
  const sizes = wanted.map(column => `COALESCE(pg_catalog.octet_length(${quoted(column)}), 0)::pg_catalog.int8`)
  const [measured] = await session.rows(
    `SELECT pg_catalog.count(*)::pg_catalog.text AS rows, pg_catalog.sum(${sizes.join(' OPERATOR(pg_catalog.+) ')})::pg_catalog.text AS bytes
       FROM (${from} LIMIT ${ROWS + 1}) AS measured`,
    ['rows', 'bytes'],
  )
  if (Number(measured?.rows) > ROWS) return `has more than ${ROWS.toLocaleString('en')} rows`
  if (Number(measured?.bytes ?? 0) > WHOLE) return `has more than ${WHOLE >> 20} MB in these columns`

  const order = tracking.order.filter(column => columns.has(column)).map(column => `t.${quoted(column)}`)
  const sorted = order.length === 0 ? '' : ` ORDER BY ${order.join(', ')}`
  await session.run(`DECLARE tracked NO SCROLL CURSOR FOR ${from}${sorted} LIMIT ${ROWS}`)
  const rows: Row[] = []
  for (;;) {
    const batch = await session.rows(`FETCH ${BATCH} FROM tracked`, wanted)
    append(rows, batch.slice(0, BATCH))
    if (batch.length < BATCH || rows.length >= ROWS) break
  }
  await session.run('CLOSE tracked')
  return rows
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
