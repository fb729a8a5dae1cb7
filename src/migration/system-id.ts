/**
 * The ids of all migration systems, in the order of detection: if two have equally strong signs in one folder, the
 * first of them wins. So the systems that are easiest to recognise by their files come first, and `plain`, which fits
 * any SQL, comes last. Everything that exists per system is a table by id, so that the compiler names the tables that
 * lack a new system: `systems`, `guards`, `tableNames` and `trackings` in src/systems.
 */
export const systemIds = [
  'prisma',
  'prisma-8',
  'drizzle',
  'supabase',
  'sqitch',
  'node-pg-migrate',
  'flyway',
  'golang-migrate',
  'dbmate',
  'goose',
  'sqlx',
  'diesel',
  'refinery',
  'atlas',
  'hasura',
  'graphile-migrate',
  'postgres-migrations',
  'db-migrate',
  'liquibase',
  'rails',
  'django',
  'alembic',
  'laravel',
  'ef-core',
  'knex',
  'typeorm',
  'sequelize',
  'mikro-orm',
  'kysely',
  'ecto',
  'plain',
] as const

export type SystemId = (typeof systemIds)[number]

/** The values of the configuration and of `--system`: `auto` detects the system from the files. */
export const systemChoices = ['auto', ...systemIds] as const

export type SystemChoice = (typeof systemChoices)[number]
