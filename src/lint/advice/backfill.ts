import type { Catalog, Oid } from '../../postgres/catalog/catalog.ts'
import { tableOf } from './foreign-key.ts'
import { identifiers, raw, type Sql, sql } from './sql.ts'

/**
 * One batch of an UPDATE of all rows, small enough that nobody waits for its row locks: to be repeated until it finds no row.
 *
 *     UPDATE users SET token = DEFAULT
 *     WHERE id IN (SELECT id FROM users WHERE token IS NULL LIMIT 1000);
 */
export function batch(
  catalog: Catalog,
  { oid, name }: { readonly oid: Oid; readonly name: string },
  set: Sql,
  todo: Sql,
): Sql {
  const columns = tableOf(catalog, oid)?.constraints.find(({ kind }) => kind === 'primary key')?.columns ?? []
  const list = identifiers(columns)
  const key = columns.length > 1 ? raw(`(${list.sql})`) : list
  const row = columns.length > 0 ? { key, list } : { key: raw('(tableoid, ctid)'), list: raw('tableoid, ctid') }
  const [rows, where] = [sql`SELECT ${row.list} FROM ${name}`.sql, `WHERE ${todo.sql}`]
  const whole = `WHERE ${row.key.sql} IN (${rows} ${where} LIMIT 1000);`
  const split = `${rows} ${where}`.length <= width - 2 ? [`${rows} ${where}`] : [rows, where]
  const lines =
    whole.length <= width ? [whole] : [`WHERE ${row.key.sql} IN (`, ...split.map(line => `  ${line}`), '  LIMIT 1000);']
  return raw([sql`UPDATE ${name} SET ${set}`.sql, ...lines].join('\n'))
}

/** Columns of a terminal that SQL in help can use. */
const width = 74
