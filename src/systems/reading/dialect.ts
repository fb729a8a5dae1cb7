import { databaseNamed } from '../../parse/database-name.ts'
import { lookUp } from '../../parse/look-up.ts'
import type { Aside } from '../system.ts'
import { type Entry, memoryOf, realOf, type Tree, walk, within } from './tree.ts'

/** Databases in the spelling of their makers, by their names in `databaseNamed`. */
const titles: Readonly<Record<string, string>> = {
  postgresql: 'PostgreSQL',
  cockroachdb: 'CockroachDB',
  yugabytedb: 'YugabyteDB',
  redshift: 'Redshift',
  mysql: 'MySQL',
  mariadb: 'MariaDB',
  tidb: 'TiDB',
  sqlite: 'SQLite',
  clickhouse: 'ClickHouse',
  sqlserver: 'SQL Server',
  oracle: 'Oracle',
  spanner: 'Spanner',
  bigquery: 'BigQuery',
  cassandra: 'Cassandra',
  mongodb: 'MongoDB',
  vertica: 'Vertica',
  snowflake: 'Snowflake',
  firebird: 'Firebird',
  duckdb: 'DuckDB',
  h2: 'H2',
  singlestore: 'SingleStore',
  gel: 'Gel',
}

/** For people: `mysql2` → `MySQL`; an unknown name is not changed. */
export function dialectTitle(name: string): string {
  return lookUp(titles, databaseNamed(name) ?? name) ?? name
}

/** The database that a word names, if it is not PostgreSQL. */
function otherDatabase(word: string): string | null {
  const database = databaseNamed(word)
  return database === undefined || database === 'postgresql' ? null : database
}

/** The other database after which one of the folders of a path is named. */
export function folderDialect(path: string): string | null {
  return (
    path
      .split('/')
      .map(otherDatabase)
      .find(database => database !== null) ?? null
  )
}

/** `20240301_users.mysql.up.sql` → the name without the word, and its database; null when it names none. */
function suffixOf(name: string): { readonly common: string; readonly database: string } | null {
  const words = name.split('.')
  if (words.at(-1)?.toLowerCase() !== 'sql') return null
  const place = words.findLastIndex((word, i) => i > 0 && databaseNamed(word) !== undefined)
  const database = databaseNamed(words[place] ?? '')
  return database === undefined ? null : { common: words.filter((_, i) => i !== place).join('.'), database }
}

/** `users.mysql.up.sql`: true for a file that is for another database by its name. */
export function isForOther(name: string): boolean {
  const suffix = suffixOf(name)
  return suffix !== null && suffix.database !== 'postgresql'
}

/**
 * The tree without files for other databases: folders and files that are named after one. A file whose name contains
 * `postgres` silently replaces the file of the same name without it (as in Pop and Fizz). `left` returns the files
 * below a directory that were left out.
 */
export function forPostgres(tree: Tree): { readonly tree: Tree; readonly left: (dir: string) => Aside[] } {
  const of = memoryOf(dir => sorted(tree.list(dir), dir))
  const kept: Tree = { list: dir => of(dir).kept, read: path => tree.read(path), real: dir => realOf(tree, dir) }
  const left = (dir: string): Aside[] =>
    walk(kept, dir, name => !name.startsWith('.')).found.flatMap(({ path, kind }) =>
      kind === 'directory' ? of(path).left : [],
    )
  return { tree: kept, left }
}

function sorted(entries: readonly Entry[], dir: string): { kept: readonly Entry[]; left: readonly Aside[] } {
  const files = entries.flatMap(({ name, kind }) => (kind === 'file' ? [{ name, suffix: suffixOf(name) }] : []))
  const special = new Map(
    files.flatMap(({ name, suffix }) => (suffix?.database === 'postgresql' ? [[suffix.common, name] as const] : [])),
  )
  const why = ({ name, suffix }: (typeof files)[number]): string | null => {
    if (suffix && suffix.database !== 'postgresql')
      return `its name says that it is for ${dialectTitle(suffix.database)}`
    return special.has(name) ? `on PostgreSQL, ${special.get(name)} is run in its place` : null
  }
  const reasons = new Map(files.map(file => [file.name, why(file)]))
  return {
    kept: entries.filter(({ name, kind }) => (kind === 'file' ? !reasons.get(name) : otherDatabase(name) === null)),
    left: [...reasons].flatMap(([name, reason]): Aside[] => {
      const path = within(dir, name)
      const kind = /\bdown\.sql$/i.test(name) ? 'undo' : 'other-dialect'
      return reason === null ? [] : [{ path, kind, why: reason }]
    }),
  }
}
