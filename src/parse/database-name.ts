import { lookUp } from './look-up.ts'

/** Names that people and tools give to databases (URL schemes, drivers, folders), and the database that each means. */
const databases: Readonly<Record<string, string>> = {
  postgres: 'postgresql',
  postgresql: 'postgresql',
  pg: 'postgresql',
  pgx: 'postgresql',
  pgx4: 'postgresql',
  pgx5: 'postgresql',
  psql: 'postgresql',
  pgnative: 'postgresql',
  sqlsrv: 'sqlserver',
  trilogy: 'mysql',
  pgsql: 'postgresql',
  postgis: 'postgresql',
  cockroach: 'cockroachdb',
  cockroachdb: 'cockroachdb',
  'crdb-postgres': 'cockroachdb',
  yugabyte: 'yugabytedb',
  yugabytedb: 'yugabytedb',
  ysql: 'yugabytedb',
  redshift: 'redshift',
  mysql: 'mysql',
  mysql2: 'mysql',
  mariadb: 'mariadb',
  tidb: 'tidb',
  sqlite: 'sqlite',
  sqlite3: 'sqlite',
  libsql: 'sqlite',
  turso: 'sqlite',
  clickhouse: 'clickhouse',
  sqlserver: 'sqlserver',
  mssql: 'sqlserver',
  oracle: 'oracle',
  spanner: 'spanner',
  bigquery: 'bigquery',
  cassandra: 'cassandra',
  mongodb: 'mongodb',
  vertica: 'vertica',
  snowflake: 'snowflake',
  firebird: 'firebird',
  duckdb: 'duckdb',
  h2: 'h2',
}

/** `postgres`, `PGX5`, `sqlite+aiosqlite` → the database; undefined for a word that names none. */
export function databaseNamed(word: string): string | undefined {
  return lookUp(databases, word.toLowerCase().split('+')[0] ?? '')
}
