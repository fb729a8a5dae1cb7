import type { SystemId } from '../../migration/system-id.ts'

export interface TableName {
  /** Null: wherever the search path finds it. */
  readonly schema: string | null
  readonly name: string
}

const named = <const Name extends string>(name: Name) => ({ schema: null, name })

/**
 * The default names of the tables in which a system records applied migrations, by the system's id, the usual one
 * first. The comment at the system's `Tracking` names the place in the tool's source.
 */
export const tableNames = {
  prisma: [named('_prisma_migrations')],
  'prisma-8': [{ schema: 'prisma_contract', name: 'ledger' }],
  drizzle: [{ schema: 'drizzle', name: '__drizzle_migrations' }],
  supabase: [{ schema: 'supabase_migrations', name: 'schema_migrations' }],
  sqitch: [{ schema: 'sqitch', name: 'changes' }],
  'node-pg-migrate': [named('pgmigrations')],
  flyway: [named('flyway_schema_history')],
  'golang-migrate': [named('schema_migrations')],
  dbmate: [named('schema_migrations')],
  goose: [named('goose_db_version')],
  sqlx: [named('_sqlx_migrations')],
  diesel: [named('__diesel_schema_migrations')],
  refinery: [named('refinery_schema_history')],
  atlas: [{ schema: 'atlas_schema_revisions', name: 'atlas_schema_revisions' }],
  // The second: before version 3 of the configuration.
  hasura: [
    { schema: 'hdb_catalog', name: 'hdb_version' },
    { schema: 'hdb_catalog', name: 'schema_migrations' },
  ],
  'graphile-migrate': [{ schema: 'graphile_migrate', name: 'migrations' }],
  'postgres-migrations': [named('migrations')],
  'db-migrate': [named('migrations')],
  liquibase: [named('databasechangelog')],
  rails: [named('schema_migrations')],
  django: [named('django_migrations')],
  alembic: [named('alembic_version')],
  laravel: [named('migrations')],
  'ef-core': [named('__EFMigrationsHistory')],
  knex: [named('knex_migrations')],
  typeorm: [named('migrations')],
  sequelize: [named('SequelizeMeta')],
  'mikro-orm': [named('mikro_orm_migrations')],
  kysely: [named('kysely_migration')],
  ecto: [named('schema_migrations')],
  // It is not known what runs plain SQL.
  plain: [],
} as const satisfies Readonly<Record<SystemId, readonly TableName[]>>

/** The same by the id of any system: the usual name first, and none for `plain`. */
export const tableNamesOf: Readonly<Record<SystemId, readonly TableName[]>> = tableNames
