import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import type { ProjectStatus } from '../../../src/migration/status.ts'
import { type Session, secured } from '../../../src/node/database/session.ts'
import { readTracking } from '../../../src/node/database/tracking-table.ts'
import { WorkingTree } from '../../../src/node/disk/working-tree.ts'
import { discover } from '../../../src/systems/discover.ts'
import { withParsers } from '../../../src/systems/reading/on-demand.ts'
import { mapTree, overlaid, type Tree } from '../../../src/systems/reading/tree.ts'
import { type Sources, statusOf } from '../../../src/systems/status/status.ts'
import { qualified } from '../../../src/systems/tracking/setting.ts'

/** A tracking table with the rows that its tool wrote. */
export interface RecordedTable {
  /** `schema.name`. */
  readonly table: string
  /** Column → type. */
  readonly columns: Readonly<Record<string, string>>
  readonly rows: readonly (readonly (string | null)[])[]
}

/** The rows that real tools of these versions wrote about the projects of fixtures/systems, by system. */
export const recorded = JSON.parse(readFileSync(new URL('../recorded.json', import.meta.url), 'utf8')) as Readonly<
  Record<string, RecordedTable & { readonly by: string }>
>

const fixtures = fileURLToPath(new URL('../../../fixtures/systems', import.meta.url))

/** The project of a fixture with some changed files; null removes a file. */
export function treeOf(fixture: string, changes: Readonly<Record<string, string | null>> = {}): Tree {
  const gone = Object.keys(changes).filter(path => changes[path] === null)
  const files = Object.fromEntries(
    Object.entries(changes).flatMap(([path, text]) => (text === null ? [] : [[path, text]])),
  )
  const all = overlaid(mapTree(files), fixture === '' ? mapTree({}) : new WorkingTree(`${fixtures}/${fixture}`))
  return {
    list: dir => all.list(dir).filter(({ name }) => !gone.includes(dir === '' ? name : `${dir}/${name}`)),
    read: path => all.read(path),
  }
}

/** PostgreSQL in-process. */
export async function database(): Promise<{ db: PGlite }> {
  return { db: await PGlite.create() }
}

/** The result of work in a transaction like the one of `status`. */
async function asked<T>(db: PGlite, work: (session: Session) => Promise<T>): Promise<T> {
  await db.query('BEGIN TRANSACTION READ ONLY')
  try {
    return await work(await secured((text, values) => db.query(text, values)))
  } finally {
    await db.query('ROLLBACK')
  }
}

/** Drops all schemas but an empty `public`. */
export async function empty(db: PGlite): Promise<void> {
  const { rows } = await db.query<{ name: string }>(
    "SELECT nspname AS name FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema$)'",
  )
  for (const { name } of rows) await db.exec(`DROP SCHEMA "${name}" CASCADE`)
  await db.exec('CREATE SCHEMA public')
}

/** Creates a tracking table after dropping the former one. */
export async function put(db: PGlite, { table, columns, rows }: RecordedTable): Promise<void> {
  const { schema, name } = qualified(table)
  const place = `"${schema}"."${name}"`
  const definitions = Object.entries(columns).map(([column, type]) => `"${column}" ${type}`)
  await db.exec(
    `CREATE SCHEMA IF NOT EXISTS "${schema}"; DROP TABLE IF EXISTS ${place}; CREATE TABLE ${place} (${definitions.join(', ')})`,
  )
  const values = Object.values(columns).map((type, i) => `$${i + 1}::text::${type}`)
  for (const row of rows) await db.query(`INSERT INTO ${place} VALUES (${values.join(', ')})`, [...row])
}

const noGit: Sources = { past: () => [], edit: () => null }

/** The status of the only project of a tree. */
export async function statusIn(
  db: PGlite,
  tree: Tree,
  { named = null, sources = noGit }: { named?: string | null; sources?: Sources } = {},
): Promise<ProjectStatus> {
  const { projects } = await withParsers(() => discover(tree, [''], { transaction: () => 'unknown' }))
  const [project] = projects
  if (!project || projects.length > 1) throw new Error(`${projects.length} projects`)
  const where = {
    parameters: new Map<string, string>(),
    named: named === null ? null : { schema: null, ...qualified(named) },
  }
  const { subject, reading } = await asked(db, session => readTracking(session, project, tree, where))
  return statusOf(subject, reading, sources, () => false)
}
