import type { Row } from '../../systems/tracking/tracking.ts'
import { Failure } from '../failure.ts'

export type Query = (text: string, values?: unknown[]) => Promise<{ readonly rows: readonly unknown[] }>

/** A transaction in which only PostgreSQL's own names are found without their schema. */
export interface Session {
  /** Runs a statement whose result is not needed. */
  run(text: string): Promise<void>
  /** The rows of a query whose columns are all text. Throws a Failure if the answer is something else. */
  rows(text: string, columns: readonly string[], values?: unknown[]): Promise<Row[]>
  /** The schemas in which the caller finds a table that is named without a schema, in order. */
  readonly path: readonly string[]
}

/**
 * Makes it safe to read strangers' databases in a transaction, as pg_dump does (setup_connection in pg_dump.c): all
 * operators and functions are those of pg_catalog, and a view or a foreign table is never read, even if it takes the
 * place of a table in the meantime (CVE-2024-7348). `wanted` is the search path in which tables are looked for;
 * undefined: the role's own.
 */
export async function secured(query: Query, wanted?: string): Promise<Session> {
  if (wanted !== undefined) await query("SELECT pg_catalog.set_config('search_path', $1, true)", [wanted])
  // No operator is used before the path is set: one in the schema public could be found first.
  const [found] = rowsIn(
    await query('SELECT pg_catalog.array_to_json(pg_catalog.current_schemas(true))::pg_catalog.text AS path'),
    ['path'],
  )
  const path = jsonOf(found?.path ?? null)
  if (!Array.isArray(path) || !path.every(schema => typeof schema === 'string')) throw unexpected()
  // If pg_temp were not named last, it would come first.
  await query('SET LOCAL search_path = pg_catalog, pg_temp')
  await query(
    `SELECT pg_catalog.set_config(name, 'view, foreign-table', true)
       FROM pg_catalog.pg_settings WHERE name = 'restrict_nonsystem_relation_kind'`,
  )
  return {
    path,
    run: async text => {
      await query(text)
    },
    rows: async (text, columns, values) => rowsIn(await query(text, values), columns),
  }
}

/** The value of a JSON text from the server. Throws a Failure if it is not JSON. */
export function jsonOf(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null')
  } catch {
    throw unexpected()
  }
}

export function unexpected(): Failure {
  return new Failure('The database cannot be read: its answers are not those of PostgreSQL.')
}

function rowsIn({ rows }: { readonly rows: readonly unknown[] }, columns: readonly string[]): Row[] {
  return rows.map(row => {
    const values = new Map(Object.entries(row ?? {}))
    return Object.fromEntries(
      columns.map(column => {
        const value = values.get(column)
        if (typeof value !== 'string' && value !== null) throw unexpected()
        return [column, value]
      }),
    )
  })
}
