/**
 * The ids of all migration systems, in the order in which they are looked for: where two have signs that are equally strong, in one
 * folder, the first of them has it. So those come first that are easiest to tell by their files, and `plain`, which any SQL
 * can be, comes last. What there is of each system is a table by id, so that the compiler names the tables in which a new one is
 * missing: `systems`, `guards`, `tableNames` and `trackings` in src/systems.
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
